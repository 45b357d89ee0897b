"""Plots of a summary: the only importer of plotly, and only when a figure is asked for.

Colours are those of M. Okabe and K. Ito (Color Universal Design), which colour-blind readers tell apart.
Text and lines are a grey that shows on white and on black; the HTML report sets its own over it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from triage.escape import plot_text
from triage.report.timeline import bin_starts, in_order, leading_change, ungrouped
from triage.report.words import Summary, change_name, clock, day_of, lag, moment

if TYPE_CHECKING:
    import plotly.graph_objects as go

OKABE_ITO = ("#D55E00", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442")
UNGROUPED, INK, ONSET = "#999999", "#7a7a7a", "#E69F00"
#: plotly.js shows a button that uploads the plot to its makers unless told otherwise; logs stay here.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
    "plotlyServerURL": "",
    "responsive": True,
    "showSendToCloud": False,
    "topojsonURL": "",
    "typesetMath": False,
}
#: The three strips, by share of the height: changes, errors, all lines.
STRIPS = {"yaxis3": (0.86, 1.0), "yaxis": (0.24, 0.84), "yaxis2": (0.0, 0.16)}
#: Labels of changes closer than this share of the width stand on different levels, of which there are so many.
NEAR, LEVELS = 0.06, 3


def timeline_figure(summary: Summary) -> go.Figure:
    """Errors of each group over time, with the onset's interval shaded and the changes as numbered marks.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.

    Returns
    -------
    plotly.graph_objects.Figure
        Show it with ``config=CONFIG``. Changes outside the time of the logs are not in it.
    """
    import plotly.graph_objects as go

    starts = bin_starts(summary["timeline"])
    if not starts:
        return go.Figure(layout={"template": "none"})
    width = timedelta(seconds=summary["timeline"]["bin_seconds"])
    span = (starts[0], starts[-1] + width)
    within = [(n, c) for n, c in enumerate(in_order(summary), 1) if span[0] <= moment(c["time"]) <= span[1]]
    traces = [*_bars(summary["timeline"], starts), _all_lines(summary["timeline"], starts)]
    if within:
        traces.append(_marks(within, span, summary))
    return go.Figure(data=traces, layout=_layout(summary, span, within))


def plotly_javascript() -> str:
    """The plotly.js that comes with the installed plotly."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _at(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _bars(timeline: Summary, starts: list[datetime]) -> list[dict[str, Any]]:
    series = [(plot_text(group["title"]), group["counts"]) for group in timeline["groups"]]
    colours = [OKABE_ITO[place % len(OKABE_ITO)] for place in range(len(series))]
    if any(rest := ungrouped(timeline)):
        series.append(("other errors", rest))
        colours.append(UNGROUPED)
    return [
        _bar(name, counts, colour, timeline, starts) for (name, counts), colour in zip(series, colours, strict=True)
    ]


def _bar(name: str, counts: list[int], colour: str, timeline: Summary, starts: list[datetime]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": [_at(start) for start in starts],
        "xperiod": timeline["bin_seconds"] * 1000,
        "xperiodalignment": "middle",
        "y": counts,
        "marker": {"color": colour, "line": {"width": 0}},
        "hovertemplate": "%{y}",
    }


def _all_lines(timeline: Summary, starts: list[datetime]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": "all records",
        "x": [_at(start) for start in starts],
        "xperiod": timeline["bin_seconds"] * 1000,
        "xperiodalignment": "middle",
        "y": timeline["lines"],
        "yaxis": "y2",
        "mode": "lines",
        "fill": "tozeroy",
        "line": {"color": UNGROUPED, "width": 1, "shape": "hvh"},
        "hovertemplate": "%{y}",
        "showlegend": False,
    }


def _marks(changes: list[tuple[int, Summary]], span: tuple[datetime, datetime], summary: Summary) -> dict[str, Any]:
    times = [moment(change["time"]) for _, change in changes]
    leading = leading_change(summary)
    return {
        "type": "scatter",
        "name": "changes",
        "x": [_at(time) for time in times],
        "y": levels_of(times, span),
        "yaxis": "y3",
        "mode": "markers+text",
        "text": [str(number) for number, _ in changes],
        "textfont": {"size": 11, "color": "#ffffff"},
        "marker": {
            "size": 18,
            "color": [OKABE_ITO[0] if change["id"] == leading else "#555555" for _, change in changes],
        },
        "customdata": [plot_text(change_words(number, change, summary), 160) for number, change in changes],
        "hovertemplate": "%{customdata}<extra></extra>",
        "showlegend": False,
    }


