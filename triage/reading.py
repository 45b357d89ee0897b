"""From what the user names to records with templates: the part of the way that needs no changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from triage.ingest import Ledger, read_into
from triage.ingest.as_polars import is_frame
from triage.ingest.engine import Cluster, Engine, default_engine
from triage.ingest.engines import opened
from triage.ingest.frames import read_frame
from triage.ingest.held import HELD_BYTES, NUMBER, Held, Records
from triage.ingest.keeping import Kept, extent
from triage.ingest.options import Progress, ReadOptions
from triage.ingest.schema import empty_records
from triage.patterns import Corrections, Outcome, Shaper, corrected_templates, error_records
from triage.patterns.corrections import NONE
from triage.patterns.marks import MARKS
from triage.patterns.shapes import SHAPE
from triage.patterns.template_names import is_muted
from triage.patterns.templates import MOST_SHAPES
from triage.settings import Settings

#: Rows of a frame that are looked at together.
FRAME_ROWS = 100_000


def options_of(settings: Settings, engine: Engine | None = None, progress: Progress | None = None) -> ReadOptions:
    """How logs are read under these settings."""
    how = ReadOptions(
        tz=settings.tz,
        services=settings.services,
        clock=settings.clock,
        read_as=settings.read_as,
        since=settings.since,
        formats=settings.formats,
        progress=progress,
        columns=settings.columns,
    )
    return replace(how, engine=engine) if engine else how


@dataclass(frozen=True)
class Found:
    """What else was found in a chunk of records.

    Attributes
    ----------
    shapes : list of tuple
        Shape and pinned word, and marks, where corrections leave some; the records kept have the place of theirs as
        `NUMBER`.
    counts : list of int
        The records of each.
    count, timed : int
        Records in all, and those of them that have a time.
    times : polars.Series
        Their first and last time.
    """

    shapes: list[tuple[str, ...]]
    counts: list[int]
    count: int
    timed: int
    times: pl.Series


class Each:
    """What is kept of a chunk, found where it is read: the records of the window, and the shapes of all.

    Templates are of all records, so that their ids do not depend on the window.
    """

    def __init__(self, settings: Settings, only_timed: bool) -> None:
        self._settings, self._only_timed = settings, only_timed
        self._shaper = Shaper(settings.corrections)

    def __reduce__(self) -> tuple[type[Each], tuple[Settings, bool]]:
        """Sent to another process without the texts that are remembered here."""
        return Each, (self._settings, self._only_timed)

    def __call__(self, records: pl.DataFrame) -> Kept:
        """The records kept, and the `Found`."""
        place, shapes = self._shaper(records)
        wanted = between(records.with_columns(place.alias(NUMBER)), self._settings)
        if self._only_timed:
            wanted = wanted.filter(pl.col("timestamp").is_not_null())
        timed = len(records) - records["timestamp"].null_count()
        keys, counts = shapes.drop("count").rows(), shapes["count"].to_list()
        return Kept(wanted, Found(keys, counts, len(records), timed, extent(records)))


class Gathered:
    """The records of logs as they come, in memory or beyond it, and their shapes.

    Parameters
    ----------
    only_timed : bool
        Leave out records without a time.
    limit, folder
        See `Held`.
    """

    def __init__(
        self, settings: Settings, only_timed: bool = False, limit: int = HELD_BYTES, folder: Path | None = None
    ) -> None:
        self.count = self.timed = self.inside = 0
        self.times = extent(empty_records())
        self._settings = settings
        self._each = Each(settings, only_timed)
        self._held = Held(limit, folder)
        self._numbers: dict[tuple[str, ...], int] = {}
        self._counts: list[int] = []
        #: What became of each correction; known when the patterns are.
        self.corrected: tuple[Outcome, ...] = ()

    def read(self, logs: Any, engine: Any = None, progress: Progress | None = None, compare: bool = True) -> Ledger:
        """Read paths or a frame.

        Parameters
        ----------
        engine : Engine, distributed.Client, str or None
            Where chunks are read (see `engines.opened`).
        compare : bool
            Whether sources are compared with each other.
        """
        with opened(engine) as where:
            if is_frame(logs):
                found = read_frame(logs, self._settings.zone, self._settings.columns)
                # A frame is here: to send it to a cluster takes longer than to look at it.
                self.add(found.records, None if isinstance(where, Cluster) else where)
                return found.ledger
            how = replace(options_of(self._settings, where, progress), each=self._each)
            before = self.inside

            def fetch(begin: int, count: int) -> pl.DataFrame:
                return self._records().slice(before + begin, count)

            return read_into(self._keep, logs, how, fetch if compare else None)

    def add(self, records: pl.DataFrame, engine: Engine | None = None) -> None:
        """Take records as they are."""
        for kept in (engine or default_engine()).map(self._each, records.iter_slices(FRAME_ROWS)):
            self._keep(kept)

    def _keep(self, kept: Kept) -> None:
        found: Found = kept.found
        self.count, self.timed = self.count + found.count, self.timed + found.timed
        self.inside += kept.rows
        self.times = pl.concat([self.times, found.times])
        numbers = [self._numbers.setdefault(shape, len(self._numbers)) for shape in found.shapes]
        self._counts += [0] * (len(self._numbers) - len(self._counts))
        for number, count in zip(numbers, found.counts, strict=True):
            self._counts[number] += count
        self._held.take(kept, pl.Series(numbers, dtype=pl.UInt32))

    def _records(self) -> Records:
        empty = empty_records().with_columns(pl.lit(None, pl.UInt32).alias(NUMBER))
        return self._held.records(empty)

    def patterns(self) -> tuple[Records, pl.DataFrame]:
        """The records with ``template_id``, and the table of templates."""
        shapes = self._shapes()
        mined, self.corrected = corrected_templates(shapes, self._settings.corrections)
        keys = shapes.drop("count").columns
        ids = shapes.join(mined, on=keys, how="left", maintain_order="left")["template_id"]
        texts = mined.select("template_id", "template").unique().sort("template_id")
        return self._records().with_templates(ids), texts

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of the patterns."""
        if len(self._numbers) <= MOST_SHAPES:
            return ()
        many = f"{len(self._numbers):,} kinds of messages, more than {MOST_SHAPES:,}"
        return (f"there are {many}: words that only a few of them hold were taken for values",)

    def _shapes(self) -> pl.DataFrame:
        """All shapes, in order of their numbers, with ``count``."""
        width = len(next(iter(self._numbers), SHAPE))
        schema = dict.fromkeys((*SHAPE, MARKS)[:width], pl.String)
        table = pl.DataFrame(list(self._numbers), schema=schema, orient="row")
        return table.with_columns(pl.Series("count", self._counts, dtype=pl.UInt64))


