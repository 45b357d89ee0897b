// The timeline as a whole: its elements, what it listens to, and the order of drawing.
class View extends Chooser {
  constructor(model, el) {
    super();
    this.model = model;
    // JupyterLab would take arrows, Enter and Escape for the notebook.
    this.root = html(el, "div", { class: "triage-timeline", role: "group", "data-lm-suppress-shortcuts": "true" });
    this.title = html(this.root, "p", { class: "tl-title" });
    this.describe = html(this.root, "p", { class: "tl-hidden" });
    this.body = html(this.root, "div", { class: "tl-body" });
    this.svg = svg(html(this.body, "div", { class: "tl-plot" }), "svg");
    this.back = svg(this.svg, "g", { "aria-hidden": "true" });
    this.surface = svg(this.svg, "rect", {
      class: "tl-surface", tabindex: 0, role: "slider",
      "aria-label": "Window of time: arrow keys move it, with Shift they resize it, Escape shows the whole time",
    });
    this.brush = svg(this.svg, "g", { "aria-hidden": "true" });
    this.front = svg(this.svg, "g");
    this.legend = html(this.body, "div", { class: "tl-legend", role: "group", "aria-label": "Error groups" });
    this.foot = html(this.root, "div", { class: "tl-foot" });
    this.words = html(this.foot, "span", { "aria-hidden": "true" });
    // Told when a window is chosen, not on the way there.
    this.status = html(this.foot, "span", { class: "tl-hidden", role: "status" });
    this.whole = html(this.foot, "button", { type: "button", class: "tl-whole" }, "Whole time");
    this.outside = html(this.root, "p", { class: "tl-outside" });
    this.tip = html(this.root, "div", { class: "tl-tip", "aria-hidden": "true", hidden: "" });
    this.listen();
  }

  listen() {
    this.whole.addEventListener("click", () => { this.commit([]); this.surface.focus(); });
    this.root.addEventListener("keydown", (event) => this.escape(event));
    this.surface.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["keyup", "blur"]) this.surface.addEventListener(name, () => this.typed && this.settle());
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    this.svg.addEventListener("pointerup", (event) => this.release(event));
    this.svg.addEventListener("pointercancel", () => this.abandon());
    this.svg.addEventListener("pointerleave", () => this.hush());
    this.handlers = {
      "change:data": () => this.draw(), "change:zone": () => this.draw(), "change:height": () => this.draw(),
      "change:window": () => this.drawBrush(), "change:picked": () => this.drawPicked(),
    };
    for (const [name, handler] of Object.entries(this.handlers)) this.model.on(name, handler);
    // In the next frame: a drawing changes the height, which an observer must not do while it is told of sizes.
    const fit = () => this.root.clientWidth !== this.width && this.draw();
    this.observer = new ResizeObserver(() => requestAnimationFrame(fit));
    this.observer.observe(this.root);
  }

  leave() {
    this.observer.disconnect();
    for (const [name, handler] of Object.entries(this.handlers)) this.model.off(name, handler);
  }

  draw() {
    const active = this.root.getRootNode().activeElement;
    const focused = this.root.contains(active) && active.getAttribute("data-key");
    this.family = getComputedStyle(this.root).fontFamily;
    this.data = this.model.get("data") ?? {};
    this.width = this.root.clientWidth;
    this.title.textContent = this.data.title ?? "";
    this.describe.textContent = this.data.describe ?? "";
    this.outside.textContent = this.data.outside ?? "";
    this.root.setAttribute("aria-label", `Timeline: ${this.data.title ?? "no data"}`);
    for (const layer of [this.back, this.brush, this.front, this.legend]) layer.replaceChildren();
    this.hush();
    this.body.hidden = this.foot.hidden = !this.data.lines?.length || !this.width;
    if (this.body.hidden) return;
    const zone = this.model.get("zone");
    this.zone = zone && zone !== "UTC" ? clockOf(zone) : null;
    this.place = zone?.split("/").pop().replaceAll("_", " ");
    this.root.classList.toggle("tl-wide", this.width >= WIDE);
    this.drawLegend();
    this.total = this.svg.parentElement.clientWidth;
    this.plot = Math.max(60, this.total - LEFT - RIGHT);
    this.row = this.rows();
    this.bottom = this.row.axis.top;
    set(this.svg, { width: this.total, height: this.row.axis.bottom });
    set(this.surface, { x: LEFT, y: this.row.onset.top, width: this.plot, height: this.bottom - this.row.onset.top });
    this.drawBand();
    this.drawAxis();
    this.drawBars();
    this.drawRecords();
    this.drawChanges();
    this.drawOnsets();
    this.drawNotes();
    this.drawBrush();
    this.drawPicked();
    if (focused) [...this.root.querySelectorAll("[data-key]")].find((n) => n.dataset.key === focused)?.focus();
  }
}

function render({ model, el }) {
  const view = new View(model, el);
  view.draw();
  return () => view.leave();
}

export default { render };
