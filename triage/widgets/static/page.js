// Shows the HTML that Python made, and tells Python what was done with it.
//
// Elements with data-act are told when they are clicked (buttons), changed (boxes, lists, fields) or submitted (forms):
// {act, arg, value, fields}, fields being the named fields of the form around the element. A field with data-live is told
// while typing, some time after the last key.
//
// What the reader typed but did not send, and which parts are open, is kept in the traits drafts and opened: so it is
// there when the HTML is replaced, when the page is shown elsewhere, and when the browser loads all of it again.

const PAUSE = 350; // ms without a key before a live field is told, and before drafts are kept
const PRESS = 2000; // ms that a pressed button is waited for: whoever lets it go outside the window is not told of

// A second lock behind Python's escaping: nothing that runs or fetches is taken over.
const FORBIDDEN = "script,iframe:not([sandbox=''][srcdoc]),object,embed,link,meta,base,img,video,audio,svg use,math";
const FETCHING = ["src", "href", "xlink:href", "action", "formaction", "background", "ping", "style"];

function clean(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  for (const bad of parsed.querySelectorAll(FORBIDDEN)) bad.remove();
  for (const node of parsed.querySelectorAll("*")) {
    for (const { name } of [...node.attributes]) {
      if (name.startsWith("on") || FETCHING.includes(name)) node.removeAttribute(name);
    }
  }
  return parsed;
}

const chosen = (node) => node.matches("input[type=radio]");
const typed = (node) => node.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
// Radio buttons of one name are one thing that is filled in.
const draftOf = (node) => (chosen(node) ? `radio ${node.name}` : node.id);
const find = (root, id) => root.querySelector(`#${CSS.escape(id)}`);

function fieldsOf(node) {
  const form = node.closest("form");
  return form ? Object.fromEntries(new FormData(form)) : {};
}

// What only this view knows: the element in which the reader is.
function place(root) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const live = active && "live" in active.dataset ? active.value : null;
  return active && active.id ? { id: active.id, at: active.selectionStart, to: active.selectionEnd, live } : null;
}

function putBack(root, focus) {
  const node = focus && find(root, focus.id);
  if (!node) return;
  node.focus({ preventScroll: true });
  if (focus.at != null && node.setSelectionRange && /^(text|search|)$/.test(node.type || "")) {
    node.setSelectionRange(focus.at, focus.to);
  }
}

// Fill in what was typed. What Python says anew counts more than what was typed before, but not under the reader's fingers.
function fillIn(root, drafts, focus) {
  for (const [key, { value, said }] of Object.entries(drafts)) {
    const node = find(root, key.startsWith("radio ") ? value : key);
    if (!node) continue;
    if (chosen(node)) node.checked = true;
    else if (typed(node) && (node.dataset.said === said || (focus && focus.id === key))) node.value = value;
  }
  // What is told while typing is no draft any more, but Python may have taken the blank away that was just typed.
  if (focus && focus.live !== null && find(root, focus.id)) find(root, focus.id).value = focus.live;
}

