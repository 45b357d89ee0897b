"""Discounts for large orders, behind the flag `bulk-discount`.

The fault of a recorded incident is in `discount`: there is a limit more than there are rates, so a cart with pieces
beyond the last limit finds none.
"""

from __future__ import annotations

from bisect import bisect

LIMITS = (2, 3, 5)
RATES = (0.0, 0.02, 0.04)


def discount(amount: int, pieces: int) -> int:
    """Give what is taken off an amount in cents.

    >>> discount(10_000, 2)
    200
    """
    return round(amount * RATES[bisect(LIMITS, pieces)])
