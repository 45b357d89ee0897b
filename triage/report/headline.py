"""The first sentences of a report: when the trouble began, what fits it, and who decides."""

from __future__ import annotations

from triage.escape import short
from triage.report.people import diagnosis_of
from triage.report.words import (
    Summary,
    clock,
    counted,
    day_of,
    hypothesis_lag,
    hypothesis_name,
    moment,
    percent,
    verdict_sentence,
)

#: Characters of a template that a sentence quotes.
QUOTED = 60


def headline(summary: Summary) -> str:
    """The state of the incident in plain words: when it began, what fits, and who decides."""
    said = _said_by_people(summary)
    if summary["incident_onset"] is None:
        return " ".join(filter(None, [_quiet(summary), said]))
    return " ".join([_onset_sentence(summary), _fit_sentence(summary), said or "Not a diagnosis: a person decides."])


def _said_by_people(summary: Summary) -> str:
    """What was decided, and who wrote a diagnosis; empty where nobody did either."""
    diagnosis = diagnosis_of(summary)
    decided = [verdict_sentence(summary)] if _somebody_decided(summary) else []
    return " ".join([*decided, *([f"Diagnosed by {diagnosis.by}."] if diagnosis else [])])


def _somebody_decided(summary: Summary) -> bool:
    return bool(summary["verdict"] or summary["verdicts"])


def _quiet(summary: Summary) -> str:
    changes, errors = len(summary["changes"]), sum(group["count"] for group in summary["error_groups"])
    first = _no_trouble(summary["onsets"], day_of(summary))
    if errors:
        first += f" They hold {counted(errors, 'error record')}, which may have begun before: earlier logs would tell."
    if muted := sum(row["count"] for row in summary.get("muted", []) if row["failing"]):
        first += f" Muted templates that report failures, with {counted(muted, 'record')}, are left out."
    if not changes:
        return f"{first} That is no proof that nothing happened."
    return f"{first} They point to {none_of(changes)}, which is no proof that nothing happened."


def _no_trouble(onsets: list[Summary], day: str) -> str:
    """That there is no onset, or only of lines that do not speak of trouble, with the plainest of them."""
    if not onsets:
        return "No onset found in these logs."
    first = onsets[0]
    kinds = "one kind of line" if len(onsets) == 1 else f"{len(onsets):,} kinds of lines"
    said = f"{first['kind']} from {clock(first['at'], day)} UTC on: {short(first['template'], QUOTED)}"
    return f"No onset of trouble found in these logs, though {kinds} came, went or changed ({said})."


def none_of(changes: int) -> str:
    """How "none of the recorded changes" is said of so many.

    Examples
    --------
    >>> none_of(1), none_of(4)
    ('not even the one recorded change', 'none of the 4 recorded changes')
    """
    return "not even the one recorded change" if changes == 1 else f"none of the {changes:,} recorded changes"


def _onset_sentence(summary: Summary) -> str:
    onset, day = summary["incident_onset"], day_of(summary)
    if moment(onset["earliest"]).date() != moment(onset["latest"]).date():
        return f"Trouble began between {clock(onset['earliest'])} and {clock(onset['latest'])} UTC."
    early, late = clock(onset["earliest"], day), clock(onset["latest"], day)
    return f"Trouble began on {day} {f'at {early}' if early == late else f'between {early} and {late}'} UTC."


def _fit_sentence(summary: Summary) -> str:
    changes, hypotheses = len(summary["changes"]), _without_suggestions(summary["hypotheses"])
    if not changes:
        return "No changes were given to hold against it."
    if len(hypotheses) < 2:
        return f"{none_of(changes).capitalize()} is within reach of it."
    first, second = (_fit(hypothesis, summary) for hypothesis in hypotheses[:2])
    if not summary["conclusive"]:
        return f"The data does not decide: {first}, then {second}."
    if hypotheses[0]["kind"] == "unrecorded":
        odds = percent(hypotheses[0]["probability"])
        return f"{none_of(changes).capitalize()} fits it well ({odds}); closest is {second}."
    among = f" among {changes:,} recorded changes" if changes > 1 else ""
    return f"Best fit{among}: {first}.{_unrecorded(summary['hypotheses'])}"


def _without_suggestions(hypotheses: list[Summary]) -> list[Summary]:
    """The changes and none of them, which has what the special cases of it have that the logs suggest."""
    cases = sum(h["probability"] for h in hypotheses if h.get("name"))
    return [
        {**h, "probability": h["probability"] + cases} if h["kind"] == "unrecorded" else h
        for h in hypotheses
        if not h.get("name")
    ]


def _fit(hypothesis: Summary, summary: Summary) -> str:
    when = hypothesis_lag(hypothesis, summary)
    named = hypothesis_name(hypothesis, summary)
    return f"{named}{', ' if when else ''}{when} ({percent(hypothesis['probability'])})"


def _unrecorded(hypotheses: list[Summary]) -> str:
    """The odds of none of the recorded changes, and the special case of it that the logs suggest most."""
    odds = [h["probability"] for h in _without_suggestions(hypotheses) if h["kind"] == "unrecorded"]
    if not odds:
        return ""
    said = next((h for h in hypotheses if h.get("name")), None)
    case = f", with {percent(said['probability'])} for {said['name']}" if said else ""
    return f" None of the recorded changes: {percent(odds[0])}{case}."
