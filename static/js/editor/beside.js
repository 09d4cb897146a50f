/* The page beside a form, as patients would see what has been typed. The form of an article and the screen “Site” use it. */

const CANT = "The page can’t be shown just now. What you typed is not lost.";
let made = 0;

/* `address` draws what is posted to it; `session` is any address that needs one. `typed` gives pairs of names and values,
   `isSeen` whether there is room. `coming` is called with a frame that will be filled, `arrived` with its page. */
export function pageBeside({ stage, status, address, session, pause, typed, isSeen, coming = () => {}, arrived }) {
  let shown = null; // the frame that is seen
  let sent = "";
  let timer = 0;

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(update, pause);
  }

  /* Each version gets a frame of its own: so there is no flicker, and no step more for the browser's Back button. */
  async function update() {
    const asked = timer;
    if (!isSeen() || !await isLoggedIn() || asked !== timer) { return; } // another key: later
    const words = typed();
    const text = new URLSearchParams(words).toString();
    if (text === sent) { return; }
    sent = text;
    made += 1;
    const frame = document.createElement("iframe");
    frame.name = `page-beside-${made}`;
    frame.title = "The page as patients would see it";
    frame.className = "is-coming";
    frame.addEventListener("load", () => show(frame));
    coming(frame);
    stage.append(frame);
    draw(address, frame.name, words);
  }

  /* Without a session the answer would be the log-in page, which no frame may show. */
  async function isLoggedIn() {
    try {
      const answer = await fetch(session, { redirect: "manual", credentials: "same-origin" });
      await answer.text(); // else its connection would wait for somebody to read it
      return answer.ok;
    } catch {
      return false;
    }
  }

  function show(frame) {
    const page = frame.contentDocument;
    if (!page || page.URL === "about:blank") { return; }
    const top = shown ? shown.contentWindow.scrollY : 0;
    while (stage.firstElementChild !== frame) { stage.firstElementChild.remove(); } // those before it
    shown = frame;
    frame.className = "";
    frame.contentWindow.scrollTo(0, top);
    const fine = Boolean(page.querySelector("main"));
    status.textContent = fine ? "" : CANT;
    if (fine) { arrived(page); }
  }

  return { later, update, shown: () => shown };
}

/* Not by the form itself: autosave would take that for a save, after which it has nothing more to do. */
export function draw(address, target, words) {
  const post = document.createElement("form");
  Object.assign(post, { method: "post", action: address, target, hidden: true });
  post.addEventListener("formdata", (event) => { // it has no fields of its own: to make hundreds takes as long as the page
    for (const [name, value] of words) { event.formData.append(name, value); }
  });
  document.body.append(post);
  post.submit();
  post.remove();
}

/* Bring this part of the page into sight, if it is not there. */
export function bringIntoSight(element, frame, { always = false } = {}) {
  const at = element.getBoundingClientRect();
  const height = frame.contentWindow.innerHeight;
  if (always || at.top < 0 || at.top > height * 0.7) { frame.contentWindow.scrollBy(0, at.top - height * 0.15); }
}
