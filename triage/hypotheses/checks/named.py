"""Do failing lines name the changed service, its version or what the change is about?"""

from __future__ import annotations

import re

import polars as pl

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts, to_lines
from triage.hypotheses.words import service_key

WEIGHT = 0.6
SHORTEST_NAME = 4


def named(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose service is named in failing lines that other services write after the onset."""
    if candidate.change is None or facts.onset is None or not candidate.service:
        return None
    name = max(re.split(r"\s+", service_key(candidate.service)), key=len, default="")
    if len(name) < SHORTEST_NAME:
        return None
    failing = facts.troubles.filter("failing")["template_id"].unique().to_list()
    own = pl.col("service_name").fill_null("").map_elements(service_key, return_dtype=pl.String)
    found = facts.records.filter(
        pl.col("template_id").is_in(failing),
        pl.col("timestamp") >= facts.onset.earliest,
        pl.col("body").str.to_lowercase().str.contains(rf"\b{re.escape(name)}\b"),
    ).filter(own != service_key(candidate.service))
    if not len(found):
        return None
    others = ", ".join(sorted(found["service_name"].drop_nulls().unique().to_list())[:3])
    statement = f"{len(found)} failing lines of {others or 'other services'} name {name}"
    return Evidence("named", statement, WEIGHT, to_lines(found.sort("timestamp").head(2)))