def change_words(number: int, change: Summary, summary: Summary) -> str:
    """A change by its number, its name, its time and how long before the onset that is."""
    when = lag(change["time"], summary["incident_onset"])
    told = f"{number} {change_name(change)}, {clock(change['time'], day_of(summary))}"
    return f"{told} ({when})" if when else told


def levels_of(times: list[datetime], span: tuple[datetime, datetime]) -> list[int]:
    """A level for each mark, in order of time, so that neighbours do not cover each other where that can be."""
    near = (span[1] - span[0]) * NEAR
    last: list[datetime | None] = [None] * LEVELS
    levels = []
    for time in times:
        free = [level for level, before in enumerate(last) if before is None or time - before >= near]
        level = free[0] if free else min(range(LEVELS), key=lambda place: last[place] or time)
        last[level] = time
        levels.append(level)
    return levels


def _layout(summary: Summary, span: tuple[datetime, datetime], within: list[tuple[int, Summary]]) -> dict[str, Any]:
    hidden = {"visible": False, "fixedrange": True}
    axes = {name: {"domain": domain, "gridcolor": INK, "fixedrange": True} for name, domain in STRIPS.items()}
    axes["yaxis"] |= {"title": {"text": "errors"}, "rangemode": "tozero", "gridwidth": 0.3}
    axes["yaxis2"] |= {"title": {"text": "records"}, "rangemode": "tozero", "nticks": 3, "gridwidth": 0.3}
    axes["yaxis3"] |= hidden | {"range": [-0.6, LEVELS - 0.4]}
    return {
        "template": "none",
        "barmode": "stack",
        "bargap": 0.08,
        "hovermode": "x unified",
        "height": 460,
        "margin": {"l": 56, "r": 12, "t": 26, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": INK, "size": 12, "family": "system-ui, sans-serif"},
        "legend": {"orientation": "h", "y": -0.14, "x": 0, "yanchor": "top", "traceorder": "normal"},
        "xaxis": {"type": "date", "anchor": "y2", "range": [_at(time) for time in span], "showgrid": False},
        **axes,
        **_onset_marks(summary),
        "shapes": [*_onset_shapes(summary), *(_change_line(change, summary) for _, change in within)],
    }


def _onset_shapes(summary: Summary) -> list[dict[str, Any]]:
    onset = summary["incident_onset"]
    if onset is None:
        return []
    strip = {"layer": "below", "xref": "x", "yref": "paper", "y0": 0, "y1": STRIPS["yaxis3"][1]}
    early, at, late = (_at(moment(onset[name])) for name in ("earliest", "at", "latest"))
    return [
        strip | {"type": "rect", "x0": early, "x1": late, "fillcolor": ONSET, "opacity": 0.3, "line": {"width": 0}},
        # An interval of seconds in a day of logs is too narrow to see.
        strip | {"type": "line", "x0": at, "x1": at, "line": {"color": ONSET, "width": 1.5}},
    ]


def _onset_marks(summary: Summary) -> dict[str, Any]:
    onset = summary["incident_onset"]
    if onset is None:
        return {}
    label = plot_text(f"onset {clock(onset['at'], day_of(summary))}")
    at = _at(moment(onset["at"]))
    note = {"x": at, "xref": "x", "y": 1, "yref": "paper", "yanchor": "bottom", "text": label, "showarrow": False}
    return {"annotations": [note]}


_LINE = {"type": "line", "layer": "below", "xref": "x", "yref": "paper", "y0": 0, "y1": STRIPS["yaxis3"][0]}


def _change_line(change: Summary, summary: Summary) -> dict[str, Any]:
    at = _at(moment(change["time"]))
    leads = change["id"] == leading_change(summary)
    line = {"color": OKABE_ITO[0] if leads else INK, "width": 1.5 if leads else 1, "dash": "dash" if leads else "dot"}
    return {**_LINE, "x0": at, "x1": at, "line": line}
