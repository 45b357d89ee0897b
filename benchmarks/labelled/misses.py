"""Why an incident was ranked wrongly, in a sentence for people who do not know what the checks are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from benchmarks.labelled.checks import CHECK, most_gained
from benchmarks.labelled.outcome import Row, candidate_row
from benchmarks.labelled.truth import Truth
from triage.escape import short
from triage.hypotheses import Hypothesis
from triage.hypotheses.candidates import name_of
from triage.hypotheses.words import clock, duration
from triage.incident import Incident
from triage.onset.incident_onset import IncidentOnset
from triage.report.words import percent

NONE = "none of the recorded changes"
#: Characters of a template.
TEXT = 100


def why(incident: Incident, truth: Truth, ranked: Sequence[Hypothesis], row: Row) -> str:
    """What went wrong and what made it so, as far as the evidence tells; empty where all is right.

    Parameters
    ----------
    incident : Incident
    truth : Truth
    ranked : sequence of Hypothesis
        The changes and `unrecorded`, the likeliest first.
    row : dict
        What `outcome.outcome` says of it, and ``marked``, the number of lines that show the fault, where it is known.
    """
    return " ".join([*_odds(truth, ranked, row), *_onset(incident, truth, row), *_origin(incident, truth, row)])


def short_name(found: Hypothesis) -> str:
    """A hypothesis in a few words."""
    return name_of(found.change) if found.change else NONE


def _odds(truth: Truth, ranked: Sequence[Hypothesis], row: Row) -> Iterator[str]:
    """What leads instead of the truth, and what makes it lead."""
    if row["right"]:
        return
    first = ranked[0]
    right = next((each for each in ranked if truth.is_right(each.kind, each.change_id)), None)
    aside = ", which brought another problem of the window," if _of_another(first, truth) else ""
    leads = f"{_called(first)}{aside} leads with {percent(first.probability)}"
    if right is None:
        yield f"{leads}; the truth is not among the hypotheses, for its change is too far from the logs."
        return
    because = _because(first, right, ranked) if row["claimed"] else "no onset of trouble was found to place changes by"
    yield f"{leads}, and the truth, {_called(right, begins=False)}, has {percent(right.probability)}: {because}."


def _of_another(first: Hypothesis, truth: Truth) -> bool:
    return first.change_id is not None and first.change_id in {other.change_id for other in truth.others}


def _called(found: Hypothesis, begins: bool = True) -> str:
    if found.change is None:
        return f"“{NONE.capitalize() if begins else NONE}”"
    return f"{'The' if begins else 'the'} {name_of(found.change)}"


def _because(first: Hypothesis, right: Hypothesis, ranked: Sequence[Hypothesis]) -> str:
    """What gives the leading hypothesis most over the true one: a statement about either, or the odds before any."""
    rows = [candidate_row(each, Truth()) for each in (first, right)]
    check = most_gained(*rows)
    mine, its = (row.get(CHECK + check, 0.0) for row in rows)
    if check == "prior" or mine - its <= 0:
        changes = sum(each.kind == "change" for each in ranked)
        return (
            f"no single finding sets them further apart than the odds from which they start, {percent(first.prior)} "
            f"and {percent(right.prior)} with {changes} changes recorded"
        )
    found, about = (first, "speaks most for it") if mine >= -its else (right, "speaks most against the truth")
    said = max((e for e in found.evidence if e.check == check), key=lambda e: abs(e.weight)).statement
    return f"what {about} is that {said[:1].lower()}{said[1:]}" if said[1:2].islower() else f"what {about}: {said}"


def _onset(incident: Incident, truth: Truth, row: Row) -> Iterator[str]:
    """When trouble is said to begin instead of when it did, and by which lines."""
    onset = incident.incident_onset
    if onset is None and truth.onset is not None:
        shown = "" if row.get("marked") is None else f", though {row['marked']:,} lines show it"
        yield f"No onset of the trouble was found{shown if truth.seen else ', which is not seen in logs'}."
    elif onset is not None and truth.onset is None:
        yield f"Nothing went wrong, yet trouble is said to begin at {clock(onset.at)}{_shown_by(incident, onset)}."
    elif onset is not None and not row["covered"]:
        off = f"{duration(timedelta(seconds=row['off_s']))} {'late' if row['off_s'] > 0 else 'early'}"
        other = any(each.meets(onset.earliest, onset.latest) for each in truth.others)
        aside = ", when another problem of the window began" if other else ""
        yield f"The trouble is said to begin {off}{aside}{_shown_by(incident, onset)}."


def _shown_by(incident: Incident, onset: IncidentOnset) -> str:
    """The lines that the onset stands on first of all."""
    if not onset.units:
        return ""
    template, service = onset.units[0]
    texts = dict(incident.templates.select("template_id", "template").iter_rows())
    place = f" in {service}" if service else ""
    return f", by “{short(texts[template], TEXT)}”{place}" if template in texts else place


def _origin(incident: Incident, truth: Truth, row: Row) -> Iterator[str]:
    """Which service is said to have had it first."""
    if truth.service is None or not row["claimed"] or row["origin"] == 1:
        return
    first = incident.origins[0].service if incident.origins else None
    place = f"comes as number {row['origin']}" if row["origin"] else "has no trouble by the logs"
    yield f"It is said to have begun in {first or 'no service'}; {truth.service}, where it did, {place}."
