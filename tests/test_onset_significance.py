"""Tails and p-values against exact sums and against simulated counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import special, stats

from triage.onset.bins import Bins
from triage.onset.dispersion import Dispersion
from triage.onset.scan import scan
from triage.onset.significance import log_p_values, log_tail, q_values


def exact_log_tail(inside: int, total: int, share: float, dispersion: float) -> float:
    groups = total / (dispersion - 1)
    values = np.arange(inside, total + 1)
    return float(special.logsumexp(stats.betabinom.logpmf(values, total, share * groups, (1 - share) * groups)))


@example((24, 31), 0.625, 12.0)  # the largest term is neither the first nor the last
@given(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    st.floats(0.002, 0.9),
    st.floats(1.01, 200),
)
def test_the_tail_is_an_upper_bound_and_close(lines: tuple[int, int], share: float, dispersion: float) -> None:
    inside, total = lines
    if inside / total <= share:
        return
    exact = exact_log_tail(inside, total, share, dispersion)
    bound = log_tail(*(np.array([float(x)]) for x in (inside, total, share, dispersion)))[0]
    assert exact - 1e-6 <= bound <= exact + 3.5


def test_without_dispersion_the_tail_is_binomial() -> None:
    bound = log_tail(np.array([30.0]), np.array([40.0]), np.array([0.3]), np.array([1.0]))[0]
    assert bound == pytest.approx(np.log(stats.binom.sf(29, 40, 0.3)), abs=0.2)


def test_all_lines_after_a_silence_have_the_power_of_its_share() -> None:
    bound = log_tail(np.array([12.0]), np.array([12.0]), np.array([0.25]), np.array([1.0]))[0]
    assert bound == pytest.approx(12 * np.log(0.25), abs=1e-6)


def test_lines_that_may_be_one_group_count_as_one() -> None:
    unknown = Dispersion(np.array([1.0]), np.array([0.0]))
    arrays = (np.array([500.0]), np.array([500.0]), np.array([0.1]), np.array([True]), np.array([0.0]))
    assert np.exp(log_p_values(*arrays, unknown)[0]) > 0.01
    known = Dispersion(np.array([1.0]), np.array([300.0]))
    assert np.exp(log_p_values(*arrays, known)[0]) < 1e-30


@pytest.mark.parametrize("bins", [40, 400])
def test_p_values_of_the_best_window_hold_in_simulated_counts(bins: int) -> None:
    rng = np.random.default_rng(11)
    counts = rng.poisson(np.exp(rng.uniform(-4, 1.5, size=(3000, 1))), size=(3000, bins)).astype(float)
    counts = counts[counts.sum(axis=1) > 0]
    grid = Bins(0, bins, 1, 1)
    found = scan(counts, grid)
    exact = Dispersion(np.ones(len(counts)), np.full(len(counts), 1e6))
    share = (grid.edges[found.stop] - grid.edges[found.start]) / bins
    p = np.exp(log_p_values(found.inside, found.total, share, found.rise, found.weight, exact))
    for level in (0.1, 0.01, 0.001):
        assert (p <= level).mean() <= level + 2 * np.sqrt(level / len(p))
    # Not so cautious as to be useless: the bound is within a factor of 20 or so.
    assert (p <= 0.1).mean() > 0.005


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_values_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    assert q_values(np.array(p)) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)
