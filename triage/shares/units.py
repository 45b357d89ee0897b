"""What is counted: requests, where lines bear ids of such, else lines; failing ones, and others before and since.

Of many a part is drawn, by a hash of the request's id or of the line's place, so that the same are drawn whatever order
they come in, and so that cohorts that share requests share those drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from triage.ingest.held import Records
from triage.shares.cohorts import Cohort

#: What a unit is: failing, or another one before the first that fails, or since then.
BAD, BEFORE, SINCE = 0, 1, 2
#: Units drawn of each, at most; and lines of a service that are looked at to draw from.
MOST, DRAWN_FROM = {BAD: 1500, BEFORE: 1500, SINCE: 1500}, 400_000
#: Share of failing lines that must bear ids, and fewest other requests, for requests to be counted.
TRACED, FEWEST = 0.8, 20
#: An id that lasts for more than this part of the time, or has more lines, is none of a request.
LONGEST_SHARE, MOST_LINES = 0.25, 500
#: Lines of the same second may be of one thing that happened: so many seconds, so many cases.
SECOND = 1_000_000_000


@dataclass(frozen=True, eq=False)
class Units:
    """What is counted of one cohort.

    Attributes
    ----------
    requests : bool
        Whether they are requests; else lines.
    frame : polars.DataFrame
        ``unit``, ``side``, ``at`` (ns since 1970); drawn from all.
    failing : int
        All failing units among the lines that were looked at, also those that were not drawn.
    """

    cohort: Cohort
    requests: bool
    frame: pl.DataFrame
    failing: int

    def cases(self, side: int) -> int:
        """How many independent cases the units of a side are: each request, or each second with lines."""
        own = self.frame.filter(pl.col("side") == side)
        return len(own) if self.requests else own.select((pl.col("at") // SECOND).n_unique()).item()


def looked_at(
    records: Records, cohorts: Sequence[Cohort], adverse: Sequence[str], muted: Sequence[str]
) -> pl.DataFrame:
    """Lines of the cohorts' services: all, or of services with very many a part.

    Returns
    -------
    polars.DataFrame
        ``row``, ``template_id``, ``service_name``, ``at``, ``request`` (a hash; null without an id), ``place`` (a hash)
        and ``adverse``.
    """
    services = {cohort.service for cohort in cohorts}
    service = pl.col("service_name")
    wanted = service.is_in([name for name in services if name is not None])
    wanted = wanted | service.is_null() if None in services else wanted
    lines = records.lazy().with_row_index("row").filter(wanted, pl.col("timestamp").is_not_null())
    if muted:
        lines = lines.filter(~pl.col("template_id").is_in(list(muted)))
    bad = pl.col("template_id").is_in(list(adverse)).fill_null(False)
    place = pl.col("source").hash(0) ^ pl.col("line").hash(0)
    request = pl.col("trace_id").hash(0)
    counts = lines.group_by("service_name", bad.alias("adverse")).len().collect(engine="streaming")
    counts = counts.with_columns((pl.col("len") // DRAWN_FROM + 1).cast(pl.UInt64).alias("part")).drop("len")
    found = lines.select(
        "row", "template_id", "service_name", pl.col("timestamp").dt.epoch("ns").alias("at"),
        pl.when(pl.col("trace_id").is_not_null()).then(request).alias("request"), place.alias("place"),
        bad.alias("adverse"),
    )  # fmt: skip
    if (counts["part"] > 1).any():
        # Whole requests are left out.
        drawn = found.join(counts.lazy(), on=["service_name", "adverse"], how="left", nulls_equal=True)
        found = drawn.filter(pl.coalesce("request", "place") // 7919 % pl.col("part") == 0).drop("part")
    return found.collect(engine="streaming")


def draw_units(lines: pl.DataFrame, cohort: Cohort) -> Units | None:
    """The units of a cohort; None where there is nothing to compare.

    Parameters
    ----------
    lines : polars.DataFrame
        As `looked_at` gives them.
    """
    own = lines.filter(pl.col("service_name").eq_missing(pl.lit(cohort.service, pl.String)))
    bad = pl.col("template_id").is_in(list(cohort.templates))
    if cohort.since is not None:
        bad = bad & (pl.col("at") >= int(cohort.since.timestamp() * 1_000_000) * 1000)
    own = own.with_columns(bad.fill_null(False).alias("bad"))
    failing = own.filter("bad")
    if not len(failing):
        return None
    if failing["request"].is_not_null().sum() >= TRACED * len(failing):
        requests = _requests(own, failing)
        if len(requests.filter("bad")) and len(requests.filter(~pl.col("bad"))) >= FEWEST:
            return _drawn(requests, cohort, requests=True)
    alone = own.select(
        pl.col("row").cast(pl.UInt64).alias("unit"), "at", "bad", "adverse", pl.col("place").alias("order")
    )
    return _drawn(alone.filter(pl.col("bad") | ~pl.col("adverse")).drop("adverse"), cohort, requests=False)


def _requests(own: pl.DataFrame, failing: pl.DataFrame) -> pl.DataFrame:
    """``unit``, ``at``, ``bad``, ``order`` of requests: those that fail, and those without any failing line."""
    by_request = own.filter(pl.col("request").is_not_null()).group_by("request").agg(
        pl.col("at").min(),
        (pl.col("at").max() - pl.col("at").min()).alias("lasts"),
        pl.len().alias("lines"),
        pl.col("bad").any(),
        pl.col("adverse").any(),
    )  # fmt: skip
    span = own.select(pl.col("at").max() - pl.col("at").min()).item()
    kept = by_request.filter(
        pl.col("lasts") <= LONGEST_SHARE * span, pl.col("lines") <= MOST_LINES, pl.col("bad") | ~pl.col("adverse")
    )
    return kept.select(pl.col("request").alias("unit"), "at", "bad", pl.col("request").alias("order"))


def _drawn(units: pl.DataFrame, cohort: Cohort, *, requests: bool) -> Units | None:
    bad = units.filter("bad")
    if len(bad) in (0, len(units)):
        return None
    begin = bad["at"].min()
    side = pl.when("bad").then(BAD).when(pl.col("at") < begin).then(BEFORE).otherwise(SINCE).alias("side")
    sided = units.with_columns(side)
    parts = [sided.filter(pl.col("side") == each).sort("order", "unit").head(most) for each, most in MOST.items()]
    return Units(cohort, requests, pl.concat(parts).select("unit", "side", "at"), len(bad))
