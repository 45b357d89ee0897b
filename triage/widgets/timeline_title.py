"""The title of a timeline: what to see in it, in one sentence."""

from __future__ import annotations

from datetime import timedelta

from triage.escape import short
from triage.hypotheses.words import duration
from triage.report.headline import none_of
from triage.report.timeline import bin_starts, in_order, leading_change
from triage.report.words import Summary, change_name, clock, day_of, lag, moment

#: Errors in a bin after the onset, as a multiple of those before it, from which they are said to jump.
JUMP = 2.0
#: The longest name of a change.
NAME = 60


def title(summary: Summary) -> str:
    """What to see in the timeline: when errors jump, and which recorded change that follows, and by how much."""
    if not bin_starts(summary["timeline"]):
        return "No record has a time, so there is no timeline"
    onset, errors = summary["incident_onset"], sum(summary["timeline"]["errors"])
    if onset is None:
        found = f"{errors:,} error{'' if errors == 1 else 's'}, but" if errors else "No errors and"
        return f"{found} no onset of trouble in {span_words(summary)} of logs"
    begins = "Errors jump" if _jumps(summary) else "Trouble begins"
    return f"{begins} at {clock(onset['at'], day_of(summary))} UTC{_beside(summary)}"


def span_words(summary: Summary) -> str:
    """How long the time of the logs is."""
    timeline = summary["timeline"]
    return duration(timedelta(seconds=timeline["bin_seconds"] * len(timeline["errors"])))


def _jumps(summary: Summary) -> bool:
    onset, errors = moment(summary["incident_onset"]["at"]), summary["timeline"]["errors"]
    width = timedelta(seconds=summary["timeline"]["bin_seconds"])
    starts = bin_starts(summary["timeline"])
    before = [count for start, count in zip(starts, errors, strict=True) if start + width <= onset]
    after = [count for start, count in zip(starts, errors, strict=True) if start + width > onset]
    usual = sum(before) / len(before) if before else 0.0
    return bool(after) and sum(after) / len(after) > JUMP * usual


def _beside(summary: Summary) -> str:
    """Where the onset stands against the change that fits it best; else that none was given, or none leads."""
    if not summary["changes"]:
        return "; no changes were given to hold against it"
    leading = leading_change(summary)
    number, change = next(((n, c) for n, c in enumerate(in_order(summary), 1) if c["id"] == leading), (0, None))
    if change is None:
        fits = f"{none_of(len(summary['changes']))} fits it well"
        return f"; {fits if summary['conclusive'] else 'the data does not decide which change fits it, if any'}"
    named = f"change {number} ({short(change_name(change), NAME)})"
    when = lag(change["time"], summary["incident_onset"])
    # A change so long before the onset is an onset as long after the change.
    for side, turned in (("before", "after"), ("after", "before")):
        if when.endswith(f" {side}"):
            return f", {when.removesuffix(side)}{turned} {named}"
    return f", as {named} was made"
