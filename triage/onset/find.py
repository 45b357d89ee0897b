"""Onsets: which units changed their rate, when, by how much, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from triage.errors import UsageError
from triage.onset.against import find_changes
from triage.onset.bins import make_bins, make_rows
from triage.onset.frame import ONSETS, describe
from triage.onset.series import Series, Window


@dataclass(frozen=True, eq=False)
class Onsets:
    """Onsets found, and what they were found among.

    Attributes
    ----------
    frame : polars.DataFrame
        A row an onset, by time: ``template_id``, ``service_name``, ``kind``; ``shape`` (``step``, ``ramp``, and
        ``burst`` or ``lull``, which end); ``at``, ``earliest``, ``latest``, ``until`` (end of a change that did not
        last, else null); ``before`` and ``after`` with ``_low`` and ``_high`` (lines per minute, and bounds of 90 %);
        ``llr`` (log-likelihood ratio in nats, over the dispersion), ``dispersion``, ``p_value``, ``q_value``;
        ``count_before``, ``count_after``. For kinds that are not of rates ``part_before`` and ``part_after`` are a
        share of requests or lines, or the median of a quantity (of durations in seconds); ``given`` is the template
        of the line that comes before it in requests, or that it takes its part from; ``parameter`` is what the lines
        say that changed, ``part_unit`` is ``s`` for a duration whose unit is known, and ``shown`` are the first lines
        that show it (``source``, ``line``). ``rhythm`` is the cycle (``hour``, ``day``, ``week``) along which a
        rate was compared: that before is then the usual one at the same time of other periods.
    tested : int
        Units tested: all that have lines in the window.
    max_q : float
        False discovery rate that was asked for.
    followed : mapping
        How many units follow a rhythm and were compared with the same time of other periods, by its name (``hour``,
        ``day``, ``week``).
    weekends : float or None
        Rate of all lines on weekends, where that of other days is 1, if they have a level of their own.
    """

    frame: pl.DataFrame
    tested: int
    max_q: float
    followed: Mapping[str, int] = field(default_factory=dict)
    weekends: float | None = None

    @property
    def expected_false(self) -> float:
        """How many of the onsets are false alarms, to be expected: at most their share of the q-values of their kind.

        That is `max_q` of those with a q-value up to it, and of the others (failing lines that begin together) as much
        as the largest q-value among them.
        """
        q = self.frame["q_value"]
        sure, others = q.filter(q <= self.max_q), q.filter(q > self.max_q)
        return self.max_q * len(sure) + len(others) * float(others.max() or 0.0)  # type: ignore[arg-type]


def find_onsets(
    series: Series,
    window: Window,
    *,
    baseline: Window | None = None,
    coverage: float = 0.90,
    max_q: float = 0.05,
    min_effect: float = 1.5,
    ends: bool = False,
) -> Onsets:
    """Find the units whose rate changed.

    Parameters
    ----------
    series : Series
        Counts and extents of all units.
    window : Window
        The time of the logs: silence within it counts.
    baseline : Window, optional
        A time known to be normal: rates before a change are measured in it, and changes are looked for after it.
    coverage : float
        Probability that an interval holds the true time of its onset.
    max_q : float
        Largest false discovery rate (see `significance.q_values`).
    min_effect : float
        Smallest ratio of the larger rate to the smaller one.
    ends : bool
        Tell a rise that ends by its end where that says far more, as of normal work that began soon after the logs did.

    Raises
    ------
    UsageError
        If the baseline leaves nothing to search, or a number is out of its range.

    Notes
    -----
    One onset a unit, the most telling. Units that follow the hour, the day or the week are compared with the same time
    of other periods, in windows that hold enough of them (see `cycles`). What no single window can tell from a change
    is reported as one: a rate that wanders for longer than about a fiftieth of the window, and a group of lines far
    larger than all others. A hole in all lines makes every unit gone for a while or new after it. `benchmarks/onset.py`
    and `benchmarks/rhythms.py` measure how often.
    """
    _check(coverage, max_q, min_effect)
    bins = replace(make_bins(window, baseline), ends=ends)
    rows = make_rows(series, bins)
    if not len(rows.units) or bins.count < 2:
        return Onsets(ONSETS.to_frame(), len(rows.units), max_q)
    found = find_changes(rows, bins, max_q)
    frame = describe(found.trial, found.rows, bins, coverage, min_effect, found.clocks)
    return Onsets(frame, len(rows.units), max_q, found.followed, found.weekends)


def _check(coverage: float, max_q: float, min_effect: float) -> None:
    for name, value in (("coverage", coverage), ("max_q", max_q)):
        if not 0 < value < 1:
            raise UsageError(f"{name}: got {value}, wanted a number between 0 and 1, such as 0.9")
    if not min_effect >= 1:
        raise UsageError(f"min_effect: got {min_effect}, wanted a ratio of rates of at least 1, such as 1.5")
