"""Intervals hold the true time as often as they say, in simulated lines."""

from __future__ import annotations

import numpy as np
import pytest

from triage.onset.intervals import Stretch, nanoseconds, step_interval
from triage.onset.ramps import ramp_interval
from triage.onset.series import SECOND
from triage.onset.silences import silence_before, waiting_time


def stretch_of(times: np.ndarray, seconds: int) -> Stretch:
    second, count = np.unique(np.floor(times).astype(np.int64), return_counts=True)
    return Stretch.cut(second, count.astype(np.int64), 0, seconds, 0)


def lines(rng: np.random.Generator, rate: float, low: float, high: float, size: int = 1) -> np.ndarray:
    """Times of groups of `size` lines."""
    groups = rng.uniform(low, high, rng.poisson(rate * (high - low) / size))
    return np.repeat(groups, size)


@pytest.mark.parametrize(("before", "after", "size"), [(0.3, 1.5, 1), (2.0, 0.3, 1), (5.0, 40.0, 1), (1.0, 6.0, 4)])
def test_steps_are_covered(before: float, after: float, size: int) -> None:
    rng = np.random.default_rng(21)
    covered = []
    for _ in range(200):
        at = rng.uniform(50, 150)
        times = np.r_[lines(rng, before, 0, at, size), lines(rng, after, at, 200, size)]
        found = step_interval(stretch_of(times, 200), after > before, size, 0.9)
        assert found.earliest <= found.at <= found.latest
        covered.append(found.earliest <= at * SECOND <= found.latest)
    assert np.mean(covered) > 0.86


def test_a_long_stretch_is_dated_to_the_second() -> None:
    times = np.r_[np.arange(0, 50_000, 10), np.arange(50_000, 86_400, 1)].astype(float)
    found = step_interval(stretch_of(times, 86_400), True, 1.0, 0.9)
    assert abs(found.at - nanoseconds(50_000)) <= nanoseconds(10)
    assert found.latest - found.earliest < nanoseconds(60)


def test_a_stretch_without_a_step_in_the_direction_asked_for_still_has_a_time() -> None:
    found = step_interval(stretch_of(np.arange(0, 50.0), 100), True, 1.0, 0.9)
    assert 0 <= found.earliest <= found.at <= found.latest <= nanoseconds(100)


def test_new_lines_are_covered_from_their_first() -> None:
    rng = np.random.default_rng(22)
    for rate in (0.1, 2.0):
        covered = []
        for _ in range(400):
            times = np.sort(lines(rng, rate, 60, 200))
            second, count = np.unique(np.floor(times).astype(np.int64), return_counts=True)
            covered.append(times[0] - silence_before(second, count, 1.0, 0.9) <= 60)
        assert 0.87 < np.mean(covered) < 0.99


@pytest.mark.parametrize("growing", [False, True])
def test_waiting_times_are_quantiles_of_simulated_ones(growing: bool) -> None:
    rng = np.random.default_rng(23)
    places = np.sort(rng.uniform(size=(4000, 8)), axis=1)
    times = np.sqrt(places) if growing else places
    waits = np.array([waiting_time(8, row[-1] - row[0], 1.0, 0.9, growing=growing) for row in times])
    assert (times[:, 0] <= waits).mean() == pytest.approx(0.9, abs=0.02)


def test_one_line_shows_no_rate() -> None:
    assert waiting_time(1, 0.0, 1.0, 0.9) == float("inf")
    assert silence_before(np.array([5]), np.array([1]), 1.0, 0.9) == float("inf")


def test_ramps_are_covered_and_fit_better_than_constant_rates() -> None:
    rng = np.random.default_rng(24)
    covered = []
    for _ in range(100):
        at = rng.uniform(50, 120)
        grown = at + (200 - at) * np.sqrt(rng.uniform(size=rng.poisson(300)))
        stretch = stretch_of(np.sort(np.r_[lines(rng, 0.3, 0, 200), grown]), 200)
        llr, found = ramp_interval(stretch, 1.0, 0.9)
        assert llr > 50
        covered.append(found.earliest <= at * SECOND <= found.latest)
    assert np.mean(covered) > 0.85
