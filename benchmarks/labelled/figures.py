"""Tables and figures of many scored incidents."""

from __future__ import annotations

import math

import polars as pl
from scipy.stats import binomtest

#: Bins of probability for calibration.
BINS = 5
#: Onset intervals narrower than this are sharp, in seconds.
SHARP = 30.0


def mean(values: pl.Series) -> float:
    """The mean; not a number where there is none."""
    found = values.cast(pl.Float64).mean()
    return float(found) if isinstance(found, float) else math.nan


def within(ranks: pl.Series, most: int) -> pl.Series:
    """Whether each place is among the first so many; no place is a miss."""
    return (ranks <= most).fill_null(False)


def judged(rows: pl.DataFrame) -> dict[str, pl.Series]:
    """The figures that are means of a value an incident: by name, the values of those incidents that it is about.

    Parameters
    ----------
    rows : polars.DataFrame
        A row an incident: its ``variant``, whether it is ``visible``, the number of its ``changes``, its ``problem`` if
        it could not be ranked, and what `outcome.outcome` and `outcome.naive` give.
    """
    changed, missing, quiet = (rows.filter(variant=name) for name in ("change", "unrecorded", "quiet"))
    seen, onsets = changed.filter("visible"), rows.filter("visible")
    either = pl.concat([onsets, quiet])
    return {
        "hit1": within(seen["rank"], 1),
        "hit3": within(seen["rank"], 3),
        "change_leads": seen["right"].fill_null(False),
        "jump_hit1": within(seen["jump_rank"], 1),
        "jump_hit3": within(seen["jump_rank"], 3),
        "oracle_hit1": within(seen["oracle_rank"], 1),
        "oracle_hit3": within(seen["oracle_rank"], 3),
        "random_hit1": 1 / seen["changes"],
        "random_hit3": (3 / seen["changes"]).clip(upper_bound=1),
        "all_hit1": within(changed["rank"], 1),
        "unrecorded_first": (missing["leads"] == "unrecorded").fill_null(False),
        "unrecorded_first_visible": (missing.filter("visible")["leads"] == "unrecorded").fill_null(False),
        "quiet_first": (quiet["leads"] == "unrecorded").fill_null(False),
        "quiet_no_onset": (~quiet["claimed"]).fill_null(False),
        "right": rows["right"].fill_null(False),
        "brier": rows["brier"],
        "brier_equal": (1 - 1 / (rows["changes"] + 1)) ** 2,
        "brier_visible": either["brier"],
        "log_loss": rows["log_loss"],
        "log_loss_visible": either["log_loss"],
        "p_truth": rows["p_truth"],
        "onset_found": onsets["claimed"].fill_null(False),
        "onset_cover": onsets["covered"].fill_null(False),
        "onset_cover_claimed": onsets.filter("claimed")["covered"],
        "onset_sharp": onsets["width_s"].drop_nulls() < SHARP,
        "origin1": within(onsets["origin"], 1),
    }


def figures(rows: pl.DataFrame, terms: pl.DataFrame) -> dict[str, float]:
    """All figures by name; `rows` as for `judged`, `terms` a row a candidate with ``probability`` and ``right``."""
    onsets = rows.filter("visible")
    counts = {"cases": len(rows), "failed": int((rows["problem"] != "").sum())}
    return (
        counts
        | {name: mean(values) for name, values in judged(rows).items()}
        | {
            "ece": calibration_error(rows.select("said", "right")),
            "ece_all": calibration_error(terms.select(pl.col("probability").alias("said"), "right")),
            "onset_width_s": median(onsets["width_s"]),
            "onset_off_s": median(onsets["off_s"].abs()),
        }
    )


def median(values: pl.Series) -> float:
    """The median; not a number where there is none."""
    found = values.cast(pl.Float64).median()
    return float(found) if isinstance(found, float) else math.nan


def wilson(count: int, whole: int) -> tuple[float, float]:
    """Between which shares the true one lies in 95 of 100 cases where so many of so many were seen.

    The score interval (E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927).

    Examples
    --------
    >>> low, high = wilson(9, 10)
    >>> round(low, 2), round(high, 2)
    (0.6, 0.98)
    """
    found = binomtest(count, whole).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def bins(pairs: pl.DataFrame) -> pl.DataFrame:
    """What was said and what was true, by bins of what was said.

    Parameters
    ----------
    pairs : polars.DataFrame
        ``said`` (a probability) and ``right``.
    """
    number = (pl.col("said") * BINS).cast(pl.Int64).clip(0, BINS - 1).alias("bin")
    said, true = pl.col("said").mean(), pl.col("right").cast(pl.Float64).mean().alias("true")
    return pairs.drop_nulls().group_by(number).agg(said, true, pl.len().alias("n")).sort("bin")


def calibration_error(pairs: pl.DataFrame) -> float:
    """Mean distance of what was said from what was true, over the bins."""
    found = bins(pairs)
    if not len(found):
        return math.nan
    weighted = (pl.col("said") - pl.col("true")).abs() * pl.col("n")
    return float(found.select(weighted.sum() / pl.col("n").sum()).item())


def by_group(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """A row for each value of a column, and what was found there; shares of visible ones where not said otherwise."""
    seen, rank = pl.col("visible"), pl.col("rank")
    changed, missing = seen & (pl.col("variant") == "change"), pl.col("variant") != "change"

    def share(condition: pl.Expr, among: pl.Expr) -> pl.Expr:
        return condition.fill_null(False).filter(among).cast(pl.Float64).mean().round(2)

    return (
        rows.group_by(column)
        .agg(
            pl.len().alias("n"),
            seen.sum().alias("visible"),
            changed.sum().alias("change"),
            share(rank == 1, changed).alias("hit1"),
            share(rank <= 3, changed).alias("hit3"),
            share(pl.col("right"), changed).alias("leads"),
            (missing & (seen | (pl.col("variant") == "quiet"))).sum().alias("none"),
            share(pl.col("leads") == "unrecorded", missing & (seen | (pl.col("variant") == "quiet"))).alias(
                "none_first"
            ),
            pl.col("p_truth").filter(seen | (pl.col("variant") == "quiet")).mean().round(2).alias("p_truth"),
            share(pl.col("claimed"), seen | (pl.col("variant") == "quiet")).alias("onset"),
            share(pl.col("covered"), seen).alias("covers"),
            pl.col("width_s").filter(seen).median().round(1).alias("width_s"),
            share(pl.col("origin") == 1, seen).alias("origin1"),
        )
        .sort(column)
    )
