"""Rhythms of rates: what is expected at a time, lines in rescaled time, and onsets in logs of several days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from triage.onset.bins import Bins, Rows, make_bins, make_rows
from triage.onset.cycles import CYCLES, DAY, HOUR, Grid, cycles_of
from triage.onset.expected import FLOOR, STEADY, STRAYS, expected_rates, smoothed
from triage.onset.find import Onsets, find_onsets
from triage.onset.rescaled import Clock, put
from triage.onset.rhythms import find_rhythms
from triage.onset.scatter import dispersion_around
from triage.onset.series import SECOND, Series, Window, count_series
from triage.onset.weekends import find_weekends

START = 1_699_920_000  # midnight of a Tuesday, UTC
OF_A_DAY = CYCLES[1]
Times = npt.NDArray[np.float64]


def series_of(units: dict[str, Times]) -> Series:
    stamps = np.concatenate([START * SECOND + (times * SECOND).astype(np.int64) for times in units.values()])
    names = np.repeat(list(units), [len(times) for times in units.values()])
    return count_series(
        pl.DataFrame(
            {
                "timestamp": pl.Series(stamps).cast(pl.Datetime("ns", "UTC")),
                "template_id": pl.Series(names, dtype=pl.String),
                "service_name": pl.Series(["shop"] * len(names), dtype=pl.String),
            }
        )
    )


def window(days: float) -> Window:
    return Window(START * SECOND, (START + round(days * DAY)) * SECOND)


def following_the_day(rng: np.random.Generator, days: float, lines: float = 1000.0, times: float = 12.0) -> Times:
    """Lines of days whose busiest time, at 14:00, has so many times the rate of the quietest one."""
    at = rng.uniform(0, days * DAY, rng.poisson(4 * lines * days))
    level: Times = times ** (-(1 - np.cos(2 * np.pi * (at - 14 * HOUR) / DAY)) / 2)
    found: Times = np.sort(at[rng.uniform(size=len(at)) < level / 2])
    return found


def between(at: Times, start: float, end: float) -> Times:
    return at[(at >= start) & (at < end)]


def second_of(onsets: Onsets, column: str = "at", row: int = 0) -> float:
    return float(onsets.frame[column].dt.epoch("ns")[row] / SECOND - START)


def slow_rates(lines: Times, time: Times, width: int) -> Times:
    """What `expected_rates` says of one unit, cell by cell."""
    periods, phases = lines.shape
    level = []
    for period in range(periods):
        due = sum(time[period, k] * lines[:, k].sum() / time[:, k].sum() for k in range(phases))
        steady = STEADY * lines.sum() / periods
        level.append((lines[period].sum() + steady) / (due + steady))
    rate = np.zeros_like(lines)
    for period in range(periods):
        for phase in range(phases):
            came = due = 0.0
            for other in set(range(periods)) - {period}:
                for near in range(phase - width // 2, phase + width // 2 + 1):
                    came += lines[other, near % phases] / (level[other] + 1)
                    due += time[other, near % phases] * level[other] / (level[other] + 1)
            rate[period, phase] = came / due
    floor = max(STRAYS / (lines.sum() + STRAYS), FLOOR)
    found: Times = (1 - floor) * rate / ((rate * time).sum() / time.sum()) + floor
    return found


@pytest.mark.parametrize("width", [1, 3, 5])
def test_expected_rates_against_a_slow_reference(width: int) -> None:
    rng = np.random.default_rng(width)
    lines = rng.poisson(rng.uniform(0.5, 6, 8), (2, 4, 8)).astype(float)
    time = np.full((4, 8), 60.0)
    time[3, 5] = 20.0
    time[3, 6:] = 0.0
    lines[:, 3, 6:] = 0.0
    found = expected_rates(lines, time[None], width, time)
    for unit in range(2):
        np.testing.assert_allclose(found[unit], slow_rates(lines[unit], time, width), rtol=1e-9)
    np.testing.assert_allclose(np.einsum("upf,pf->u", found, time) / time.sum(), 1.0)


def test_a_period_is_not_expected_from_itself() -> None:
    lines = np.ones((1, 5, 6))
    lines[0, 2, 3] = 100.0
    found = expected_rates(lines, np.ones((1, 5, 6)), 1, np.ones((5, 6)))[0]
    assert found[2, 3] == pytest.approx(found[2].mean(), rel=0.1)
    assert found[1, 3] > found[1, 2]


def test_smoothing_goes_around() -> None:
    values = np.random.default_rng(1).uniform(size=(2, 9))
    slow = [[np.mean([row[(k + step) % 9] for step in (-2, -1, 0, 1, 2)]) for k in range(9)] for row in values]
    np.testing.assert_allclose(smoothed(values, 5), slow)


@pytest.fixture
def clock() -> Clock:
    rng = np.random.default_rng(3)
    grid = Grid(OF_A_DAY, 300, 3 * DAY - 100)
    return Clock.of(rng.uniform(0.05, 3, (2, *grid.shape)), grid)


def test_a_clock_goes_forth_and_back(clock: Clock) -> None:
    seconds = np.arange(0, 3 * DAY - 100, 977)
    there = clock.rescaled(np.ones_like(seconds), seconds)
    one = clock.row(1)
    assert (np.diff(there) > 0).all()
    assert [one.there(float(second)) for second in seconds] == pytest.approx(there.tolist())
    assert [one.back(second) for second in there] == pytest.approx(seconds.tolist(), abs=1e-6)
    assert one.there(3 * DAY - 100) == pytest.approx(3 * DAY - 100)


def test_rescaled_rows_keep_every_line_and_its_place(clock: Clock) -> None:
    rng = np.random.default_rng(4)
    times = {name: np.sort(rng.uniform(0, 3 * DAY - 100, 4000).round(-1)) for name in "abc"}
    rows = make_rows(series_of(times), make_bins(window(3 - 100 / DAY)))
    found = put(rows, [(np.array([0, 2]), clock)])
    for unit, row in ((0, 0), (2, 1)):
        second, count = found.of(unit)
        assert (np.diff(second) > 0).all() and count.min() > 0
        was, lines = rows.of(unit)
        assert count.sum() == lines.sum()
        # No line leaves what its second becomes.
        low, high = (np.floor(clock.rescaled(np.full_like(was, row), was + more)) for more in (0, 1))
        reach = np.cumsum(count)[np.searchsorted(second, high, side="right") - 1]
        assert (reach >= np.cumsum(lines)).all()
        before = np.r_[0, np.cumsum(count)][np.searchsorted(second, low)]
        assert (before <= np.r_[0, np.cumsum(lines)[:-1]]).all()
    np.testing.assert_array_equal(found.of(1), rows.of(1))


def test_windows_that_are_too_short_show_no_rhythm() -> None:
    rng = np.random.default_rng(5)
    assert [cycle.name for cycle in cycles_of(7 * HOUR)] == []
    assert "day" not in [cycle.name for cycle in cycles_of(2 * DAY)]
    rows = make_rows(series_of({"t": following_the_day(rng, 0.3)}), make_bins(window(0.3)))
    assert find_rhythms(rows, make_bins(window(0.3))) == []


def test_days_that_are_alike_are_no_onset() -> None:
    rng = np.random.default_rng(6)
    units = {f"t{number}": following_the_day(rng, 7, lines) for number, lines in enumerate([30, 100, 300, 1000, 3000])}
    found = find_onsets(series_of(units), window(7))
    assert found.frame.is_empty()
    assert found.followed == {"day": 5}


@pytest.mark.parametrize(("hour", "factor"), [(15, 2), (3, 4), (8, 3)])
def test_a_surge_is_found_whatever_the_time_of_day(hour: int, factor: int) -> None:
    rng = np.random.default_rng(7)
    start = 4 * DAY + hour * HOUR
    quiet = following_the_day(rng, 7, 3000)
    added = between(following_the_day(rng, 7, 3000 * (factor - 1)), start, start + 4 * HOUR)
    found = find_onsets(series_of({"t": np.concatenate([quiet, added])}), window(7))
    assert found.frame.select("kind", "shape", "rhythm").rows() == [("surge", "burst", "day")]
    assert second_of(found) == pytest.approx(start, abs=1800)
    assert second_of(found, "earliest") <= start <= second_of(found, "latest")
    assert second_of(found, "until") == pytest.approx(start + 4 * HOUR, abs=1800)
    # Lines a minute of real time: what the other days have at these hours, and what came.
    inside = quiet[(quiet % DAY >= hour * HOUR) & (quiet % DAY < (hour + 4) * HOUR)]
    usual = len(inside) / 7 / 240
    assert found.frame["before"][0] == pytest.approx(usual, rel=0.15)
    assert found.frame["after"][0] == pytest.approx(factor * usual, rel=0.2)


def test_an_error_that_begins_at_night_is_not_compared_with_the_work_of_the_day() -> None:
    rng = np.random.default_rng(8)
    error = np.sort(rng.uniform(4 * DAY + 3 * HOUR, 7 * DAY, 500))
    units = {"work": following_the_day(rng, 7), "error": error}
    found = find_onsets(series_of(units), window(7))
    assert found.frame.select("template_id", "kind", "rhythm").rows() == [("error", "new", None)]
    assert second_of(found) == pytest.approx(error[0], abs=HOUR)
    assert second_of(found, "earliest") <= 4 * DAY + 3 * HOUR <= second_of(found, "latest")


def test_a_job_that_did_not_run_is_found() -> None:
    rng = np.random.default_rng(9)
    nights = [DAY * day + 2 * HOUR + np.sort(rng.uniform(0, 500, 200)) for day in range(8) if day != 5]
    found = find_onsets(series_of({"job": np.concatenate(nights)}), window(8))
    assert found.frame.select("kind", "shape", "rhythm").rows() == [("drop", "lull", "day")]
    assert second_of(found, "earliest") <= 5 * DAY + 2 * HOUR <= second_of(found, "latest")
    assert found.frame["before"][0] > 0 == found.frame["count_after"][0]


def test_after_a_baseline_of_days_its_rhythm_is_expected() -> None:
    rng = np.random.default_rng(10)
    quiet = following_the_day(rng, 7, 2000)
    baseline = Window(START * SECOND, (START + 5 * DAY + 4 * HOUR) * SECOND)
    assert find_onsets(series_of({"t": quiet}), window(7), baseline=baseline).frame.is_empty()
    start = 5 * DAY + 15 * HOUR
    added = between(following_the_day(rng, 7, 4000), start, 7 * DAY)
    found = find_onsets(series_of({"t": np.concatenate([quiet, added])}), window(7), baseline=baseline)
    assert found.frame["kind"].to_list() == ["surge"]
    assert second_of(found) == pytest.approx(start, abs=600)


def test_runs_of_a_job_that_vary_as_a_whole_show_dispersion() -> None:
    rng = np.random.default_rng(11)
    alike, varied = (
        np.concatenate([DAY * day + 2 * HOUR + np.sort(rng.uniform(0, 600, n)) for day, n in enumerate(sizes)])
        for sizes in ([200] * 12, rng.integers(80, 320, 12))
    )
    bins = make_bins(window(12))
    rows = make_rows(series_of({"alike": alike, "varied": varied}), bins)
    grid = Grid(OF_A_DAY, 300, 12 * DAY)
    rates = np.full((2, *grid.shape), 1e-4)
    rates[:, :, 24:26] = 1.0
    rhythm = find_rhythms(rows, bins)[0]
    cuts = np.tile([0, 4 * DAY, 8 * DAY, 12 * DAY], (2, 1))
    part = type(rhythm)(grid, np.arange(2), np.ones(2, int), np.zeros(2, bool), np.zeros(2, int), rhythm.services, None)
    found = dispersion_around(rows, bins, [(part, Clock.of(rates, grid))], np.arange(2), cuts)
    assert found.value[1] > 8 > found.value[0]


@pytest.mark.parametrize(("shown", "level"), [(True, 0.3), (False, 1.0)])
def test_weekends_are_known_by_the_calendar(shown: bool, level: float) -> None:
    grid = Grid(OF_A_DAY, 3600, 7 * DAY)
    lines = np.full(grid.shape, 100.0)
    lines[4:6] *= level  # the fifth day from a Tuesday on is a Saturday
    found = find_weekends(lines, np.ones(grid.shape), grid, START)
    assert (found is not None) == shown
    if found:
        assert found.level == pytest.approx(level)
        assert found.inside.all(axis=1).tolist() == [False] * 4 + [True, True, False]
    # Days of the week that are quiet are something else.
    assert find_weekends(np.roll(lines, 2, axis=0), np.ones(grid.shape), grid, START) is None


def test_a_quiet_weekend_is_no_onset() -> None:
    rng = np.random.default_rng(12)
    units = {}
    for name, lines in (("a", 500), ("b", 2000), ("c", 100)):
        at = following_the_day(rng, 7, lines)
        free = (at >= 4 * DAY) & (at < 6 * DAY)
        units[name] = at[~free | (rng.uniform(size=len(at)) < 0.3)]
    found = find_onsets(series_of(units), window(7))
    assert found.frame.is_empty()
    assert found.weekends == pytest.approx(0.3, abs=0.05)


def test_rows_of_nothing() -> None:
    none = np.zeros(0, dtype=np.int64)
    rows = Rows(pl.DataFrame(schema={"template_id": pl.String, "service_name": pl.String}), none, none, none)
    assert find_rhythms(rows, Bins(START, 7 * DAY, 600, 600)) == []
