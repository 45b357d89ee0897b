"""Who is named by failing lines: blame that passes from the writer of a line to the service that the line names.

The one who calls writes that the called is refused, late or wrong; the called may be dead and write nothing at all.
Each service with failing lines begins with a share of the blame, as large as its share of those services. What part
of its failing lines names another service, more often than its lines did before, passes as much on; so does that one,
until nobody names another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from triage.hypotheses.evidence import Line
from triage.hypotheses.facts import Facts, to_lines
from triage.hypotheses.words import FILLERS, service_key

SHORTEST_NAME = 4
#: Of a service at most so many failing lines are read, the first ones, and as many of those from before the onset.
MOST_LINES = 2_000
#: Characters of a line that are read.
MOST_CHARS = 2_000
#: A failure is often told twice: once by who called, in words that name the called, once for the request as a whole.
TOLD_TWICE = 2.0
#: Blame passes on so many times at most: systems are seldom deeper.
DEEPEST = 8
#: Failing lines that name a service, fewer than which are no pattern.
LEAST = 2
WRITER = "service_name"
#: Share of the blame from which a service has trouble, whether it writes failing lines or not.
BLAMED = 0.2


@dataclass(frozen=True)
class Named:
    """How often failing lines of one service name another.

    Attributes
    ----------
    writer, named : str
        Keys of services (`words.service_key`).
    count, failing : int
        Failing lines of the writer that name the other, and all of them that were read.
    passed : float
        Share of the writer's blame that passes on.
    lines : tuple of Line
        The first two that name it.
    """

    writer: str
    named: str
    count: int
    failing: int
    passed: float
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Blame:
    """Where the blame comes to rest.

    Attributes
    ----------
    share : mapping
        From keys of services to shares, which add up to 1.
    named : tuple of Named
        Who names whom.
    """

    share: Mapping[str, float]
    named: tuple[Named, ...]


def blame_of(facts: Facts) -> Blame:
    """Who is named in the failing lines since the onset; worked out once."""
    return facts.remember("blame", lambda: _blame(facts))


def concerned_services(facts: Facts) -> frozenset[str]:
    """Keys of the services with trouble of their own, and of those that the failing lines of others blame."""
    troubled = {service_key(origin.service) for origin in facts.origins}
    return frozenset(troubled | {key for key, share in blame_of(facts).share.items() if share >= BLAMED})


def _blame(facts: Facts) -> Blame:
    if facts.onset is None:
        return Blame({}, ())
    known = facts.services | {service_key(change.service) for change in facts.near}
    names = sorted(key for key in known if sum(map(len, key.split())) >= SHORTEST_NAME)
    late, early = _read(facts)
    named = [found for part in late.partition_by("key") for found in _named_by(part, early, names)]
    writers = late["key"].unique().sort().to_list()
    return Blame(passed_on(writers, named), tuple(named))


def _read(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first failing lines of each service since the onset, and the last lines of any kind before it."""
    onset, time = facts.onset, pl.col("timestamp")
    assert onset is not None
    order = ["timestamp", "source", "line"]
    lines = facts.heard.select("template_id", WRITER, *order, pl.col("raw").str.slice(0, MOST_CHARS)).filter(
        pl.col(WRITER).is_not_null()
    )
    failing = lines.filter(time >= onset.earliest).join(facts.came.lazy(), on=["template_id", WRITER], how="semi")
    late = failing.sort(order).group_by(WRITER).head(MOST_LINES).collect().sort(WRITER, *order)
    writers = late[WRITER].unique().implode()
    before = lines.filter(time < onset.earliest, pl.col(WRITER).is_in(writers))
    early = before.sort(order).group_by(WRITER).tail(MOST_LINES).collect()
    return _with_key(late), _with_key(early)


def _with_key(lines: pl.DataFrame) -> pl.DataFrame:
    keys = {name: service_key(name) for name in lines[WRITER].unique()}
    return lines.with_columns(pl.col(WRITER).replace_strict(keys, return_dtype=pl.String).alias("key"))


def _named_by(part: pl.DataFrame, early: pl.DataFrame, names: Sequence[str]) -> list[Named]:
    """Whom the failing lines of one service name, more often than its lines did before."""
    writer = str(part["key"][0])
    before = early.filter(pl.col("key") == writer)["raw"]
    text = "\n".join(part["raw"].drop_nulls()).casefold()
    found = []
    for name in names:
        if any(word not in text for word in name.split()):
            continue  # there may be thousands of names, and few of them are in any line
        pattern = name_pattern(name.split())
        hits = part["raw"].str.contains(pattern)
        count = int(hits.sum())
        if name == writer or count < LEAST:
            continue
        usual = (int(before.str.contains(pattern).sum()) + 1) / (len(before) + 2)
        more = max(0.0, count / len(part) - usual)
        if more:
            lines = to_lines(part.filter(hits).head(2))
            found.append(Named(writer, name, count, len(part), min(1.0, TOLD_TWICE * more), lines))
    return found


def passed_on(writers: Sequence[str], named: Sequence[Named]) -> dict[str, float]:
    """Where the blame comes to rest, if each writer begins with the same share of it.

    Examples
    --------
    >>> passed_on(["shop", "stock"], [Named("shop", "stock", 5, 5, 1.0, ()), Named("stock", "db", 3, 4, 1.0, ())])
    {'db': 1.0}
    """
    moving = {writer: 1 / len(writers) for writer in writers}
    resting: dict[str, float] = {}
    for _ in range(DEEPEST):
        ahead: dict[str, float] = {}
        for writer in sorted(moving):
            own = [each for each in named if each.writer == writer]
            total = sum(each.passed for each in own)
            share = moving[writer] / max(1.0, total)
            for each in own:
                ahead[each.named] = ahead.get(each.named, 0.0) + share * each.passed
            kept = moving[writer] - share * total
            if kept > 1e-9:
                resting[writer] = resting.get(writer, 0.0) + kept
        moving = ahead
    for key, left in moving.items():  # those who name each other for ever
        resting[key] = resting.get(key, 0.0) + left
    return resting


def name_pattern(words: Sequence[str]) -> str:
    """A Rust regex for the whole name in any spelling: ``ts train`` does not stand in ``ts-train-food``."""
    name = r"[\W_]?".join(re.escape(word) for word in words)
    return rf"(?i)(?:^|[^\w-]){name}(?:[-_ ]?(?:{'|'.join(sorted(FILLERS))}))*(?:[^\w-]|-\W|$)"
