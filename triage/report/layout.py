"""From the summary to a page: which rows, how many, and in what words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from triage.display import common_folder
from triage.escape import clip
from triage.report.chronicle import event_rows
from triage.report.error_rows import group_row, onset_row
from triage.report.headline import headline
from triage.report.impact import impact_facts, impact_notes, operation_rows, service_rows
from triage.report.limits import blanks_of, limits_of
from triage.report.page import (
    COUNTS,
    ChangeRow,
    CorrectionRow,
    Evidence,
    NextStep,
    Page,
    Ranked,
    Reference,
    Shown,
    SourceRow,
    VerdictRow,
)
from triage.report.people import check_rows, checks_done, decision_words, diagnosis_of, own_hypothesis_rows
from triage.report.redacted import redaction_lines
from triage.report.reproduce import reproduction
from triage.report.shared import alike_rows, share_row, told_once
from triage.report.timeline import in_order, text_strip, time_rows
from triage.report.versions import version_row
from triage.report.words import (
    Summary,
    by_chance,
    change_name,
    clock,
    counted,
    day_of,
    decided,
    hypothesis_lag,
    hypothesis_name,
    interval,
    lag,
    named_hypothesis,
    percent,
    ratio,
    signed,
    standing,
    strength,
    sureness,
    verdict_sentence,
)

#: The most rows of each list; the JSON has them all.
MOST = {
    "hypotheses": 25,
    "changes": 100,
    "groups": 30,
    "shared": 12,
    "versions": 50,
    "onsets": 50,
    "lines": 10,
    "sources": 200,
    "notes": 50,
    "corrections": 100,
}
#: Longest template, title or summary of a change in a table.
CELL = 300
#: Sentences on what fails alike.
ALIKE = 4
#: Next steps come from so many hypotheses, each this likely unless it leads, and are so many.
NEXT_FROM, LIKELY, NEXT = 3, 0.05, 6

#: Needs that are shown.
NEEDS = 4

T = TypeVar("T")
Row = TypeVar("Row")


def page_of(summary: Summary) -> Page:
    """Lay out a summary.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    """
    ledger, day = summary["ledger"], day_of(summary)
    folder = common_folder([source["source"] for source in ledger["sources"]])
    return Page(
        headline=headline(summary),
        day=day,
        symptom=(summary["symptom"] or "").strip(),
        facts=_facts(summary, day),
        next_steps=_next_steps(summary),
        hypotheses=_shown("hypotheses", summary["hypotheses"], lambda row: _ranked(row, summary, folder)),
        timeline=time_rows(summary),
        strip=text_strip(summary),
        changes=_shown("changes", list(enumerate(in_order(summary), 1)), lambda row: _change(*row, summary)),
        groups=_shown("groups", summary["error_groups"], lambda row: group_row(row, summary)),
        origins=", ".join(f"{o['service']} ({percent(o['score'])})" for o in summary["origins"][:5]),
        onsets=_shown("onsets", summary["onsets"], lambda row: onset_row(row, summary)),
        sureness=sureness(summary),
        ledger=_ledger(ledger),
        folder=folder,
        sources=_shown("sources", ledger["sources"], lambda row: _source(row, folder, day)),
        assumptions=_shown("notes", ledger["assumptions"], str),
        notes=_shown("notes", summary["notes"], str),
        verdict=verdict_sentence(summary),
        verdicts=tuple(_verdict(row, summary) for row in summary["verdicts"]),
        corrections=_shown("corrections", summary.get("corrections", []), _correction),
        shared=_shown("shared", told_once(summary.get("shared", [])), lambda row: share_row(row, folder)),
        alike=alike_rows(summary.get("shared_about", {}))[:ALIKE],
        versions=_shown("versions", summary.get("versions", []), lambda row: version_row(row, summary, day, folder)),
        needs=tuple(need["statement"] for need in summary.get("needs", [])[:NEEDS]),
        undecided=_undecided(summary),
        **_impact(summary, folder),
        diagnosis=diagnosis_of(summary),
        events=event_rows(summary),
        own=own_hypothesis_rows(summary),
        checks=check_rows(summary),
        limits=limits_of(summary),
        reproduction=reproduction(summary),
        redacted=tuple(redaction_lines(summary)) if summary.get("redaction") else None,
        blanks=blanks_of(summary),
        made_by=" ".join(summary["generated_by"][key] for key in ("name", "version")),
    )


def _shown(name: str, rows: Sequence[Row], make: Callable[[Row], T]) -> Shown[T]:
    most = MOST[name]
    return Shown(tuple(make(row) for row in rows[:most]), max(0, len(rows) - most))


def _facts(summary: Summary, day: str) -> tuple[tuple[str, str], ...]:
    """The few figures below the headline."""
    onset, window, ledger = summary["incident_onset"], summary["window"], summary["ledger"]
    found = []
    if onset:
        found.append(("Onset", f"{clock(onset['at'], day)}, within {interval(onset, day)}"))
    if window and window["from"] and window["to"]:
        found.append(("Logs", f"{clock(window['from'], day)} to {clock(window['to'], day)}"))
    found.append(("Lines read", f"{ledger['lines']:,}; unaccounted for: {ledger['unaccounted']:,}"))
    no = ": ".join(filter(None, ("no", _undecided(summary))))
    found.append(("Data decides", "yes, among these hypotheses" if summary["conclusive"] else no))
    return tuple(found)


def _undecided(summary: Summary) -> str:
    """Why the data does not decide; empty where it does, and without an onset, which the headline tells."""
    return "; ".join(summary.get("undecided", [])) if summary["incident_onset"] else ""


def _impact(summary: Summary, folder: str) -> dict[str, Any]:
    """What the trouble did; nothing where the summary is of a time before it was looked at."""
    if not summary.get("impact"):
        return {}
    tables = {"services": service_rows(summary), "operations": operation_rows(summary)}
    said = {"impact": impact_facts(summary), "impact_notes": impact_notes(summary, folder)}
    return {**said, "impact_compared": bool(summary["incident_onset"]), **tables}


def _next_steps(summary: Summary) -> tuple[NextStep, ...]:
    """What to check next; what is done is done, whichever hypothesis proposes it."""
    about: dict[str, str] = {}
    done = {text for _, text in checks_done(summary)}
    for place, hypothesis in enumerate(summary["hypotheses"][:NEXT_FROM]):
        if place > 0 and hypothesis["probability"] < LIKELY:
            break
        for step in (one for one in hypothesis["next_checks"] if one.strip() not in done):
            about.setdefault(step, hypothesis_name(hypothesis, summary))
    return tuple(NextStep(step, name) for step, name in list(about.items())[:NEXT])


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _ranked(hypothesis: Summary, summary: Summary, folder: str) -> Ranked:
    prior, verdict = hypothesis.get("prior"), standing(summary).get(hypothesis["id"])
    done = {text for _, text in checks_done(summary)}
    return Ranked(
        rank=hypothesis["rank"],
        name=" ".join(filter(None, (hypothesis_name(hypothesis, summary), _bracketed(decided(hypothesis, summary))))),
        claim=hypothesis["claim"],
        share=hypothesis["probability"],
        odds=percent(hypothesis["probability"]),
        prior="" if prior is None else percent(prior),
        when=hypothesis_lag(hypothesis, summary),
        supporting=tuple(_evidence(found, folder) for found in hypothesis["for"]),
        opposing=tuple(_evidence(found, folder) for found in hypothesis["against"]),
        next_checks=tuple(one for one in hypothesis["next_checks"] if one.strip() not in done),
        chance=by_chance(hypothesis.get("chance")),
        decision=decision_words(verdict) if verdict else "",
    )


def _evidence(found: Summary, folder: str) -> Evidence:
    weight = found["weight"]
    lines = _shown("lines", found["lines"], lambda line: _reference(line, folder))
    return Evidence(found["check"], found["statement"], strength(weight), signed(weight), ratio(weight), lines)


def _reference(line: Summary, folder: str) -> Reference:
    return Reference(f"{line['source'].removeprefix(folder)}:{line['line']}", line.get("text"))


def _change(place: int, change: Summary, summary: Summary) -> ChangeRow:
    odds = [h["probability"] for h in summary["hypotheses"] if h["change_id"] == change["id"]]
    return ChangeRow(
        number=place,
        time=clock(change["time"], day_of(summary)),
        when=lag(change["time"], summary["incident_onset"]),
        name=change_name(change),
        summary=clip(change.get("summary") or "", CELL),
        odds=percent(odds[0]) if odds else "",
    )


def _ledger(ledger: Summary) -> str:
    parts = ", ".join(_counted(ledger[name], name) for name in COUNTS[1:])
    return f"{_counted(ledger['lines'], 'lines')}: {parts}; {ledger['unaccounted']:,} unaccounted for."


def _counted(count: int, name: str) -> str:
    return counted(count, name.removesuffix("s")) if name.endswith("s") else f"{count:,} {name}"


def _source(source: Summary, folder: str, day: str) -> SourceRow:
    sure, first, last = (source.get(name) for name in ("sureness", "first", "last"))
    return SourceRow(
        source=source["source"].removeprefix(folder),
        format=source["format"],
        sureness="" if sure is None else f"{int(sure * 100)}%",
        zone=f"{source['time_zone']} (assumed)" if source["time_zone_assumed"] else source["time_zone"],
        encoding=source["encoding"],
        counts=tuple(f"{source[name]:,}" for name in COUNTS),
        span=f"{clock(first, day)} to {clock(last, day)}" if first and last else "",
        notes="; ".join(source["notes"]),
    )


def _correction(row: Summary) -> CorrectionRow:
    return CorrectionRow(row["kind"], clip(row["correction"], CELL), f"{row['records']:,}", bool(row.get("note")))


def _verdict(verdict: Summary, summary: Summary) -> VerdictRow:
    about = named_hypothesis(verdict["hypothesis_id"], summary)
    at = clock(verdict["at"]) if verdict["at"] else ""
    return VerdictRow(at, verdict["by"], verdict["decision"], about, verdict["note"] or "")
