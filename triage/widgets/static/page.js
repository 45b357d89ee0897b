// Shows the HTML that Python made, and tells Python what was done with it. Nothing else happens here: no state but
// what the reader has open, typed or scrolled, which stays when the HTML is replaced.
//
// Elements with data-act are told when they are clicked (buttons), changed (boxes, lists, fields) or submitted (forms):
// {act, arg, fields}, fields being the named fields of the form around the element. A field with data-live is told while
// typing, some time after the last key.

const PAUSE = 350; // ms without a key before a live field is told

// A second lock behind Python's escaping: nothing that runs or fetches is taken over.
const FORBIDDEN = "script,iframe:not([sandbox=''][srcdoc]),object,embed,link,meta,base,img,video,audio,svg use,math";

function clean(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  for (const bad of parsed.querySelectorAll(FORBIDDEN)) bad.remove();
  for (const node of parsed.querySelectorAll("*")) {
    for (const { name, value } of [...node.attributes]) {
      if (name.startsWith("on") || /^\s*(javascript|data|vbscript):/i.test(value)) node.removeAttribute(name);
      if (["src", "action", "formaction", "background", "ping"].includes(name)) node.removeAttribute(name);
    }
  }
  return parsed;
}

const typed = (node) => node.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

// What the reader did to the page: by id, so that it can be done again to the next one.
function kept(root) {
  const open = new Map([...root.querySelectorAll("details[id]")].map((node) => [node.id, node.open]));
  const values = new Map();
  for (const node of root.querySelectorAll("[id]")) {
    if (typed(node) && node.dataset.touched) values.set(node.id, { value: node.value, said: node.dataset.said });
  }
  const scrolls = new Map([...root.querySelectorAll("[data-scroll][id]")].map((node) => [node.id, node.scrollTop]));
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const focus = active && active.id ? { id: active.id, at: active.selectionStart, to: active.selectionEnd } : null;
  return { open, values, scrolls, focus };
}

function again(root, { open, values, scrolls, focus }) {
  const find = (id) => root.querySelector(`#${CSS.escape(id)}`);
  for (const [id, was] of open) {
    const node = find(id);
    if (node) node.open = was || node.dataset.open === "now";
  }
  for (const [id, { value, said }] of values) {
    const node = find(id);
    // What Python says anew counts more than what was typed before, but not under the reader's fingers.
    if (node && typed(node) && (node.dataset.said === said || (focus && focus.id === id))) {
      node.value = value;
      node.dataset.touched = "yes";
    }
  }
  for (const [id, top] of scrolls) if (find(id)) find(id).scrollTop = top;
  const node = focus && find(focus.id);
  if (node) {
    node.focus({ preventScroll: true });
    if (focus.at != null && node.setSelectionRange && /^(text|search|)$/.test(node.type || "")) {
      node.setSelectionRange(focus.at, focus.to);
    }
  }
}

function fieldsOf(node) {
  const form = node.closest("form");
  return form ? Object.fromEntries(new FormData(form)) : {};
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

    const tell = (node, value) => {
      const fields = fieldsOf(node);
      const arg = value === undefined ? node.dataset.arg || "" : node.dataset.arg || value;
      model.send({ act: node.dataset.act, arg, value: value === undefined ? "" : value, fields });
    };
    const valueOf = (node) => (node.type === "checkbox" ? (node.checked ? "yes" : "") : node.value);

    // What was asked for is shown once; where it is closed again, the reader is back where it was asked for.
    const show = (wanted) => {
      const key = wanted ? wanted.dataset.focus : "";
      if (key === shown) return;
      const back = !key && guide().asked;
      shown = key;
      const node = wanted || back;
      if (!node || !node.isConnected) return;
      node.focus({ preventScroll: true });
      node.scrollIntoView({ block: wanted ? "start" : "nearest" });
    };
    const guide = () => el.closest(".triage-guide") || el;

    const draw = () => {
      const before = kept(el);
      const parsed = clean(model.get("html"));
      for (const node of parsed.querySelectorAll("[id]")) if (typed(node)) node.dataset.said = node.value;
      el.replaceChildren(...parsed.childNodes);
      again(el, before);
      show(el.querySelector("[data-focus]"));
    };

    el.addEventListener("click", (event) => {
      const node = event.target.closest("button[data-act], a[data-act], tr[data-act]");
      if (!node || node.type === "submit") return;
      event.preventDefault();
      if (node.dataset.act === "lines" && !node.closest(".drawer")) guide().asked = node;
      tell(node);
    });
    el.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" && event.target.matches("tr[data-act]")) tell(event.target);
    });
    el.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      if (form.dataset.act) {
        for (const node of form.querySelectorAll("[data-touched]")) delete node.dataset.touched;
        model.send({ act: form.dataset.act, arg: form.dataset.arg || "", value: "", fields: fieldsOf(form) });
      }
    });
    el.addEventListener("change", (event) => {
      const node = event.target;
      if (node.dataset.act && node.tagName !== "FORM" && !("live" in node.dataset)) tell(node, valueOf(node));
    });
    el.addEventListener("input", (event) => {
      const node = event.target;
      if (typed(node)) node.dataset.touched = "yes";
      if (!("live" in node.dataset)) return;
      clearTimeout(timers.get(node.id));
      timers.set(node.id, setTimeout(() => tell(node, valueOf(node)), PAUSE));
    });

    draw();
    keepKeys();
    model.on("change:html", draw);
    return () => model.off("change:html", draw);
  },
};
