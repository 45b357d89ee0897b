"""The parameters of templates in two sets: which are looked at, on what sample, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from triage.comparison.rates import Covers, Rates
from triage.comparison.shifts import LEAST_VALUES, Sample, Shift, compare_numbers, compare_words
from triage.onset.samples import sample_lines
from triage.onset.series import UNIT
from triage.patterns.naming import comparable
from triage.patterns.parameters import Parameter, Parameters

#: Fewest lines of a unit in each set, and about how many of them are looked at.
FEWEST_LINES, SAMPLED = 10 * LEAST_VALUES, 2000
#: Most units whose parameters are compared, the most frequent ones: so much time and memory it may take.
MOST_UNITS = 1000


@dataclass(frozen=True)
class ParameterTest:
    """One parameter of one unit, tested."""

    unit: int
    parameter: Parameter
    shift: Shift


@dataclass(frozen=True)
class Tried:
    """All parameters tested, and how many units could have been."""

    tests: tuple[ParameterTest, ...]
    units: int


def compare_parameters(
    records: tuple[pl.LazyFrame, pl.LazyFrame], rates: Rates, templates: pl.DataFrame, covers: Covers
) -> Tried:
    """Test the parameters of the units that have lines enough in both sets.

    Parameters
    ----------
    records : pair of polars.LazyFrame
        Of A and B: ``timestamp``, ``template_id``, ``service_name``, ``body``, ``source``, ``line``.
    rates : Rates
        The units.
    templates : polars.DataFrame
        ``template_id`` and ``template``.
    """
    units = _candidates(rates, templates)
    chosen = units.head(MOST_UNITS)
    samples = [
        sample_lines(frame, chosen.with_columns(pl.col(f"lines_{which}").alias("lines")), SAMPLED)
        for which, frame in enumerate(records)
    ]
    tests = [
        ParameterTest(int(row["unit"]), parameter, shift)
        for row in chosen.iter_rows(named=True)
        for parameter, shift in _tests(row, [sample.get((row["unit"],)) for sample in samples], covers)
    ]
    return Tried(tuple(tests), len(units))


def _candidates(rates: Rates, templates: pl.DataFrame) -> pl.DataFrame:
    """Units with lines and wildcards enough, the most frequent first."""
    lines = rates.lines.astype(np.int64)
    listed = rates.rows.units.select(UNIT).with_row_index("unit")
    counted = listed.with_columns(pl.Series("lines_0", lines[:, 0]), pl.Series("lines_1", lines[:, 1]))
    filled = templates.filter(pl.col("template").str.contains("<[A-Z*]"))
    enough = counted.filter(pl.min_horizontal("lines_0", "lines_1") >= FEWEST_LINES)
    found = enough.join(filled.select("template_id", "template"), on="template_id")
    return found.sort(pl.min_horizontal("lines_0", "lines_1"), "unit", descending=[True, False])


def _tests(
    row: dict[str, object], samples: list[pl.DataFrame | None], covers: Covers
) -> Iterator[tuple[Parameter, Shift]]:
    """Each parameter of a unit with how it differs, where it can be compared."""
    found = [part for part in samples if part is not None]
    if len(found) < 2:
        return
    both = pl.concat(part.with_columns(pl.lit(k).alias("set")) for k, part in enumerate(found))
    known = Parameters.of(str(row["template"]), both["body"])
    values = known.table(both["body"])
    second_set = both["set"].to_numpy() == 1
    covered = covers[None if row["service_name"] is None else str(row["service_name"])]
    seconds = both["timestamp"].dt.epoch("s").to_numpy()
    place = np.where(second_set, covered[1].places(seconds), covered[0].places(seconds))
    for one in known.columns:
        if (texts := comparable(one, known.template.slots[one.slot], values[one.name])) is None:
            continue
        usable = texts.is_not_null().to_numpy() & (place >= 0)
        array = texts.to_numpy()
        samples_of = [
            Sample(array[side], place[side], float(cover.seconds))
            for side, cover in zip((usable & ~second_set, usable & second_set), covered, strict=True)
        ]
        compare = compare_numbers if texts.dtype == pl.Float64 else compare_words
        if min(len(sample.value) for sample in samples_of) and (shift := compare(*samples_of)):
            yield one, shift
