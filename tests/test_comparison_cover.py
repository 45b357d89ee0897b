"""The time that a set of logs covers, and each service in it."""

from __future__ import annotations

import numpy as np
import pytest

from triage.comparison.cover import Cover, cover_of, cover_of_service


def test_the_silences_of_a_quiet_set_are_no_holes() -> None:
    for seed in range(50):
        lines = np.sort(np.random.default_rng(seed).integers(0, 36_000, 100))
        assert cover_of(lines, 0, 36_000).seconds == 36_000


def test_the_silences_between_runs_of_a_job_are_no_holes() -> None:
    runs = np.concatenate([np.arange(start, start + 20) for start in range(0, 86_400, 3600)])
    assert cover_of(runs, 0, 86_400).seconds == 86_400


def test_a_few_lines_show_no_hole() -> None:
    assert cover_of(np.array([0, 1, 2, 5000]), 0, 5001).seconds == 5001


@pytest.mark.parametrize("holes", [1, 2, 3])
def test_missing_hours_are_holes(holes: int) -> None:
    lines = np.concatenate([np.arange(0, 3600, 7) + 10_000 * part for part in range(holes + 1)])
    found = cover_of(lines, 0, int(lines[-1]) + 1)
    assert len(found.starts) == holes + 1
    assert found.seconds == pytest.approx(3600 * (holes + 1), abs=60)


def test_a_steady_service_covers_what_it_has_lines_in() -> None:
    whole = Cover(np.array([0]), np.array([10_000]))
    lines = np.arange(4000, 8000, 5)
    assert cover_of_service(lines, whole, (4000, 7995)).seconds == 3996
    # It has lines before the set: that it begins late is a silence.
    assert cover_of_service(lines, whole, (-50, 7995)).seconds == 7996


def test_a_rare_service_covers_all_of_the_set() -> None:
    whole = Cover(np.array([0]), np.array([10_000]))
    assert cover_of_service(np.array([5000, 5001, 5100]), whole, (5000, 5100)) is whole


def test_places_go_on_behind_a_hole() -> None:
    cover = Cover(np.array([0, 100]), np.array([10, 120]))
    assert cover.clipped(5, 105).places(np.array([4, 5, 50, 100, 104, 105])).tolist() == [-1, 0, -1, 5, 9, -1]
