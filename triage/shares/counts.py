"""How many units of each side have a value, and whether failing ones have it more often than chance brings."""

from __future__ import annotations

import numpy as np
import polars as pl

from triage.onset.bins import Floats
from triage.shares.exact import lifts, log_tail
from triage.shares.units import BAD, BEFORE, SINCE, Units

#: A table whose most extreme outcome is no rarer than this (log) tells nothing, whatever comes out: it is no test
#: (R. E. Tarone, A modified Bonferroni method for discrete data, Biometrics 46, 1990).
TELLING = float(np.log(1e-3))
#: Fewest other units with the key, before or since, to compare with.
FEWEST_OTHERS = 10
#: Others before must be so many, as a share of those since, to be compared with: where errors of daily noise stand near
#: the beginning of the logs, next to none are left.
LEAST_BEFORE = 0.2
#: Half the failing units, each: a value that is frequent in only one of them came with a single burst.
HALVES = ("early", "late")
OTHERS = (("before", BEFORE), ("since", SINCE))


def count_values(units: Units, values: pl.DataFrame) -> pl.DataFrame:
    """A row a value that some failing unit has.

    Returns
    -------
    polars.DataFrame
        ``of``, ``key``, ``value``; for ``bad``, ``before``, ``since`` and the halves ``early`` and ``late`` of the
        failing units how many have the value and, as ``…_all``, how many have the key; ``first`` (the row of the line
        that bears it in the earliest failing unit) and ``mark``, the same for values that the same units have.
    """
    frame = units.frame.with_columns(pl.col("unit").cast(pl.UInt64))
    middle = frame.filter(pl.col("side") == BAD)["at"].median()
    early = pl.col("at") < middle
    sides = {
        "bad": pl.col("side") == BAD, "before": pl.col("side") == BEFORE, "since": pl.col("side") == SINCE,
        "early": (pl.col("side") == BAD) & early, "late": (pl.col("side") == BAD) & ~early,
    }  # fmt: skip
    frame = frame.select("unit", "at", *(where.alias(name) for name, where in sides.items()))
    joined = values.with_columns(pl.col("unit").cast(pl.UInt64)).join(frame, on="unit")
    by = ["of", "key"]
    keyed = joined.unique(["unit", *by]).group_by(by).agg(pl.col(name).sum().alias(f"{name}_all") for name in sides)
    seen = pl.col("unit").filter("bad")
    counted = joined.group_by(*by, "value").agg(
        *(pl.col(name).sum() for name in sides),
        pl.col("row").filter("bad").sort_by(pl.col("at").filter("bad"), seen).first().alias("first"),
        # Wraps around, and does not depend on the order.
        pl.col("unit").hash(1).sum().alias("mark"),
    )  # fmt: skip
    return counted.filter(pl.col("bad") > 0).join(keyed, on=by, nulls_equal=True)


def with_tests(counted: pl.DataFrame, units: Units) -> pl.DataFrame:
    """The same with ``log_p``, ``other``, ``other_all``, ``against``, ``lift``, ``low``, ``high`` and ``lasting``.

    What failing units are compared with is the side, before or since, that differs from them less: what came with the
    time is on both sides since, and what came with the failure alone in none. Rows that cannot tell are left out.
    """
    cases = {name: units.cases(side) / max(1, _size(units, side)) for name, side in (("bad", BAD), *OTHERS)}
    column = {name: counted[name].to_numpy().astype(np.float64) for name in counted.columns if _is_count(name)}
    size, share = column["bad_all"] * cases["bad"], column["bad"] / np.maximum(column["bad_all"], 1)
    worst, most = np.full(len(counted), -np.inf), np.full(len(counted), -np.inf)
    chosen = np.zeros(len(counted), dtype=np.int64)
    others, known = [], []
    sizes = {name: column[f"{name}_all"] * cases[name] for name, _ in OTHERS}
    for place, (name, side) in enumerate(OTHERS):
        other_size = sizes[name]
        other_share = column[name] / np.maximum(column[f"{name}_all"], 1)
        enough = other_size >= (
            np.maximum(FEWEST_OTHERS, LEAST_BEFORE * sizes["since"]) if side == BEFORE else FEWEST_OTHERS
        )
        log_p, least = _tested(share, size, other_share, other_size)
        worse = enough & (log_p >= worst)
        chosen = np.where(worse, place, chosen)
        worst, most = np.where(worse, log_p, worst), np.where(enough, np.maximum(most, least), most)
        known.append(enough)
        others.append((column[name], column[f"{name}_all"], other_share, other_size))
    other, other_all, other_share, other_size = (np.choose(chosen, pair) for pair in zip(*others, strict=True))
    lift, low, high = lifts(share, size, other_share, other_size)
    halves = [column[half] / np.maximum(column[f"{half}_all"], 1) > other_share for half in HALVES]
    names = np.array([name for name, _ in OTHERS])[chosen]
    found = {"log_p": worst, "other": other, "other_all": other_all, "lift": lift, "low": low, "high": high}
    # What is seen for the first time with the failures may have come with the time: others since then must tell.
    fresh = (column["before"] == 0) & ~known[1]
    tested = counted.with_columns(
        *(pl.Series(name, values) for name, values in found.items()),
        pl.Series("against", names.tolist(), dtype=pl.String),
        pl.Series("lasting", halves[0] & halves[1]),
    )
    return tested.filter(pl.Series((most <= TELLING) & np.isfinite(most) & ~fresh))


def _tested(share: Floats, size: Floats, other: Floats, other_size: Floats) -> tuple[Floats, Floats]:
    """Log p-values of shares among so many cases, and the least that there can be with so many in all."""
    drawn, rest = np.floor(size), np.floor(other_size)
    having, elsewhere = np.round(share * drawn), np.round(other * rest)
    total, whole = having + elsewhere, drawn + rest
    log_p = log_tail(having, drawn, total, whole)
    return log_p, log_tail(np.minimum(drawn, total), drawn, total, whole)


def _size(units: Units, side: int) -> int:
    return int((units.frame["side"] == side).sum())


def _is_count(name: str) -> bool:
    return name.removesuffix("_all") in {"bad", *HALVES, *(name for name, _ in OTHERS)}
