"""How many of some times lie near others."""

from __future__ import annotations

from datetime import timedelta

import polars as pl


def count_near(times: pl.Series, at: pl.Series, within: timedelta) -> pl.Series:
    """How many of `times` lie within so much of each time of `at`, before or after it.

    Examples
    --------
    >>> from datetime import datetime
    >>> times = pl.Series([datetime(2026, 11, 20, 2, minute) for minute in (1, 2, 9)])
    >>> count_near(times, times, timedelta(minutes=1)).to_list()
    [2, 2, 1]
    """
    ordered = times.sort()
    return ordered.search_sorted(at + within, "right") - ordered.search_sorted(at - within, "left")
