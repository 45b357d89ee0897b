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
    if summary["notes"]:
        count = len(summary["notes"])
        yield f"What the notes at the head tell of ({count:,}), such as gaps and lines that were left out."
    if ledger["untimed"]:
        yield f"When lines without a time came ({ledger['untimed']:,}): they take no part in onsets."
    if ledger["undecodable"]:
        yield f"What lines say whose bytes are not text ({ledger['undecodable']:,})."
    if muted := summary.get("muted"):
        count = sum(row["count"] for row in muted)
        yield f"What records of muted templates say ({count:,}): they take no part in onsets, errors and hypotheses."
    yield "What nobody logged: every figure here is of the lines and changes that were given."