export default {
  render({ model, el }) {
    el.classList.add("triage-page");
    // JupyterLab's own keys (a, b, d d, arrows …) would otherwise act on the notebook while somebody types here, or goes
    // through the table of others that stands in the same guide. It asks the element that has the focus first.
    const keepKeys = () => {
      if (!el.isConnected) return requestAnimationFrame(keepKeys);
      if ("lmSuppressShortcuts" in guide().dataset) return;
      guide().dataset.lmSuppressShortcuts = "true";
      guide().addEventListener("focusin", (event) => { event.target.dataset.lmSuppressShortcuts = "true"; });
    };
    const timers = new Map();
    let shown = "";
    let drawing = false;
    let pressed = 0; // while a button of the mouse is down nothing is replaced: what is pressed would not be clicked
    let waiting = false;

    const later = (name, work) => {
      clearTimeout(timers.get(name));
      timers.set(name, setTimeout(work, PAUSE));
    };
    const keep = (trait, changed) => {
      model.set(trait, changed);
      later(trait, () => model.save_changes());
    };
    // What is told is no draft any more.
    const forget = (keys) => {
      const left = Object.entries(model.get("drafts")).filter(([key]) => !keys.has(key));
      model.set("drafts", Object.fromEntries(left));
      model.save_changes();
    };
    const tell = (node, value) => {
      if (node.id in model.get("drafts")) forget(new Set([node.id]));
      const arg = node.dataset.arg || "";
      model.send({ act: node.dataset.act, arg, value: value === undefined ? "" : value, fields: fieldsOf(node) });
    };
    const valueOf = (node) => (node.type === "checkbox" ? (node.checked ? "yes" : "") : node.value);
    const guide = () => el.closest(".triage-guide") || el;

    // What was asked for is shown once; where it is closed again, the reader is back where it was asked for.
    const show = (wanted) => {
      const key = wanted ? wanted.dataset.focus : "";
      if (key === shown) return;
      const node = wanted || guide().asked;
      shown = key;
      if (!node || !node.isConnected) return;
      node.focus({ preventScroll: true });
      node.scrollIntoView({ block: wanted ? "start" : "nearest" });
    };

    const draw = () => {
      waiting = Boolean(pressed);
      if (waiting) return;
      drawing = true;
      const before = place(el);
      const parsed = clean(model.get("html"));
      for (const node of parsed.querySelectorAll("[id]")) if (typed(node)) node.dataset.said = node.value;
      for (const node of parsed.querySelectorAll("details[open]")) node.dataset.first = "open";
      for (const [id, open] of Object.entries(model.get("opened"))) {
        const node = find(parsed, id);
        if (node && node.matches("details")) node.open = open;
      }
      fillIn(parsed, model.get("drafts"), before);
      el.replaceChildren(...parsed.childNodes);
      putBack(el, before);
      show(el.querySelector("[data-focus]"));
      drawing = false;
    };

    const release = () => {
      clearTimeout(pressed);
      pressed = 0;
      if (waiting) draw();
    };
    const released = () => setTimeout(release); // the click comes after it
    el.addEventListener("pointerdown", () => {
      clearTimeout(pressed);
      pressed = setTimeout(release, PRESS);
    });
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, released);
    el.addEventListener("click", (event) => {
      const node = event.target.closest("button[data-act]");
      if (!node || node.type === "submit") return;
      event.preventDefault();
      if (node.dataset.act === "lines" && !node.closest(".drawer")) guide().asked = node;
      tell(node);
    });
    el.addEventListener("keydown", (event) => event.stopPropagation());
    el.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      if (!form.dataset.act) return;
      const fields = fieldsOf(form);
      forget(new Set([...form.elements].map(draftOf)));
      model.send({ act: form.dataset.act, arg: form.dataset.arg || "", value: "", fields });
    });
    el.addEventListener("change", (event) => {
      const node = event.target;
      if (chosen(node)) keep("drafts", { ...model.get("drafts"), [draftOf(node)]: { value: node.id, said: "" } });
      if (node.dataset.act && node.tagName !== "FORM" && !("live" in node.dataset)) tell(node, valueOf(node));
    });
    el.addEventListener("input", (event) => {
      const node = event.target;
      if ("live" in node.dataset) later(node.id, () => tell(node, valueOf(node)));
      if (!typed(node) || !node.id) return;
      keep("drafts", { ...model.get("drafts"), [node.id]: { value: node.value, said: node.dataset.said } });
    });
    el.addEventListener("toggle", (event) => {
      const node = event.target; // the browser tells of parts that were open from the first as well, a moment later
      if (drawing || !node.id || model.get("opened")[node.id] === node.open) return;
      if (!(node.id in model.get("opened")) && node.open === ("first" in node.dataset)) return;
      keep("opened", { ...model.get("opened"), [node.id]: node.open });
    }, true);

    draw();
    keepKeys();
    model.on("change:html", draw);
    return () => {
      model.off("change:html", draw);
      for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, released);
    };
  },
};
