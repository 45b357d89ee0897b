// Where things stand in the drawing, and what lies still in it: axis, bars, records and the band of the onset.
class Lanes {
  get bins() { return this.data.lines.length; }
  get end() { return this.data.from + this.bins * this.data.bin_ms; }
  edge(bin) { return this.data.from + bin * this.data.bin_ms; }
  x(at) { return LEFT + ((at - this.data.from) / (this.end - this.data.from)) * this.plot; }
  within(at) { return clamp(this.x(at), LEFT, LEFT + this.plot); }
  binAt(x) { return ((x - LEFT) / this.plot) * this.bins; }

  // Top and bottom of each lane, from above; errors have what the others leave.
  rows() {
    const { changes, notes, onset, onsets } = this.data;
    const sizes = {
      changes: changes.length ? this.levels() * LEVEL + 2 : 0,
      notes: notes.length ? 20 : 0,
      onset: onset ? 18 : 6,
      errors: 0,
      onsets: onsets.length ? 4 * SPOT + 6 : 0,
      records: 38,
      axis: this.zone ? 40 : 23,
    };
    sizes.errors = Math.max(70, this.model.get("height") - total(Object.values(sizes)));
    const rows = {};
    let top = 0;
    for (const [name, size] of Object.entries(sizes)) {
      rows[name] = { top, bottom: top + size };
      top += size;
    }
    return rows;
  }

  levels() { return Math.min(3, this.data.changes.length); }

  lane(name, row, middle = (row.top + row.bottom) / 2) {
    svg(this.back, "text", { class: "tl-lane", x: LEFT - 8, y: middle + 4, "text-anchor": "end" }, name);
  }

  // A text around a place, but not beyond the drawing's edges.
  centred(text, x, y, name) {
    const half = this.measure(text, BOLD) / 2;
    const place = { x: clamp(x, LEFT + half, this.total - half), y, "text-anchor": "middle" };
    svg(this.back, "text", { class: name, ...place }, text);
  }

  measure(text, weight = 400) {
    this.pen ??= document.createElement("canvas").getContext("2d");
    this.pen.font = `${weight} 11px ${this.family}`;
    return this.pen.measureText(text).width;
  }

  // As much of a text as fits, an ellipsis for the rest; nothing where only crumbs would fit.
  fit(text, room, weight = 400) {
    if (this.measure(text, weight) <= room) return text;
    const letters = [...text];
    let most = Math.min(letters.length, Math.max(0, Math.floor(room / 4)));
    while (most > 5 && this.measure(`${letters.slice(0, most).join("")}…`, weight) > room) most -= 1;
    return most > 5 ? `${letters.slice(0, most).join("")}…` : "";
  }

  // A time, or one to another, in UTC and in the zone.
  moment(...times) {
    const told = (clock) => times.map(clock.second).join(" to ");
    return `${told(UTC)} UTC${this.zone ? ` (${told(this.zone)} ${this.place})` : ""}`;
  }

  drawBand() {
    const { onset } = this.data;
    if (!onset) return;
    const [from, to, at] = [onset.earliest, onset.latest, onset.at].map((time) => this.within(time));
    const y = this.row.onset.bottom - 4;
    const place = { y, height: this.bottom - y };
    svg(this.back, "rect", { class: "tl-band", x: Math.min(from, at - 2), width: Math.max(4, to - from), ...place });
    svg(this.back, "line", { class: "tl-onset", x1: at, x2: at, y1: y, y2: this.bottom });
    const told = UTC.second(onset.at);
    const [early, late] = [onset.earliest, onset.latest].map(UTC.second);
    const text = early === late ? `onset ${told}` : `onset ${told}, within ${early} to ${late}`;
    this.centred(text, at, y - 3, "tl-strong");
  }

