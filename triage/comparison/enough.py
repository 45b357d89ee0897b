"""Whether two sets hold enough to tell: how many lines a template of one set only must have to be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from triage.comparison.rates import compare_rates
from triage.onset.bins import Rows

#: Looked for up to so many lines.
MOST = 1 << 20


@dataclass(frozen=True)
class Enough:
    """What two sets can tell.

    Attributes
    ----------
    new, gone : int or None
        Lines that a template must have, in B only and in A only, to be told, where they come evenly; None where no
        number of lines would do.
    most_a, most_b : int
        Lines of the template that has the most of them, in A and in B.
    """

    new: int | None
    gone: int | None
    most_a: int
    most_b: int

    @property
    def tells(self) -> bool:
        """Whether any template of either set has so many lines that it would be told, were it not in the other."""
        return (self.new or MOST) <= self.most_b or (self.gone or MOST) <= self.most_a


def lines_needed(seconds: tuple[int, int], largest_p: float, *, new: bool) -> int | None:
    """How many lines, evenly spread over one set and none in the other, have so small a p-value.

    Parameters
    ----------
    seconds : pair of int
        Covered time of A and B.
    largest_p : float
        What false discovery control allows to the first of all tests.
    new : bool
        Whether the lines are in B, or in A.

    Examples
    --------
    >>> lines_needed((3600, 3600), 1e-3, new=True), lines_needed((36000, 3600), 1e-3, new=True)
    (16, 7)
    >>> lines_needed((3600, 2), 1e-3, new=True) is None
    True
    """
    low, high = 1, 4
    while not _tells(high, seconds, largest_p, new):
        if high > MOST:
            return None
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _tells(middle, seconds, largest_p, new) else (middle, high)
    return high


def _tells(lines: int, seconds: tuple[int, int], largest_p: float, new: bool) -> bool:
    begin, length = (seconds[0], seconds[1]) if new else (0, seconds[0])
    place, count = np.unique(begin + ((np.arange(lines) + 0.5) * length / lines).astype(np.int64), return_counts=True)
    units = pl.DataFrame({"template_id": [""], "service_name": [None]}, schema_overrides={"service_name": pl.String})
    rows = Rows(units, np.zeros(len(place), dtype=np.int64), place, count.astype(np.int64))
    return bool(compare_rates(rows, np.array([seconds], dtype=np.float64), 1.0).p[0] <= largest_p)
