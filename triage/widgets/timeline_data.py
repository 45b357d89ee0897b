"""What the timeline widget draws, from a summary: plain numbers and texts, and a title that says what to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from triage.escape import short
from triage.hypotheses.words import listed
from triage.report.onset_words import kind_words
from triage.report.timeline import bin_starts, in_order, leading_change, ungrouped
from triage.report.words import STRONG, Summary, change_name, clock, day_of, interval, lag, moment
from triage.widgets.timeline_title import span_words, title

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The longest text of a label, and of what a person noted.
LABEL, NOTE = 80, 200
#: Changes and notes that are drawn at most, the closest to the onset: more are a smear, and not read.
MOST_MARKS = 100
#: Changes and groups that the text alternative names; tables have the rest.
TOLD = 8


def timeline_data(summary: Summary, most_onsets: int = 60) -> dict[str, Any]:
    """The data of a `Timeline`; all times are milliseconds since 1970, UTC.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    most_onsets : int
        Onsets of single templates that are drawn at most, those that speak most of trouble.

    Returns
    -------
    dict
        ``from``, ``bin_ms``, and a count for each bin in ``lines``, ``others`` (errors of no group drawn) and
        ``groups[]["counts"]``; ``onset`` and ``onsets`` with ``at``, ``earliest`` and ``latest``; ``changes`` with the
        numbers that reports give them; ``notes``, whose ids are their places among the remarks; ``title``, ``outside``
        (which marks lie outside the time of the logs, and are not drawn) and ``describe``, a text alternative.
        Nothing in a text is invisible or turns its direction; it is text, not HTML.

    Examples
    --------
    >>> quiet = {
    ...     "timeline": {"from": "2026-11-20T02:00:00Z", "bin_seconds": 60, "lines": [7, 9], "errors": [0, 0],
    ...                  "groups": []},
    ...     "window": {"from": "2026-11-20T02:00:00Z"}, "incident_onset": None, "onsets": [], "changes": [],
    ...     "hypotheses": [],
    ... }
    >>> timeline_data(quiet)["title"]
    'No errors and no onset of trouble in 2 min of logs'
    """
    timeline = summary["timeline"]
    spans = _Span(summary)
    changes, notes = _changes(summary), _notes(summary)
    onsets = [_onset(onset, summary) for onset in summary["onsets"]]
    return {
        "from": spans.begin,
        "bin_ms": spans.bin_ms,
        "lines": list(timeline["lines"]),
        "groups": [
            {"id": group["id"], "title": short(group["title"], LABEL), "counts": list(group["counts"])}
            for group in timeline["groups"]
        ],
        "others": ungrouped(timeline),
        "onset": _times(summary["incident_onset"]) if summary["incident_onset"] else None,
        "onsets": [mark for mark in onsets if spans.holds(mark)][:most_onsets],
        "changes": spans.drawn(changes),
        "notes": spans.drawn(notes),
        "title": title(summary),
        "outside": ". ".join(filter(None, (spans.outside(changes, "change"), spans.outside(notes, "note")))),
        "describe": _describe(summary, notes),
    }


class _Span:
    """The time that the bins cover, and which marks lie in it."""

    def __init__(self, summary: Summary) -> None:
        timeline = summary["timeline"]
        self.bin_ms = int(timeline["bin_seconds"]) * 1000
        self.begin = _ms(timeline["from"]) if timeline["from"] else 0
        self.end = self.begin + self.bin_ms * len(timeline["errors"])
        onset = summary["incident_onset"]
        self.middle = _ms(onset["at"]) if onset else self.end

    def holds(self, mark: dict[str, Any]) -> bool:
        return bool(self.begin <= mark["at"] <= self.end and self.begin < self.end)

    def drawn(self, marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those within, in their order; the closest to the onset where they are too many."""
        within = [place for place, mark in enumerate(marks) if self.holds(mark)]
        closest = sorted(within, key=lambda place: abs(marks[place]["at"] - self.middle))[:MOST_MARKS]
        return [marks[place] for place in sorted(closest)]

    def outside(self, marks: list[dict[str, Any]], name: str) -> str:
        """How many lie outside, and how many within are too many to draw; empty where all are drawn."""
        before = sum(mark["at"] < self.begin for mark in marks)
        after = sum(not self.holds(mark) for mark in marks) - before
        hidden = len(marks) - before - after - len(self.drawn(marks))
        told = {"before the logs": before, "after them": after, "too far from the onset to draw": hidden}
        if not any(told.values()):
            return ""
        return "Not drawn: " + ", ".join(f"{_counted(n, name)} {where}" for where, n in told.items() if n)


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _ms(text: str) -> int:
    # Cut, not rounded, as the clock of a report is: the same time must not read a second later in the drawing.
    return (moment(text) - EPOCH) // timedelta(milliseconds=1)


