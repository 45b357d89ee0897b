"""Are the failures of a kind that changes of this kind cause?

Certificates expire and disks fill without anybody's doing; a type error comes with code. The table of signatures
says how many times likelier a kind of failure is with each kind of change, or with none recorded, than at large.
"""

from __future__ import annotations

import math

import polars as pl

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence, Line
from triage.hypotheses.facts import Facts, to_lines
from triage.hypotheses.told import LEAST_PART, told_by
from triage.patterns.signatures import NONE, Signature, known_signatures


def failure_kind(candidate: Candidate, facts: Facts) -> Evidence | None:
    """How much likelier the failures are with a change of this kind, or with none, than with any."""
    if facts.onset is None:
        return None
    found = facts.remember("failure kind", lambda: _told(facts))
    if found is None:
        return None
    failure, count, lines = found
    kind = candidate.change.kind if candidate.change else NONE
    weight = math.log(failure.likelier.get(kind, 1.0))
    if not weight:
        return None
    whom = f"a {kind} change" if candidate.change else "no change at all"
    often = "more often" if weight > 0 else "more seldom"
    statement = f"{count} failing lines tell of “{failure.title}”, which comes {often} with {whom} than on average"
    return Evidence("failure_kind", statement, round(weight, 3), lines)


def _told(facts: Facts) -> tuple[Signature, int, tuple[Line, ...]] | None:
    """Of those that some changes bring more than others, what most of the first failing lines tell of, and two lines.

    Signatures of one kind that are as likely with every change count together.
    """
    told = told_by(facts)
    found = []
    for each in known_signatures():
        like = [other.id for other in known_signatures() if (other.kind, other.likelier) == (each.kind, each.likelier)]
        hits = told.filter(pl.col("signature").is_in(like))
        own = int((hits["signature"] == each.id).sum())
        if each.likelier and own:
            found.append((len(hits), own, each, hits))
    # The table's order decides between equals.
    count, _, failure, hits = max(found, key=lambda one: one[:2], default=(0, 0, None, told))
    if failure is None or count < LEAST_PART * len(told):
        return None
    return failure, count, to_lines(hits.head(2))
