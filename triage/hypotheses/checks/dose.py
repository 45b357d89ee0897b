"""Do only those instances fail that got the change?

A rollout reaches one instance after the other, and each says that it starts, or the change names those that got it. If
the change is to blame, failing lines come from instances that have it (all but `STRAY` of them); if not, from all
alike, in proportion to the lines that they write.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from triage.changes import Change
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence, Line
from triage.hypotheses.facts import Facts, to_lines
from triage.hypotheses.restarts import COMING_UP, EARLY, HEAD_CHARS, LATE
from triage.hypotheses.words import listed, same_service, service_key

#: Failing lines of instances without the change, though it is to blame: of those that call the ones with it, or noise.
STRAY = 0.03
#: Lines of one trouble depend on each other: so many count, at most.
MOST = 10
STRONGEST = 2.5
#: Least failing lines, and least part of the service's lines from instances without the change, to say anything.
LEAST, LEAST_PART = 4, 0.1
INSTANCE = "instance"


@dataclass(frozen=True)
class Dose:
    """Lines of a service since the onset, by whether their instance had the change when it wrote them."""

    failing_with: int
    failing_without: int
    lines_with: int
    lines_without: int
    instances: int
    named: bool
    lines: tuple[Line, ...]


def dose(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change where only instances that started with it fail; against it where the others fail as well."""
    change = candidate.change
    if change is None or facts.onset is None or change.time > facts.onset.latest:
        return None
    if facts.origin_of(change.service) is None:
        return None  # no line of it fails, and reading those of thousands of services would take long
    found = _dose(candidate, facts)
    if found is None:
        return None
    failing, lines = found.failing_with + found.failing_without, found.lines_with + found.lines_without
    part = found.lines_without / max(1, lines)
    if failing < LEAST or not LEAST_PART <= part <= 1 - LEAST_PART:
        return None
    stray = found.failing_without / failing
    each = stray * math.log(STRAY / part) + (1 - stray) * math.log((1 - STRAY) / (1 - part))
    weight = max(-STRONGEST, min(STRONGEST, min(MOST, failing) * each))
    statement = f"{found.failing_with} of {failing} failing lines of {change.service} come from instances that had "
    if found.named:
        statement += f"got it ({listed(list(change.instances))})"
    else:
        statement += f"started anew with it ({found.instances} by then or later)"
    return Evidence("dose", f"{statement}, which wrote {1 - part:.0%} of its lines", round(weight, 3), found.lines)


def _dose(candidate: Candidate, facts: Facts) -> Dose | None:
    change, onset = candidate.change, facts.onset
    assert change is not None and onset is not None
    key, time = service_key(change.service), pl.col("timestamp")
    lines = facts.remember(("instances", key), lambda: _lines(change.service, facts))
    named = _named(change, facts.remember(("names", key), lambda: _by_name(lines)))
    if named:
        # Thousands of changes may name the same instances: from the onset on they do not differ.
        since = max(change.time, onset.earliest)
        return facts.remember(
            ("dose", key, named, since), lambda: _count(lines, _having(named, since, lines), facts, True)
        )
    starts = facts.remember(("starts", key), lambda: _starts(lines))
    if not len(starts):
        return None
    begin, end = change.time - EARLY, (change.end or change.time) + LATE
    started = starts.filter(time.is_between(begin, end)).group_by(INSTANCE).agg(time.min().alias("has"))
    return _count(lines, started, facts, False) if len(started) else None


def _count(lines: pl.DataFrame, having: pl.DataFrame, facts: Facts, named: bool) -> Dose:
    """Lines since the onset by whether their instance is one of those that have the change, since ``has``."""
    assert facts.onset is not None
    time = pl.col("timestamp")
    since = lines.filter(time >= facts.onset.earliest).join(having, on=INSTANCE, how="left", maintain_order="left")
    has = (pl.col("has") <= time).fill_null(False)
    bad = since.filter("failing")
    with_it, every = bad.filter(has), since.select(has.sum()).item()
    shown = with_it if len(with_it) * 2 >= len(bad) else bad.filter(~has)
    rows = facts.records.take(shown["row"].head(2).sort())
    failing = len(with_it), len(bad) - len(with_it)
    return Dose(*failing, every, len(since) - every, len(having), named, to_lines(rows))


def _named(change: Change, known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Those instances with lines that a change names."""
    found = {own for name in change.instances for own in known.get(short_name(name), ())}
    return tuple(sorted(found))


def _by_name(lines: pl.DataFrame) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for instance in lines[INSTANCE].drop_nulls().unique().sort().to_list():
        known.setdefault(short_name(instance), []).append(instance)
    return known


def _having(instances: Sequence[str], since: datetime, lines: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({INSTANCE: instances, "has": since}).with_columns(pl.col("has").cast(lines.schema["timestamp"]))


def short_name(instance: str) -> str:
    """The name of an instance without domain, path and suffix; an address stays whole.

    Examples
    --------
    >>> short_name("Web-1.shop.example"), short_name("logs/web-1.log.zst"), short_name("10.0.0.7")
    ('web-1', 'web-1', '10.0.0.7')
    """
    tail = instance.casefold().rpartition("/")[2]
    first = tail.partition(".")[0]
    return first if any(char.isalpha() for char in first) else tail


def _starts(lines: pl.DataFrame) -> pl.DataFrame:
    """When instances say that they start; none where there is only one instance."""
    return lines.filter(pl.col("coming") & (lines[INSTANCE].n_unique() > 1)).select(INSTANCE, "timestamp")


def _lines(service: str | None, facts: Facts) -> pl.DataFrame:
    """The lines of a service from before the onset on, with their instance: the host, or else the source."""
    names = facts.records.lazy().select(pl.col("service_name").unique()).collect()["service_name"].drop_nulls()
    own = pl.col("service_name").is_in([name for name in names if same_service(name, service)])
    bad = facts.came["template_id"].implode()
    return (
        facts.records.lazy()
        .with_row_index("row")
        .filter(own)
        .select(
            "row", "timestamp", pl.coalesce("host_name", "source").alias(INSTANCE),
            pl.col("template_id").is_in(bad).fill_null(False).alias("failing"),
            pl.col("body").str.slice(0, HEAD_CHARS).str.contains(COMING_UP).fill_null(False).alias("coming"),
        )
        .collect(engine="streaming")
        .sort("timestamp", "row")
    )  # fmt: skip
