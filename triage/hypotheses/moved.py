"""The onset moved to other times, beside changes that stay: what checks of time are worked out for, many at once.

All times are seconds from the onset as it was found; an array of shape (changes, moves) has a row for each change and
a column for each time the onset is moved to. A move of 0 is the onset as it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from triage.changes import Change
from triage.hypotheses.facts import Facts

Floats = npt.NDArray[np.float64]
#: Weights of a check, shape (changes, moves), 0 where it says nothing: from changes, facts and moves in seconds.
Moving = Callable[[Sequence[Change], Facts, Floats], Floats]
#: The onset where it was found.
HERE: Floats = np.zeros(1)


def seconds(times: Sequence[datetime], facts: Facts) -> Floats:
    """Times as seconds from the onset."""
    assert facts.onset is not None
    at, unit = facts.onset.at, timedelta(seconds=1)
    return np.array([(time - at) / unit for time in times], dtype=np.float64)


def interval(facts: Facts) -> tuple[float, float]:
    """Where the onset's interval begins and ends."""
    assert facts.onset is not None
    low, high = seconds([facts.onset.earliest, facts.onset.latest], facts)
    return float(low), float(high)


def upto(times: Floats, moments: Floats) -> npt.NDArray[np.int64]:
    """How many of some times, which are in order, lie at or before each moment."""
    return np.searchsorted(times, moments, side="right").astype(np.int64)


def rounded(weights: Floats) -> Floats:
    """Weights to the digits that are shown."""
    return np.round(weights, 3).astype(np.float64, copy=False)


def weights_here(name: str, moving: Moving, changes: Sequence[Change], facts: Facts) -> Floats:
    """Weights for the onset as it was found: those of all changes in reach are worked out together, and once."""
    known = facts.remember(
        ("here", name), lambda: dict(zip(facts.near, moving(facts.near, facts, HERE)[:, 0].tolist(), strict=True))
    )
    missing = [change for change in changes if change not in known]
    if missing:
        known |= dict(zip(missing, moving(missing, facts, HERE)[:, 0].tolist(), strict=True))
    return np.array([known[change] for change in changes])
