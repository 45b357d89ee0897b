"""When the values of a parameter differ between two sets."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from triage.comparison.shifts import Sample, compare_numbers, compare_words

SECONDS = 3600.0


def sample(value: np.ndarray, seconds: float = SECONDS) -> Sample:
    """Values that come evenly."""
    return Sample(value, np.linspace(0, seconds - 1, len(value)).astype(np.int64), seconds)


def durations(rng: np.random.Generator, lines: int = 400, middle: float = 80.0) -> np.ndarray:
    found: np.ndarray = rng.lognormal(np.log(middle), 0.6, lines)
    return found


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_durations_that_changed(factor: float) -> None:
    rng = np.random.default_rng(1)
    found = compare_numbers(sample(durations(rng)), sample(durations(rng, middle=80 * factor)))
    assert found is not None
    assert found.p < 1e-4
    assert found.notable
    assert found.low < factor < found.high
    assert found.b / found.a == pytest.approx(factor, rel=0.2)


def test_the_ratio_of_values_far_apart_is_that_of_the_values() -> None:
    rng = np.random.default_rng(1)
    found = compare_numbers(sample(durations(rng, middle=1.4)), sample(durations(rng, middle=1001.0)))
    assert found is not None
    assert found.ratio == pytest.approx(1001 / 1.4, rel=0.2)
    assert found.low < 1001 / 1.4 < found.high
    back = compare_numbers(sample(durations(rng, middle=1001.0)), sample(durations(rng, middle=1.4)))
    assert back is not None
    assert back.ratio == pytest.approx(1.4 / 1001, rel=0.2)


def test_durations_of_which_a_few_became_long() -> None:
    rng = np.random.default_rng(1)
    slow = durations(rng) * np.where(rng.uniform(size=400) < 0.2, 10, 1)
    found = compare_numbers(sample(durations(rng)), sample(slow))
    assert found is not None
    assert (found.statistic, found.notable) == ("upper tenth", True)
    assert found.p < 1e-4


def test_false_alarms_of_values_that_wander() -> None:
    rng = np.random.default_rng(1)
    alarms = 0
    for _ in range(50):
        # A tenth of a set later little is left of where the values were.
        steps = signal.lfilter([1.0], [1.0, -0.9], rng.normal(size=180))[20:] * 0.3 * np.sqrt(1 - 0.9**2)
        sets = np.split(np.repeat(steps, 5), 2)
        found = compare_numbers(*(sample(durations(rng) * np.exp(level)) for level in sets))
        alarms += found is not None and found.p < 0.05
    assert alarms <= 3


def test_false_alarms_of_values_that_do_not_wander() -> None:
    rng = np.random.default_rng(1)
    found = [compare_numbers(sample(durations(rng)), sample(durations(rng))) for _ in range(100)]
    assert sum(each is not None and each.p < 0.05 for each in found) <= 5


def test_a_number_that_counts_on_is_not_compared() -> None:
    count = np.arange(800.0)
    assert compare_numbers(sample(count[:400]), sample(count[400:])) is None


def test_too_few_values_are_not_compared() -> None:
    rng = np.random.default_rng(1)
    assert compare_numbers(sample(durations(rng, 20)), sample(durations(rng))) is None
    assert compare_words(sample(np.array(["a", "b"])), sample(np.array(["a", "b"] * 100))) is None


def test_shares_of_words_that_changed() -> None:
    rng = np.random.default_rng(1)
    before, after = (rng.choice(["card", "cash"], 400, p=[share, 1 - share]) for share in (0.8, 0.5))
    found = compare_words(sample(before), sample(after))
    assert found is not None
    assert found.p < 1e-4
    assert found.statistic in ("share of card", "share of cash")
    same = compare_words(sample(before), sample(rng.permutation(before)))
    assert same is not None
    assert same.p > 0.05


def test_words_that_come_in_runs_are_fewer_than_they_seem() -> None:
    rng = np.random.default_rng(1)
    alarms = 0
    for _ in range(100):
        runs = np.repeat(rng.choice(["card", "cash"], 16), 50)
        found = compare_words(sample(runs[:400]), sample(runs[400:]))
        alarms += found is not None and found.p < 0.05
    assert alarms <= 10
