"""Do failing lines of other services name the changed service, more than their lines did before?"""

from __future__ import annotations

import math
import re

import polars as pl

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts, to_lines
from triage.hypotheses.words import listed, service_key

MOST = 0.8
#: Weight for each factor of e by which failing lines name the service more often than lines before did.
PER_NAT = 0.25
SHORTEST_NAME = 4


def named(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose service is named in failing lines that other services write after the onset."""
    if candidate.change is None or facts.onset is None or not candidate.service:
        return None
    name = max(service_key(candidate.service).split(), key=len, default="")
    if len(name) < SHORTEST_NAME:
        return None
    others = facts.records.filter(_other(facts, service_key(candidate.service)))
    mentions = pl.col("raw").str.to_lowercase().str.contains(rf"\b{re.escape(name)}\b")
    came = facts.troubles.filter(pl.col("failing"), pl.col("kind").is_in(["new", "surge"]))["template_id"]
    failing = others.filter(pl.col("template_id").is_in(came.implode()), pl.col("timestamp") >= facts.onset.earliest)
    found = failing.filter(mentions)
    before = others.filter(pl.col("timestamp") < facts.onset.earliest)
    usual = (before.select(mentions.sum()).item() + 1) / (len(before) + 2)
    weight = min(MOST, PER_NAT * math.log((len(found) + 1) / (len(failing) + 2) / usual))
    if not len(found) or weight <= 0.05:
        return None
    where = listed(sorted(found["service_name"].drop_nulls().unique().to_list()))
    statement = f"{len(found)} of {len(failing)} failing lines of other services ({where}) name {name}; before, "
    statement += f"{usual:.1%} of their lines did"
    return Evidence("named", statement, round(weight, 3), to_lines(found.sort("timestamp", "source", "line").head(2)))


def _other(facts: Facts, key: str) -> pl.Expr:
    """Records of services other than the one with this key."""
    services = facts.records["service_name"].drop_nulls().unique().to_list()
    own = [service for service in services if service_key(service) == key]
    return ~pl.col("service_name").is_in(own)
