"""What the data could not say, and what only people can."""

from __future__ import annotations

from collections.abc import Iterator

from triage.report.people import diagnosis_of
from triage.report.rows import Blank
from triage.report.words import Summary

#: Sections that nothing here can write.
BLANKS = (
    Blank("What customers noticed", "from when to when, how many, and what they were told"),
    Blank("How it was mended", "what was done, by whom, and how it was seen to work"),
    Blank("What went well", ""),
    Blank("What went badly", ""),
    Blank("Where we were lucky", ""),
    Blank("Action items", "each with an owner and a date"),
)
_DIAGNOSIS = Blank("Diagnosis", "what was the matter, and who says so")


def blanks_of(summary: Summary) -> tuple[Blank, ...]:
    """Sections for people to write; the diagnosis only until there is one."""
    return BLANKS if diagnosis_of(summary) else (_DIAGNOSIS, *BLANKS)


def limits_of(summary: Summary) -> tuple[str, ...]:
    """Sentences on what these logs and changes leave open."""
    return tuple(_limits(summary))


def _limits(summary: Summary) -> Iterator[str]:
    ledger = summary["ledger"]
    if summary["incident_onset"] is None:
        yield "When trouble began: no onset of trouble was found in the time of the logs."
    elif not summary["conclusive"]:
        why = "; ".join(summary.get("undecided", []))
        yield f"Which hypothesis holds{f': {why}' if why else ''}."
    for need in summary.get("needs", []):
        yield f"It would help to have: {need['statement']}"
    if not summary["changes"]:
        yield "What was changed: no changes were given."
    impact = summary.get("impact")
    if impact and not impact["operations"]:
        yield "Which endpoints failed: no line gives method, path and status of a request."
    if impact and impact["failing"] and impact["failing"]["lasts"]:
        yield "When it ended: failing lines still come when the logs end."
    if ledger["untimed"]:
        yield f"When {_lines(ledger['untimed'])} came that bear no time: they take no part in onsets."
    if ledger["undecodable"]:
        yield f"What {_lines(ledger['undecodable'])} say whose bytes are not text."
    if muted := summary.get("muted"):
        yield f"What {_records(sum(row['count'] for row in muted))} of muted templates say: they take no part in it."
    yield "What nobody logged: every figure here is of the lines and changes that were given."


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"
