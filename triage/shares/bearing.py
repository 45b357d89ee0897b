"""Which units bear which values: those of their own lines, and of a request's lines in other services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from triage.ingest.held import Records
from triage.patterns.keys import WHOSE, kind_of
from triage.shares.pairs import pairs_of
from triage.shares.units import Units

#: What is read of a line.
COLUMNS = ("body", "attributes", "template_id", "host_name", "source", "service_name", "exception_type")
#: Values are names of things up to this many different ones, or this share of the units that have any.
NAMES, NEARLY_UNIQUE = 20, 0.5
#: Where there are more, they are tried without what tells single ones apart: what follows a question mark, numbers.
_QUERY, _NUMBERS = r"\?\S*", r"[0-9a-fA-F]*[0-9][0-9a-fA-F]*"
#: Lines of a drawn request that are read, at most: the first of each kind from each source.
MOST_LINES = 40


def read_values(
    records: Records, found: Sequence[Units], templates: Mapping[str, str], adverse: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Values of the drawn requests, and of the drawn lines.

    Of a request's failing lines only what tells whose they are counts: from where in the code they come, and what they
    say of the outcome, is what makes the request a failing one.

    Parameters
    ----------
    adverse : sequence of str
        Templates of failing lines.

    Returns
    -------
    two polars.DataFrame
        ``unit``, ``of`` (the service whose lines bear it), ``key``, ``value``, ``row`` (the first line that does).
    """
    requests = _ids(found, requests=True)
    rows = _ids(found, requests=False)
    lines = [_lines_of(records, requests), _lines_at(records, rows)]
    both = pl.concat([part.drop("unit") for part in lines]).unique("row")
    pairs = pairs_of(both, templates)
    telling = [key for key in pairs["key"].unique() if kind_of(key) == WHOSE]
    failing = both.filter(pl.col("template_id").is_in(list(adverse))).select("row")
    plain = pl.concat(
        [
            pairs.filter(pl.col("key").is_in(telling)),
            pairs.filter(~pl.col("key").is_in(telling)).join(failing, on="row", how="anti"),
        ]
    )
    return _borne(lines[0], plain), _borne(lines[1], pairs)


def _borne(lines: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """``unit``, ``of``, ``key``, ``value``, ``row`` of lines that belong to units, in their order.

    Of several values under a key the unit's first counts. A request that fails is tried again, elsewhere: it would have
    more of any value than one that does not.
    """
    ordered = lines.lazy().select("unit", "row", pl.col("service_name").alias("of")).with_row_index("place")
    joined = ordered.join(pairs.lazy(), on="row").sort("place", "value")
    first = joined.unique(["unit", "of", "key"], keep="first", maintain_order=True)
    return first.select("unit", "of", "key", "value", "row").collect()


def _ids(found: Sequence[Units], *, requests: bool) -> pl.Series:
    frames = [units.frame["unit"].cast(pl.UInt64) for units in found if units.requests == requests]
    return pl.concat(frames).unique().sort() if frames else pl.Series("unit", [], dtype=pl.UInt64)


def _lines_of(records: Records, requests: pl.Series) -> pl.DataFrame:
    """The lines of requests in all services."""
    wanted = requests.to_frame("unit").lazy()
    lines = records.lazy().with_row_index("row").filter(pl.col("trace_id").is_not_null())
    if not len(requests):
        lines = lines.head(0)
    lines = lines.select("row", "timestamp", *COLUMNS, pl.col("trace_id").hash(0).alias("unit"))
    read = lines.join(wanted, on="unit", how="semi").collect(engine="streaming").sort("unit", "timestamp", "row")
    read = read.unique(["unit", "template_id", "source"], keep="first", maintain_order=True)
    return read.filter(pl.int_range(pl.len()).over("unit") < MOST_LINES).select("row", *COLUMNS, "unit")


def _lines_at(records: Records, rows: pl.Series) -> pl.DataFrame:
    read = records.take(rows, COLUMNS)
    return read.select(rows.cast(pl.UInt32).alias("row"), *COLUMNS, rows.alias("unit"))


def comparable(values: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Values that can be compared, and the keys left out: what tells nearly every unit apart is shared by none.

    Where a key has many values, they count also without what tells single ones apart.

    Examples
    --------
    >>> paths = pl.DataFrame({"unit": range(90), "value": [f"/cart/{n}?q=x" for n in range(90)]})
    >>> paths = paths.select("unit", of=pl.lit("web"), key=pl.lit("path"), value="value", row="unit")
    >>> kept, left_out = comparable(paths)
    >>> kept["value"].unique().to_list(), len(left_out)
    (['/cart/<NUM>'], 0)
    """
    by = ["of", "key"]
    counts = _counts(values)
    names = counts.filter(pl.col("value") <= pl.max_horizontal(pl.lit(NAMES), NEARLY_UNIQUE * pl.col("unit")))
    many = counts.filter(pl.col("value") > NAMES)
    plain = pl.col("value").str.replace_all(_QUERY, "").str.replace_all(_NUMBERS, "<NUM>")
    rest = values.join(many, on=by, how="semi", nulls_equal=True).with_columns(plain)
    # A number alone, or an address, says nothing without its numbers.
    rest = rest.filter(pl.col("value").str.replace_all("<NUM>", "", literal=True).str.contains(r"\p{L}"))
    rest = rest.group_by("unit", *by, "value").agg(pl.col("row").min()).select(values.columns)
    fewer = _counts(rest).join(many, on=by, nulls_equal=True, suffix="_all")
    fewer = fewer.filter(pl.col("value") <= NEARLY_UNIQUE * pl.col("value_all"))
    kept = [
        values.join(names, on=by, how="semi", nulls_equal=True),
        rest.join(fewer, on=by, how="semi", nulls_equal=True),
    ]
    left_out = counts.join(names, on=by, how="anti", nulls_equal=True).join(fewer, on=by, how="anti", nulls_equal=True)
    return pl.concat(kept).unique(["unit", *by, "value"], keep="first", maintain_order=True), left_out.select(by).sort(
        by
    )


def _counts(values: pl.DataFrame) -> pl.DataFrame:
    """Different values, and units that have any, of each key."""
    return values.group_by("of", "key").agg(pl.col("value").n_unique(), pl.col("unit").n_unique())
