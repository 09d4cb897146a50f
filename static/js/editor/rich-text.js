/* Rich text in the blocks of an article: a preset of django-prose-editor. An editor is set up when its block is opened or
   comes near, not all of them at the start. Until then its field holds what is stored, and a save sends just that. */

import * as library from "django-prose-editor/editor";
import { Citation } from "editor/references";

const CONFIG = "data-django-prose-editor-block"; // the preset's attribute, see settings.py
const NEAR = "600px"; // below or above what is seen
const KNOWN = { ...library, Citation };

function richFields(root) {
  return [...root.querySelectorAll(`[${CONFIG}]`)].filter((field) => !field.id.includes("__prefix__"));
}

function extensionsOf(field) {
  return Object.entries(JSON.parse(field.getAttribute(CONFIG)).extensions)
    .filter(([name]) => KNOWN[name])
    .map(([name, options]) => (typeof options === "object" ? KNOWN[name].configure(options) : KNOWN[name]));
}

function setUp(field) {
  if (field.closest(".prose-editor")) { return; }
  const hadFocus = field === document.activeElement;
  const editor = library.createTextareaEditor(field, extensionsOf(field));
  field.dispatchEvent(new CustomEvent("prose-editor:ready", { detail: { editor, textarea: field }, bubbles: true }));
  if (hadFocus) { editor.view.focus(); }
}

/* The editors of this block, at once: whoever calls may use and focus them. */
export function setUpIn(block) {
  richFields(block).forEach(setUp);
}

/* The others as they come near: a closed block is never near. */
export function setUpWhenNear(root) {
  const near = new IntersectionObserver((seen) => {
    for (const one of seen) {
      if (one.isIntersecting) {
        near.unobserve(one.target);
        setUp(one.target);
      }
    }
  }, { rootMargin: NEAR });
  richFields(root).forEach((field) => near.observe(field));
}
