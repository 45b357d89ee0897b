"""At which shift of time two sources are busy together: the cross-correlation of their counts per bin of time.

Counts are made stationary first (square root, a moving mean taken away, outliers clipped) and each series is whitened
by an autoregression of its own, for two series that each go in waves correlate at some lag whatever they are (Box and
Jenkins, Time Series Analysis, "prewhitening"). How far values spread over all lags says how large one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

SECOND = 1_000_000_000
#: Widths of a bin in seconds, each a part of a quarter of an hour; the first that needs no more than so many bins.
WIDTHS, MOST_BINS = (2, 5, 10, 15, 20, 30, 60, 150, 300), 8192
#: Least records, bins from the first to the last, and bins that are not empty, of a source that is compared.
LEAST_RECORDS, LEAST_BINS, LEAST_BUSY = 100, 60, 30
#: The moving mean's length in bins, the order of the autoregression, and where outliers are clipped, in deviations.
WAVE, ORDER, CLIP = 90, 8, 4.0
#: Zones lie so far apart at most, and whole quarters of an hour; smaller shifts than half an hour do not occur.
FURTHEST, QUARTER, LEAST_SHIFT = 14 * 3600, 900, 1800
#: Overlap that a lag needs, as a share of the shorter source.
OVERLAP = 0.4
#: The best lag must stand out: so many deviations of all lags, a correlation of so much, and so much above the best
#: lag elsewhere. Half the overlap alone must show this share of it.
DEVIATIONS, CORRELATION, ABOVE, HALF = 6.0, 0.15, 1.4, 0.5


@dataclass(frozen=True)
class Profile:
    """How busy a source is over time, whitened; `start` is the number of its first bin since 1970."""

    start: int
    values: Array


@dataclass(frozen=True)
class Match:
    """The shift at which one source follows another best.

    Attributes
    ----------
    shift : int
        Seconds that the first is ahead: 0, or whole quarters of an hour.
    correlation, unshifted : float
        At that shift, and without one (0 where they do not overlap then).
    """

    shift: int
    correlation: float
    unshifted: float


def width_for(times: Sequence[Times]) -> int:
    """The bin width in seconds for sources that are compared with each other."""
    longest = max((int(each.max() - each.min()) // SECOND for each in times if len(each)), default=0)
    return next((width for width in WIDTHS if longest / width <= MOST_BINS), WIDTHS[-1])


def profile(times: Times, width: int) -> Profile | None:
    """How busy a source is; None if it has too little to compare.

    Parameters
    ----------
    times : numpy.ndarray of int64
        Nanoseconds since 1970, in any order.
    width : int
        Seconds in a bin.
    """
    if len(times) < LEAST_RECORDS:
        return None
    bins = times // (width * SECOND)
    start = max(int(bins.min()), int(bins.max()) - MOST_BINS + 1)
    counts = np.bincount(bins[bins >= start] - start).astype(np.float64)
    if len(counts) < LEAST_BINS or np.count_nonzero(counts) < LEAST_BUSY:
        return None
    return Profile(start, _whitened(_stationary(counts)))


def _stationary(counts: Array) -> Array:
    roots = 2 * np.sqrt(counts + 0.375)  # a count's deviation grows with it, its root's does not (Anscombe 1948)
    wave = min(WAVE, len(roots) // 4)
    sums = np.concatenate(([0.0], np.cumsum(roots)))
    low = np.maximum(np.arange(len(roots)) - wave, 0)
    high = np.minimum(np.arange(len(roots)) + wave + 1, len(roots))
    left: Array = roots - (sums[high] - sums[low]) / (high - low)
    spread = float(np.median(np.abs(left))) * 1.4826 or float(left.std())
    return left.clip(-CLIP * spread, CLIP * spread)


def _whitened(values: Array) -> Array:
    """What an autoregression of the series does not foretell (Yule and Walker's equations)."""
    values = values - values.mean()
    size = len(values)
    power = np.array([values[: size - lag] @ values[lag:] for lag in range(ORDER + 1)]) / size
    if power[0] <= 0:
        return values
    table = power[np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))]
    weights = np.linalg.solve(table + 1e-6 * power[0] * np.eye(ORDER), power[1:])
    foretold = np.zeros(size)
    for lag, weight in enumerate(weights, 1):
        foretold[lag:] += weight * values[: size - lag]
    rest = values - foretold
    deviation = float(rest.std())
    return rest / deviation if deviation > 0 else rest


def match(one: Profile, other: Profile, width: int) -> Match | None:
    """The shift at which one source follows another; None if none stands out."""
    lags, correlation, score = _scores(one, other, width)
    if len(lags) < LEAST_BINS:
        return None
    best = int(np.argmax(score))
    seconds = int(lags[best]) * width
    shift = round(seconds / QUARTER) * QUARTER
    near = np.abs(lags - lags[best]) * width <= max(3 * width, 30)
    elsewhere = float(score[~near].max(initial=0.0))
    stands_out = score[best] >= DEVIATIONS and correlation[best] >= CORRELATION and score[best] >= ABOVE * elsewhere
    if not stands_out or abs(seconds - shift) > max(width, 10) or 0 < abs(shift) < LEAST_SHIFT:
        return None
    if not _in_both_halves(one, other, int(lags[best]), float(correlation[best])):
        return None
    zero = np.flatnonzero(np.abs(lags) * width <= max(width, 10))
    unshifted = float(correlation[zero].max(initial=0.0)) if len(zero) else 0.0
    return Match(shift, float(correlation[best]), unshifted)


def _scores(one: Profile, other: Profile, width: int) -> tuple[npt.NDArray[np.int64], Array, Array]:
    """Lags in bins (the first source is so far ahead), the correlation at each, and it in deviations of all."""
    x, y = one.values, other.values
    size = 1 << int(len(x) + len(y) - 1).bit_length()

    def cross(a: Array, b: Array) -> Array:
        found: Array = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
        return np.concatenate((found[size - len(b) + 1 :], found[: len(a)]))

    together = cross(np.ones(len(x)), np.ones(len(y)))
    products, power = cross(x, y), cross(x * x, np.ones(len(y))) * cross(np.ones(len(x)), y * y)
    lags = np.arange(-len(y) + 1, len(x)) + one.start - other.start
    least = max(LEAST_BINS, OVERLAP * min(len(x), len(y)))
    kept = (together >= least - 0.5) & (np.abs(lags) * width <= FURTHEST + QUARTER) & (power > 1e-9)
    correlation = products[kept] / np.sqrt(power[kept])
    raw = correlation * np.sqrt(together[kept])
    spread = float(np.median(np.abs(raw))) * 1.4826 if len(raw) else 1.0
    return lags[kept], correlation, raw / max(spread, 1.0)


def _in_both_halves(one: Profile, other: Profile, lag: int, correlation: float) -> bool:
    """Whether what is found is not the work of a single moment."""
    shift = lag - one.start + other.start
    begin, end = max(0, shift), min(len(one.values), len(other.values) + shift)
    middle = (begin + end) // 2
    for low, high in ((begin, middle), (middle, end)):
        x, y = one.values[low:high], other.values[low - shift : high - shift]
        power = float(np.sqrt((x @ x) * (y @ y)))
        if power <= 0 or float(x @ y) / power < HALF * correlation:
            return False
    return True
