"""What fell silent: services, hosts and sources that set A has lines of, and B none to its end.

The silence reaches from the last line to the end of B. If lines came on as they did before, all of them would lie so
early with a chance that follows from their number and how they come in groups. What lines came in by another name is
no silence: pods and files are replaced by others, and as many of one service may stop as begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import polars as pl

from triage.comparison.cover import Cover
from triage.comparison.discovery import family_q_values
from triage.comparison.rates import SAME
from triage.comparison.senders import SENDER, SENDERS, sender_rows, services_of
from triage.onset.bins import Booleans, Floats, Integers, Rows
from triage.onset.dispersion import dispersion_within
from triage.onset.significance import log_p_values
from triage.onset.trial import FEWEST_SECONDS

#: A silence within B lasts for this share of its time at least (files of a dump are not all taken at the same moment),
#: and so many times as long as any before it.
LEAST_SHARE, LONGER = 1 / 8, 2.0
STOPS = pl.Schema(
    {
        **dict.fromkeys(("kind", "name"), pl.String()),
        "services": pl.List(pl.String()),
        **dict.fromkeys(("count_a", "count_b", "silent_seconds"), pl.Int64()),
        "last": pl.Datetime("us", "UTC"),
        **dict.fromkeys(("p_value", "q_value"), pl.Float64()),
    }
)


def find_stops(
    tables: tuple[pl.DataFrame, pl.DataFrame], wholes: Sequence[Cover], traffic: float, max_q: float
) -> pl.DataFrame:
    """Services, hosts and sources that fell silent; of a host or source only what its services do not tell already.

    Parameters
    ----------
    tables : pair of polars.DataFrame
        What `senders.writing` gives for A and B.
    wholes : pair of Cover
        What A and B cover.
    traffic : float
        How many times the lines there are in B.
    max_q : float
        Largest false discovery rate.

    Returns
    -------
    polars.DataFrame
        ``kind`` (``service``, ``host``, ``source``), ``name``, ``services``, ``count_a``, ``count_b``,
        ``silent_seconds`` of covered time, ``last`` (the second of the last line), ``p_value``, ``q_value``.
    """
    rows = sender_rows(tables, wholes)
    seconds = (wholes[0].seconds, wholes[1].seconds)
    lines = _lines(rows, seconds[0])
    last, longest = _last(rows), _longest(rows)
    silent = sum(seconds) - 1 - last
    tested = (lines[:, 0] > 0) & (np.bincount(rows.unit, minlength=len(lines)) >= FEWEST_SECONDS)
    p, some = np.ones(len(lines)), np.flatnonzero(tested & (silent > 0))
    slower = min(1.0, traffic) / SAME
    p[some] = _p_values(rows.only(some), lines[some].sum(axis=1), silent[some], sum(seconds), slower)
    kind = rows.units["kind"].replace_strict({name: k for k, name in enumerate(SENDERS)}, return_dtype=pl.Int64)
    q = np.ones(len(p))
    q[tested] = family_q_values(p[tested], kind.to_numpy()[tested])
    told = (q <= max_q) & (silent >= LEAST_SHARE * seconds[1]) & (silent > LONGER * longest)
    found = rows.units.with_columns(
        *(pl.Series(f"count_{side}", lines[:, k], dtype=pl.Int64) for k, side in enumerate("ab")),
        pl.Series("silent_seconds", silent, dtype=pl.Int64),
        pl.Series("last", _dated(last, wholes), dtype=pl.Datetime("us", "UTC")),
        p_value=pl.Series(p),
        q_value=pl.Series(q),
        told=pl.Series(told),
    )
    return _not_told_already(_not_replaced(found, tables), services_of(tables[0])).select(STOPS.names()).cast(STOPS)


def _lines(rows: Rows, middle: int) -> Integers:
    flat = np.bincount(2 * rows.unit + (rows.second >= middle), weights=rows.count, minlength=2 * len(rows.units))
    found: Integers = flat.reshape(-1, 2).astype(np.int64)
    return found


def _last(rows: Rows) -> Integers:
    found: Integers = rows.second[np.searchsorted(rows.unit, np.arange(len(rows.units)), side="right") - 1]
    return found


def _longest(rows: Rows) -> Integers:
    """The longest silence between lines of each unit."""
    found = np.zeros(len(rows.units), dtype=np.int64)
    same = rows.unit[1:] == rows.unit[:-1]
    np.maximum.at(found, rows.unit[1:][same], np.diff(rows.second)[same])
    return found


def _p_values(rows: Rows, lines: Integers, silent: Integers, whole: int, slower: float) -> Floats:
    """Chance that all lines lie before a silence at the end, were they to come `slower` there."""
    cuts = np.column_stack([np.zeros_like(silent), whole - silent, np.full_like(silent, whole)])
    spread = dispersion_within(rows, cuts[:, [0, 1, 2, 2]])
    share = slower * silent / (whole - silent + slower * silent)
    total = lines.astype(np.float64)
    none = np.zeros(len(total))
    fall: Booleans = np.zeros(len(total), dtype=bool)
    found: Floats = np.exp(log_p_values(none, total, share, fall, none, spread))
    return found


def _dated(last: Integers, wholes: Sequence[Cover]) -> list[datetime]:
    """Places on the joint axis as times."""
    found = []
    for place in last.tolist():
        cover, inside = (wholes[0], place) if place < wholes[0].seconds else (wholes[1], place - wholes[0].seconds)
        ends = np.cumsum(cover.ends - cover.starts)
        stretch = int(np.searchsorted(ends, inside, side="right"))
        found.append(datetime.fromtimestamp(int(cover.ends[stretch] - (ends[stretch] - inside)), UTC))
    return found


def _not_replaced(found: pl.DataFrame, tables: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    """Without hosts and sources of a service of which no more fell silent than began."""
    mains = [services_of(table).select(*SENDER, pl.col("services").list.first().alias("main")) for table in tables]
    begun = mains[1].join(mains[0], on=SENDER, how="anti", nulls_equal=True)
    began = begun.group_by("kind", "main").len("began")
    told = found.filter("told").join(mains[0], on=SENDER, how="left", nulls_equal=True)
    counted = told.with_columns(pl.len().over("kind", "main").alias("stopped"))
    more = counted.join(began, on=["kind", "main"], how="left", nulls_equal=True)
    kept = (pl.col("kind") == "service") | (pl.col("stopped") > pl.col("began").fill_null(0))
    return more.filter(kept)


def _not_told_already(found: pl.DataFrame, wrote: pl.DataFrame) -> pl.DataFrame:
    """Services first; without hosts all of whose services stopped, and sources that these or such hosts wrote."""
    each = found.join(wrote, on=SENDER, how="left", nulls_equal=True)
    services = set(each.filter(pl.col("kind") == "service")["name"])
    hosts = set(each.filter(pl.col("kind") == "host")["name"])
    kept = [
        row["kind"] == "service"
        or not (set(row["services"]) <= services or (row["kind"] == "source" and set(row["hosts"]) <= hosts))
        for row in each.iter_rows(named=True)
    ]
    order = pl.col("kind").replace_strict({name: k for k, name in enumerate(SENDERS)}, return_dtype=pl.Int64)
    return each.filter(pl.Series(kept, dtype=pl.Boolean)).sort(order, "last", "name", nulls_last=True)
