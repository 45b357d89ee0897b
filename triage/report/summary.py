"""The summary: an incident as one plain dict, from which every renderer works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

import triage
from triage.escape import short
from triage.hypotheses import Evidence, Hypothesis
from triage.hypotheses.candidates import out_of_reach
from triage.hypotheses.words import clock, listed
from triage.incident import Incident
from triage.onset.incident_onset import IncidentOnset
from triage.patterns import error_records
from triage.report.impact import impact_rows
from triage.report.people import own_rows
from triage.report.reproduce import reproduce_rows
from triage.report.shared import shared_about, shared_rows
from triage.report.times import rfc3339
from triage.report.versions import version_rows

SCHEMA = "triage.rank/1"
#: Bins of the timeline, and how many error groups are drawn in it.
BINS, GROUPS = 120, 6


def summarise(incident: Incident) -> dict[str, Any]:
    """Everything a report shows. The keys of the JSON contract come first."""
    return {
        "schema": SCHEMA,
        "ledger": incident.ledger.to_dict(),
        "window": dict(zip(("from", "to"), map(rfc3339, incident.window), strict=True)),
        "incident_onset": _incident_onset(incident),
        "error_groups": [_group(group) for group in incident.error_groups],
        "onsets": _onsets(incident),
        "origins": [{"service": o.service, "score": round(o.score, 4)} for o in incident.origins],
        "hypotheses": _hypotheses(incident),
        **_decided(incident),
        "undecided": list(incident.undecided),
        "needs": [{"kind": n.kind, "statement": n.statement, "gain": round(n.gain, 2)} for n in incident.needs],
        "symptom": incident.symptom,
        "changes": [change.to_dict() for change in incident.changes],
        "other_onsets": _events(incident.other_onsets),
        "linked_onsets": _events(incident.linked_onsets),
        "timeline": _timeline(incident),
        "multiplicity": {
            "series_tested": incident.onset_table.tested,
            "expected_false": round(incident.onset_table.expected_false, 2),
            "max_q": incident.onset_table.max_q,
        },
        "versions": version_rows(incident),
        "shared": shared_rows(incident),
        "shared_about": shared_about(incident),
        "muted": _muted(incident),
        "corrections": [outcome.to_dict() for outcome in incident.corrected],
        "notes": _notes(incident),
        "impact": impact_rows(incident),
        "reproduce": reproduce_rows(incident),
        "generated_by": {"name": "triage", "version": triage.__version__},
    }


def summarise_briefly(incident: Incident) -> dict[str, Any]:
    """What the headline reads; unlike for `summarise`, no record is looked at."""
    return {
        "window": dict(zip(("from", "to"), map(rfc3339, incident.window), strict=True)),
        "incident_onset": _incident_onset(incident),
        "error_groups": [{"count": group.count} for group in incident.error_groups],
        "onsets": [] if incident.incident_onset else _onsets(incident),
        "hypotheses": _hypotheses(incident),
        **_decided(incident),
        "changes": [change.to_dict() for change in incident.changes],
        "muted": _muted(incident),
    }


def _decided(incident: Incident) -> dict[str, Any]:
    """Whether the data decides, and what people did."""
    return {
        "conclusive": incident.conclusive,
        "verdict": incident.verdicts.current.to_dict() if incident.verdicts.current else None,
        "verdicts": incident.verdicts.to_json(),
        "remarks": incident.remarks.to_json(),
        "own_hypotheses": own_rows(incident),
    }


def summarise_timeline(incident: Incident) -> dict[str, Any]:
    """What a plot of the timeline reads."""
    return {**summarise_briefly(incident), "timeline": _timeline(incident)}


def _notes(incident: Incident) -> list[str]:
    far = out_of_reach(incident.facts)
    changes = "1 recorded change lies" if far == 1 else f"{far} recorded changes lie"
    skipped = [f"{changes} after the logs or more than two days before them: not considered"] if far else []
    own = [f"Ranked with checks of one's own: {listed(list(incident.own_checks))}"] if incident.own_checks else []
    return [*incident.notes, *_corrected(incident), *_apart(incident), *skipped, *own]


def _corrected(incident: Incident) -> list[str]:
    """What is to be said of corrections: how much is muted, and which match nothing."""
    muted = _muted(incident)
    count, failing = sum(row["count"] for row in muted), sum(row["count"] for row in muted if row["failing"])
    records = "1 record" if count == 1 else f"{count:,} records"
    templates = "a muted template" if len(muted) == 1 else f"{len(muted)} muted templates"
    said = f"{records} of {templates} take no part in onsets, error groups and hypotheses"
    if failing:
        names = [short(row["template"], 80) for row in muted if row["failing"]]
        whole = "they" if failing == count else f"{failing:,} of them"
        said += f", though {whole} report failures: {listed(names)}"
    found = [f"correction: {one.rule.kind}: {one.rule.says}: {one.note}" for one in incident.corrected if one.note]
    return [*([said] if count else []), *found]


def _muted(incident: Incident) -> list[dict[str, Any]]:
    """The templates that were muted, the most frequent first."""
    columns = ["template_id", "template", "count", "failing", "services", "first", "last"]
    rows = incident.templates.filter("muted").select(columns).to_dicts()
    return [row | {name: rfc3339(row[name]) for name in ("first", "last")} for row in rows]


def _apart(incident: Incident) -> list[str]:
    """A note on trouble in services that have no part in the event of the onset, and on events apart from it."""
    if incident.incident_onset is None:
        return []
    other, same = _when(incident.other_onsets), _when(incident.linked_onsets)
    notes = [f"Other onsets of trouble at {listed(other)}: --since and --until look at one by itself"] if other else []
    notes += [f"Errors of the same requests begin at {listed(same)}: taken for one incident"] if same else []
    told = {service for event in (*incident.other_onsets, *incident.linked_onsets) for service in services_of(event)}
    event = {origin.service for origin in incident.origins} | told
    apart = incident.facts.apart.filter(pl.col("service_name").is_not_null())
    first = apart.filter(~pl.col("service_name").is_in(event)).group_by("service_name").agg(pl.col("at").min())
    found = [f"{service} from {clock(at)} on" for service, at in first.sort("at", "service_name").iter_rows()]
    about = f"Other trouble, apart from that onset, in {listed(found)}: hypotheses are about that one"
    return [*notes, about] if found else notes


def _when(events: Sequence[IncidentOnset]) -> list[str]:
    return [f"{clock(event.at)} ({listed(services_of(event)) or 'no service named'})" for event in events]


def services_of(event: IncidentOnset) -> list[str]:
    """The services of an event, the first one first."""
    return list(dict.fromkeys(service for _, service in event.units if service))


def _events(events: Sequence[IncidentOnset]) -> list[dict[str, Any]]:
    return [_times(event) | {"services": services_of(event)} for event in events]


def _incident_onset(incident: Incident) -> dict[str, Any] | None:
    return _times(incident.incident_onset) if incident.incident_onset else None


def _times(onset: IncidentOnset) -> dict[str, Any]:
    return {name: rfc3339(getattr(onset, name)) for name in ("at", "earliest", "latest")}


def _group(group: Any) -> dict[str, Any]:
    return {
        "id": group.id,
        "title": group.title,
        "count": group.count,
        "first": rfc3339(group.first),
        "last": rfc3339(group.last),
        "services": list(group.services),
        "template_ids": list(group.template_ids),
        "trace": asdict(group.trace) if group.trace else None,
        "trace_ids": list(group.trace_ids),
        "template": group.template,
        "exception": group.exception,
        "signature": group.signature.id if group.signature else None,
        "next_check": group.next_check,
        "caused_by": group.caused_by,
        "seen_with": list(group.seen_with),
    }


def _onsets(incident: Incident) -> list[dict[str, Any]]:
    """The onsets, those that speak of trouble first."""
    rows = incident.troubles.sort(["trouble", "llr", "template_id"], descending=[True, True, False]).to_dicts()
    templates = dict(incident.templates.select("template_id", "template").iter_rows())
    return [
        {
            "template_id": row["template_id"],
            "template": row["template"],
            "kind": row["kind"],
            "shape": row["shape"],
            **{name: rfc3339(row[name]) for name in ("at", "earliest", "latest", "until")},
            "before": round(row["before"], 4),
            "after": round(row["after"], 4),
            **_beside_rates(row, templates),
            **({"rhythm": row["rhythm"]} if row["rhythm"] else {}),
            "q_value": float(f"{row['q_value']:.3g}"),
            "services": [row["service_name"]] if row["service_name"] else [],
            "trouble": round(row["trouble"], 2),
        }
        for row in rows
    ]


def _beside_rates(row: dict[str, Any], templates: dict[str, str]) -> dict[str, Any]:
    """What is told of an onset that is not one of rates: of a step that requests take, or of what lines say."""
    if row["part_before"] is None:
        return {}
    parts = {name: round(row[name], 6) for name in ("part_before", "part_after")}
    return {"given": templates.get(row["given"]), "parameter": row["parameter"], **parts, "part_unit": row["part_unit"]}


def _hypotheses(incident: Incident) -> list[dict[str, Any]]:
    """The hypotheses by rank. What rounding leaves of their probabilities' sum goes to the first: they add up to 1."""
    found = [_hypothesis(h) for h in incident.hypotheses]
    if found:
        left = 1 - sum(one["probability"] for one in found)
        found[0]["probability"] = round(found[0]["probability"] + left, 6)
    return found


