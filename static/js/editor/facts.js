/* What the site says of what a text refers to: studies by key, places by address. Each is asked for once, many together. */

const addresses = document.getElementById("block-pictures");
const known = new Map(); // "kind value" → row, or null where there is no such thing
const wanted = new Map(); // kind → values to be asked for together
const GATHER = 60; // milliseconds

export function address(kind, more = "") {
  return addresses.dataset.pick.replace("/kind/", `/${kind}/`) + more;
}

export async function find(kind, words) {
  const answer = await fetch(`${address(kind)}?q=${encodeURIComponent(words)}`, { redirect: "error" });
  if (!answer.ok) { throw new Error(answer.statusText); }
  return answer.json();
}

export function learn(kind, row) {
  known.set(`${kind} ${row.value}`, row);
  tell();
}

/* The row of this value; null if there is none; undefined as long as nobody knows. */
export function fact(kind, value) {
  const name = `${kind} ${value}`;
  if (known.has(name) || !addresses) { return known.get(name); }
  if (!wanted.size) { window.setTimeout(ask, GATHER); }
  wanted.set(kind, (wanted.get(kind) || new Set()).add(value));
  return undefined;
}

async function ask() {
  const asked = [...wanted];
  wanted.clear();
  const answered = await Promise.all(asked.map(([kind, values]) => askFor(kind, [...values])));
  if (answered.includes(true)) { tell(); } // who is told asks again for what nobody knows: without end, if nothing answers
}

/* Whether there was an answer. */
async function askFor(kind, values) {
  try {
    const query = values.map((value) => `named=${encodeURIComponent(value)}`).join("&");
    const answer = await (await fetch(`${address(kind)}?${query}`, { redirect: "error" })).json();
    for (const value of values) { known.set(`${kind} ${value}`, null); }
    for (const row of answer.found) { known.set(`${kind} ${row.value}`, row); }
    return true;
  } catch {
    return false; // nothing is marked; a later change of the text asks again
  }
}

function tell() {
  document.dispatchEvent(new CustomEvent("facts:known"));
}

/* What is wrong with where a link leads, in words; empty if nothing is, or as long as nobody knows. */
export function addressProblem(href) {
  const written = href.trim();
  if (/^(mailto:[^@\s]+@[^@\s]+\.[a-z]{2,}|tel:\+?[\d\s().-]{3,}|#\S+)$/i.test(written)) { return ""; }
  if (/^https?:\/\//i.test(written)) { return isSite(written) ? "" : `${written} is not the address of a page.`; }
  if (!/^\/(?!\/)/.test(written)) {
    return `“${written}” is not an address. Choose a page, or type an address that begins with https://.`;
  }
  const row = fact("links", written);
  return row ? row.problem : row === null ? `The link to ${written} leads nowhere.` : "";
}

function isSite(written) {
  try {
    return !/\s/.test(written) && /^[^.]+(\.[^.]+)*\.[a-z0-9-]{2,}$/i.test(new URL(written).hostname);
  } catch {
    return false;
  }
}

/* An external address as somebody types it, in full; empty if it is none. */
export function asAddress(typed) {
  const words = typed.trim();
  const full = /^www\.\S+$/i.test(words) ? `https://${words}` : /^[^@\s/]+@[^@\s/]+$/.test(words) ? `mailto:${words}` : words;
  return /^(https?:|mailto:|tel:)/i.test(full) && !addressProblem(full) ? full : "";
}
