"""Tables and figures of many scored incidents."""

from __future__ import annotations

import math

import polars as pl

#: Bins of probability for calibration.
BINS = 5
#: Onset intervals narrower than this are sharp, in seconds.
SHARP = 30.0


def mean(values: pl.Series) -> float:
    """The mean; not a number where there is none."""
    found = values.cast(pl.Float64).mean()
    return float(found) if isinstance(found, float) else math.nan


def hit(ranks: pl.Series, most: int) -> float:
    """Share of places up to `most`; no place counts as a miss."""
    return mean((ranks <= most).fill_null(False))


def figures(rows: pl.DataFrame, terms: pl.DataFrame) -> dict[str, float]:
    """All figures by name; `rows` as `scoring.score` gives them, `terms` the candidates."""
    changed, missing, quiet = (rows.filter(variant=name) for name in ("change", "unrecorded", "quiet"))
    seen, seen_missing = changed.filter("visible"), missing.filter("visible")
    onsets = rows.filter("visible")
    widths = onsets["width_s"].drop_nulls()
    judged = pl.concat([rows.filter("visible"), quiet])
    return {
        "cases": len(rows),
        "failed": int((rows["problem"] != "").sum()),
        "hit1": hit(seen["rank"], 1),
        "hit3": hit(seen["rank"], 3),
        "change_leads": mean(seen["right"].fill_null(False)),
        "jump_hit1": hit(seen["jump_rank"], 1),
        "jump_hit3": hit(seen["jump_rank"], 3),
        "oracle_hit1": hit(seen["oracle_rank"], 1),
        "random_hit1": mean(1 / seen["changes"]),
        "all_hit1": hit(changed["rank"], 1),
        "unrecorded_first": mean(missing["leads"] == "unrecorded"),
        "unrecorded_first_visible": mean(seen_missing["leads"] == "unrecorded"),
        "quiet_first": mean(quiet["leads"] == "unrecorded"),
        "quiet_no_onset": mean(~quiet["claimed"]),
        "brier": mean(rows["brier"]),
        "brier_visible": mean(judged["brier"]),
        "log_loss": mean(rows["log_loss"]),
        "log_loss_visible": mean(judged["log_loss"]),
        "p_truth": mean(rows["p_truth"]),
        "ece": calibration_error(rows.select("said", "right")),
        "ece_all": calibration_error(terms.select(pl.col("probability").alias("said"), "right")),
        "onset_found": mean(onsets["claimed"]),
        "onset_cover": mean(onsets["covered"]),
        "onset_cover_claimed": mean(onsets.filter("claimed")["covered"]),
        "onset_width_s": float(widths.median()) if len(widths) else math.nan,  # type: ignore[arg-type]
        "onset_sharp": mean(widths < SHARP),
        "origin1": hit(onsets["origin"], 1),
        "drawn_s": mean(rows["drawn_s"]),
        "ranked_s": mean(rows["ranked_s"]),
    }


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
