"""What people said, as rows of a page: the diagnosis, their own hypotheses, the checks they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triage.report.rows import CheckRow, Diagnosis, OwnRow
from triage.report.words import Summary, clock, moment, named_hypothesis, standing

if TYPE_CHECKING:
    from triage.incident import Incident


def own_rows(incident: Incident) -> list[dict[str, Any]]:
    """Hypotheses that people wrote, as plain dicts; nothing computes odds for them."""
    return [
        {"id": name, "claim": one.text, "by": one.by, "why": one.detail, "written": one.to_dict()["written"]}
        for name, one in incident.own_hypotheses.items()
    ]


def remarks_of(summary: Summary, kind: str) -> list[Summary]:
    """Remarks of one kind, by when they were written."""
    return sorted((r for r in summary.get("remarks", []) if r["kind"] == kind), key=lambda r: moment(r["written"]))


def diagnosis_of(summary: Summary) -> Diagnosis | None:
    """The last diagnosis that a person wrote; None where nobody has."""
    found = remarks_of(summary, "diagnosis")
    return Diagnosis(found[-1]["text"], found[-1]["by"], clock(found[-1]["written"])) if found else None


def checks_done(summary: Summary) -> dict[tuple[str, str], Summary]:
    """Checks that are done, by the hypothesis that each is about and its text."""
    last = {(remark["about"], remark["text"]): remark for remark in remarks_of(summary, "check")}
    return {key: remark for key, remark in last.items() if remark["done"]}


def check_rows(summary: Summary) -> tuple[CheckRow, ...]:
    """Checks that are done, in order of time."""
    return tuple(
        CheckRow(
            remark["text"],
            named_hypothesis(remark["about"], summary) if remark["about"] else "",
            remark["detail"],
            remark["by"],
            clock(remark["written"]),
        )
        for remark in sorted(checks_done(summary).values(), key=lambda remark: moment(remark["written"]))
    )


def own_hypothesis_rows(summary: Summary) -> tuple[OwnRow, ...]:
    """People's own hypotheses in the order they were written, with what was decided about each."""
    decisions = standing(summary)
    return tuple(
        OwnRow(own["claim"], own["by"], own["why"], _decision(decisions.get(own["id"])))
        for own in summary.get("own_hypotheses", [])
    )


def _decision(verdict: Summary | None) -> str:
    return decision_words(verdict) if verdict else "not decided"


def decision_words(verdict: Summary) -> str:
    """What was decided, by whom, when and why; the why as it was written.

    Examples
    --------
    >>> decision_words({"decision": "rejected", "by": "ana", "at": "2026-11-20T02:52:00Z", "note": "rolled back"})
    'rejected by ana, 2026-11-20 02:52:00: rolled back'
    """
    when = f", {clock(verdict['at'])}" if verdict["at"] else ""
    why = f": {verdict['note']}" if verdict["note"] else ""
    decision = "left open" if verdict["decision"] == "open" else verdict["decision"]
    return f"{decision} by {verdict['by']}{when}{why}"
