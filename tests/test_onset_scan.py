"""The scan against a slow search, and dispersions against a plain variance."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from triage.onset.bins import Bins, Rows
from triage.onset.dispersion import dispersion_within, rough_dispersion
from triage.onset.likelihood import step_profile, window_llr
from triage.onset.scan import (
    BURST,
    DIFFERENT_STEPS,
    DIFFERENT_WINDOWS,
    FIRST_LINE,
    LAST_LINE,
    LULL,
    STEP_DOWN,
    STEP_UP,
    _lengths,
    scan,
)
from triage.onset.silences import usual_silence


def grid(seconds: int, quiet: int = 1) -> Bins:
    return Bins(0, seconds, 1, quiet)


def rows_of(*units: list[int]) -> Rows:
    """Units from their counts second by second."""
    where = [(unit, second, lines) for unit, counts in enumerate(units) for second, lines in enumerate(counts) if lines]
    unit, second, count = (np.array([row[k] for row in where], dtype=np.int64) for k in range(3))
    return Rows(pl.DataFrame({"template_id": [f"t{k}" for k in range(len(units))]}), unit, second, count)


def test_a_lasting_step_is_found_where_the_slow_profile_has_it() -> None:
    rng = np.random.default_rng(5)
    counts = np.where(np.arange(120) < 70, rng.poisson(3.0, (20, 120)), rng.poisson(9.0, (20, 120))).astype(float)
    found = scan(counts, grid(120))
    profile = step_profile(counts, np.arange(121.0))
    assert (found.start == profile.argmax(axis=1)).all()
    assert (found.stop == 120).all() and found.rise.all()
    assert found.llr == pytest.approx(profile.max(axis=1))


def test_a_burst_is_found_at_least_as_well_as_by_trying_every_window() -> None:
    rng = np.random.default_rng(6)
    for _ in range(10):
        counts = rng.poisson(2.0, 60).astype(float)
        low = rng.integers(10, 30)
        counts[low : low + 13] += rng.poisson(8.0, 13)
        found = scan(counts[None, :], grid(60))
        best = max(
            float(window_llr(counts[i:j].sum(), j - i, counts.sum(), 60))
            for i in range(1, 60)
            for j in range(i + 1, 60)
            if counts[i:j].sum() * 60 > counts.sum() * (j - i)
        )
        assert found.llr[0] > 0.97 * best
        assert abs(found.start[0] - low) <= 2


def test_nothing_begins_in_the_baseline() -> None:
    counts = np.zeros((1, 100))
    counts[0, 10:] = 5.0
    found = scan(counts, grid(100, quiet=40))
    assert found.start[0] >= 40


def test_the_false_alarm_chance_is_given_away_once() -> None:
    assert sum((FIRST_LINE, LAST_LINE, STEP_UP, STEP_DOWN, BURST, LULL)) == pytest.approx(1.0)
    assert min(DIFFERENT_STEPS, DIFFERENT_WINDOWS) >= 1


@pytest.mark.parametrize("places", [-1, 0, 1, 2, 3, 10, 1000])
def test_lengths_grow_up_to_half_of_the_time(places: int) -> None:
    lengths = _lengths(places)
    assert lengths == sorted(set(lengths))
    assert all(1 <= length <= max(1, places) / 2 for length in lengths)
    assert len(lengths) < 20


def test_a_step_found_by_its_end_is_told_by_its_end() -> None:
    # As a burst from second 1 this fits a little better than as a drop at 80.
    counts = np.r_[0, np.full(79, 4), np.full(40, 1)].astype(float)
    found = scan(counts[None, :], grid(120))
    assert (found.start[0], found.stop[0], bool(found.rise[0])) == (80, 120, False)


def test_lines_that_begin_and_then_grow_are_told_by_their_first() -> None:
    counts = np.r_[np.zeros(60), np.full(40, 1), np.full(40, 6)].astype(float)
    assert scan(counts[None, :], grid(140)).start[0] == 60


def test_one_stray_line_is_not_the_beginning_of_a_surge() -> None:
    counts = np.zeros((1, 200))
    counts[0, 50], counts[0, 150:] = 1, 5
    assert scan(counts, grid(200)).start[0] == 150


def test_poisson_counts_have_no_dispersion_and_groups_have_theirs() -> None:
    rng = np.random.default_rng(7)
    single = rng.poisson(3.0, 2000)
    groups = 4 * rng.poisson(3.0, 2000)
    cuts = np.array([[0, 1000, 2000, 2000]] * 2)
    found = dispersion_within(rows_of(single.tolist(), groups.tolist()), cuts)
    assert found.value == pytest.approx([1.0, 4.0], rel=0.25)
    assert (found.freedom > 10).all()
    assert rough_dispersion(np.stack([single, groups]).astype(float)) == pytest.approx([1.0, 4.0], rel=0.35)


def test_a_change_of_rate_is_no_dispersion() -> None:
    rng = np.random.default_rng(8)
    counts = np.r_[rng.poisson(1.0, 500), rng.poisson(20.0, 300), rng.poisson(2.0, 200)]
    found = dispersion_within(rows_of(counts.tolist()), np.array([[0, 500, 800, 1000]]))
    assert found.value[0] < 1.5


def test_the_narrowest_blocks_give_the_plain_variance() -> None:
    counts = [3, 0, 5, 1, 9, 8, 4, 7]
    found = dispersion_within(rows_of(counts), np.array([[0, 4, 8, 8]]))
    before, inside = np.array(counts[:4]), np.array(counts[4:])
    residual = ((before - before.mean()) ** 2).sum() + ((inside - inside.mean()) ** 2).sum()
    expected = residual / (sum(counts) * 3 / 4)
    assert found.value[0] == pytest.approx(max(1.0, expected))


def test_lines_in_one_second_tell_nothing_of_their_dispersion() -> None:
    counts = [0] * 50 + [30] + [0] * 49
    found = dispersion_within(rows_of(counts), np.array([[0, 50, 51, 100]]))
    assert found.freedom[0] < 1


def test_a_silence_like_others_is_usual() -> None:
    every_ten = [0] * 8 + ([1] + [0] * 9) * 9 + [0, 0]
    late = [0] * 60 + [1, 0] * 20
    cuts = np.array([[0, 8, 100, 100], [0, 60, 100, 100]])
    assert usual_silence(rows_of(every_ten, late), cuts).tolist() == [True, False]


def test_a_silent_window_is_not_compared_with_itself() -> None:
    lull = [1] * 40 + [0] * 30 + [1] * 30
    assert usual_silence(rows_of(lull), np.array([[0, 40, 70, 100]])).tolist() == [False]