def _hypothesis(hypothesis: Hypothesis) -> dict[str, Any]:
    return {
        "rank": hypothesis.rank,
        "id": hypothesis.id,
        "kind": hypothesis.kind,
        "change_id": hypothesis.change_id,
        "service": hypothesis.service,
        "claim": hypothesis.claim,
        **({"name": hypothesis.sign.name} if hypothesis.sign else {}),
        "probability": round(hypothesis.probability, 6),
        "prior": round(hypothesis.prior, 6),
        "chance": None if hypothesis.chance is None else round(hypothesis.chance, 4),
        "for": [_evidence(e) for e in hypothesis.evidence_for],
        "against": [_evidence(e) for e in hypothesis.evidence_against],
        "next_checks": list(hypothesis.next_checks),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "check": evidence.check,
        "statement": evidence.statement,
        "weight": evidence.weight,
        "lines": [{"source": line.source, "line": line.line, "text": line.text} for line in evidence.lines],
    }


def _timeline(incident: Incident) -> dict[str, Any]:
    """Lines and errors per bin of time, and the largest error groups; a bin has a whole number of seconds."""
    start, end = incident.window
    width = max(1, -(-int((end - start).total_seconds() + 1) // BINS))
    bins = int((end - start).total_seconds()) // width + 1
    first = int(start.timestamp())

    place = ((pl.col("timestamp").dt.epoch("s") - first) // width).clip(0, bins - 1).alias("bin")

    def counts(found: pl.DataFrame) -> list[int]:
        lines = dict(found.group_by("bin").agg(pl.col("len").sum()).iter_rows())
        return [int(lines.get(b, 0)) for b in range(bins)]

    errors = error_records(incident.facts.heard).group_by("template_id", place).len().collect()
    groups = [
        {
            "id": g.id,
            "title": g.title,
            "counts": counts(errors.filter(pl.col("template_id").is_in(list(g.template_ids)))),
        }
        for g in incident.error_groups[:GROUPS]
    ]
    begin = rfc3339(start.replace(microsecond=0))
    totals = {"lines": counts(incident.scan().group_by(place).len().collect()), "errors": counts(errors)}
    return {"from": begin, "bin_seconds": width, **totals, "groups": groups}
