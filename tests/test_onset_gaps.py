"""Gaps: a source without lines where its own rate says that many should have come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl

from triage.onset.gaps import find_gaps, in_gaps
from triage.onset.series import Window

BEGIN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
END = BEGIN + timedelta(seconds=1000)


def _records(
    source: str, rate: float, silent: tuple[float, float] | None = None, seed: int = 1, template: str = "t"
) -> pl.DataFrame:
    rng, now, times = Random(seed), 0.0, []
    while (now := now + rng.expovariate(rate)) < 1000:
        if silent is None or not silent[0] <= now < silent[1]:
            times.append(BEGIN + timedelta(seconds=now))
    frame = pl.DataFrame({"timestamp": times}, schema={"timestamp": pl.Datetime("ns", "UTC")})
    return frame.with_columns(source=pl.lit(source), service_name=pl.lit("shop"), template_id=pl.lit(template))


def _onset(template: str, seconds: float, kind: str = "gone", service: str = "shop") -> dict[str, object]:
    at = BEGIN + timedelta(seconds=seconds)
    row = {"template_id": template, "service_name": service, "kind": kind}
    return {**row, "earliest": at, "latest": at + timedelta(seconds=2)}


def _in_gaps(onsets: list[dict[str, object]], *parts: pl.DataFrame) -> list[bool]:
    times = dict.fromkeys(("earliest", "latest"), pl.Datetime("ns", "UTC"))
    records = pl.concat(parts).lazy()
    gaps = find_gaps(records, Window.between(BEGIN, END))
    return in_gaps(pl.DataFrame(onsets, schema_overrides=times), gaps, records).to_list()


def _gaps(*parts: pl.DataFrame) -> list[tuple[str, int, int]]:
    found = find_gaps(pl.concat(parts).lazy(), Window.between(BEGIN, END))
    offset = [(pl.col(name) - BEGIN).dt.total_seconds() for name in ("start", "end")]
    return [(row[0], row[1], row[2]) for row in found.select("source", *offset).iter_rows()]


def test_a_hole_and_an_early_end_are_gaps() -> None:
    found = _gaps(_records("a", 2, (300, 500)), _records("b", 1, (700, 1000), seed=2), _records("c", 2, seed=3))
    assert [row[0] for row in found] == ["a", "b"]
    (_, start, end), (_, last, until) = found
    assert 297 <= start <= 300 and 500 <= end <= 503
    assert 690 <= last <= 700 and until == 1000


def test_rare_lines_leave_no_gaps_and_neither_do_usual_silences() -> None:
    assert _gaps(_records("a", 0.02)) == []
    assert all(_gaps(_records("a", 1, seed=seed)) == [] for seed in range(50))
    bursts = [_records("a", 5, None, seed).filter(pl.col("timestamp").dt.minute() % 3 == 0) for seed in range(5)]
    assert all(_gaps(part) == [] for part in bursts)


def test_onsets_that_begin_with_a_gap_are_of_it() -> None:
    onsets = [_onset("t", 299), _onset("t", 350), _onset("t", 299, service="other"), _onset("t", 299, "new")]
    assert _in_gaps(onsets, _records("a", 2, (300, 500))) == [True, False, False, False]


def test_lines_that_stop_in_all_sources_are_not_of_the_gap_in_one() -> None:
    """One of five instances dies, the others log on; "gone" stops in all of them then, "less" in that one alone."""
    parts = [_records("pod-0", 2, (300, 1000), template=name) for name in ("gone", "less", "own")]
    for number in range(1, 5):
        parts.append(_records(f"pod-{number}", 2, (300, 1000), seed=number, template="gone"))
        parts.append(_records(f"pod-{number}", 2, None, seed=number + 9, template="less"))
    onsets = [_onset("gone", 299), _onset("less", 299, "drop"), _onset("own", 299)]
    assert _in_gaps(onsets, *parts) == [False, True, True]


def test_sources_that_fall_silent_together_are_one_gap() -> None:
    parts = [_records(f"pod-{number}", 2, (300 + number / 2, 600), seed=number) for number in range(5)]
    assert _in_gaps([_onset("t", 299)], *parts) == [True]


def test_a_file_that_was_rotated_away_is_no_other_source() -> None:
    whole = _records("app.log", 2, (700, 1000))
    early = pl.col("timestamp") < BEGIN + timedelta(seconds=500)
    parts = whole.filter(early).with_columns(source=pl.lit("app.log.1")), whole.filter(~early)
    assert _in_gaps([_onset("t", 699)], *parts) == [True]


def test_files_that_follow_each_other_leave_no_gap() -> None:
    whole = _records("app.log", 2)
    time = pl.col("timestamp") < BEGIN + timedelta(seconds=500)
    old, new = whole.filter(time).with_columns(source=pl.lit("app.log.1")), whole.filter(~time)
    assert _gaps(old, new) == []
    assert [row[0] for row in _gaps(old, _records("other.log", 2, (0, 800)))] == ["app.log.1"]
