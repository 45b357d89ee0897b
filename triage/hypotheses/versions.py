"""Which version of each service wrote its lines, and when another one came: changes that the logs themselves show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

import polars as pl

from triage.hypotheses.evidence import Line, raw_begin
from triage.hypotheses.own_versions import (
    HEAD_CHARS,
    KEYS,
    MAY_BE,
    VALUE,
    attribute_version,
    banner_versions,
    same_version,
)
from triage.hypotheses.restarts import DAILY_WORK, TOGETHER

#: Bins of time in which a version is seen or not: so many, none narrower than this.
BINS, NARROWEST = 500, timedelta(seconds=10)
#: Share of the bins in which an instance may name two versions, and bins in which it always may.
MIXED, MIXED_BINS = 0.2, 2
#: Attributes that name the instance where a line does not name its host.
INSTANCE = r'"(?:instance|pod|pod_name|k8s\.pod\.name|hostname|container|replica)"\s*:\s*"([^"\\]{1,100})"'
#: What stands for the key of a version that a banner names.
BANNER = ""


@dataclass(frozen=True)
class Seen:
    """A version of a service on one instance, from the first to the last of consecutive lines that name it."""

    service: str
    instance: str
    version: str
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Rollout:
    """Another version of a service came.

    Attributes
    ----------
    version, before : str
        What it came to, and what was there; None where no line names that.
    after : datetime or None
        The last line of the version before on the first instance: it came between this and `at`.
    at, until : datetime
        The first line of it, and the first on the last instance that got it.
    instances, of : int
        Instances that named it from then on, and all that name a version.
    """

    service: str
    version: str
    before: str | None
    after: datetime | None
    at: datetime
    until: datetime
    instances: int
    of: int
    line: Line | None = None


@dataclass(frozen=True)
class Versions:
    """What lines say of versions: `seen` by service, instance and time; `rollouts` by time."""

    seen: tuple[Seen, ...] = ()
    rollouts: tuple[Rollout, ...] = ()


class _Change(NamedTuple):
    at: datetime
    instance: str
    version: str
    before: str | None
    after: datetime | None


def find_versions(records: pl.LazyFrame, start: datetime, end: datetime) -> Versions:
    """Versions of services over time.

    A service's own version is the same on one instance from one start to the next: what alternates there is the
    version of something else.

    Parameters
    ----------
    records : polars.LazyFrame
        Timed records.
    start, end : datetime
        The time of the logs.
    """
    width = max(NARROWEST, (end - start) / BINS)
    place = (pl.col("timestamp").dt.epoch("us") // (width // timedelta(microseconds=1))).alias("bin")
    by = ["service_name", "instance", "key", "value", "bin"]
    first, last = pl.col("timestamp").min().alias("first"), pl.col("timestamp").max().alias("last")
    found = [
        part.with_columns(place).group_by(by).agg(first, last) for part in (_attributes(records), _banners(records))
    ]
    seen = _runs(_own(pl.concat([part.collect(engine="streaming") for part in found])))
    since = dict(
        records.filter(pl.col("service_name").is_in(sorted({one.service for one in seen})))
        .group_by("service_name").agg(first).collect(engine="streaming").iter_rows()
    )  # fmt: skip
    rollouts: list[Rollout] = []
    for service, part in groupby(seen, key=lambda one: one.service):
        came = list(_rollouts(service, list(part), start, since[service]))
        # So many, and they are part of its daily work.
        rollouts += came if len(came) <= DAILY_WORK else []
    return Versions(seen, _with_lines(sorted(rollouts, key=lambda one: (one.at, one.service)), records))


def _attributes(records: pl.LazyFrame) -> pl.LazyFrame:
    """Lines whose attributes name a version: ``service_name``, ``instance``, ``timestamp``, ``key``, ``value``."""
    keys = "|".join(key.replace(".", r"\.") for key in KEYS)
    lines = records.filter(
        pl.col("service_name").is_not_null(), pl.col("attributes").str.contains(rf'"(?:{keys})"\s*:')
    )
    version = attribute_version(pl.col("attributes"))
    named = lines.select("service_name", _instance(), "timestamp", version.alias("version")).unnest("version")
    return named.filter(pl.col("value").str.contains(VALUE))


def _banners(records: pl.LazyFrame) -> pl.LazyFrame:
    """The same of lines that say that a service starts."""
    head = pl.col("body").str.slice(0, HEAD_CHARS)
    lines = records.filter(pl.col("service_name").is_not_null(), head.str.contains(MAY_BE)).filter(
        head.str.contains(r"[0-9]\.[0-9]")
    )
    frame = lines.select("service_name", _instance(), "timestamp", head).collect(engine="streaming")
    named = frame.select("service_name", "instance", "timestamp", key=pl.lit(BANNER), value=banner_versions(frame))
    return named.filter(pl.col("value").is_not_null()).lazy()


def _instance() -> pl.Expr:
    return pl.coalesce("host_name", pl.col("attributes").str.extract(INSTANCE), "source").alias("instance")


def _own(named: pl.DataFrame) -> pl.DataFrame:
    """Of each service what the plainest key says that does not alternate."""
    per_bin = named.group_by("service_name", "key", "instance", "bin").agg(pl.col("value").n_unique().alias("values"))
    mixed = per_bin.group_by("service_name", "key").agg(
        (pl.col("values") > 1).sum().alias("mixed"), pl.len().alias("bins")
    )
    ordered = named.sort("service_name", "key", "instance", "first", "last", "value")
    other = (pl.col("value") != pl.col("value").shift()).over("service_name", "key", "instance").fill_null(False)
    changes = (
        ordered.with_columns(other.alias("other"))
        .group_by("service_name", "key", "instance")
        .agg(pl.col("other").sum().alias("changes"))
    )
    mixed = mixed.join(changes.group_by("service_name", "key").agg(pl.col("changes").max()), on=["service_name", "key"])
    steady = mixed.filter(
        pl.col("mixed") <= pl.max_horizontal(pl.lit(MIXED_BINS), MIXED * pl.col("bins")),
        pl.col("changes") <= 2 * DAILY_WORK,
    )
    order = {key: place for place, key in enumerate((*KEYS, BANNER))}
    chosen = steady.with_columns(pl.col("key").replace_strict(order, return_dtype=pl.Int64).alias("order"))
    chosen = chosen.sort("service_name", "order").unique("service_name", keep="first")
    return named.join(chosen.select("service_name", "key"), on=["service_name", "key"], how="semi")


def _runs(named: pl.DataFrame) -> tuple[Seen, ...]:
    """Consecutive bins with one version as one."""
    rows = named.sort("service_name", "instance", "first", "last", "value")
    columns = rows.select("service_name", "instance", "value", "first", "last").iter_rows()
    found: list[Seen] = []
    for row in columns:
        one = Seen(*row)
        before = found[-1] if found else None
        if before and (before.service, before.instance, before.version) == (one.service, one.instance, one.version):
            found[-1] = replace(before, last=max(before.last, one.last))
        else:
            found.append(one)
    return tuple(found)


def _rollouts(service: str, seen: Sequence[Seen], start: datetime, since: datetime) -> Iterator[Rollout]:
    """Changes of the version on single instances, those to one version together."""
    changes = sorted(_changes(seen, start, since))
    of = len({one.instance for one in seen})
    for version, group in groupby(changes, key=lambda change: change.version):
        own = list(group)
        first = own[0]
        instances = len({one.instance for one in seen if one.version == version and one.last >= first.at})
        yield Rollout(service, version, first.before, first.after, first.at, own[-1].at, instances, of)


def _changes(seen: Sequence[Seen], start: datetime, since: datetime) -> Iterator[_Change]:
    for _, group in groupby(seen, key=lambda one: one.instance):
        runs = list(group)
        for before, one in pairwise(runs):
            if not same_version(before.version, one.version):
                yield _Change(one.first, one.instance, one.version, before.version, before.last)
        first = runs[0]
        if first.first <= start + TOGETHER:
            continue
        known = [one for one in seen if one.first < first.first and one.instance != first.instance]
        latest = max(known, key=lambda one: (one.last, one.first), default=None)
        if latest is None and since < first.first - TOGETHER:
            yield _Change(first.first, first.instance, first.version, None, None)
        elif latest is not None and not any(same_version(one.version, first.version) for one in known):
            after = latest.last if latest.last < first.first else None
            yield _Change(first.first, first.instance, first.version, latest.version, after)
        elif latest is not None and not same_version(latest.version, first.version):
            yield _Change(first.first, first.instance, first.version, latest.version, None)


def _with_lines(rollouts: Sequence[Rollout], records: pl.LazyFrame) -> tuple[Rollout, ...]:
    """Rollouts with their first lines."""
    if not rollouts:
        return ()
    # Datetimes of Python's have microseconds.
    times = pl.Series([one.at for one in rollouts], dtype=pl.Datetime("us", "UTC")).unique()
    records = records.with_columns(pl.col("timestamp").dt.cast_time_unit("us"))
    lines = records.filter(pl.col("timestamp").is_in(times.implode()))
    columns = ["service_name", "timestamp", "source", "line", raw_begin()]
    rows = lines.select(columns).collect(engine="streaming").sort("source", "line")
    return tuple(replace(one, line=_line(one, rows)) for one in rollouts)


def _line(rollout: Rollout, rows: pl.DataFrame) -> Line | None:
    at = pl.col("timestamp") == rollout.at
    named = pl.col("raw").str.contains(rollout.version, literal=True)
    own = rows.filter(pl.col("service_name") == rollout.service, at, named).head(1)
    return Line(own["source"][0], int(own["line"][0]), own["raw"][0]) if len(own) else None
