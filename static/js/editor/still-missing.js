/* How many things the publication checks still want, on the link that leads to their list. */

const link = document.getElementById("still-missing");

async function count() {
  try {
    const answer = await fetch(link.dataset.address, { credentials: "same-origin", redirect: "manual" });
    if (answer.ok) { link.textContent = (await answer.json()).words; }
  } catch {
    // the list is still there
  }
}

if (link) { count(); }
