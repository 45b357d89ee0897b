"""Do failing lines of other services name the changed service, more than their lines did before?"""

from __future__ import annotations

import math
import re

import polars as pl

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts, to_lines
from triage.hypotheses.words import FILLERS, listed, same_service, service_key

MOST = 0.8
#: Weight for each factor of e by which failing lines name the service more often than lines before did.
PER_NAT = 0.25
SHORTEST_NAME = 4


def named(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose service is named in failing lines that other services write after the onset."""
    if candidate.change is None or facts.onset is None or not service_key(candidate.service):
        return None
    return facts.remember(("named", service_key(candidate.service)), lambda: _named(candidate.service, facts))


def _named(service: str | None, facts: Facts) -> Evidence | None:
    onset, words = facts.onset, service_key(service).split()
    if onset is None or sum(map(len, words)) < SHORTEST_NAME:
        return None
    records = facts.records.lazy()
    services = records.select(pl.col("service_name").drop_nulls().unique()).collect()["service_name"].to_list()
    others = records.filter(~pl.col("service_name").is_in([s for s in services if same_service(s, service)]))
    mentions = pl.col("raw").str.contains(_pattern(words))
    came = facts.troubles.filter(pl.col("failing"), pl.col("kind").is_in(["new", "surge"]))["template_id"]
    late = pl.col("template_id").is_in(came.implode()) & (pl.col("timestamp") >= onset.earliest)
    early = pl.col("timestamp") < onset.earliest
    told = others.filter(late | early).select(late.alias("late"), mentions.alias("named"))
    counts = told.group_by("late").agg(pl.len(), pl.col("named").sum()).collect(engine="streaming")
    all_of, named_in = (dict(counts.select("late", number).iter_rows()) for number in ("len", "named"))
    usual = (named_in.get(False, 0) + 1) / (all_of.get(False, 0) + 2)
    count, failing = named_in.get(True, 0), all_of.get(True, 0)
    weight = min(MOST, PER_NAT * math.log((count + 1) / (failing + 2) / usual))
    if not count or weight <= 0.05:
        return None
    found = others.filter(late, mentions)
    names = found.select(pl.col("service_name").drop_nulls().unique().sort()).collect()["service_name"]
    where = listed(names.to_list())
    statement = f"{count} of {failing} failing lines of other services ({where}) name {service}; before, "
    statement += f"{usual:.1%} of their lines did"
    first = found.select("timestamp", "source", "line", "raw").sort("timestamp", "source", "line").head(2)
    return Evidence("named", statement, round(weight, 3), to_lines(first.collect()))


def _pattern(words: list[str]) -> str:
    """A Rust regex for the whole name in any spelling: ``ts train`` does not stand in ``ts-train-food``."""
    name = r"[\W_]?".join(re.escape(word) for word in words)
    return rf"(?i)(?:^|[^\w-]){name}(?:[-_ ]?(?:{'|'.join(sorted(FILLERS))}))*(?:[^\w-]|-\W|$)"
