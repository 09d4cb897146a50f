/* Fills in the form for a new study from its DOI or PubMed number, on sites that allow it. The worker asks; this waits. */

const EVERY = 400; // milliseconds
const TIMES = 40;

export function dressLookUp(form, say) {
  const fields = [form.querySelector("[name=doi]"), form.querySelector("[name=pmid]")];
  if (!form.dataset.lookUp || !fields[0]) { return; }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Fill in from DOI or PMID";
  fields[1].after(button);
  button.addEventListener("click", () => lookUp(form, fields.map((field) => field.value.trim()).find(Boolean) || "", say));
}

async function lookUp(form, number, say) {
  say("Looking it up…");
  try {
    const body = new FormData();
    body.set("number", number);
    body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    let answer = await (await fetch(form.dataset.lookUp, { method: "POST", body, redirect: "error" })).json();
    for (let time = 0; time < TIMES && answer.waiting; time += 1) {
      await new Promise((resolve) => { window.setTimeout(resolve, EVERY); });
      answer = await (await fetch(`${form.dataset.lookUp}?asked=${answer.waiting}`, { redirect: "error" })).json();
    }
    say(answer.problem || (answer.waiting ? "No answer came. Type the study in, or try again later." : fillIn(form, answer.found)));
  } catch {
    say("It can’t be looked up just now. Type the study in.");
  }
}

/* What somebody typed already stays. */
function fillIn(form, found) {
  for (const [name, value] of Object.entries(found)) {
    const field = form.querySelector(`[name=${name}]`);
    if (field && (!field.value || name === "doi" || name === "pmid")) { field.value = value; }
  }
  return "Filled in. Check it against the original.";
}
