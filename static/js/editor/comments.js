/* Comments beside a block of the edit form. They are sent by themselves, apart from the draft. */

const TYPED = "comment:"; // in this tab: what was typed and not sent, by page and block
const NOT_SENT = "Not sent. Your words are still here: try again.";

function keyOf(panel) {
  return `${TYPED}${window.location.pathname}:${panel.dataset.block}`;
}

function say(panel, words) {
  panel.querySelector(".comment-status").textContent = words;
}

/* The field and the buttons, which work by script only. What was typed before comes back. */
function dress(panel) {
  for (const button of panel.querySelectorAll("button[hidden]")) { button.hidden = false; }
  panel.append(document.getElementById("comment-writing").content.cloneNode(true));
  const field = panel.querySelector("textarea");
  field.value = window.sessionStorage.getItem(keyOf(panel)) || "";
  if (field.value) { panel.open = true; }
}

async function send(panel, address, field) {
  const form = new URLSearchParams({ on_block: panel.dataset.block, words: field.value });
  form.set(field.dataset.replyTo ? "reply_to" : "block", field.dataset.replyTo || panel.dataset.block);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const response = await fetch(address, { method: "POST", body: form, headers: { "X-CSRFToken": token } });
    if (!response.ok && response.status !== 422) { return say(panel, NOT_SENT); }
    const writes = !address.endsWith("/done/");
    if (response.ok && writes) { window.sessionStorage.removeItem(keyOf(panel)); }
    panel.innerHTML = await response.text();
    dress(panel);
    panel.open = true;
    panel.querySelector("summary").focus();
  } catch {
    say(panel, NOT_SENT);
  }
}

function clicked(event) {
  const panel = event.currentTarget;
  const field = panel.querySelector("textarea");
  const { commentReply, commentPost } = event.target.dataset;
  if (commentReply) {
    field.dataset.replyTo = commentReply;
    field.parentNode.firstChild.textContent = "Your reply";
    panel.querySelector(".comment-writing button").textContent = "Add reply";
    field.focus();
  } else if (commentPost) {
    send(panel, commentPost, field);
  }
}

for (const panel of document.querySelectorAll(".block-comments")) {
  dress(panel);
  panel.addEventListener("click", clicked);
  panel.addEventListener("input", (event) => {
    event.stopPropagation(); // these are no words of the draft
    window.sessionStorage.setItem(keyOf(panel), event.target.value);
  });
  panel.addEventListener("change", (event) => event.stopPropagation());
}
