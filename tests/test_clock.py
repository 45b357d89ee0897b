"""Clocks that were wrong are put right where the user says so, and only there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import UsageError
from triage.ingest import read_logs
from triage.ingest.clock import check_clock, parse_clock, shown_shift


def test_times_of_one_source_are_moved_and_that_is_told(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text("2026-11-21T02:05:12Z INFO ready\nno time\n")
    found = read_logs(tmp_path, clock={"b.log": "-01:30"})
    right = datetime(2026, 11, 21, 2, 5, 12, tzinfo=UTC)
    times = found.records["timestamp"].drop_nulls().to_list()
    assert times == [right, right - timedelta(minutes=90)]
    assert [note for note in found.ledger.assumptions if "-01:30 was added to all times" in note and "b.log" in note]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("+02:00", 7200), ("-1:30:15.5", -5415.5), ("90", 90), ("-90s", -90), ("250ms", 0.25), ("+5.5h", 19800)],
)
def test_spellings(text: str, seconds: float) -> None:
    assert check_clock({"*": text}) == {"*": seconds}


@given(tenths=st.integers(-(10**8), 10**8))
def test_what_is_shown_can_be_given(tenths: int) -> None:
    assert check_clock({"*": shown_shift(tenths / 10)})["*"] == pytest.approx(tenths / 10)


@pytest.mark.parametrize("value", ["soon", "", "1e999s", float("nan"), True, None, "99999999h", "+02:0"])
def test_what_is_no_shift(value: object) -> None:
    with pytest.raises(UsageError, match="wanted what to add to its times"):
        check_clock({"a.log": value})  # type: ignore[dict-item]


def test_patterns(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("2026-11-21T02:05:12Z INFO ready\n")
    with pytest.raises(UsageError, match="clock: no source matches 'redis'"):
        read_logs(tmp_path, clock={"redis": "1h"})
    with pytest.raises(UsageError, match="--clock: 'a' is given twice"):
        parse_clock(["a=1s", "a=2s"])
