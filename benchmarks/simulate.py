"""How often the right hypothesis leads, and what its odds are worth, on simulated incidents with known truth.

Incidents are drawn whole from a seed: a system of services, its lines, one fault or none, the changes people recorded,
a symptom. They are ranked in this process, from records or (`--files`, many times slower) from log files, which also
shows what reading costs; or written as incident folders with `--out`.

What is assumed (nothing of it is measured on real incidents, so the figures are worth what the assumptions are):

lines       Requests pass through three to twelve services; who fails makes its callers fail, time out or try again.
            Beside them jobs, and noise with rates of a heavy tail, in groups, by the clock, with errors and warnings of
            its own. Over a quarter of the logs is cut from the recorded sample. Rates wander and follow the day.
faults      `simulation/kinds.py` has the kinds, their shares, and the studies that agree with their order.
delays      From a change to its effect: seconds for most, hours for some; a leak takes tens of minutes.
changes     Up to eight an hour; half of the innocent ones near the onset, often of the same service or its neighbours.
            A third of the faults have no recorded cause: there was no change, or nobody recorded it.
visible     An effect that departs from what was before by 5 standard deviations, for who knows which line to look at.
            Figures are of visible faults where not said otherwise.

The part `fit` is for fitting weights and for looking at what goes wrong. The part `test` is for measuring: nothing is
fitted to it, and its incidents are not looked into. No seed gives an incident of one part in the other.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

import polars as pl

from benchmarks.labelled.checks import by_check, misled
from benchmarks.labelled.figures import bins, by_group, figures, mean
from benchmarks.labelled.outcome import Row
from benchmarks.simulation.folder import write_folder
from benchmarks.simulation.incident import PARTS, draw_incident
from benchmarks.simulation.scoring import Case, score


def scored(cases: Iterable[Case], jobs: int) -> Iterator[tuple[Row, list[Row]]]:
    """Score cases on some processes, in order."""
    if jobs <= 1:
        yield from map(score, cases)
        return
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each process is a thread of work already
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(score, cases, chunksize=4)


def table(frame: pl.DataFrame) -> str:
    """A frame as plain text."""
    with pl.Config(
        tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_column_data_types=True, tbl_hide_dataframe_shape=True,
        tbl_formatting="NOTHING", fmt_str_lengths=60,
    ):  # fmt: skip
        return str(frame)


def show(rows: pl.DataFrame, terms: pl.DataFrame, seconds: float) -> None:
    """Print all tables, and the figures last."""
    strong = pl.col("strength")
    band = (
        pl.when(strong < 8)
        .then(pl.lit("5 to 8"))
        .when(strong < 12)
        .then(pl.lit("8 to 12"))
        .otherwise(pl.lit("over 12"))
    )
    banded = rows.with_columns(pl.when("visible").then(band).otherwise(pl.lit("not visible")).alias("strength"))
    for column in ("fault", "brought_by", "baseline", "strength", "conclusive"):
        print(table(by_group(banded, column)))
    print("calibration of the leading hypothesis, and of all")
    print(table(bins(rows.select("said", "right"))))
    print(table(bins(terms.select(pl.col("probability").alias("said"), "right"))))
    print("weights of the checks, where an onset was found")
    print(table(by_check(terms)))
    print("what puts something else before the truth, where the fault is visible")
    print(table(misled(terms)))
    for row in rows.filter(pl.col("problem") != "").iter_rows(named=True):
        print(f"{row['name']}: {row['problem']}", file=sys.stderr)
    times = {name: mean(rows[name]) for name in ("drawn_s", "ranked_s")}
    values = figures(rows, terms) | times | {"seconds": seconds}
    print("figures: " + " ".join(f"{name}={_short(value)}" for name, value in values.items()))


def _short(value: float) -> str:
    return "nan" if math.isnan(value) else f"{value:.3f}".rstrip("0").rstrip(".")


def main() -> int:
    """Write incidents, or rank them and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=list(PARTS), default="fit", help="which incidents (default: %(default)s)")
    parser.add_argument("--count", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="number of the first (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s)")
    parser.add_argument("--files", action="store_true", help="write logs and read them, instead of ranking records")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write incident folders, and rank nothing")
    parser.add_argument("--terms", type=Path, metavar="FILE.parquet", help="write a row a candidate, with all weights")
    parser.add_argument("--rows", type=Path, metavar="FILE.parquet", help="write a row an incident")
    options = parser.parse_args()
    begin = perf_counter()
    numbers = range(options.first, options.first + options.count)
    if options.out:
        for number in numbers:
            incident = draw_incident(options.part, options.seed, number)
            write_folder(incident, options.out / incident.name)
        return 0
    cases = [Case(options.part, options.seed, number, options.files) for number in numbers]
    found = list(scored(cases, options.jobs))
    rows = pl.DataFrame([row for row, _ in found], infer_schema_length=None)
    terms = pl.DataFrame([row for _, each in found for row in each], infer_schema_length=None)
    if options.terms:
        terms.write_parquet(options.terms)
    if options.rows:
        rows.write_parquet(options.rows)
    show(rows, terms, perf_counter() - begin)
    return 0


if __name__ == "__main__":
    sys.exit(main())
