// The timeline of an incident, drawn by hand: nothing is fetched, and all text is set as text, never as markup.
const COLOURS = ["#D55E00", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"]; // Okabe and Ito, as in reports
const OTHERS = "#999999";
const INKS = { "#0072B2": "#fff" }; // the letter on a colour: black on all others
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const [LEFT, RIGHT, LEVEL, DOT, WIDE] = [62, 14, 22, 9, 860];
const SHIFT = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

function svg(parent, tag, attributes = {}, text = null) {
  return put(parent, document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, text);
}

function html(parent, tag, attributes = {}, text = null) {
  return put(parent, document.createElement(tag), attributes, text);
}

function put(parent, node, attributes, text) {
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  if (text !== null) node.textContent = text;
  parent.append(node);
  return node;
}

const count = (number) => number.toLocaleString("en-US");
const total = (counts, from = 0, to = counts.length) => counts.slice(from, to).reduce((sum, one) => sum + one, 0);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function lasting(ms) {
  let seconds = Math.round(ms / 1000);
  const parts = [];
  for (const [size, unit] of [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]) {
    if (seconds >= size) parts.push(`${Math.floor(seconds / size)} ${unit}`);
    seconds %= size;
  }
  return parts.slice(0, 2).join(" ") || "under 1 s";
}

// Formatters of one zone; null where the browser does not know it, as older ones may not know newer zones.
function clockOf(zone) {
  const made = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
  try {
    const [second, minute] = [made({ timeStyle: "medium" }), made({ timeStyle: "short" })];
    const day = made({ day: "numeric", month: "short" });
    return { second: (at) => second.format(at), minute: (at) => minute.format(at), day: (at) => day.format(at) };
  } catch {
    return null;
  }
}

const UTC = clockOf("UTC");

class View {
  constructor(model, el) {
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
    const foot = html(this.root, "div", { class: "tl-foot" });
    this.status = html(foot, "span", { role: "status" });
    this.whole = html(foot, "button", { type: "button", class: "tl-whole" }, "Whole time");
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
    this.observer = new ResizeObserver(() => this.root.clientWidth !== this.width && this.draw());
    this.observer.observe(this.root);
  }

  leave() {
    this.observer.disconnect();
    for (const [name, handler] of Object.entries(this.handlers)) this.model.off(name, handler);
  }

  // --- places -------------------------------------------------------------------------------------------------

  get bins() { return this.data.lines.length; }
  get end() { return this.data.from + this.bins * this.data.bin_ms; }
  x(at) { return LEFT + ((at - this.data.from) / (this.end - this.data.from)) * this.plot; }
  edge(bin) { return this.data.from + bin * this.data.bin_ms; }
  binAt(x) { return ((x - LEFT) / this.plot) * this.bins; }
  get window() { return this.draft ?? this.model.get("window") ?? []; }

  // The first and last whole bins that a window touches.
  span([from, to]) {
    const bin = (at, round) => clamp(round((at - this.data.from) / this.data.bin_ms), 0, this.bins);
    return [bin(from, Math.floor), bin(to, Math.ceil)];
  }

  rows() {
    const { changes, notes, onsets } = this.data;
    const below = 40 + (this.zone ? 17 : 0);
    const parts = { changes: changes.length ? Math.min(3, changes.length) * LEVEL + 4 : 0, notes: notes.length ? 20 : 0 };
    parts.onsets = onsets.length ? 4 * DOT + 8 : 0;
    const rest = this.height - 18 - parts.changes - parts.notes - parts.onsets - 40 - below + 16;
    const rows = {};
    let y = 18;
    for (const [name, size] of [["changes", parts.changes], ["notes", parts.notes], ["errors", Math.max(70, rest)],
      ["onsets", parts.onsets], ["records", 40]]) {
      rows[name] = { top: y, bottom: y + size, size };
      y += size;
    }
    return { ...rows, bottom: y };
  }

  // --- drawing ------------------------------------------------------------------------------------------------

  draw() {
    const focused = this.root.getRootNode().activeElement?.getAttribute("data-key");
    this.data = this.model.get("data") ?? {};
    this.width = this.root.clientWidth;
    this.title.textContent = this.data.title ?? "";
    this.describe.textContent = this.data.describe ?? "";
    this.outside.textContent = this.data.outside ?? "";
    this.root.setAttribute("aria-label", `Timeline: ${this.data.title ?? "no data"}`);
    for (const layer of [this.back, this.brush, this.front, this.legend]) layer.replaceChildren();
    this.hush();
    this.body.hidden = !this.data.lines?.length || !this.width;
    if (this.body.hidden) return;
    const zone = this.model.get("zone");
    this.zone = zone && zone !== "UTC" ? clockOf(zone) : null;
    this.root.classList.toggle("tl-wide", this.width >= WIDE);
    this.drawLegend();
    this.height = this.model.get("height");
    this.total = this.svg.parentElement.clientWidth;
    this.plot = Math.max(60, this.total - LEFT - RIGHT);
    this.row = this.rows();
    const below = this.zone ? 40 : 23;
    for (const [name, value] of Object.entries({ width: this.total, height: this.row.bottom + below })) {
      this.svg.setAttribute(name, value);
    }
    const place = { x: LEFT, y: this.row.changes.top, width: this.plot, height: this.row.bottom - this.row.changes.top };
    for (const [name, value] of Object.entries(place)) this.surface.setAttribute(name, value);
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

  drawBand() {
    const { onset } = this.data;
    if (!onset) return;
    const [from, to, at] = [onset.earliest, onset.latest, onset.at].map((time) => clamp(this.x(time), LEFT, LEFT + this.plot));
    const place = { y: 16, height: this.row.bottom - 16 };
    svg(this.back, "rect", { class: "tl-band", x: Math.min(from, at - 1.5), width: Math.max(3, to - from), ...place });
    svg(this.back, "line", { class: "tl-onset", x1: at, x2: at, y1: 16, y2: this.row.bottom });
    const text = `onset ${UTC.second(onset.at)}`;
    const half = this.measure(text) / 2;
    const x = clamp(at, LEFT + half, LEFT + this.plot - half);
    svg(this.back, "text", { class: "tl-strong", x, y: 11, "text-anchor": "middle" }, text);
  }

  drawAxis() {
    const bottom = this.row.bottom;
    svg(this.back, "line", { class: "tl-axis", x1: LEFT, x2: LEFT + this.plot, y1: bottom, y2: bottom });
    const seconds = (this.end - this.data.from) / 1000;
    const least = seconds / Math.max(1, Math.floor(this.plot / 84));
    const step = (STEPS.find((one) => one >= least) ?? Math.ceil(least / 86400) * 86400) * 1000;
    const zones = [[UTC, bottom + 15, "UTC"]];
    if (this.zone) zones.push([this.zone, bottom + 32, this.model.get("zone").split("/").pop().replaceAll("_", " ")]);
    for (const [clock, y, name] of zones) {
      svg(this.back, "text", { class: "tl-lane", x: LEFT - 8, y, "text-anchor": "end" }, this.fit(name, LEFT - 10));
      let day = null;
      for (let at = Math.ceil(this.data.from / step) * step; at <= this.end; at += step) {
        const x = this.x(at);
        if (clock === UTC) svg(this.back, "line", { class: "tl-axis", x1: x, x2: x, y1: bottom, y2: bottom + 4 });
        const time = step < 60000 ? clock.second(at) : clock.minute(at);
        const text = clock.day(at) === day ? time : `${clock.day(at)} ${time}`;
        day = clock.day(at);
        const half = this.measure(text) / 2;
        if (x + half <= this.total) svg(this.back, "text", { class: "tl-tick", x, y, "text-anchor": "middle" }, text);
      }
    }
  }

  lane(name, row, middle = (row.top + row.bottom) / 2) {
    svg(this.back, "text", { class: "tl-lane", x: LEFT - 8, y: middle + 4, "text-anchor": "end" }, name);
  }

  // Bins narrower than two pixels are drawn together.
  columns(counts) {
    const step = Math.max(1, Math.ceil((2 * this.bins) / this.plot));
    const sums = [];
    for (let bin = 0; bin < this.bins; bin += step) sums.push(total(counts, bin, bin + step));
    return { step, sums };
  }

  drawBars() {
    const { errors } = this.row;
    const base = errors.bottom - 6;
    const series = [...this.data.groups.map((group, place) => ({ ...group, colour: COLOURS[place % COLOURS.length] })),
      { id: null, title: "other errors", counts: this.data.others, colour: OTHERS }];
    const drawn = series.map((one) => this.columns(one.counts));
    this.step = drawn[0].step;
    const tops = drawn[0].sums.map((_, place) => drawn.reduce((sum, one) => sum + one.sums[place], 0));
    const most = Math.max(1, ...tops);
    this.scale = { base, most, unit: (base - errors.top - 10) / most };
    this.lane("errors", errors, errors.top + 8);
    this.lane(`in ${lasting(this.step * this.data.bin_ms)}`, errors, errors.top + 22);
    for (const part of most > 3 ? [0, 0.5, 1] : [0, 1]) {
      const value = Math.round(most * part);
      const y = base - value * this.scale.unit;
      svg(this.back, "line", { class: part ? "tl-grid" : "tl-axis", x1: LEFT, x2: LEFT + this.plot, y1: y, y2: y });
      if (value) svg(this.back, "text", { class: "tl-value", x: LEFT + 3, y: y - 3 }, count(value));
    }
    const floor = tops.map(() => 0);
    this.stacks = series.map((one, place) => ({ ...one, low: [...floor], sums: drawn[place].sums, ...this.stack(one, drawn[place].sums, floor) }));
    for (const one of this.stacks) this.letter(one);
  }

  stack(one, sums, floor) {
    const wide = (this.plot / this.bins) * this.step;
    const gap = wide > 5 ? 1 : 0;
    let path = "";
    sums.forEach((value, place) => {
      if (!value) return;
      const x = LEFT + place * wide;
      const width = Math.min(wide, LEFT + this.plot - x) - gap;
      const [y, height] = [this.scale.base - (floor[place] + value) * this.scale.unit, value * this.scale.unit];
      path += `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;
      floor[place] += value;
    });
    return { node: svg(this.back, "path", { class: "tl-bars", d: path, fill: one.colour }), wide };
  }

  // The letter of a group, on its largest part, where that has room: colours alone tell nobody which group it is.
  letter({ id, colour, sums, low, wide, node }) {
    const place = sums.indexOf(Math.max(...sums));
    if (id === null || sums[place] * this.scale.unit < 13) return;
    const name = this.letterOf(id);
    const y = this.scale.base - (low[place] + sums[place] / 2) * this.scale.unit + 4;
    const x = clamp(LEFT + (place + 0.5) * wide, LEFT + 6, LEFT + this.plot - 6);
    const ink = { fill: INKS[colour] ?? "#000", stroke: colour };
    const text = svg(this.back, "text", { class: "tl-letter", x, y, "text-anchor": "middle", ...ink }, name);
    text.classList.toggle("tl-of-group", Boolean(node));
  }

  letterOf(id) { return String.fromCharCode(65 + this.data.groups.findIndex((group) => group.id === id)); }

  drawRecords() {
    const { records } = this.row;
    const { step, sums } = this.columns(this.data.lines);
    const [base, most, wide] = [records.bottom, Math.max(1, ...sums), (this.plot / this.bins) * step];
    let path = `M${LEFT} ${base}`;
    sums.forEach((value, place) => {
      const right = Math.min(LEFT + (place + 1) * wide, LEFT + this.plot);
      path += `V${(base - (value / most) * (records.size - 14)).toFixed(1)}H${right.toFixed(1)}`;
    });
    svg(this.back, "path", { class: "tl-records", d: `${path}V${base}z` });
    this.lane("records", records, records.bottom - 14);
  }

  // Marks close to each other stand on different levels, each with as much of its label as there is room for.
  drawChanges() {
    const { changes } = this.data;
    if (!changes.length) return;
    const { top, size } = this.row.changes;
    this.lane("changes", this.row.changes);
    const levels = Math.max(1, Math.floor(size / LEVEL));
    const marks = changes.map((change, place) => ({ change, x: this.x(change.at), level: place % levels }));
    const ends = Array(levels).fill(LEFT);
    const lane = svg(this.front, "g", { role: "group", "aria-label": "Changes" });
    marks.forEach(({ change, x, level }, place) => {
      const next = marks.find((other, later) => later > place && other.level === level);
      const y = top + level * LEVEL + DOT + 1;
      const tell = [`${change.number} ${change.label}`, this.moment(change.at), this.against(change.lag)];
      const mark = this.mark(lane, "change", change.id, tell, change.leads ? "tl-change tl-leads" : "tl-change");
      svg(mark, "line", { class: "tl-drop", x1: x, x2: x, y1: y + DOT, y2: this.row.errors.bottom - 6 });
      const until = change.end && Math.min(this.x(change.end), LEFT + this.plot);
      if (until > x) svg(mark, "line", { class: "tl-lasting", x1: x, x2: until, y1: y, y2: y });
      svg(mark, "circle", { cx: x, cy: y, r: DOT });
      svg(mark, "text", { class: "tl-number", x, y: y + 4, "text-anchor": "middle" }, String(change.number));
      const label = change.leads && change.lag ? `${change.label}, ${change.lag}` : change.label;
      const right = (next ? next.x - DOT : this.total) - x - DOT - 8;
      const left = x - DOT - 6 - ends[level];
      const before = this.measure(label) > right && left > right;
      const text = this.fit(label, before ? left : right);
      const at = before ? x - DOT - 4 : x + DOT + 4;
      if (text) svg(mark, "text", { class: "tl-label", x: at, y: y + 4, "text-anchor": before ? "end" : "start" }, text);
      ends[level] = before || !text ? x + DOT : at + this.measure(text);
    });
    this.rove(lane);
  }

  // Onsets that begin together are stacked; those that find no room are counted above the stack.
  drawOnsets() {
    const { onsets } = this.data;
    if (!onsets.length) return;
    const { top, bottom, size } = this.row.onsets;
    this.lane("onsets", this.row.onsets);
    const lane = svg(this.front, "g", { role: "group", "aria-label": "Onsets of templates" });
    const [pitch, high] = [10, Math.max(1, Math.floor((size - 6) / 10))];
    const stacks = new Map();
    for (const onset of onsets) {
      const column = Math.round(this.x(onset.at) / pitch);
      stacks.set(column, [...(stacks.get(column) ?? []), onset]);
    }
    for (const [, stack] of [...stacks].sort(([one], [other]) => one - other)) {
      stack.slice(0, high).forEach((onset, place) => this.drawOnset(lane, onset, bottom - 8 - place * pitch));
      if (stack.length > high) {
        const x = Math.min(this.x(stack[0].at) + 9, this.total - 24);
        svg(this.back, "text", { class: "tl-value", x, y: top + 11 }, `+${stack.length - high}`);
      }
    }
    this.rove(lane);
  }

  drawOnset(lane, onset, y) {
    const [x, from, to] = [onset.at, onset.earliest, onset.latest].map((at) => clamp(this.x(at), LEFT, LEFT + this.plot));
    const tell = [`${onset.kind}: ${onset.label}`, this.moment(onset.at),
      `between ${UTC.second(onset.earliest)} and ${UTC.second(onset.latest)}`];
    const mark = this.mark(lane, "onset", onset.id, tell, onset.trouble ? "tl-begin tl-trouble" : "tl-begin");
    svg(mark, "line", { class: "tl-interval", x1: from, x2: to, y1: y, y2: y });
    svg(mark, "path", { d: onset.trouble ? `M${x} ${y - 4.5}l4.5 8h-9z` : `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z` });
  }

  drawNotes() {
    if (!this.data.notes.length) return;
    const { top } = this.row.notes;
    this.lane("notes", this.row.notes);
    const lane = svg(this.front, "g", { role: "group", "aria-label": "Notes" });
    this.data.notes.forEach((note, place) => {
      const x = this.x(note.at);
      const mark = this.mark(lane, "note", note.id, [note.label, this.moment(note.at)], "tl-note");
      svg(mark, "path", { d: `M${x} ${top + 16}l-5 -6v-8h10v8z` });
      const next = this.data.notes[place + 1];
      const text = this.fit(note.label, (next ? this.x(next.at) : this.total) - x - 16);
      if (text) svg(mark, "text", { class: "tl-label", x: x + 9, y: top + 13 }, text);
    });
    this.rove(lane);
  }

  drawLegend() {
    this.data.groups.forEach((group, place) => {
      const colour = COLOURS[place % COLOURS.length];
      const key = { type: "button", "data-key": `group ${group.id}`, title: group.title };
      const button = html(this.legend, "button", key);
      const style = `background:${colour};color:${INKS[colour] ?? "#000"}`;
      html(button, "span", { class: "tl-badge", style, "aria-hidden": "true" }, this.letterOf(group.id));
      html(button, "span", { class: "tl-name" }, group.title);
      html(button, "span", { class: "tl-count" });
      button.addEventListener("click", () => this.pick("group", group.id));
      button.addEventListener("pointerenter", () => this.dim(group.id));
      button.addEventListener("pointerleave", () => this.drawPicked());
    });
    if (!this.data.others.some(Boolean)) return;
    const rest = html(this.legend, "div", { class: "tl-rest" });
    html(rest, "span", { class: "tl-badge", style: `background:${OTHERS}`, "aria-hidden": "true" });
    html(rest, "span", { class: "tl-name" }, "other errors");
    html(rest, "span", { class: "tl-count" });
  }

  mark(lane, kind, id, tell, name) {
    const told = tell.filter(Boolean);
    const node = svg(lane, "g", {
      class: `tl-mark ${name}`, role: "button", tabindex: -1, "data-key": `${kind} ${id}`, "aria-label": told.join(", "),
    });
    const show = () => this.say(told, node.getBoundingClientRect());
    node.addEventListener("pointerenter", show);
    node.addEventListener("focus", show);
    for (const event of ["pointerleave", "blur"]) node.addEventListener(event, () => this.hush());
    node.addEventListener("click", () => this.pick(kind, id));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.pick(kind, id);
    });
    return node;
  }

  // One stop of the Tab key for a lane, in which the arrow keys go from mark to mark.
  rove(lane) {
    const marks = [...lane.children];
    marks[0]?.setAttribute("tabindex", 0);
    lane.addEventListener("keydown", (event) => {
      const next = marks[marks.indexOf(event.target) + ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? NaN)];
      if (!next) return;
      event.preventDefault();
      for (const mark of marks) mark.setAttribute("tabindex", mark === next ? 0 : -1);
      next.focus();
    });
  }

  // --- what is picked and which window ------------------------------------------------------------------------

  pick(kind, id) {
    const { kind: before, id: which } = this.model.get("picked") ?? {};
    this.model.set("picked", before === kind && which === id ? {} : { kind, id });
    this.model.save_changes();
    this.drawPicked();
  }

  drawPicked() {
    if (this.body.hidden) return;
    const { kind, id } = this.model.get("picked") ?? {};
    for (const node of this.root.querySelectorAll("[data-key]")) {
      node.setAttribute("aria-pressed", String(node.dataset.key === `${kind} ${id}`));
    }
    this.dim(kind === "group" ? id : undefined);
  }

  dim(but) {
    const known = this.stacks.some((one) => one.id === but);
    for (const one of this.stacks) one.node.classList.toggle("tl-dim", known && one.id !== but);
  }

  drawBrush() {
    if (this.body.hidden) return;
    this.brush.replaceChildren();
    const chosen = this.window.length === 2;
    const [first, last] = chosen ? this.span(this.window) : [0, this.bins];
    if (chosen) {
      const [left, right] = this.window.map((at) => clamp(this.x(at), LEFT, LEFT + this.plot));
      const [y, height] = [this.row.errors.top, this.row.bottom - this.row.errors.top];
      svg(this.brush, "rect", { class: "tl-shade", x: LEFT, y, width: left - LEFT, height });
      svg(this.brush, "rect", { class: "tl-shade", x: right, y, width: LEFT + this.plot - right, height });
      for (const [side, x] of [["from", left], ["to", right]]) {
        svg(this.brush, "line", { class: "tl-edge", x1: x, x2: x, y1: y, y2: y + height });
        svg(this.brush, "rect", { class: "tl-handle", "data-side": side, x: x - 4, y: y + height / 2 - 16, width: 8, height: 32, rx: 3 });
      }
    }
    this.tell(chosen, first, last);
  }

  // The window in words, and how many errors of each group lie in it.
  tell(chosen, first, last) {
    const { lines, groups, others } = this.data;
    const counts = [...groups.map((group) => group.counts), others].map((one) => total(one, first, last));
    const what = `${count(total(counts))} errors in ${count(total(lines, first, last))} records`;
    const [from, to] = chosen ? this.window : [this.data.from, this.end];
    const range = `${this.moment(from)} to ${this.moment(to)}, ${lasting(to - from)}`;
    const text = chosen ? `Window ${range}: ${what}.` : `Whole time: ${what}. Drag across the bars to choose a window.`;
    this.whole.hidden = !chosen;
    if (!this.draft) this.status.textContent = text;
    const spoken = { "aria-valuemin": 0, "aria-valuemax": this.bins, "aria-valuenow": first, "aria-valuetext": text };
    for (const [name, value] of Object.entries(spoken)) this.surface.setAttribute(name, value);
    this.legend.querySelectorAll(".tl-count").forEach((node, place) => { node.textContent = count(counts[place]); });
  }

  commit(window) {
    this.draft = null;
    this.typed = false;
    if (String(window) !== String(this.model.get("window"))) {
      this.model.set("window", window);
      this.model.save_changes();
    }
    this.drawBrush();
  }

  settle() { if (this.draft) this.commit(this.draft); }

  abandon() {
    this.drag = null;
    this.draft = null;
    this.typed = false;
    this.drawBrush();
  }

  escape(event) {
    if (event.key !== "Escape") return;
    this.hush();
    if (this.draft) this.abandon();
    else this.commit([]);
  }

  key(event) {
    const by = SHIFT[event.key];
    if (!by || this.drag) return;
    event.preventDefault();
    const middle = this.data.onset ? this.span([this.data.onset.at, this.end])[0] : Math.floor(this.bins / 2);
    const around = [clamp(middle - 5, 0, this.bins - 1), clamp(middle + 5, 1, this.bins)];
    const [from, to] = this.window.length ? this.span(this.window) : around;
    const moved = clamp(by, -from, this.bins - to);
    const next = event.shiftKey ? [from, clamp(to + by, from + 1, this.bins)] : [from + moved, to + moved];
    this.typed = true;
    this.draft = (this.window.length ? next : around).map((bin) => this.edge(bin));
    this.drawBrush();
  }

  press(event) {
    if (event.button !== 0 || event.target.closest(".tl-mark")) return;
    const bin = this.binAt(event.offsetX);
    if (bin < 0 || bin > this.bins || event.offsetY > this.row.bottom) return;
    const held = this.window.length ? this.span(this.window) : null;
    const inside = held && bin > held[0] && bin < held[1];
    const side = event.target.dataset.side ?? (inside ? "both" : "new");
    this.drag = { x: event.offsetX, bin, held, side, moved: false };
    this.svg.setPointerCapture(event.pointerId);
    this.surface.focus({ focusVisible: false });
  }

  move(event) {
    const bin = clamp(this.binAt(event.offsetX), 0, this.bins);
    if (!this.drag) return this.point(event, bin);
    this.drag.moved ||= Math.abs(event.offsetX - this.drag.x) > 3;
    if (!this.drag.moved) return;
    this.hush();
    this.draft = this.dragged(bin).map((place) => this.edge(place));
    this.drawBrush();
  }

  // The bins of the window while it is dragged: a new one, one of its ends, or all of it.
  dragged(bin) {
    const { side, held, bin: start } = this.drag;
    if (side === "both") {
      const by = clamp(Math.round(bin - start), -held[0], this.bins - held[1]);
      return held.map((place) => place + by);
    }
    const fixed = { new: start, from: held?.[1], to: held?.[0] }[side];
    const [from, to] = [Math.floor(Math.min(fixed, bin)), Math.ceil(Math.max(fixed, bin))];
    return from < to ? [from, to] : [Math.min(from, this.bins - 1), Math.min(from, this.bins - 1) + 1];
  }

  release(event) {
    const { drag } = this;
    this.drag = null;
    if (drag?.moved) return this.settle();
    const group = drag && this.groupAt(event.offsetX, event.offsetY);
    if (group) this.pick("group", group);
  }

  groupAt(x, y) {
    const place = Math.floor(this.binAt(x) / this.step);
    const value = (this.scale.base - y) / this.scale.unit;
    return this.stacks.find((one) => value > one.low[place] && value <= one.low[place] + one.sums[place])?.id;
  }

  // --- what the pointer is over -------------------------------------------------------------------------------

  point(event, bin) {
    if (event.target !== this.surface) return;
    const place = Math.min(Math.floor(bin / this.step), this.stacks[0].sums.length - 1);
    const from = this.edge(place * this.step);
    const to = Math.min(this.end, from + this.step * this.data.bin_ms);
    const told = [`${this.moment(from)} to ${UTC.second(to)}`];
    for (const { id, title, sums } of [...this.stacks].reverse()) {
      if (sums[place]) told.push(`${id === null ? "" : `${this.letterOf(id)} `}${title}: ${count(sums[place])}`);
    }
    const records = total(this.data.lines, place * this.step, (place + 1) * this.step);
    const box = this.svg.getBoundingClientRect();
    this.say([...told, `records: ${count(records)}`], new DOMRect(event.clientX, box.top + this.row.errors.top, 0, 0));
  }

  say(lines, place) {
    this.tip.replaceChildren();
    lines.forEach((line) => html(this.tip, "div", {}, line));
    this.tip.hidden = false;
    const box = this.root.getBoundingClientRect();
    const right = place.right - box.left + 14;
    const left = place.left - box.left - 14 - this.tip.offsetWidth;
    this.tip.style.left = `${right + this.tip.offsetWidth < box.width ? right : Math.max(0, left)}px`;
    this.tip.style.top = `${place.top - box.top}px`;
  }

  hush() { this.tip.hidden = true; }

  // --- text ---------------------------------------------------------------------------------------------------

  moment(at) {
    const own = this.zone ? ` (${this.zone.second(at)} ${this.model.get("zone")})` : "";
    return `${UTC.second(at)} UTC${own}`;
  }

  against(lag) { return /(before|after)$/.test(lag) ? `${lag} the onset` : lag; }

  measure(text) {
    this.pen ??= document.createElement("canvas").getContext("2d");
    this.pen.font = `11px ${getComputedStyle(this.root).fontFamily}`;
    return this.pen.measureText(text).width;
  }

  // As much of a text as fits, an ellipsis for the rest; nothing where only crumbs would fit.
  fit(text, room) {
    if (this.measure(text) <= room) return text;
    const letters = [...text];
    let most = Math.min(letters.length, Math.floor(room / 4));
    while (most > 5 && this.measure(`${letters.slice(0, most).join("")}…`) > room) most -= 1;
    return most > 5 && room > 40 ? `${letters.slice(0, most).join("")}…` : "";
  }
}

function render({ model, el }) {
  const view = new View(model, el);
  view.draw();
  return () => view.leave();
}

export default { render };
