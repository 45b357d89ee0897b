"""Does the change's summary speak of what fails, in words that other lines seldom hold?

A summary that names the code, the table or the feature that the failing lines name too is no chance; a word that all
lines of the log hold says nothing.
"""

from __future__ import annotations

import math
import re

import polars as pl

from triage.hypotheses.blame import name_pattern
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.symptom import COMMON
from triage.hypotheses.evidence import Evidence, Line
from triage.hypotheses.facts import UNIT, Facts, to_lines
from triage.hypotheses.words import service_key

#: Failing lines that are read, the first ones, and as many from before the onset.
MOST_LINES = 1_000
#: Words of a summary that are looked for, at most, and characters of a line in which they are.
MOST_WORDS, MOST_CHARS = 12, 2_000
#: Weight for each factor of e by which failing lines hold a word more often than others; and at most.
PER_NAT, MOST = 0.25, 1.0
#: Least such factor, as a logarithm, of a word that says anything.
LEAST = 1.0


def summary(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose summary shares words with the failing lines. Never against: summaries leave most out."""
    change = candidate.change
    if change is None or facts.onset is None or not change.summary:
        return None
    names = {word for key in facts.services for word in key.split()} | set(service_key(change.service).split())
    words = [word for word in _words(change.summary) if word not in names][:MOST_WORDS]
    found = [(word, *_told(word, facts)) for word in words]
    told = [(gain, word, lines) for word, gain, lines in found if gain > LEAST]
    if not told:
        return None
    gain, word, lines = max(told, key=lambda each: (each[0], each[1]))
    statement = (
        f"Its summary and the failing lines speak of “{word}”, {math.exp(gain):.0f} times as often as other lines"
    )
    return Evidence("summary", statement, round(min(MOST, PER_NAT * gain), 3), lines)


def _words(text: str) -> list[str]:
    found = re.findall(r"[^\W\d_]{4,}", text.casefold()[:2000])
    return [word for word in dict.fromkeys(found) if word not in COMMON]


def _told(word: str, facts: Facts) -> tuple[float, tuple[Line, ...]]:
    return facts.remember(("summary", word), lambda: _counted(word, facts))


def _counted(word: str, facts: Facts) -> tuple[float, tuple[Line, ...]]:
    """Log of how many times as often failing lines hold a word as lines before the onset, and two that do."""
    late, early = facts.remember("summary lines", lambda: _lines(facts))
    hits = late["text"].str.contains(name_pattern([word])).fill_null(False)
    count = int(hits.sum())
    if not count:
        return 0.0, ()
    usual = (int(early["text"].str.contains(name_pattern([word])).fill_null(False).sum()) + 1) / (len(early) + 2)
    return math.log((count + 1) / (len(late) + 2) / usual), to_lines(late.filter(hits).head(2))


def _lines(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first failing lines since the onset, and the last of any kind before it."""
    assert facts.onset is not None
    order, time = ["timestamp", "source", "line"], pl.col("timestamp")
    # In the names of exceptions words stand side by side: UpstreamTimeout.
    text = pl.col("raw").str.slice(0, MOST_CHARS).str.replace_all("([a-z])([A-Z])", "$1 $2").alias("text")
    lines = facts.heard.select(*UNIT, *order, "raw")
    failing = lines.filter(time >= facts.onset.earliest).join(
        facts.came.lazy(), on=list(UNIT), how="semi", nulls_equal=True
    )
    late = failing.sort(order).head(MOST_LINES).with_columns(text).collect()
    early = lines.filter(time < facts.onset.earliest).sort(order).tail(MOST_LINES).with_columns(text).collect()
    return late, early
