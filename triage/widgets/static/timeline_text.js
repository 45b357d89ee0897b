// What the parts of the timeline share: sizes, colours, elements, numbers and times. All text is set as text, never
// as markup.
const COLOURS = ["#D55E00", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"]; // Okabe and Ito, as in reports
const OTHERS = "#999999";
const INKS = { "#0072B2": "#fff" }; // the letter on a colour: black on all others
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const LEFT = 62; // room for the names of the lanes
const RIGHT = 14;
const LEVEL = 22; // height of a level of changes, and below the radius of their marks
const DOT = 9;
const SPOT = 10; // room that the mark of an onset takes
const WIDE = 1000; // from here on the legend stands beside the bars
const BOLD = 600; // as in the style sheet
const SHIFT = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

function svg(parent, tag, attributes = {}, text = null) {
  return put(parent, document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, text);
}

function html(parent, tag, attributes = {}, text = null) {
  return put(parent, document.createElement(tag), attributes, text);
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

function put(parent, node, attributes, text) {
  set(node, attributes);
  if (text !== null) node.textContent = text;
  parent.append(node);
  return node;
}

const count = (number) => number.toLocaleString("en-US");
const total = (counts, from = 0, to = counts.length) => counts.slice(from, to).reduce((sum, one) => sum + one, 0);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// The next of 1, 2, 5, 10, 20… that is no smaller.
function roundStep(least) {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5, 10].map((part) => part * power).find((step) => step >= least);
}

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
