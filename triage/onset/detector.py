"""What a detector is, and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from triage.onset.bins import Booleans, Floats, Integers
from triage.onset.intervals import Interval


@dataclass(frozen=True, eq=False)
class Claims:
    """The changes to be told apart; arrays of one entry a change.

    Attributes
    ----------
    rise : ndarray of bool
        Whether the rate went up.
    lasts : ndarray of bool
        Whether the change lasts to the end of the window.
    before, after : ndarray
        Lines before the change, and from then until it ends.
    seen_before, seen_after : ndarray of bool
        Whether the unit has lines before or after the window, where these are not counted.
    """

    rise: Booleans
    lasts: Booleans
    before: Floats
    after: Floats
    seen_before: Booleans
    seen_after: Booleans


@dataclass(frozen=True, eq=False)
class Context:
    """One change to be dated; times are seconds from the start of the grid, where not said otherwise.

    Attributes
    ----------
    second, count : ndarray of int
        The unit's lines: seconds with lines, and how many.
    first_ns, last_ns : int
        Exact times of the unit's first and last line, in nanoseconds from the start of the grid.
    searched : int
        The second from which on a change may be.
    start, stop : int
        The change as the scan found it, and its end.
    lasts, silent, rise : bool
        Whether the change lasts to the end of the grid, whether there are no lines from start to stop, and whether the
        rate went up.
    dispersion : float
        Variance over mean of the counts.
    coverage : float
        Wanted of the interval.
    """

    second: Integers
    count: Integers
    first_ns: int
    last_ns: int
    searched: int
    start: int
    stop: int
    lasts: bool
    silent: bool
    rise: bool
    dispersion: float
    coverage: float


Dating = Callable[[Context], Interval]


@dataclass(frozen=True)
class Detector:
    """A kind of onset.

    Attributes
    ----------
    kind : str
        Its name.
    claims : callable
        Given `Claims`, an array of bool: which of the changes are of this kind.
    date : callable
        Given a `Context`, the time of the change.
    """

    kind: str
    claims: Callable[[Claims], Booleans]
    date: Dating
