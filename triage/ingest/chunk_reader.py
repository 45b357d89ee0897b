"""One chunk of a source to records, counts and notes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from triage.ingest import multiline
from triage.ingest.chunks import Chunk
from triage.ingest.clock import moved
from triage.ingest.crashes import finished
from triage.ingest.decode import lines_of
from triage.ingest.exceptions import exceptions, levelled
from triage.ingest.keeping import NO_TIMES, NOTHING, Each, Kept, as_they_are, extent, traits
from triage.ingest.names import Place
from triage.ingest.plan import Plan
from triage.ingest.schema import RECORDS, conform, empty_records
from triage.ingest.senders import NOTE
from triage.ingest.turns import tally
from triage.ingest.verbose import unfolded


@dataclass(frozen=True)
class ChunkResult:
    """What came of one chunk.

    Attributes
    ----------
    kept : Kept
        Its records, and whatever else was asked for.
    times : polars.Series
        The first and the last time of its records.
    traits : polars.DataFrame or None
        What tells of its records whether other sources have them as well.
    """

    kept: Kept
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    zone_missing: bool = False
    tally: pl.DataFrame | None = None
    times: pl.Series = field(default_factory=lambda: NO_TIMES)
    traits: pl.DataFrame | None = None


@dataclass(frozen=True)
class ChunkReader:
    """Reads one chunk of a source; holds nothing but its plan, so it can be sent to another process."""

    source: str
    plan: Plan
    place: Place
    shift: float = 0.0
    each: Each = as_they_are
    compare: bool = False

    def __call__(self, chunk: Chunk) -> ChunkResult:
        """Records and counts of a chunk."""
        lines = lines_of(chunk.data, chunk.first_line, chunk.offset)
        text = lines.filter(pl.col("status") == "text")
        counts = {"lines": len(lines), "blank": int((lines["status"] == "blank").sum())}
        counts["undecodable"] = len(lines) - len(text) - counts["blank"]
        notes = _byte_notes(lines)
        if not len(text):
            return self._with(empty_records(), ChunkResult(NOTHING, counts, notes))
        done = self.plan.classify(text)
        begins = multiline.starts(done.lines["inner"], done.claimed, done.multiline, done.lines["severity_number"])
        joined = multiline.join(done.lines, begins)
        notes = (*notes, NOTE) if joined["apart"].any() else notes
        joined, found = finished(joined, self.plan.shared)
        records = self._finish(joined)
        counts["continuations"] = len(text) - len(records)
        counts["untimed"] = records["timestamp"].null_count()
        counts["records"] = len(records) - counts["untimed"]
        notes = (*notes, *found, *done.notes)
        if done.year_missing and self.plan.context.not_after:
            last = f"{self.plan.context.not_after:%Y-%m-%d}"
            notes = (*notes, f"times without a year got the latest year that does not put them after {last}")
        turns = tally(done.lines, done.reader, begins, self.plan.names)
        return self._with(records, ChunkResult(NOTHING, counts, notes, done.zone_missing, turns))

    def _with(self, records: pl.DataFrame, result: ChunkResult) -> ChunkResult:
        kept = self.each(records)
        told = traits(kept.records) if self.compare else None
        return replace(result, kept=kept, times=extent(records), traits=told)

    def _finish(self, records: pl.DataFrame) -> pl.DataFrame:
        records = unfolded(multiline.pretty(records, self.plan.context), self.plan.context)
        return conform(
            levelled(exceptions(multiline.levelled_below(records))).with_columns(
                pl.lit(self.source).alias("source"),
                moved(pl.col("timestamp"), self.shift),
                *self.place.columns(),
            ),
            RECORDS,
        )


def _byte_notes(lines: pl.DataFrame) -> tuple[str, ...]:
    """One sentence each for kinds of damage, without counts: counts would differ between ways of cutting."""
    notes = []
    if (lines["replaced"] & (lines["status"] == "text")).any():
        notes.append(
            "some lines are not UTF-8: read as Windows-1252 where that makes sense, else each such byte is shown as "
            "\N{REPLACEMENT CHARACTER}"
        )
    if (lines["zeros"] & (lines["status"] == "text")).any():
        notes.append("runs of zero bytes in some lines were left out: the text beside them was read")
    if (lines["status"] == "undecodable").any():
        notes.append("some lines are not text and were left out, counted as undecodable")
    return tuple(notes)