  drawAxis() {
    const { bottom } = this;
    svg(this.back, "line", { class: "tl-axis", x1: LEFT, x2: LEFT + this.plot, y1: bottom, y2: bottom });
    const seconds = (this.end - this.data.from) / 1000;
    const least = seconds / Math.max(1, Math.floor(this.plot / 96));
    const step = (STEPS.find((one) => one >= least) ?? Math.ceil(least / 86400) * 86400) * 1000;
    const zones = [[UTC, bottom + 15, "UTC"]];
    if (this.zone) zones.push([this.zone, bottom + 32, this.place]);
    for (const [clock, y, name] of zones) {
      svg(this.back, "text", { class: "tl-lane", x: LEFT - 8, y, "text-anchor": "end" }, this.fit(name, LEFT - 10));
      let day = null;
      for (let at = Math.ceil(this.data.from / step) * step; at <= this.end; at += step) {
        const x = this.x(at);
        if (clock === UTC) svg(this.back, "line", { class: "tl-axis", x1: x, x2: x, y1: bottom, y2: bottom + 4 });
        const time = step < 60000 ? clock.second(at) : clock.minute(at);
        const text = clock.day(at) === day ? time : `${clock.day(at)} ${time}`;
        day = clock.day(at);
        this.centred(text, x, y, "tl-tick");
      }
    }
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
    this.scale = { base, wide: (this.plot / this.bins) * this.step, unit: (base - errors.top - 10) / most };
    this.lane("errors", errors, errors.top + 8);
    this.lane(`in ${lasting(this.step * this.data.bin_ms)}`, errors, errors.top + 22);
    const step = roundStep(most / 4);
    const values = Array.from({ length: Math.floor(most / step) }, (_, place) => (place + 1) * step);
    const height = (value) => base - value * this.scale.unit;
    for (const y of [0, ...values].map(height)) {
      svg(this.back, "line", { class: y < base ? "tl-grid" : "tl-axis", x1: LEFT, x2: LEFT + this.plot, y1: y, y2: y });
    }
    const floor = tops.map(() => 0);
    this.stacks = series.map((one, place) => {
      const { sums } = drawn[place];
      return { ...one, sums, low: [...floor], nodes: [this.stack(one, sums, floor)] };
    });
    for (const value of values) {
      // Before the shade of what lies outside a window, so that they stay legible.
      const place = { class: "tl-value", x: LEFT + 3, y: height(value) - 3, "aria-hidden": "true" };
      svg(this.front, "text", place, count(value));
    }
    for (const one of this.stacks) this.letter(one);
  }

  stack(one, sums, floor) {
    const { wide } = this.scale;
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
    return svg(this.back, "path", { d: path, fill: one.colour });
  }

  // The letter of a group, on its largest part, where that has room: colours alone tell nobody which group it is.
  letter({ id, colour, sums, low, nodes }) {
    const place = sums.indexOf(Math.max(...sums));
    if (id === null || sums[place] * this.scale.unit < 13) return;
    const name = this.letterOf(id);
    const y = this.scale.base - (low[place] + sums[place] / 2) * this.scale.unit + 4;
    const x = clamp(LEFT + (place + 0.5) * this.scale.wide, LEFT + 6, LEFT + this.plot - 6);
    const style = `fill:${INKS[colour] ?? "#000"};stroke:${colour}`;
    nodes.push(svg(this.back, "text", { class: "tl-letter", x, y, "text-anchor": "middle", style }, name));
  }

  letterOf(id) { return String.fromCharCode(65 + this.data.groups.findIndex((group) => group.id === id)); }

  drawRecords() {
    const { records } = this.row;
    const { step, sums } = this.columns(this.data.lines);
    const base = records.bottom;
    const most = Math.max(1, ...sums);
    const wide = (this.plot / this.bins) * step;
    let path = `M${LEFT} ${base}`;
    sums.forEach((value, place) => {
      const right = Math.min(LEFT + (place + 1) * wide, LEFT + this.plot);
      path += `V${(base - (value / most) * (records.bottom - records.top - 12)).toFixed(1)}H${right.toFixed(1)}`;
    });
    svg(this.back, "path", { class: "tl-records", d: `${path}V${base}z` });
    this.lane("records", records, records.bottom - 12);
  }
}
