// What can be picked: changes, onsets, notes and error groups, each with the mouse and with the keyboard.
class Marks extends Lanes {
  // Marks close to each other stand on different levels, the change that leads on one of its own, next to the bars.
  // Each has as much of its label as there is room for.
  drawChanges() {
    const { changes } = this.data;
    if (!changes.length) return;
    const { top } = this.row.changes;
    this.lane("changes", this.row.changes);
    const levels = this.levels();
    const others = changes.some((change) => change.leads) ? levels - 1 : levels;
    let met = 0;
    const marks = changes.map((change) => (
      { change, x: this.x(change.at), level: change.leads ? levels - 1 : met++ % others }
    ));
    const ends = Array(levels).fill(LEFT);
    const lane = svg(this.front, "g", { role: "group", "aria-label": "Changes" });
    marks.forEach(({ change, x, level }, place) => {
      const y = top + level * LEVEL + DOT + 1;
      const tell = [`${change.number} ${change.label}`, this.moment(change.at), this.against(change.lag)];
      const mark = this.mark(lane, "change", change.id, tell, change.leads ? "tl-change tl-leads" : "tl-change");
      svg(mark, "line", { class: "tl-drop", x1: x, x2: x, y1: y + DOT, y2: this.row.errors.bottom - 6 });
      const until = change.end && this.within(change.end);
      if (until > x) svg(mark, "line", { class: "tl-lasting", x1: x, x2: until, y1: y, y2: y });
      svg(mark, "circle", { cx: x, cy: y, r: DOT });
      svg(mark, "text", { class: "tl-number", x, y: y + 4, "text-anchor": "middle" }, String(change.number));
      const next = marks.find((other, later) => later > place && other.level === level);
      const right = (next ? next.x - DOT : this.total) - x - DOT - 8;
      ends[level] = this.label(mark, change, { x, y: y + 4 }, right, x - DOT - 8 - ends[level]);
    });
    this.rove(lane);
  }

  // The label of a change or note, behind its mark or else before it; gives where both end.
  label(mark, { label, lag, leads }, { x, y }, right, left) {
    const weight = leads ? BOLD : 400;
    const labels = leads && lag ? [`${label}, ${lag}`, label] : [label];
    const room = Math.max(right, left);
    const text = labels.find((one) => this.measure(one, weight) <= room) ?? label;
    if (this.measure(text, weight) > right && this.measure(text, weight) <= left) {
      svg(mark, "text", { class: "tl-label", x: x - DOT - 4, y, "text-anchor": "end" }, text);
      return x + DOT;
    }
    const shown = this.fit(text, right, weight);
    if (shown) svg(mark, "text", { class: "tl-label", x: x + DOT + 4, y }, shown);
    return x + DOT + 4 + this.measure(shown, weight);
  }

  against(lag) { return /(before|after)$/.test(lag) ? `${lag} the onset` : lag; }

  // Onsets that begin together are stacked, the clearest first; for those that find no room there is a number.
  drawOnsets() {
    const { onsets } = this.data;
    if (!onsets.length) return;
    const { top, bottom } = this.row.onsets;
    const levels = Math.floor((bottom - top - 4) / SPOT);
    const taken = Array.from({ length: levels }, () => []);
    const drawn = [];
    for (const onset of onsets) {
      const x = this.x(onset.at);
      const level = taken.findIndex((places) => places.every((place) => Math.abs(place - x) >= SPOT));
      if (level < 0) continue;
      taken[level].push(x);
      drawn.push([onset, bottom - 8 - level * SPOT]);
    }
    const hidden = onsets.length - drawn.length;
    this.lane("onsets", this.row.onsets, (top + bottom) / 2 - (hidden ? 7 : 0));
    if (hidden) this.lane(`${hidden} more`, this.row.onsets, (top + bottom) / 2 + 7);
    const lane = svg(this.front, "g", { role: "group", "aria-label": "Onsets of templates" });
    for (const [onset, y] of drawn.sort(([one], [other]) => one.at - other.at)) this.drawOnset(lane, onset, y);
    this.rove(lane);
  }

  drawOnset(lane, onset, y) {
    const [x, from, to] = [onset.at, onset.earliest, onset.latest].map((at) => this.within(at));
    const tell = [`${onset.kind}: ${onset.label}`, this.moment(onset.at),
      `between ${UTC.second(onset.earliest)} and ${UTC.second(onset.latest)}`];
    const mark = this.mark(lane, "onset", onset.id, tell, onset.trouble ? "tl-begin tl-trouble" : "tl-begin");
    svg(mark, "line", { class: "tl-interval", x1: from, x2: to, y1: y, y2: y });
    const [triangle, circle] = [`M${x} ${y - 4.5}l4.5 8h-9z`, `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`];
    svg(mark, "path", { d: onset.trouble ? triangle : circle });
  }

  drawNotes() {
    if (!this.data.notes.length) return;
    const { top } = this.row.notes;
    this.lane("notes", this.row.notes);
    const lane = svg(this.front, "g", { role: "group", "aria-label": "Notes" });
    let end = LEFT;
    this.data.notes.forEach((note, place) => {
      const x = this.x(note.at);
      const mark = this.mark(lane, "note", note.id, [note.label, this.moment(note.at)], "tl-note");
      svg(mark, "path", { d: `M${x} ${top + 16}l-5 -6v-8h10v8z` });
      const next = this.data.notes[place + 1];
      const right = (next ? this.x(next.at) - DOT : this.total) - x - DOT - 8;
      end = this.label(mark, note, { x, y: top + 13 }, right, x - DOT - 8 - end);
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
      class: `tl-mark ${name}`, role: "button", tabindex: -1,
      "data-key": `${kind} ${id}`, "aria-label": told.join(", "),
    });
    const show = () => this.say(told, node.querySelector("circle, path").getBoundingClientRect());
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
    for (const { id, nodes } of this.stacks) {
      for (const node of nodes) node.classList.toggle("tl-dim", known && id !== but);
    }
  }

  say(lines, place) {
    this.tip.replaceChildren();
    lines.forEach((line) => html(this.tip, "div", {}, line));
    this.tip.hidden = false;
    const box = this.root.getBoundingClientRect();
    const right = place.right - box.left + 10;
    const left = place.left - box.left - 10 - this.tip.offsetWidth;
    this.tip.style.left = `${right + this.tip.offsetWidth < box.width ? right : Math.max(0, left)}px`;
    this.tip.style.top = `${clamp(place.bottom - box.top + 6, 0, Math.max(0, box.height - this.tip.offsetHeight))}px`;
  }

  hush() { this.tip.hidden = true; }
}
