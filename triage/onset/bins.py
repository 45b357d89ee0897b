"""Units on a grid of time: bins whose width fits the window, as rows (few numbers) and as dense blocks (fast to scan).

Where logs have a gap, a bin's time would be that in which lines could have come: `Bins.edges` is all that a scan knows
of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from triage.errors import UsageError
from triage.onset.series import SECOND, UNIT, Series, Window

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

#: Most bins of a scan. A day has bins of 85 s then; onsets are dated to the second afterwards.
MOST_BINS = 1024
#: Cells of a dense block: bounds memory, and a few such arrays stay in a processor's cache.
BLOCK_CELLS = 1 << 18


@dataclass(frozen=True)
class Bins:
    """Bins of equal width, a whole number of seconds; the last one may be shorter.

    Attributes
    ----------
    start : int
        Epoch second of the first edge.
    seconds : int
        From the first edge to the last.
    width : int
        Seconds of a bin.
    quiet : int
        Seconds at the start in which no change is looked for: the baseline, or else the first bin.
    baseline : bool
        Whether `quiet` is a baseline that was given, in which rates are those before a change.
    ends : bool
        Whether a rise that ends is told by its end where that says far more: of normal work it is news that it stops.
    """

    start: int
    seconds: int
    width: int
    quiet: int
    baseline: bool = False
    ends: bool = False

    @property
    def count(self) -> int:
        """Number of bins."""
        return -(-self.seconds // self.width)

    @property
    def searched(self) -> int:
        """Index of the first bin in which a change may begin."""
        return max(1, -(-self.quiet // self.width))

    @property
    def edges(self) -> Floats:
        """Seconds from `start` to each edge: `count` + 1 of them."""
        return np.minimum(np.arange(self.count + 1) * self.width, self.seconds).astype(np.float64)


def make_bins(window: Window, baseline: Window | None = None, most: int = MOST_BINS) -> Bins:
    """Bins of a window; with a baseline they begin with it.

    Raises
    ------
    UsageError
        If the baseline has no time within the window, or leaves none after it.
    """
    start, end = window.start_ns // SECOND, -(-window.end_ns // SECOND)
    if baseline is None:
        width = _width(end - start, most)
        return Bins(start, end - start, width, width)
    low, high = max(start, baseline.start_ns // SECOND), min(end, -(-baseline.end_ns // SECOND))
    if low >= high or high >= end:
        raise UsageError(
            f"baseline: {baseline.start} to {baseline.end} does not leave time both in it and after it: "
            f"wanted a part of {window.start} to {window.end} that ends before the trouble"
        )
    return Bins(low, end - low, _width(end - low, most), high - low, True)


def _width(seconds: int, most: int) -> int:
    return max(1, -(-seconds // most))


@dataclass(frozen=True, eq=False)
class Rows:
    """Counts per second of units, in order of unit and second.

    Attributes
    ----------
    units : polars.DataFrame
        ``template_id``, ``service_name``, ``first``, ``last``: a row a unit that has lines on the grid.
    unit, second, count : ndarray of int
        Index of the unit, seconds since the grid's start, lines: one entry for each second with lines.
    """

    units: pl.DataFrame
    unit: Integers
    second: Integers
    count: Integers

    def of(self, unit: int) -> tuple[Integers, Integers]:
        """Seconds and counts of one unit."""
        low, high = np.searchsorted(self.unit, (unit, unit + 1))
        return self.second[low:high], self.count[low:high]

    def only(self, units: Integers) -> Rows:
        """Some of the units (in ascending order), numbered anew."""
        number = np.full(len(self.units), -1, dtype=np.int64)
        number[units] = np.arange(len(units))
        kept = number[self.unit] >= 0
        return Rows(self.units[units], number[self.unit[kept]], self.second[kept], self.count[kept])


def make_rows(series: Series, bins: Bins) -> Rows:
    """The units that have lines on the grid."""
    relative = (pl.col("second") - bins.start).alias("second")
    inside = series.counts.with_columns(relative).filter(pl.col("second").is_between(0, bins.seconds, closed="left"))
    # The rows of a unit stand together: it begins where a name is another than in the row before.
    other = [pl.col(name).ne_missing(pl.col(name).shift()) for name in UNIT]
    begins = inside.select((pl.any_horizontal(other) | (pl.int_range(pl.len()) == 0)).alias("begins"))["begins"]
    numbered = inside.with_columns((begins.cum_sum().cast(pl.Int64) - 1).alias("unit"))
    units = inside.select(UNIT).filter(begins)
    extent = units.join(series.extent, on=UNIT, how="left", nulls_equal=True, maintain_order="left")
    columns = (numbered[name].cast(pl.Int64).to_numpy() for name in ("unit", "second", "count"))
    return Rows(extent.select(*UNIT, "first", "last"), *columns)


def dense_blocks(rows: Rows, bins: Bins) -> Iterator[Floats]:
    """Counts in bins, shape (units, bins), a block of units at a time.

    Whole numbers, as floats because logarithms are what becomes of them.
    """
    size = max(1, BLOCK_CELLS // max(1, bins.count))
    for low in range(0, len(rows.units), size):
        high = min(low + size, len(rows.units))
        begin, end = np.searchsorted(rows.unit, (low, high))
        cell = (rows.unit[begin:end] - low) * bins.count + rows.second[begin:end] // bins.width
        weights = rows.count[begin:end].astype(np.float64)
        flat = np.bincount(cell, weights=weights, minlength=(high - low) * bins.count)
        yield flat.reshape(high - low, bins.count).astype(np.float64, copy=False)
