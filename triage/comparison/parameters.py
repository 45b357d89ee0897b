"""The parameters of templates in two sets: which are looked at, on what sample, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from triage.comparison.rates import Covers, Rates
from triage.comparison.shifts import LEAST_VALUES, Sample, Shift, compare_numbers, compare_words
from triage.comparison.values import COMPARED, WILDCARD, Place, numbers_of, places_of, values_of
from triage.onset.bins import Booleans
from triage.onset.series import UNIT

#: Fewest lines of a unit in each set, and about how many of them are looked at.
FEWEST_LINES, SAMPLED = 10 * LEAST_VALUES, 2000
#: Most units whose parameters are compared, the most frequent ones: so much time and memory it may take.
MOST_UNITS = 1000
#: Share of a unit's lines that must have a value, for it to be a parameter.
FILLED = 0.9
#: Few different numbers are codes, and compared as words are; whole numbers as large as names are not compared then.
CODES, NAMES_FROM = 8, 1000
_KNUTH, _WORD = 2_654_435_761, 1 << 32


@dataclass(frozen=True)
class ParameterTest:
    """One parameter of one unit, tested."""

    unit: int
    place: Place
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
    samples = [_sample(frame, chosen, which) for which, frame in enumerate(records)]
    tests = [
        ParameterTest(int(row["unit"]), place, shift)
        for row in chosen.iter_rows(named=True)
        for place, shift in _tests(row, [sample.get((row["unit"],)) for sample in samples], covers)
    ]
    return Tried(tuple(tests), len(units))


def _candidates(rates: Rates, templates: pl.DataFrame) -> pl.DataFrame:
    """Units with lines and wildcards enough, the most frequent first."""
    lines = rates.lines.astype(np.int64)
    listed = rates.rows.units.select(UNIT).with_row_index("unit")
    counted = listed.with_columns(pl.Series("lines_0", lines[:, 0]), pl.Series("lines_1", lines[:, 1]))
    kinds = "|".join("\\*" if kind == "*" else kind for kind in sorted(COMPARED))
    filled = templates.filter(pl.col("template").str.contains(f"<(?:{kinds})>"))
    enough = counted.filter(pl.min_horizontal("lines_0", "lines_1") >= FEWEST_LINES)
    found = enough.join(filled.select("template_id", "template"), on="template_id")
    return found.sort(pl.min_horizontal("lines_0", "lines_1"), "unit", descending=[True, False])


def _sample(records: pl.LazyFrame, units: pl.DataFrame, which: int) -> dict[tuple[object, ...], pl.DataFrame]:
    """Records of each unit in order of time: one of so many, picked by their line's number and not by their order."""
    each = ((pl.col(f"lines_{which}") + SAMPLED - 1) // SAMPLED).cast(pl.UInt64)
    wanted = units.select(*UNIT, "unit", each.alias("each"))
    # Multiplied and cut, so that a pattern of lines meets no pattern of the sample (Knuth, TAOCP 3, 6.4).
    scattered = pl.col("line").cast(pl.UInt64) * _KNUTH % _WORD // 4096
    picked = (
        records.join(wanted.lazy(), on=UNIT, nulls_equal=True)
        .filter(pl.col("timestamp").is_not_null(), scattered % pl.col("each") == 0)
        .select("unit", "timestamp", "source", "line", "body")
        .collect()
    )
    return picked.sort("timestamp", "source", "line").partition_by("unit", as_dict=True)


def _tests(row: dict[str, object], samples: list[pl.DataFrame | None], covers: Covers) -> Iterator[tuple[Place, Shift]]:
    """Each parameter of a unit with how it differs, where it can be compared."""
    template, service = str(row["template"]), row["service_name"]
    found = [part for part in samples if part is not None]
    places = places_of(template)
    if len(found) < 2 or not places or not WILDCARD.search(template):
        return
    both = pl.concat(part.with_columns(pl.lit(k).alias("set")) for k, part in enumerate(found))
    values = values_of(both["body"], template)
    seconds = both["timestamp"].dt.epoch("s").to_numpy()
    cover = covers[None if service is None else str(service)]
    second_set = both["set"].to_numpy() == 1
    place = np.where(second_set, cover[1].places(seconds), cover[0].places(seconds))
    for one in places:
        if str(one.number) in values.columns:
            shift = _compare(values[str(one.number)], place, second_set, one, (cover[0].seconds, cover[1].seconds))
            if shift is not None:
                yield one, shift


def _compare(
    texts: pl.Series, place: np.ndarray, second_set: Booleans, one: Place, seconds: tuple[int, int]
) -> Shift | None:
    numbers = numbers_of(texts)
    numeric = numbers.is_not_null().mean() or 0.0
    filled = texts.is_not_null().mean() or 0.0
    if float(numeric) >= FILLED:  # type: ignore[arg-type]
        if one.naming:
            return None
        few = numbers.n_unique() <= CODES + 1
        if few and float(numbers.median() or 0.0) >= NAMES_FROM:  # type: ignore[arg-type]
            return None
        values, compare = (texts, compare_words) if few else (numbers, compare_numbers)
        kept = numbers.is_not_null()
    elif float(filled) >= FILLED and not texts.str.contains(r"\d").any():  # type: ignore[arg-type]
        values, compare, kept = texts, compare_words, texts.is_not_null()
    else:
        return None
    usable = kept.to_numpy() & (place >= 0)
    array = values.to_numpy()
    sides = [usable & ~second_set, usable & second_set]
    samples = [Sample(array[side], place[side], float(time)) for side, time in zip(sides, seconds, strict=True)]
    return compare(*samples) if min(len(sample.value) for sample in samples) else None
