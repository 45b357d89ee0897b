"""Where the records of each template stand: found once, so that later questions cost what their answer is long."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.ingest.held import Records

#: The order of a template's records; rows that are equal in all of it stay as they were read.
ORDER = ("timestamp", "source", "line")
#: How many stretches of how many rows a sample has: few places to read from, spread over all of a template's time.
STRETCHES, STRETCH = 16, 64


class TemplateRows:
    """The rows of each template's records, the earliest first, and who wrote them.

    Parameters
    ----------
    records : Records
        With ``template_id``.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        scan = records.lazy()
        facts = (
            pl.len().alias("count"),
            pl.col("timestamp").min().alias("first"),
            pl.col("timestamp").max().alias("last"),
        )
        by = ("template_id", "service_name", "host_name")
        self._seen = scan.group_by(by).agg(facts).sort(by, nulls_last=True).collect(engine="streaming")
        counts = self._seen.group_by("template_id", maintain_order=True).agg(pl.col("count").sum(), pl.len())
        self._places = _places(counts, "count")
        self._seen_places = _places(counts, "len")
        sources = scan.select(pl.col("source").drop_nulls().unique().sort()).collect(engine="streaming")["source"]
        # Names as numbers, in their order: texts cost several times the time and memory.
        names = {"template_id": pl.Enum(counts["template_id"]), "source": pl.Enum(sources)}
        keys = scan.select(*(pl.col(name).cast(kind) for name, kind in names.items()), "timestamp", "line")
        self._rows = _in_order(keys.collect(engine="streaming").select("template_id", *ORDER))

    def rows(self, template_id: str) -> pl.Series:
        """Row numbers of a template's records, the earliest first; none for a template that has no records."""
        return self._rows.slice(*self._places.get(template_id, (0, 0)))

    def seen(self, template_id: str) -> pl.DataFrame:
        """``service_name``, ``host_name``, ``count``, ``first``, ``last`` of a template's records."""
        return self._seen.slice(*self._seen_places.get(template_id, (0, 0))).drop("template_id")

    def sample(self, template_id: str) -> pl.Series:
        """Some of a template's rows, from its first to its last: all of few, else stretches of rows close together."""
        rows = self.rows(template_id)
        if len(rows) <= STRETCHES * STRETCH:
            return rows
        begins = [(len(rows) - STRETCH) * n // (STRETCHES - 1) for n in range(STRETCHES)]
        return pl.concat([rows.slice(begin, STRETCH) for begin in begins]).unique(maintain_order=True)

    def gather(self, rows: pl.Series, *columns: str) -> pl.DataFrame:
        """Columns of the records in some rows, in the order of `rows`."""
        order = rows.arg_sort()
        return self._records.take(rows[order], columns)[order.arg_sort()]


def _in_order(keys: pl.DataFrame) -> pl.Series:
    """Row numbers in the order of the columns, the first one first; nulls come last, and equal rows stay as they were.

    Sorting by one column after the other is some ten times as fast as polars, as records come all but in order.
    """
    columns = [_comparable(column) for column in keys.iter_columns()]
    return pl.Series(np.lexsort(columns[::-1]).astype(np.uint32))


def _comparable(column: pl.Series) -> NDArray[np.integer]:
    whole = column.to_physical()
    if whole.null_count():
        whole = whole.cast(pl.Int64).fill_null(np.iinfo(np.int64).max)
    return whole.to_numpy()


def _places(counts: pl.DataFrame, column: str) -> dict[str, tuple[int, int]]:
    """Where the rows of each template begin, and how many they are."""
    begins = counts[column].cum_sum() - counts[column]
    return dict(zip(counts["template_id"], zip(begins, counts[column], strict=True), strict=True))
