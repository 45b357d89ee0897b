"""The time that lines cover: that of a set of logs without its holes, and of each service in it.

A rate is lines over time, and the time is that in which lines could have come. Two dumps differ in length, one misses
an hour, a service was collected for a part of it only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triage.onset.bins import Integers

#: A silence of all services is a hole in the set where it is so many times longer than the fourth longest one, and at
#: least this share of the set's time. Without a few others to compare with it is none.
HOLE_TIMES, HOLE_SHARE, HOLES = 5.0, 0.02, 3
#: A service is steady if, of so many equal parts of the set's time, it has lines in at least so many, and in most of
#: those from its first line to its last. A steady one was collected from its first line to its last; another is taken
#: to be silent where it has no lines.
PARTS, STEADY_PARTS, STEADY_SHARE = 64, 16, 0.75
#: What covers so much of the set's time covers all of it.
NEARLY = 0.95


@dataclass(frozen=True, eq=False)
class Cover:
    """Stretches of time, in order and apart from each other, in epoch seconds.

    Attributes
    ----------
    starts, ends : ndarray of int
        Each stretch is ``start <= second < end``.
    """

    starts: Integers
    ends: Integers

    @property
    def seconds(self) -> int:
        """The time in all stretches."""
        return int((self.ends - self.starts).sum())

    def gaps(self, low: int, high: int) -> list[tuple[int, int]]:
        """What is not covered from `low` to `high`: stretches from the one up to but not including the other.

        Examples
        --------
        >>> Cover(np.array([100, 200]), np.array([110, 230])).gaps(90, 230)
        [(90, 100), (110, 200)]
        """
        begins, ends = [low, *self.ends.tolist()], [*self.starts.tolist(), high]
        return [(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end]

    def clipped(self, low: int, high: int) -> Cover:
        """The part from `low` up to but not including `high`."""
        starts, ends = np.maximum(self.starts, low), np.minimum(self.ends, high)
        kept = starts < ends
        return Cover(starts[kept], ends[kept])

    def places(self, seconds: Integers) -> Integers:
        """How much covered time lies before each second; -1 for seconds that are not covered.

        Examples
        --------
        >>> Cover(np.array([100, 200]), np.array([110, 230])).places(np.array([99, 105, 150, 203])).tolist()
        [-1, 5, -1, 13]
        """
        if not len(self.starts):
            return np.full(len(seconds), -1)
        before = np.r_[0, np.cumsum(self.ends - self.starts)]
        stretch = np.searchsorted(self.starts, seconds, side="right") - 1
        inside = (stretch >= 0) & (seconds < self.ends[stretch])
        return np.where(inside, before[stretch] + seconds - self.starts[stretch], -1)


def cover_of(seconds: Integers, low: int, high: int) -> Cover:
    """What a set covers from `low` to `high`, given the seconds in which any line is: all but its holes.

    Examples
    --------
    Two hours of a busy log that lie a day apart:

    >>> busy = np.arange(0, 3600, 4)
    >>> cover_of(np.r_[busy, busy + 86400], 0, 90000).seconds
    7197
    """
    lines = np.unique(seconds)
    points = np.unique(np.r_[low, lines, high - 1])  # nothing at all at an end of a window is a silence like others
    gaps = np.diff(points)
    if len(gaps) <= HOLES:
        return Cover(np.array([low]), np.array([high]))
    usual = np.partition(gaps, -HOLES - 1)[-HOLES - 1]
    hole = np.flatnonzero((gaps > HOLE_TIMES * usual) & (gaps > HOLE_SHARE * (high - low)))
    starts, ends = np.r_[low, points[hole + 1]], np.r_[points[hole] + 1, high]
    held = np.searchsorted(lines, ends) > np.searchsorted(lines, starts)
    return Cover(starts[held], ends[held])


def cover_of_service(seconds: Integers, whole: Cover, known: tuple[int, int]) -> Cover:
    """What a service covers of its set.

    Parameters
    ----------
    seconds : ndarray of int
        Those in which it has lines in the set.
    whole : Cover
        Of the set.
    known : tuple of int
        The seconds of its first and last line, also outside of the set where logs go on there.
    """
    places = whole.places(seconds)
    parts = np.unique(places[places >= 0] * PARTS // max(1, whole.seconds))
    if len(parts) < STEADY_PARTS or len(parts) < STEADY_SHARE * (parts[-1] - parts[0] + 1):
        return whole
    found = whole.clipped(known[0], known[1] + 1)
    return found if found.seconds < NEARLY * whole.seconds else whole
