"""Steps in sequences of values: chances against all orders of the values, and times."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.onset.sequences import places, rise_step, share_step, step_time


def test_a_share_that_falls_to_nothing() -> None:
    there = np.array([True] * 25 + [False] * 13)
    step = share_step(there)
    assert step is not None
    assert step.place == 25
    assert step.dispersion == 1.0
    # One order in all C(38, 13) has them so.
    assert step.log_p == pytest.approx(-np.log(5_414_950_296) + places(38))


@pytest.mark.parametrize("there", [[], [True], [True] * 9, [False] * 9, [False] * 5 + [True] * 5])
def test_no_fall_is_no_step(there: list[bool]) -> None:
    assert share_step(np.array(there, dtype=bool)) is None


@given(st.lists(st.booleans(), min_size=2, max_size=7))
def test_the_chance_is_that_of_all_orders(there: list[bool]) -> None:
    step = share_step(np.array(there))
    if step is None:
        return
    orders = list(permutations(there))
    held = sum(there[: step.place])
    as_many = sum(sum(order[: step.place]) >= held for order in orders) / len(orders)
    assert step.log_p == pytest.approx(min(0.0, np.log(as_many) / step.dispersion + places(len(there))))


def test_values_in_clumps_say_less() -> None:
    clumps = np.repeat(np.random.default_rng(3).random(30) < 0.5, 8)
    apart = np.random.default_rng(3).random(240) < 0.5
    step, other = share_step(clumps), share_step(apart)
    assert step is not None and other is not None
    assert step.dispersion > 3 * other.dispersion


@pytest.mark.parametrize("values", ["normal", "heavy", "seldom"])
def test_false_alarms_are_as_few_as_said(values: str) -> None:
    rng, found = np.random.default_rng(11), 0
    for _ in range(400):
        drawn = {
            "normal": rng.normal(0, 1, 60),
            "heavy": rng.standard_t(3, 60),
            "seldom": np.where(rng.random(60) < 0.1, 4.0, 0.0) + rng.normal(0, 0.3, 60),
        }[values]
        rise, fall = rise_step(drawn, 3), share_step(drawn < np.median(drawn))
        found += sum(step is not None and step.log_p < np.log(0.01) for step in (rise, fall))
    assert found <= 0.015 * 800


def test_a_rise_and_its_time() -> None:
    rng = np.random.default_rng(5)
    values = np.r_[rng.normal(2, 0.3, 40), rng.normal(4, 0.3, 20)]
    times = np.arange(60, dtype=np.int64) * 1_000_000_000
    step = rise_step(values, 3)
    assert step is not None and step.place == 40
    when = step_time(step, times, 0.9)
    assert (when.earliest, when.at, when.latest) == (39_000_000_000, 40_000_000_000, 40_000_000_000)
    assert rise_step(-values, 3) is None or rise_step(-values, 3).llr < step.llr / 4  # type: ignore[union-attr]


@given(st.integers(0, 10_000), st.integers(12, 60), st.floats(0.1, 0.9))
def test_intervals_hold_their_time(seed: int, n: int, part: float) -> None:
    rng = np.random.default_rng(seed)
    there = np.r_[rng.random(round(n * part)) < 0.95, rng.random(n - round(n * part)) < 0.3]
    times = np.cumsum(rng.integers(1, 10**9, len(there)))
    step = share_step(there)
    if step is not None:
        when = step_time(step, times, 0.9)
        assert times[0] <= when.earliest <= when.at <= when.latest <= times[-1]
