"""The timeline as a still picture, for where no plotly is: GitHub, nbconvert, a mail.

One SVG of shapes and text, without a script, a style sheet or anything to fetch. Its greys and colours show on white
and on black.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from triage.escape import short
from triage.report.plots import INK, OKABE_ITO, ONSET, UNGROUPED, change_words, levels_of
from triage.report.timeline import bin_starts, in_order, leading_change, ungrouped
from triage.report.words import Summary, clock, day_of, moment

#: The picture's width, and where its strips begin and end, in pixels.
WIDTH, LEFT, RIGHT = 860, 56, 848
CHANGES, ERRORS, RECORDS, AXIS = (22, 72), (80, 270), (290, 336), 352
#: How much of its bin a bar fills.
FULL = 0.92
#: Height of a line of the legend; letters of it; changes that it lists, which are those with numbers.
LINE, LETTERS, LISTED = 18, 110, 12
#: Seconds between marks of the time axis, and how many marks there are at most.
STEPS = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 604800)
MARKS = 9


def timeline_svg(summary: Summary) -> str:
    """Errors of each group over time, the onset's interval shaded, the changes as numbered marks, and a list of both.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise_timeline` gives.
    """
    starts = bin_starts(summary["timeline"])
    if not starts:
        return _picture(["<title>No records with a time</title>"], LINE)
    span = (starts[0], starts[-1] + timedelta(seconds=summary["timeline"]["bin_seconds"]))
    within = [(n, c) for n, c in enumerate(in_order(summary), 1) if span[0] <= moment(c["time"]) <= span[1]]
    series = _series(summary["timeline"])
    told = _told(within, summary)
    numbered = {number for number, _ in told}
    legend, height = _legend(series, told, len(within) - len(told), summary)
    parts = [
        "<title>Errors over time, the onset and the changes</title>",
        *_onset(summary, span),
        *_axis(span, day_of(summary)),
        *_bars(series, len(starts)),
        *_records(summary["timeline"]["lines"]),
        *_ticks([moment(change["time"]) for number, change in within if number not in numbered], span),
        *_changes(told, span, summary),
        *legend,
    ]
    return _picture(parts, height)


#: Title, colour and counts by bin; a change and its number by time.
Series = tuple[str, str, list[int]]
Numbered = tuple[int, Summary]


def _series(timeline: Summary) -> list[Series]:
    groups = timeline["groups"]
    found = [(g["title"], OKABE_ITO[n % len(OKABE_ITO)], g["counts"]) for n, g in enumerate(groups)]
    rest = ungrouped(timeline)
    return [*found, ("other errors", UNGROUPED, rest)] if any(rest) else found


def _picture(parts: Sequence[str], height: float) -> str:
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" style="max-width:100%;height:auto"'
    font = f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {font}>{"".join(parts)}</svg>'


def _x(at: datetime, span: tuple[datetime, datetime]) -> float:
    return round(LEFT + (RIGHT - LEFT) * ((at - span[0]) / (span[1] - span[0])), 1)


def _text(x: float, y: float, text: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{more}>{html.escape(short(text, LETTERS))}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}"{more}/>'


def _onset(summary: Summary, span: tuple[datetime, datetime]) -> Iterator[str]:
    onset = summary["incident_onset"]
    if onset is None:
        return
    early, at, late = (_x(moment(onset[name]), span) for name in ("earliest", "at", "latest"))
    top, low = CHANGES[0], RECORDS[1]
    width = round(late - early, 1)
    yield f'<rect x="{early}" y="{top}" width="{width}" height="{low - top}" fill="{ONSET}" opacity="0.3"/>'
    yield _line(at, top, at, low, ONSET, ' stroke-width="1.5"')
    yield _text(min(max(at, LEFT + 40), RIGHT - 40), top - 8, f"onset {clock(onset['at'], day_of(summary))}", "middle")


def _axis(span: tuple[datetime, datetime], day: str) -> Iterator[str]:
    seconds = (span[1] - span[0]).total_seconds()
    step = next((step for step in STEPS if seconds / step <= MARKS), seconds / MARKS)
    place = span[0].timestamp() // step * step + step
    while place <= span[1].timestamp():
        at = datetime.fromtimestamp(place, span[0].tzinfo)
        yield _line(_x(at, span), RECORDS[1], _x(at, span), RECORDS[1] + 4, INK)
        yield _text(_x(at, span), AXIS, _mark(at, step, day), "middle")
        place += step


def _mark(at: datetime, step: float, day: str) -> str:
    """A time as short as its neighbours allow; the first of another day bears its date."""
    if step >= STEPS[-2]:
        return f"{at:%m-%d}"
    time = f"{at:%H:%M:%S}" if step < 60 else f"{at:%H:%M}"
    return time if at.date().isoformat() == day else f"{at:%m-%d} {time}"


def _bars(series: Sequence[Series], bins: int) -> Iterator[str]:
    """Stacked bars, one path a series."""
    totals = [sum(counts) for counts in zip(*(counts for _, _, counts in series), strict=True)] if series else []
    top, width = max(totals, default=0), (RIGHT - LEFT) / bins
    yield from _scale("errors", top, ERRORS)
    low = [0] * bins
    for _, colour, counts in series:
        high = [below + count for below, count in zip(low, counts, strict=True)]
        yield f'<path d="{_blocks(low, high, top, width)}" fill="{colour}"/>'
        low = high


def _blocks(low: Sequence[int], high: Sequence[int], top: int, width: float) -> str:
    """A block for each bin of a series, from where the series before it end."""
    found = []
    for place, (below, above) in enumerate(zip(low, high, strict=True)):
        if above > below:
            start = f"M{LEFT + place * width:.1f} {_y(below, top, ERRORS):.1f}"
            found.append(f"{start}h{width * FULL:.1f}V{_y(above, top, ERRORS):.1f}h-{width * FULL:.1f}z")
    return "".join(found)


def _records(counts: Sequence[int]) -> Iterator[str]:
    top, width = max(counts), (RIGHT - LEFT) / len(counts)
    yield from _scale("records", top, RECORDS)
    steps = "".join(f"V{_y(count, top, RECORDS):.1f}h{width:.2f}" for count in counts)
    yield f'<path d="M{LEFT} {RECORDS[1]}{steps}V{RECORDS[1]}z" fill="{UNGROUPED}" opacity="0.6"/>'


def _scale(name: str, top: int, strip: tuple[int, int]) -> Iterator[str]:
    """The line that bars stand on, its name, and how high the strip is."""
    yield _line(LEFT, strip[1], RIGHT, strip[1], INK, ' stroke-width="0.5"')
    yield _text(LEFT - 6, strip[0] + 10, f"{top:,}", "end") if top else ""
    yield _text(LEFT - 6, (strip[0] + strip[1]) / 2 + 8, name, "end")


def _y(count: int, top: int, strip: tuple[int, int]) -> float:
    return strip[1] - (strip[1] - strip[0]) * count / max(top, 1)


def _told(within: Sequence[Numbered], summary: Summary) -> list[Numbered]:
    """The changes that are numbered and listed: that of the leading hypothesis, and those next to the onset."""
    onset, leading = summary["incident_onset"], leading_change(summary)
    middle = moment(onset["at"] if onset else summary["window"]["from"])
    near = sorted(within, key=lambda one: (one[1]["id"] != leading, abs(moment(one[1]["time"]) - middle), one[0]))
    return sorted(near[:LISTED], key=lambda one: one[0])


def _ticks(times: Sequence[datetime], span: tuple[datetime, datetime]) -> Iterator[str]:
    """Changes that have no number."""
    path = "".join(f"M{x} {CHANGES[1]}v8" for x in sorted({_x(at, span) for at in times}))
    if path:
        yield f'<path d="{path}" stroke="{INK}"/>'


def _changes(within: Sequence[Numbered], span: tuple[datetime, datetime], summary: Summary) -> Iterator[str]:
    """A numbered mark a change, that of the leading hypothesis in its own colour, with a line down to the records."""
    times = [moment(change["time"]) for _, change in within]
    leading = leading_change(summary)
    for (number, change), at, level in zip(within, times, levels_of(times, span), strict=True):
        x, y = _x(at, span), CHANGES[1] - 8 - level * 17
        leads = change["id"] == leading
        colour = OKABE_ITO[0] if leads else "#555555"
        yield _line(x, y, x, RECORDS[1], colour if leads else INK, f' stroke-dasharray="{"6 3" if leads else "2 3"}"')
        yield f'<circle cx="{x}" cy="{y}" r="8.5" fill="{colour}"/>'
        yield _text(x, y + 4, str(number), "middle", ' fill="#ffffff"')


def _legend(series: Sequence[Series], told: Sequence[Numbered], more: int, summary: Summary) -> tuple[list[str], int]:
    """A line a series and a numbered change below the picture, and how high all is."""
    rows, y = [], AXIS + 10
    for title, colour, counts in series:
        y += LINE
        rows.append(f'<rect x="{LEFT}" y="{y - 10}" width="11" height="11" fill="{colour}"/>')
        rows.append(_text(LEFT + 18, y, f"{sum(counts):,} {title}"))
    rest = [f"and {more:,} more changes, each a tick"] if more else []
    for text in [*(change_words(number, change, summary) for number, change in told), *rest]:
        y += LINE
        rows.append(_text(LEFT, y, text))
    return rows, y + 10
