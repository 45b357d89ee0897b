"""Signs in the logs of what may have gone wrong without any change: a full disk, a host of its own, more traffic.

Only positive ones: a known kind of failure in the first failing lines of where the trouble began, failures on one
instance alone, traffic that rose before the trouble.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from triage.hypotheses.blame import blame_of
from triage.hypotheses.evidence import Line
from triage.hypotheses.facts import UNIT, Facts, to_lines
from triage.hypotheses.told import LEAST_PART, told_by
from triage.hypotheses.words import service_key
from triage.patterns.group_titles import common_target
from triage.patterns.signatures import Signature, known_signatures, signature_of

#: Services are looked at whose score as an origin is at least this part of the best one's.
ORIGIN_PART = 0.25
#: Failing lines of a service that tell of one kind of failure, at least.
LEAST = 3
#: A service passes the blame on where so much of it goes to another.
PASSED = 0.5
#: At most so much is said by a sign, in nats: ten times as likely.
STRONGEST = math.log(10)
#: At most so many suggestions.
MOST = 3


@dataclass(frozen=True)
class Sign:
    """What the logs show that suggests a kind of hypothesis.

    Attributes
    ----------
    kind : str
        ``dependency``, ``resource``, ``host``, ``load``, ``expiry`` or ``data``.
    service : str or None
        Where.
    name : str
        What it is, in a few words.
    claim : str
        What happened, in a sentence without its end.
    statement : str
        What the logs show.
    weight : float
        Log-likelihood ratio in nats, above 0.
    lines : tuple of Line
        Raw lines that show it.
    next_check : str
        One thing to do at once.
    """

    kind: str
    service: str | None
    name: str
    claim: str
    statement: str
    weight: float
    lines: tuple[Line, ...]
    next_check: str


def signs_told(facts: Facts) -> list[Sign]:
    """Signs in what the first failing lines of the likeliest origins tell of."""
    told, found = told_by(facts), []
    for service in _origins(facts):
        own = told.filter(pl.col("service_name").eq_missing(pl.lit(service, pl.String)))
        counts = dict(own["signature"].drop_nulls().value_counts().iter_rows())
        for signature in sorted(map(signature_of, counts), key=lambda each: (-counts[each.id], each.id)):
            if signature.claim and counts[signature.id] >= max(LEAST, LEAST_PART * len(own)):
                sign = _told(signature, service, own, facts)
                found += [sign] if sign else []
    return found


def leading_signature(facts: Facts) -> tuple[Signature, str | None] | None:
    """What most of the first failing lines of the likeliest origin tell of, if enough do, and who writes them."""
    origins = _origins(facts)
    if not origins:
        return None
    own = told_by(facts).filter(pl.col("service_name").eq_missing(pl.lit(origins[0], pl.String)))
    counts = dict(own["signature"].drop_nulls().value_counts().iter_rows())
    best = max(known_signatures(), key=lambda each: counts.get(each.id, 0))  # the table's order decides between equals
    return (best, origins[0]) if counts.get(best.id, 0) >= max(LEAST, LEAST_PART * len(own)) else None


def _origins(facts: Facts) -> list[str | None]:
    """The likeliest origins; logs that name no service are one."""
    if facts.onset is None:
        return []
    best = facts.origins[0].score if facts.origins else 0.0
    return [origin.service for origin in facts.origins if origin.score >= ORIGIN_PART * best] or [None]


def _told(signature: Signature, service: str | None, own: pl.DataFrame, facts: Facts) -> Sign | None:
    hits = own.filter(pl.col("signature") == signature.id)
    target = None
    if signature.kind == "dependency":
        named = _named_by(service, facts)
        if named and facts.origin_of(named):
            return None  # that one has trouble of its own to show
        target = common_target(pl.concat([hits.head(2), hits.tail(2)])["raw"].to_list()) or named
    part, where = len(hits) / len(own), f" in {service}" if service else ""
    said = f"{len(hits)} of the first {len(own)} failing lines{f' of {service}' if service else ''}"
    return Sign(
        kind=signature.kind,
        service=service,
        name=f"{signature.title}{where}",
        claim=signature.claim_for(service, target),
        statement=f"{said} tell of “{signature.title}”",
        weight=round(min(STRONGEST, math.log(part / LEAST_PART)), 3),
        lines=to_lines(hits.head(2)),
        next_check=signature.check_for(service),
    )


def _named_by(service: str | None, facts: Facts) -> str | None:
    """Whom the failing lines of a service blame, if they blame one."""
    own = [each for each in blame_of(facts).named if each.writer == service_key(service) and each.passed >= PASSED]
    return max(own, key=lambda each: (each.passed, each.named)).named if own else None


def failing_units(facts: Facts) -> pl.DataFrame:
    """Templates and services of the failing lines that came with the event."""
    return facts.event.filter("adverse", pl.col("kind").is_in(["new", "surge"])).select(*UNIT)
