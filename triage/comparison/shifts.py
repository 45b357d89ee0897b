"""Whether the values of a parameter differ between two sets: numbers by a quantile, words by their shares.

Values that follow each other are alike, so single values are no evidence: the time of each set is cut into blocks, and
what is compared is blocks with blocks. How much they differ within a set is how much they may differ by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from triage.comparison.rates import COVERAGE, LEAST_RATIO, ratio_bounds
from triage.onset.bins import Floats, Integers

#: Blocks of the shorter set at most and at least, of both sets together, and fewest values in a block.
BLOCKS, FEWEST_BLOCKS, MOST_BLOCKS, LEAST_VALUES = 32, 5, 200, 5
#: Fewest blocks of a set that are left where several are made one.
FEWEST_MERGED = 4
#: Ratios of values up to this are of no interest.
SAME_VALUE = 1.15
#: What blocks are compared by: names and quantiles.
QUANTILES = (("median", 0.5), ("upper tenth", 0.9))
#: A median with so small a p-value is told, however clear another quantile is.
CLEAR = 1e-3
#: Deviation of blocks' levels, in logarithms, below which none is believed: values are rounded.
LEAST_DEVIATION = 0.03
#: Rank correlation with time in both sets from which on a number goes on from line to line.
COUNTER = 0.7
#: Smallest change of a word's share that is reported, and more different words than this are names.
LEAST_SHARE, MOST_WORDS = 0.10, 12


@dataclass(frozen=True, eq=False)
class Sample:
    """Values of one parameter in one set, in order of time.

    Attributes
    ----------
    value : ndarray
        Numbers, or words.
    place : ndarray of int
        Seconds of covered time before each.
    seconds : float
        Covered time of the set.
    """

    value: Floats
    place: Integers
    seconds: float


@dataclass(frozen=True)
class Shift:
    """How a parameter differs between two sets.

    Attributes
    ----------
    statistic : str
        ``median`` or ``upper tenth`` of numbers; ``share of WORD`` of words.
    a, b : float
        It in each set.
    ratio, low, high : float
        Of B to A, with bounds of 90 %.
    p : float
        P-value, for all that was tried.
    notable : bool
        Whether the difference is large enough to be reported.
    """

    statistic: str
    a: float
    b: float
    ratio: float
    low: float
    high: float
    p: float
    notable: bool


def compare_numbers(a: Sample, b: Sample) -> Shift | None:
    """The quantile that differs most; None where too little is known, or a number goes on from line to line."""
    blocks = _blocks(a, b)
    if blocks is None:
        return None
    # Far above the scale levels are logarithms, so it is that of the set with the smaller values: ratios are true then.
    middles = [float(np.median(np.abs(side.value))) for side in (a, b)]
    scale = (min(middles) or max(middles)) / 10 or 1.0
    found = []
    for name, quantile in QUANTILES:
        levels = [
            _levels(np.arcsinh(side.value / scale), block, quantile) for side, block in zip((a, b), blocks, strict=True)
        ]
        if min(map(len, levels)) < FEWEST_BLOCKS or _counts_on(*levels):
            return None
        value_a, value_b = (float(np.quantile(side.value, quantile)) for side in (a, b))
        most = min(map(len, levels)) // FEWEST_BLOCKS
        tried = [_shift(name, value_a, value_b, *(_merged(part, m) for part in levels)) for m in (1, 2) if m <= most]
        found.append(max(tried, key=lambda shift: shift.p))  # what goes on for long is seen in wide blocks only
    median, best = found[0], min(found, key=lambda shift: shift.p)
    return median if median.notable and median.p <= CLEAR else best


def _blocks(a: Sample, b: Sample) -> tuple[Integers, Integers] | None:
    """The block of each value; blocks are equally wide in both sets."""
    count = min(BLOCKS, min(len(a.value), len(b.value)) // LEAST_VALUES)
    if count < FEWEST_BLOCKS:
        return None
    width = max(min(a.seconds, b.seconds) / count, (a.seconds + b.seconds) / MOST_BLOCKS)
    first, second = ((side.place // width).astype(np.int64) for side in (a, b))
    return first, second


def _levels(value: Floats, block: Integers, quantile: float) -> Floats:
    """The quantile in each block that has values enough, in order of time."""
    names, start, size = np.unique(block, return_index=True, return_counts=True)
    del names
    wanted = size >= LEAST_VALUES
    pairs = zip(start[wanted], size[wanted], strict=True)
    return np.array([np.quantile(value[low : low + many], quantile) for low, many in pairs])


def _counts_on(a: Floats, b: Floats) -> bool:
    """Whether values grow, or fall, with time throughout both sets: a counter, an offset, a time."""
    if any(np.ptp(levels) == 0 for levels in (a, b)):
        return False
    trends = [float(stats.spearmanr(np.arange(len(levels)), levels).statistic) for levels in (a, b)]
    return min(map(abs, trends)) >= COUNTER and trends[0] * trends[1] > 0


def _merged(levels: Floats, count: int) -> Floats:
    """Means of so many levels each."""
    found: Floats = levels[: len(levels) // count * count].reshape(-1, count).mean(axis=1)
    return found


def _shift(name: str, value_a: float, value_b: float, a: Floats, b: Floats) -> Shift:
    """Student's test of levels, beyond a difference of no interest; levels that follow each other count for fewer."""
    likeness = np.average([_following(a), _following(b)], weights=[len(a), len(b)])
    fewer = (1 + likeness) / (1 - likeness)
    free = len(a) + len(b) - 2
    squares = sum(float(((side - side.mean()) ** 2).sum()) for side in (a, b))
    variance = max(squares / free, LEAST_DEVIATION**2) * fewer * (1 / len(a) + 1 / len(b))
    free = max(1.0, free / fewer)
    change, error = float(b.mean() - a.mean()), float(np.sqrt(variance))
    beyond = (abs(change) - np.log(SAME_VALUE)) / error
    p = 2 * float(stats.t.sf(beyond, free)) if beyond > 0 else 1.0
    reach = error * float(stats.t.ppf(0.5 + COVERAGE / 2, free))
    ratio, low, high = (float(np.exp(np.clip(x, -50, 50))) for x in (change, change - reach, change + reach))
    return Shift(
        name, value_a, value_b, ratio, low, high, min(1.0, p * len(QUANTILES)), max(ratio, 1 / ratio) >= LEAST_RATIO
    )


