// The window that people choose: dragged across the bars, or moved with the arrow keys.
class Chooser extends Marks {
  get window() { return this.draft ?? this.model.get("window") ?? []; }

  // The first and last whole bins that a window touches.
  span([from, to]) {
    const bin = (at, round) => clamp(round((at - this.data.from) / this.data.bin_ms), 0, this.bins);
    return [bin(from, Math.floor), bin(to, Math.ceil)];
  }

  drawBrush() {
    if (this.body.hidden) return;
    this.brush.replaceChildren();
    const chosen = this.window.length === 2;
    const [first, last] = chosen ? this.span(this.window) : [0, this.bins];
    if (chosen) {
      const [left, right] = this.window.map((at) => this.within(at));
      const y = this.row.onset.bottom;
      const height = this.bottom - y;
      svg(this.brush, "rect", { class: "tl-shade", x: LEFT, y, width: left - LEFT, height });
      svg(this.brush, "rect", { class: "tl-shade", x: right, y, width: LEFT + this.plot - right, height });
      for (const [side, x] of [["from", left], ["to", right]]) {
        svg(this.brush, "line", { class: "tl-edge", x1: x, x2: x, y1: y, y2: y + height });
        const grip = { x: x - 4, y: y + height / 2 - 16, width: 8, height: 32, rx: 3 };
        svg(this.brush, "rect", { class: "tl-handle", "data-side": side, ...grip });
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
    const range = `${this.moment(from, to)}, ${lasting(to - from)}`;
    const text = chosen ? `Window ${range}: ${what}.` : `Whole time: ${what}. Drag across the bars to choose a window.`;
    this.whole.hidden = !chosen;
    this.words.textContent = text;
    if (!this.draft) this.status.textContent = text;
    const spoken = { "aria-valuemin": 0, "aria-valuemax": this.bins, "aria-valuenow": first, "aria-valuetext": text };
    set(this.surface, spoken);
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

  // Where the pointer is in the drawing; offsetX means other things in other browsers.
  spot(event) {
    const { left, top } = this.svg.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  press(event) {
    const { x, y } = this.spot(event);
    const bin = this.binAt(x);
    const within = bin >= 0 && bin <= this.bins && y >= this.row.onset.top && y <= this.bottom;
    const handle = event.target.dataset.side;
    if (event.button !== 0 || event.target.closest(".tl-mark") || !(within || handle)) return;
    const held = this.window.length ? this.span(this.window) : null;
    const inside = held && bin > held[0] && bin < held[1];
    this.drag = { x, bin, held, side: handle ?? (inside ? "both" : "new"), moved: false };
    this.svg.setPointerCapture(event.pointerId);
    this.surface.focus({ preventScroll: true });
  }

  move(event) {
    const { x } = this.spot(event);
    const bin = clamp(this.binAt(x), 0, this.bins);
    if (!this.drag) return this.point(event, bin);
    this.drag.moved ||= Math.abs(x - this.drag.x) > 3;
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
    const group = drag && this.groupAt(this.spot(event));
    if (group) this.pick("group", group);
  }

  groupAt({ x, y }) {
    const place = Math.floor(this.binAt(x) / this.step);
    const value = (this.scale.base - y) / this.scale.unit;
    return this.stacks.find((one) => value > one.low[place] && value <= one.low[place] + one.sums[place])?.id;
  }

  point(event, bin) {
    if (event.target !== this.surface) return;
    const place = Math.min(Math.floor(bin / this.step), this.stacks[0].sums.length - 1);
    const from = this.edge(place * this.step);
    const to = Math.min(this.end, from + this.step * this.data.bin_ms);
    const told = [this.moment(from, to)];
    for (const { id, title, sums } of [...this.stacks].reverse()) {
      const name = id === null ? title : `${this.letterOf(id)} ${this.fit(title, 240)}`;
      if (sums[place]) told.push(`${name}: ${count(sums[place])}`);
    }
    const records = total(this.data.lines, place * this.step, (place + 1) * this.step);
    const box = this.svg.getBoundingClientRect();
    this.say([...told, `records: ${count(records)}`], new DOMRect(event.clientX, box.top + this.row.errors.top, 0, 0));
  }
}
