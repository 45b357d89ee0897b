"""Impact: in the summary, and as rows of a page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from triage.escape import clip
from triage.hypotheses.words import duration, listed
from triage.report.page import Shown
from triage.report.rows import OperationRow, ServiceRow
from triage.report.times import rfc3339
from triage.report.words import Summary, clock, day_of, moment, number, percent

if TYPE_CHECKING:
    from triage.incident import Incident

#: Rows of each table; the JSON has all services, and so many operations.
SERVICES, OPERATIONS, KEPT = 20, 20, 500
#: Names of sources in a sentence, and characters of an operation.
NAMED, CELL = 4, 200


def impact_rows(incident: Incident) -> dict[str, Any]:
    """The impact as a plain dict."""
    from triage.impact import find_impact

    found = find_impact(incident.facts)
    times = {name: rfc3339(getattr(found, name)) for name in ("start", "since", "end")}
    failing = (
        asdict(found.failing) | {"first": rfc3339(found.failing.first), "last": rfc3339(found.failing.last)}
        if (found.failing)
        else None
    )
    return {
        **times,
        "services": [asdict(row) for row in found.services],
        "operations": [asdict(row) | {"sources": list(row.sources)} for row in found.operations[:KEPT]],
        "operations_left_out": max(0, len(found.operations) - KEPT),
        "failing": failing,
    }


def impact_facts(summary: Summary) -> tuple[tuple[str, str], ...]:
    """The figures that stand above the tables, each with what it was counted from."""
    impact = summary["impact"]
    since, before = (sum(row[f"errors_{side}"] for row in impact["services"]) for side in ("since", "before"))
    whole = f"{since:,}{_rate(since, impact, 'since', ' ({} a minute)')}"
    if summary["incident_onset"]:
        whole += f" since the onset, {before:,}{_rate(before, impact, 'before', ' ({} a minute)')} before it"
    services = [clip(row["service"] or "no service named", CELL) for row in impact["services"] if row["errors_since"]]
    more = [f"{len(services) - SERVICES:,} more"] if len(services) > SERVICES else []
    named = ", ".join([*services[:SERVICES], *more]) or "none"
    return (
        ("Failing", _failing_words(summary)),
        ("Error records", f"{whole}, counted in all records of the logs"),
        ("Services with error records", named),
        ("Failing requests", _requests_words(impact, bool(summary["incident_onset"]))),
    )


def _failing_words(summary: Summary) -> str:
    failing, day = summary["impact"]["failing"], day_of(summary)
    if failing is None:
        return "no failing lines came with an onset" if summary["incident_onset"] else "no onset of trouble was found"
    first, last, end = (moment(text) for text in (failing["first"], failing["last"], summary["impact"]["end"]))
    span = f"{clock(failing['first'], day)} to {clock(failing['last'], day)} ({duration(last - first)})"
    if failing["count"] == 1:
        return f"at {clock(failing['first'], day)}, in 1 line that came with the onset"
    came = f"the first and the last of {failing['count']:,} lines that came with the onset"
    if failing["lasts"]:
        return f"{span}, and still when the logs end: {came}"
    pause = duration(timedelta(seconds=failing["longest_pause"]))
    return f"{span}, then none for {duration(end - last)} until the logs end; {came}, at most {pause} apart"


def _requests_words(impact: Summary, onset: bool) -> str:
    if not impact["operations"]:
        return "not known: no line gives method, path and status of a request"
    failing, whole = (sum(row[name] for row in impact["operations"]) for name in ("failing_since", "requests_since"))
    share = f" ({percent(failing / whole)})" if failing else ""
    when = "since the onset" if onset else "in the logs"
    return f"{failing:,} of {whole:,}{share} {when}, as each service logs them; a request fails with status 500 or more"


def _rate(count: int, impact: Summary, side: str, words: str) -> str:
    """A count a minute; empty where there was no time for any."""
    begin, end = ("start", "since") if side == "before" else ("since", "end")
    minutes = (moment(impact[end]) - moment(impact[begin])).total_seconds() / 60
    return words.format(number(float(f"{count / minutes:.2g}"))) if minutes > 0 else ""


def service_rows(summary: Summary) -> Shown[ServiceRow]:
    """Services with error records, those with most since the onset first."""
    impact = summary["impact"]
    rows = [row for row in impact["services"] if row["errors_since"] or row["errors_before"]]
    return Shown(tuple(_service(row, summary) for row in rows[:SERVICES]), max(0, len(rows) - SERVICES))


def _service(row: Summary, summary: Summary) -> ServiceRow:
    impact, onset = summary["impact"], bool(summary["incident_onset"])
    before = (f"{row['errors_before']:,}", _rate(row["errors_before"], impact, "before", "{}"))
    return ServiceRow(
        clip(row["service"] or "no service named", CELL),
        *(f"{row['errors_since']:,}", _rate(row["errors_since"], impact, "since", "{}"), f"{row['records_since']:,}"),
        *((*before, f"{row['records_before']:,}") if onset else ("", "", "")),
    )


def operation_rows(summary: Summary) -> Shown[OperationRow]:
    """Operations with failing requests since the onset, those with most first."""
    impact, onset = summary["impact"], bool(summary["incident_onset"])
    rows = [row for row in impact["operations"] if row["failing_since"]]
    shown = tuple(_operation(row, onset) for row in rows[:OPERATIONS])
    return Shown(shown, max(0, len(rows) - OPERATIONS))


def _operation(row: Summary, onset: bool) -> OperationRow:
    sides = [_of(row["failing_since"], row["requests_since"]), _of(row["failing_before"], row["requests_before"])]
    return OperationRow(
        clip(f"{row['method']} {row['route']}", CELL),
        clip(row["service"] or "", CELL),
        *sides[0],
        *(sides[1] if onset else ("", "")),
    )


def _of(failing: int, whole: int) -> tuple[str, str]:
    if not whole:
        return "0 of 0", ""
    share = "0%" if not failing else "100%" if failing == whole else percent(failing / whole)
    return f"{failing:,} of {whole:,}", share


def impact_notes(summary: Summary, folder: str) -> tuple[str, ...]:
    """Where the figures come from."""
    errors = (
        "An error record has severity ERROR or a graver one, an exception, or the words of a failure where no level is "
        "given. Records of muted templates are not counted."
    )
    operations = summary["impact"]["operations"]
    if not operations:
        return (errors,)
    sources = list(dict.fromkeys(name.removeprefix(folder) for row in operations for name in row["sources"]))
    more = [f"{len(sources) - NAMED:,} more"] if len(sources) > NAMED else []
    named = listed([*sources[:NAMED], *more])
    said = f"Requests are lines that give method, path and status: those of {named}. What varies in a path is <*>"
    return (errors, f"{said}; one request is counted in each service that logs it.")