def _following(levels: Floats) -> float:
    """Correlation of each level with the one before; short series show too little of it."""
    left = levels - levels.mean()
    power = float(left @ left)
    found = float(left[1:] @ left[:-1]) / power if power > 0 else 0.0
    return float(np.clip(found + 1 / len(levels), 0.0, 0.8))


def compare_words(a: Sample, b: Sample) -> Shift | None:
    """The word whose share differs most; None where too little is known, or words are too many to be states.

    Pearson's statistic of the words in both sets, over its mean within each set from block to block, has an F
    distribution (quasi-likelihood for counts that vary more than multinomial ones). Its degrees of freedom are those
    of blocks: words within a block vary together.
    """
    words, code = np.unique(np.r_[a.value, b.value], return_inverse=True)
    blocks = _blocks(a, b)
    if blocks is None or not 1 < len(words) <= MOST_WORDS:
        return None
    cut = len(a.value)
    tables = [_table(part, block, len(words)) for part, block in zip((code[:cut], code[cut:]), blocks, strict=True)]
    if min(map(len, tables)) < FEWEST_BLOCKS:
        return None
    free = len(words) - 1
    totals = np.stack([table.sum(axis=0) for table in tables])
    # Words that come in runs show it in wide blocks, of which there are few: the width that allows most counts.
    most = min(map(len, tables)) // FEWEST_MERGED
    tried = [_within(tables, merged, free) for merged in (1, 2, 4, 8) if merged <= max(1, most)]
    chances = [float(stats.f.sf(_pearson(totals) / free / max(1.0, each), free, degrees)) for each, degrees in tried]
    p, within = max(chances), max(1.0, *(each for each, _ in tried))
    shares = totals / totals.sum(axis=1, keepdims=True)
    word = int(np.argmax(np.abs(shares[1] - shares[0])))
    counts, sizes = totals[:, [word]].T, totals.sum(axis=1, keepdims=True).T
    ratio = float((counts[0, 1] + 0.5) / sizes[0, 1] / ((counts[0, 0] + 0.5) / sizes[0, 0]))
    low, high = (float(bound[0]) for bound in ratio_bounds(counts, sizes, np.array([within])))
    notable = abs(shares[1, word] - shares[0, word]) >= LEAST_SHARE
    name = f"share of {words[word]}"
    return Shift(name, float(shares[0, word]), float(shares[1, word]), ratio, low, high, p, bool(notable))


def _table(code: Integers, block: Integers, words: int) -> Floats:
    """How often each word occurs in each block that has values."""
    _, row = np.unique(block, return_inverse=True)
    flat = np.bincount(row * words + code, minlength=(row.max(initial=-1) + 1) * words)
    return flat.reshape(-1, words).astype(np.float64)


def _within(tables: list[Floats], merged: int, free: int) -> tuple[float, float]:
    """Pearson's statistic of the blocks of each set over its degrees of freedom, and these; so many blocks made one."""
    statistic = degrees = 0.0
    for table in tables:
        whole = len(table) // merged * merged
        joined = table[:whole].reshape(-1, merged, table.shape[1]).sum(axis=1)
        statistic += _pearson(joined)
        degrees += len(joined) - 1
    return statistic / max(degrees * free, 1.0), max(degrees, 1.0)


def _pearson(table: Floats) -> float:
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / max(table.sum(), 1.0)
    return float(((table - expected) ** 2 / np.maximum(expected, 1e-9)).sum())
