"""Where the records of each template stand: found once, so that later questions cost what their answer is long."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

#: The order of a template's records; rows that are equal in all of it stay as they were read.
ORDER = ("timestamp", "source", "line")
#: Rows that are further apart are read apart.
FAR = 1 << 16
#: How many stretches of how many rows a sample has: few places to read from, spread over all of a template's time.
STRETCHES, STRETCH = 16, 64


class TemplateRows:
    """The rows of each template's records, the earliest first, and who wrote them.

    Parameters
    ----------
    records : polars.LazyFrame
        With ``template_id``; its rows are asked for again later, so it must give the same each time.
    """

    def __init__(self, records: pl.LazyFrame) -> None:
        self._records = records
        keys = records.select("template_id", *ORDER, "service_name", "host_name").collect()
        # Names as numbers, in their order: sorting texts costs several times as much.
        named = ("template_id", "source")
        numbered = [pl.col(name).cast(pl.Enum(keys[name].drop_nulls().unique().sort())) for name in named]
        order = pl.arg_sort_by("template_id", *ORDER, nulls_last=True, maintain_order=True)
        self._rows = keys.lazy().with_columns(numbered).select(order.cast(pl.UInt32)).collect().to_series()
        self._seen = (
            keys.lazy()
            .group_by("template_id", "service_name", "host_name")
            .agg(
                pl.len().alias("count"),
                pl.col("timestamp").min().alias("first"),
                pl.col("timestamp").max().alias("last"),
            )
            .sort("template_id", "service_name", "host_name", nulls_last=True)
            .collect()
        )
        counts = self._seen.group_by("template_id", maintain_order=True).agg(pl.col("count").sum(), pl.len())
        self._places = _places(counts, "count")
        self._seen_places = _places(counts, "len")

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
        """Columns of the records in some rows, in the order of `rows`. What lies far between them is not read."""
        if not len(rows):
            return self._records.select(columns).head(0).collect()
        order = rows.arg_sort()
        run = (pl.col("row").diff() > FAR).fill_null(False).cum_sum().alias("run")
        near = rows[order].alias("row").to_frame().with_columns(run).partition_by("run", maintain_order=True)
        found = pl.concat(pl.collect_all([self._run(part["row"], columns) for part in near]))
        return found[order.arg_sort()]

    def _run(self, rows: pl.Series, columns: Sequence[str]) -> pl.LazyFrame:
        """Columns of rows in ascending order."""
        part = self._records.slice(rows[0], rows[-1] - rows[0] + 1)
        return part.select(pl.col(columns).gather(rows - rows[0]))


def _places(counts: pl.DataFrame, column: str) -> dict[str, tuple[int, int]]:
    """Where the rows of each template begin, and how many they are."""
    begins = counts[column].cum_sum() - counts[column]
    return dict(zip(counts["template_id"], zip(begins, counts[column], strict=True), strict=True))
