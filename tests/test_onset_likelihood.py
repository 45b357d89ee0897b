"""Likelihood ratios against the Poisson probabilities they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from triage.onset.likelihood import rate_bounds, step_profile, window_llr

COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=20)


def log_likelihood(counts: np.ndarray, widths: np.ndarray) -> float:
    """Of counts with one rate, at its best."""
    rate = counts.sum() / widths.sum()
    return float(stats.poisson.logpmf(counts, rate * widths).sum())


@given(COUNTS, st.data())
def test_the_profile_is_that_of_a_loop_over_poisson_probabilities(counts: list[int], data: st.DataObject) -> None:
    widths = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(counts), max_size=len(counts))), dtype=float)
    lines, edges = np.array(counts, dtype=float), np.r_[0, np.cumsum(widths)]
    profile = step_profile(lines, edges)
    assert profile[0] == profile[-1] == 0
    for k in range(1, len(counts)):
        both = log_likelihood(lines[:k], widths[:k]) + log_likelihood(lines[k:], widths[k:])
        assert abs(profile[k]) == pytest.approx(both - log_likelihood(lines, widths), abs=1e-9)
        before, after = lines[:k].sum() / widths[:k].sum(), lines[k:].sum() / widths[k:].sum()
        assert profile[k] * (after - before) >= -1e-9


def test_many_units_are_profiled_as_each_alone() -> None:
    counts = np.random.default_rng(3).poisson(2.0, size=(5, 17)).astype(float)
    edges = np.arange(18.0)
    together = step_profile(counts, edges)
    assert all(np.array_equal(together[row], step_profile(counts[row], edges)) for row in range(5))


def test_ratios_without_lines_or_time_are_finite() -> None:
    assert window_llr(0, 1, 0, 10) == 0
    assert window_llr(5, 10, 5, 10) == 0
    assert window_llr(0, 0, 5, 10) == 0
    assert window_llr(0, 9, 5, 10) == pytest.approx(5 * np.log(10))


def test_rate_bounds_hold_the_rate_as_often_as_they_say() -> None:
    lines = np.arange(200)
    low, high = rate_bounds(lines, 1.0)
    for rate in (0.5, 2.0, 9.0, 40.0):
        held = (low <= rate) & (rate <= high)
        assert stats.poisson.pmf(lines[held], rate).sum() > 0.84


def test_no_lines_bound_the_rate_by_the_rule_of_three() -> None:
    low, high = rate_bounds(0, 60)
    assert float(low) == 0.0
    assert float(high) == pytest.approx(3.0 / 60, rel=0.01)
    assert [float(bound) for bound in rate_bounds(0, 0)] == [0.0, np.inf]