def _times(onset: Summary) -> dict[str, int]:
    return {name: _ms(onset[name]) for name in ("at", "earliest", "latest")}


def _onset(onset: Summary, summary: Summary) -> dict[str, Any]:
    return {
        "id": onset["template_id"],
        "label": short(onset["template"], LABEL),
        "kind": short(kind_words(onset, day_of(summary)), LABEL),
        **_times(onset),
        "trouble": onset.get("trouble", 0.0) >= STRONG,
    }


def _changes(summary: Summary) -> list[dict[str, Any]]:
    leading = leading_change(summary)
    return [
        {
            "id": change["id"],
            "number": number,
            "label": short(change_name(change), LABEL),
            "lag": lag(change["time"], summary["incident_onset"]),
            "at": _ms(change["time"]),
            "end": _ms(change["end"]) if change.get("end") else None,
            "leads": change["id"] == leading,
        }
        for number, change in enumerate(in_order(summary), 1)
    ]


def _notes(summary: Summary) -> list[dict[str, Any]]:
    found = [
        {"id": str(place), "label": short(f"{remark['by']}: {remark['text']}", NOTE), "at": _ms(remark["at"])}
        for place, remark in enumerate(summary.get("remarks", []))
        if remark["kind"] == "note" and remark["at"]
    ]
    return sorted(found, key=lambda note: (note["at"], int(note["id"])))


def _describe(summary: Summary, notes: list[dict[str, Any]]) -> str:
    """The timeline in sentences, for readers who do not see it."""
    timeline, day, onset = summary["timeline"], day_of(summary), summary["incident_onset"]
    starts = bin_starts(timeline)
    if not starts:
        return "No record has a time."
    errors = timeline["errors"]
    told = [
        f"{span_words(summary)} of logs from {clock(timeline['from'])} UTC: "
        f"{sum(timeline['lines']):,} records, {sum(errors):,} of them errors."
    ]
    if any(errors):
        most = clock(starts[errors.index(max(errors))].isoformat(), day)
        told.append(f"Most errors, {max(errors):,}, in the {timeline['bin_seconds']} s from {most}.")
    if onset:
        told.append(f"Onset at {clock(onset['at'], day)}, within {interval(onset, day)}.")
    groups = [f"{short(group['title'], LABEL)} ({sum(group['counts']):,})" for group in timeline["groups"]]
    if groups:
        told.append(f"Error groups: {'; '.join(groups)}.")
    if summary["changes"]:
        told.append(f"Changes: {listed(_told_changes(summary, day), TOLD)}.")
    if notes:
        told.append(f"Notes: {listed([note['label'] for note in notes], TOLD)}.")
    return " ".join(told)


def _told_changes(summary: Summary, day: str) -> list[str]:
    told = []
    for number, change in enumerate(in_order(summary), 1):
        when = lag(change["time"], summary["incident_onset"])
        name = short(change_name(change), LABEL)
        told.append(f"{number} {name} at {clock(change['time'], day)}{f' ({when} the onset)' if _side(when) else ''}")
    return told


def _side(when: str) -> bool:
    return when.endswith(("before", "after"))
