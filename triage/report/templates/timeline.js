// Draw the timeline in the colours of the page, and again when those change.
(function () {
  "use strict";
  const holder = document.getElementById("timeline");
  const plot = JSON.parse(document.getElementById("timeline-data").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 640px)");
  const axes = ["xaxis", "yaxis", "yaxis2"];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function draw() {
    const layout = JSON.parse(JSON.stringify(plot.layout));
    layout.font.color = colour("--ink");
    layout.hoverlabel = { bgcolor: colour("--card"), bordercolor: colour("--line"), font: { color: colour("--ink") } };
    axes.forEach(function (name) {
      layout[name].gridcolor = colour("--line");
      layout[name].linecolor = colour("--line");
    });
    if (narrow.matches) {
      layout.margin.l = 40;
      layout.font.size = 10;
      layout.height = 540;
    }
    window.Plotly.react(holder, plot.data, layout, plot.config);
  }

  if (window.Plotly) {
    holder.hidden = false;
    draw();
    dark.addEventListener("change", draw);
    narrow.addEventListener("change", draw);
  }

  // Paper cannot be clicked: print with all evidence open, then close again what was closed.
  let closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("details:not([open]):not(.aside)"));
    closed.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (part) { part.open = false; });
  });
})();
