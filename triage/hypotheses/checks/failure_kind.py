"""Are the failures of a kind that changes of this kind cause?

Certificates expire and disks fill without anybody's doing; a type error comes with code. The table says how many times
likelier a kind of failure is with each kind of change, or with none recorded, than in incidents at large.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence, Line
from triage.hypotheses.facts import UNIT, Facts, to_lines

#: Failing lines that are read, the first ones.
MOST_LINES = 2_000
#: Characters of each of them: a stack trace's first frames stand there.
MOST_CHARS = 2_000
#: Part of them that has to tell of the kind of failure.
LEAST_PART = 0.1
#: Without anybody's doing, or by a change nobody recorded.
NONE = "unrecorded"


@dataclass(frozen=True)
class Failure:
    """A kind of failure: how its lines read, in Rust's regex, and how much likelier it is with what."""

    what: str
    pattern: str
    times: Mapping[str, float]


FAILURES = (
    Failure(
        "something that expired",
        r"(?i)\b(?:certificate|cert|token|licen[cs]e|credentials?|password|key|secret)\b.{0,40}\bexpired\b"
        r"|\bexpired (?:certificate|cert|token|licen[cs]e|credentials?|key|secret)\b"
        r"|certificate_expired|CERT_HAS_EXPIRED",
        {NONE: 3.0, "infrastructure": 1.5, "deploy": 0.5, "flag": 0.3, "scale": 0.3, "migration": 0.3},
    ),
    Failure(
        "a full disk",
        r"(?i)no space left|\bENOSPC\b|disk (?:is )?full|(?:disk )?quota exceeded|could not extend file|device is full",
        {NONE: 2.0, "flag": 0.3, "scale": 0.7},
    ),
    Failure(
        "more work than there is room for",
        r"(?i)too many requests|rate limit|throttl|overload|load shed|shedding|queue (?:is )?full"
        r"|\b(?:status|code|http\S*)[ =:]{1,3}429\b",
        {NONE: 1.5, "scale": 2.0, "migration": 0.7},
    ),
    Failure(
        "code that met what it was not written for",
        r"NullPointer|nil pointer|TypeError|AttributeError|KeyError|IndexError|ClassCastException|NoSuchMethod"
        r"|IllegalArgument|undefined is not|cannot read propert|index out of range|UnboundLocalError|NameError"
        r"|NullReferenceException|missing field|unknown field|(?i:cannot deserialize|unexpected token|failed to parse)",
        {NONE: 0.5, "deploy": 1.5, "flag": 1.2, "scale": 0.4, "infrastructure": 0.3},
    ),
    Failure(
        "a schema that does not fit",
        r"(?i)\b(?:column|relation|table|field)\b.{0,60}\b(?:does not exist|doesn.t exist|unknown|not found)\b"
        r"|unknown column|no such (?:table|column)|undefined (?:table|column)",
        {NONE: 0.4, "migration": 4.0, "deploy": 1.3, "flag": 0.5, "scale": 0.3, "infrastructure": 0.3},
    ),
    Failure(
        "a setting that is missing or wrong",
        r"(?i)(?:missing|invalid|unknown|required).{0,30}\b(?:config(?:uration)?|setting|environment variable|env)\b"
        r"|\b(?:config(?:uration)?|setting|environment variable)\b.{0,40}(?:missing|invalid|not set|not found|unknown)",
        {NONE: 0.5, "config": 3.0, "deploy": 1.2, "scale": 0.4},
    ),
)  # fmt: skip


def failure_kind(candidate: Candidate, facts: Facts) -> Evidence | None:
    """How much likelier the failures are with a change of this kind, or with none, than with any."""
    if facts.onset is None:
        return None
    found = facts.remember("failure kind", lambda: _told(facts))
    if found is None:
        return None
    failure, count, lines = found
    kind = candidate.change.kind if candidate.change else NONE
    weight = math.log(failure.times.get(kind, 1.0))
    if not weight:
        return None
    whom = f"a {kind} change" if candidate.change else "no change at all"
    often = "more often" if weight > 0 else "more seldom"
    statement = f"{count} failing lines tell of {failure.what}, which comes {often} with {whom} than on average"
    return Evidence("failure_kind", statement, round(weight, 3), lines)


def _told(facts: Facts) -> tuple[Failure, int, tuple[Line, ...]] | None:
    """The kind of failure that most of the first failing lines tell of, how many do, and two of them."""
    assert facts.onset is not None
    order = ["timestamp", "source", "line"]
    lines = facts.heard.filter(pl.col("timestamp") >= facts.onset.earliest).select(*UNIT, *order, "raw")
    failing = lines.join(facts.came.lazy(), on=list(UNIT), how="semi", nulls_equal=True).sort(order).head(MOST_LINES)
    text = failing.with_columns(pl.col("raw").str.slice(0, MOST_CHARS).alias("text")).collect()
    hits = [text["text"].str.contains(failure.pattern).fill_null(False) for failure in FAILURES]
    counts = [int(each.sum()) for each in hits]
    most = max(range(len(FAILURES)), key=lambda place: counts[place])
    if not counts[most] or counts[most] < LEAST_PART * len(text):
        return None
    return FAILURES[most], counts[most], to_lines(text.filter(hits[most]).head(2))
