"""What came when: changes, onsets, and what people noted, did and decided, as one table in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from triage.escape import clip, short
from triage.hypotheses.words import listed
from triage.onset.incident_onset import MEMBER
from triage.report.page import Shown
from triage.report.people import remarks_of
from triage.report.rows import EventRow
from triage.report.timeline import in_order
from triage.report.words import Summary, change_name, clock, day_of, interval, moment, named_hypothesis

#: Rows of the table; characters of what a change or a template says.
MOST, CELL = 200, 300


class Event(NamedTuple):
    """Something at one time (RFC 3339)."""

    time: str
    kind: str
    what: str
    by: str = ""


def event_rows(summary: Summary) -> Shown[EventRow]:
    """All of it, the earliest first; of what came at one time, changes before onsets and people last."""
    day = day_of(summary)
    parts = (_window, _changes, _onsets, _ends, _remarks, _verdicts)
    events = sorted((event for part in parts for event in part(summary)), key=lambda event: moment(event.time))
    rows = tuple(EventRow(clock(event.time, day), event.kind, event.what, event.by) for event in events[:MOST])
    return Shown(rows, max(0, len(events) - MOST))


def _window(summary: Summary) -> Iterator[Event]:
    window = summary["window"] or {}
    if window.get("from") and window.get("to"):
        yield Event(window["from"], "logs", "The logs begin")
        yield Event(window["to"], "logs", "The logs end")


def _changes(summary: Summary) -> Iterator[Event]:
    """The changes, with their numbers in the plot."""
    for number, change in enumerate(in_order(summary), 1):
        said = f": {change['summary']}" if change.get("summary") else ""
        yield Event(change["time"], f"change {number}", clip(f"{change_name(change)}{said}", CELL))


def _onsets(summary: Summary) -> Iterator[Event]:
    day = day_of(summary)
    if onset := summary["incident_onset"]:
        first = [row["service"] for row in summary["origins"][:1]]
        where = f", first in {first[0]}" if first else ""
        yield Event(onset["at"], "onset", f"Trouble begins{where} ({interval(onset, day)})")
    for onset in summary.get("other_onsets", []):
        yield Event(onset["at"], "other onset", f"Other trouble begins{_where(onset)}")
    for onset in summary.get("linked_onsets", []):
        yield Event(onset["at"], "linked onset", f"Trouble of the same requests begins{_where(onset)}")


def _where(onset: Summary) -> str:
    return f" in {listed(onset['services'])}" if onset["services"] else ""


def _ends(summary: Summary) -> Iterator[Event]:
    """Onsets of trouble that ended while the logs went on, and the last failing line where there is one."""
    for onset in summary["onsets"]:
        if onset.get("until") and onset.get("trouble", 0) >= MEMBER:
            where, template = _where(onset), short(onset["template"], CELL)
            what = (
                f"No more{where}: {template}"
                if onset["kind"] == "new"
                else f"{onset['kind']} is over{where}: {template}"
            )
            yield Event(onset["until"], "end of onset", what[0].upper() + what[1:])
    failing = (summary.get("impact") or {}).get("failing")
    if failing and not failing["lasts"]:
        yield Event(failing["last"], "end of onset", "The last failing line that came with the onset")


def _remarks(summary: Summary) -> Iterator[Event]:
    for note in remarks_of(summary, "note"):
        yield Event(note["at"] or note["written"], "note", _about(note, summary), note["by"])
    for check in remarks_of(summary, "check"):
        result = f": {check['detail']}" if check["detail"] else ""
        kind = "check done" if check["done"] else "check taken back"
        yield Event(check["written"], kind, f"{_about(check, summary)}{result}", check["by"])
    for own in remarks_of(summary, "hypothesis"):
        why = f": {own['detail']}" if own["detail"] else ""
        yield Event(own["written"], "own hypothesis", f"{own['text']}{why}", own["by"])
    for diagnosis in remarks_of(summary, "diagnosis"):
        yield Event(diagnosis["written"], "diagnosis", diagnosis["text"], diagnosis["by"])


def _about(remark: Summary, summary: Summary) -> str:
    about = f" (on {named_hypothesis(remark['about'], summary)})" if remark["about"] else ""
    return f"{remark['text']}{about}"


def _verdicts(summary: Summary) -> Iterator[Event]:
    for verdict in summary["verdicts"]:
        note = f": {verdict['note']}" if verdict["note"] else ""
        what = f"{verdict['decision']}, {named_hypothesis(verdict['hypothesis_id'], summary)}{note}"
        yield Event(verdict["at"], "verdict", what, verdict["by"])
