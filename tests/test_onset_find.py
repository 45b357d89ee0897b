"""Onsets of whole series: what is found, what is not, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from triage.errors import UsageError
from triage.onset.detectors import DETECTORS
from triage.onset.families import to_the_second
from triage.onset.find import Onsets, find_onsets
from triage.onset.frame import ONSETS
from triage.onset.series import SECOND, TIME, Series, Window, count_series, merge_series

START = 1_700_000_000
GOLDEN = Path(__file__).parent / "golden" / "onset" / "changes.txt"


class Case(NamedTuple):
    kind: str
    at: str
    counts: list[int]


def golden_cases() -> list[Case]:
    cases = []
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            kind, at, *stretches = line.split()
            pairs = [stretch.split("x") for stretch in stretches]
            cases.append(Case(kind, at, [int(n) for seconds, n in pairs for _ in range(int(seconds))]))
    return cases


def records_of(units: Mapping[str, Sequence[int] | np.ndarray], service: str | None = "shop") -> pl.DataFrame:
    """Records of units given by their counts second by second; lines spread evenly over each second."""
    stamps, names = [], []
    for name, counts in units.items():
        for second, lines in enumerate(counts):
            stamps += [(START + second) * SECOND + k * SECOND // int(lines) for k in range(int(lines))]
            names += [name] * int(lines)
    return pl.DataFrame(
        {
            "timestamp": pl.Series(stamps, dtype=pl.Int64).cast(TIME),
            "template_id": pl.Series(names, dtype=pl.String),
            "service_name": pl.Series([service] * len(names), dtype=pl.String),
        }
    )


def series_of(units: Mapping[str, Sequence[int] | np.ndarray], service: str | None = "shop") -> Series:
    return count_series(records_of(units, service))


def window(seconds: int, start: int = 0) -> Window:
    return Window((START + start) * SECOND, (START + seconds) * SECOND)


def seconds_of(onsets: Onsets, column: str) -> list[float | None]:
    times = onsets.frame[column].dt.epoch("ns").to_list()
    return [None if time is None else (time - START * SECOND) / SECOND for time in times]


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: f"{case.kind}-{case.at}")
def test_golden(case: Case) -> None:
    assert len(case.counts) == 300
    found = find_onsets(series_of({"t": case.counts}), window(300))
    assert found.tested == int(any(case.counts))
    if case.kind == "-":
        assert found.frame.is_empty()
        return
    assert found.frame["kind"].to_list() == [case.kind]
    at, _, until = case.at.partition("..")
    assert seconds_of(found, "at")[0] == pytest.approx(float(at), abs=2)
    if until:
        assert seconds_of(found, "until")[0] == pytest.approx(float(until), abs=2)
    else:
        assert seconds_of(found, "until") == [None]


def test_all_golden_units_together_are_the_same_onsets() -> None:
    cases = {f"t{number:02d}": case for number, case in enumerate(golden_cases())}
    found = find_onsets(series_of({name: case.counts for name, case in cases.items()}), window(300))
    assert dict(found.frame.select("template_id", "kind").iter_rows()) == {
        name: case.kind for name, case in cases.items() if case.kind != "-"
    }
    assert found.tested == sum(any(case.counts) for case in cases.values())
    assert found.frame["at"].is_sorted()
    assert found.expected_false == pytest.approx(0.05 * len(found.frame))


def test_a_row_says_what_changed_and_how_sure_it_is() -> None:
    row = find_onsets(series_of({"t": [0] * 120 + [2] * 180}), window(300)).frame.row(0, named=True)
    assert (row["count_before"], row["count_after"]) == (0, 360)
    assert (row["before"], row["before_low"]) == (0.0, 0.0)
    assert row["before_high"] == pytest.approx(3.0 / 2, rel=0.01)
    assert row["after"] == pytest.approx(120.0)
    assert row["after_low"] < row["after"] < row["after_high"]
    assert row["llr"] == pytest.approx(360 * np.log(300 / 180), rel=0.01)
    assert 0 < row["p_value"] <= row["q_value"] < 1e-9
    assert row["dispersion"] == 1.0


def test_the_first_line_is_exact_and_the_latest_time() -> None:
    frame = pl.DataFrame({"ns": [(START + 200) * SECOND + 123_456_789 + k * SECOND // 3 for k in range(200)]})
    records = frame.select(
        pl.col("ns").cast(TIME).alias("timestamp"), pl.lit("t").alias("template_id"), pl.lit("s").alias("service_name")
    )
    found = find_onsets(count_series(records), window(300)).frame.row(0, named=True)
    assert found["at"] == found["latest"] == records["timestamp"][0]
    assert found["earliest"] < found["at"]


def test_a_baseline_gives_the_rate_before_and_bounds_the_search() -> None:
    # Trouble from 60 to 100 lies in the baseline; the surge at 200 does not.
    counts = [1] * 60 + [5] * 40 + [1] * 100 + [8] * 100
    found = find_onsets(series_of({"t": counts}), window(300), baseline=window(150, 20))
    assert found.frame["kind"].to_list() == ["surge"]
    assert seconds_of(found, "at")[0] == pytest.approx(200, abs=1)
    row = found.frame.row(0, named=True)
    assert row["count_before"] == 40 + 200 + 50
    assert row["before"] == pytest.approx(290 / 130 * 60)


def test_a_template_known_from_before_the_window_is_not_new() -> None:
    series = series_of({"t": [1] + [0] * 149 + [3] * 150})
    assert find_onsets(series, window(300, 1)).frame["kind"].to_list() == ["surge"]


def test_a_template_seen_after_the_window_is_not_gone() -> None:
    series = series_of({"t": [3] * 150 + [0] * 149 + [1]})
    assert find_onsets(series, window(299)).frame["kind"].to_list() == ["drop"]


def test_chunks_of_records_in_any_order_give_the_same_onsets() -> None:
    records = records_of({"a": [0] * 150 + [2] * 150, "b": [3] * 150 + [9] * 150})
    whole = find_onsets(count_series(records), window(300)).frame
    parts = [count_series(records[low : low + 250]) for low in range(0, len(records), 250)]
    assert len(whole) == 2
    assert_frame_equal(find_onsets(merge_series(*reversed(parts)), window(300)).frame, whole)


def test_the_same_input_gives_the_same_onsets() -> None:
    rng = np.random.default_rng(31)
    units = {f"t{k}": np.r_[rng.poisson(0.2, 150), rng.poisson(k / 10, 150)] for k in range(40)}
    first, second = (find_onsets(series_of(units), window(300)).frame for _ in range(2))
    assert len(first) > 5
    assert_frame_equal(first, second)


@pytest.mark.parametrize(
    ("counts", "ends", "told"),
    [
        ([0] * 25 + [2] * 100 + [0] * 175, False, ("new", 25)),
        ([0] * 25 + [2] * 100 + [0] * 175, True, ("gone", 124)),  # the traffic began soon after the log did
        ([0] * 120 + [4] * 60 + [0] * 120, True, ("new", 120)),  # a burst in the middle
        ([0] * 15 + [2] * 285, True, ("new", 15)),
    ],
)
def test_work_that_began_soon_and_stopped_is_told_by_its_end(
    counts: list[int], ends: bool, told: tuple[str, int]
) -> None:
    found = find_onsets(series_of({"t": counts}), window(300), ends=ends)
    assert (found.frame["kind"].to_list(), [int(at or 0) for at in seconds_of(found, "at")]) == ([told[0]], [told[1]])


def test_units_without_a_service_are_units() -> None:
    found = find_onsets(series_of({"t": [0] * 150 + [3] * 150}, service=None), window(300))
    assert found.frame.select("template_id", "service_name").rows() == [("t", None)]


@pytest.mark.parametrize("seconds", [0, 1, 2, 3, 5])
def test_short_windows_and_single_lines_report_nothing(seconds: int) -> None:
    series = series_of({"t": [0] * max(seconds - 1, 0) + [1]})
    found = find_onsets(series, window(seconds))
    assert found.frame.is_empty()
    assert found.frame.schema == ONSETS


def test_an_empty_series_reports_nothing() -> None:
    empty = series_of({})
    found = find_onsets(empty, Window.of(empty))
    assert (found.tested, len(found.frame), found.expected_false) == (0, 0, 0.0)


@given(st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=25), max_size=4), st.integers(1, 30))
def test_any_counts_give_onsets_in_order(units: list[list[int]], seconds: int) -> None:
    series = series_of({f"t{number}": counts for number, counts in enumerate(units)})
    found = find_onsets(series, window(seconds), max_q=0.99, min_effect=1.0).frame
    assert (found["earliest"] <= found["at"]).all()
    assert (found["at"] <= found["latest"]).all()
    assert found.select(pl.col("before", "after", "llr", "p_value").is_finite().all()).row(0) == (True,) * 4


def test_quiet_logs_are_quiet() -> None:
    rng = np.random.default_rng(32)
    alarms = 0
    for _ in range(20):
        rates = np.exp(rng.uniform(-4, 1, size=40))
        units = {f"t{k}": rng.poisson(rate, 240) for k, rate in enumerate(rates)}
        units |= {f"n{k}": rng.negative_binomial(rate, 0.25, 240) for k, rate in enumerate(rates)}
        alarms += len(find_onsets(series_of(units), window(240)).frame) > 0
    assert alarms <= 3


def test_few_lines_are_little_evidence() -> None:
    once = [0] * 250 + [1] + [0] * 49
    thrice = [0] * 250 + [1, 0, 0, 1, 0, 0, 0, 1] + [0] * 42
    often = [0] * 250 + [1, 0] * 25
    units = {"once": once, "thrice": thrice, "often": often} | {f"steady{k}": [1] * 300 for k in range(50)}
    assert find_onsets(series_of(units), window(300)).frame["template_id"].to_list() == ["often"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"coverage": 1.0}, "coverage: got 1.0, wanted a number between 0 and 1"),
        ({"max_q": 0.0}, "max_q: got 0.0"),
        ({"min_effect": 0.5}, "min_effect: got 0.5, wanted a ratio of rates of at least 1"),
    ],
)
def test_impossible_options_are_refused(option: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_onsets(series_of({"t": [1]}), window(1), **option)  # type: ignore[arg-type]


def test_detectors_have_names_of_their_own() -> None:
    kinds = [detector.kind for detector in DETECTORS]
    assert sorted(kinds) == ["drop", "gone", "new", "surge"]


def test_logs_of_whole_seconds_say_no_more_than_the_second() -> None:
    """Of two units that begin together, one is written to the second: its first line may be of any time in it."""
    stamps = [150.25 + n for n in range(150)]
    ns = [int((START + at) * SECOND) for at in stamps]
    rows = [(at // SECOND * SECOND, "coarse") for at in ns] + [(at, "fine") for at in ns]
    records = pl.DataFrame(rows, schema={"timestamp": pl.Int64, "template_id": pl.String}, orient="row").with_columns(
        pl.col("timestamp").cast(TIME), pl.lit("shop").alias("service_name")
    )
    series = count_series(records)
    found = to_the_second(find_onsets(series, window(300)).frame, series)
    at, latest = ({row["template_id"]: row[name] for row in found.to_dicts()} for name in ("at", "latest"))
    assert at["coarse"].microsecond == 0 and latest["coarse"].microsecond == 999_999
    assert at["fine"] == latest["fine"]
    assert at["coarse"] < at["fine"] < latest["coarse"]