def describe_templates(records: pl.LazyFrame, texts: pl.DataFrame, corrections: Corrections = NONE) -> pl.DataFrame:
    """Count, severity, services, first, last, and if it is muted, of each template; the most frequent first."""
    failing = error_records(records).select(pl.col("template_id").unique()).collect(engine="streaming")["template_id"]
    facts = records.group_by("template_id").agg(
        pl.len().cast(pl.UInt64).alias("count"),
        pl.col("severity_number").max(),
        pl.col("severity_text").drop_nulls().mode().sort().first(),
        pl.col("service_name").drop_nulls().unique().sort().alias("services"),
        pl.col("timestamp").min().alias("first"),
        pl.col("timestamp").max().alias("last"),
    )
    return (
        texts.join(facts.collect(engine="streaming"), on="template_id", how="inner")
        .with_columns(
            pl.col("template_id").is_in(failing.implode()).alias("failing"),
            is_muted(corrections.mutes, texts["template"]).alias("muted"),
        )
        .sort(["count", "template_id"], descending=[True, False])
    )


def between(records: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Records not before `since` nor after `until`; untimed ones only where neither is set."""
    if settings.since:
        records = records.filter(pl.col("timestamp") >= settings.since)
    if settings.until:
        records = records.filter(pl.col("timestamp") <= settings.until)
    return records
