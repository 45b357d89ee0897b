"""Counting and merging: the same series however the records were cut, and windows that say what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from triage.errors import UsageError
from triage.onset.bins import dense_blocks, make_bins, make_rows
from triage.onset.series import COUNTS, EXTENT, SECOND, TIME, Series, Window, count_series, merge_series

START = 1_700_000_000
Row = tuple[int | None, str | None, str | None]

TIMES = st.none() | st.integers(-(2**40), 2**61)
ROWS = st.lists(st.tuples(TIMES, st.sampled_from(["a", "b", None]), st.sampled_from(["x", "", None])), max_size=40)


def records(rows: list[Row]) -> pl.DataFrame:
    columns = [[row[k] for row in rows] for k in range(3)]
    return pl.DataFrame(
        {
            "timestamp": pl.Series(columns[0], dtype=pl.Int64).cast(TIME),
            "template_id": pl.Series(columns[1], dtype=pl.String),
            "service_name": pl.Series(columns[2], dtype=pl.String),
        }
    )


def assert_same(a: Series, b: Series) -> None:
    assert_frame_equal(a.counts, b.counts)
    assert_frame_equal(a.extent, b.extent)


def test_counts_by_second_with_exact_first_and_last_times() -> None:
    base = START * SECOND
    rows: list[Row] = [(base + 900, "a", "x"), (base + 5, "a", "x"), (base + 2 * SECOND, "a", "x"), (base, "a", None)]
    series = count_series(records(rows))
    assert series.counts.rows() == [("a", None, START, 1), ("a", "x", START, 2), ("a", "x", START + 2, 1)]
    assert series.extent.select(pl.col("first", "last").dt.epoch("ns"), "count").rows() == [
        (base, base, 1),
        (base + 5, base + 2 * SECOND, 3),
    ]
    assert series.counts.schema == COUNTS
    assert series.extent.schema == EXTENT


def test_a_time_before_1970_belongs_to_the_second_below() -> None:
    assert count_series(records([(-1, "a", "x")])).counts["second"].to_list() == [-1]


def test_records_without_time_or_template_are_left_out() -> None:
    series = count_series(records([(None, "a", "x"), (START * SECOND, None, "x")]))
    assert not len(series.counts)
    assert not len(series.extent)


def test_columns_that_are_all_null_or_lazy_are_read() -> None:
    frame = pl.DataFrame({"timestamp": [datetime(2024, 1, 1)], "template_id": ["a"], "service_name": [None]})
    assert count_series(frame.lazy()).extent.row(0)[:2] == ("a", None)


@given(ROWS, st.lists(st.integers(0, 40), max_size=4))
def test_cut_anywhere_counted_and_merged_is_the_same(rows: list[Row], cuts: list[int]) -> None:
    frame = records(rows)
    edges = [0, *sorted(cut for cut in cuts if cut <= len(rows)), len(rows)]
    parts = [count_series(frame[low:high]) for low, high in pairwise(edges)]
    assert_same(merge_series(*parts), count_series(frame))


@given(ROWS, ROWS, ROWS)
def test_merging_is_associative_and_commutative(a: list[Row], b: list[Row], c: list[Row]) -> None:
    x, y, z = (count_series(records(rows)) for rows in (a, b, c))
    assert_same(merge_series(merge_series(x, y), z), merge_series(x, merge_series(y, z)))
    assert_same(merge_series(x, y), merge_series(y, x))
    assert_same(merge_series(x), x)


def test_merging_nothing_is_an_empty_series() -> None:
    assert_same(merge_series(), count_series(records([])))


def test_the_window_of_a_series_is_its_whole_seconds() -> None:
    series = count_series(records([(START * SECOND + 7, "a", "x"), ((START + 9) * SECOND, "b", None)]))
    window = Window.of(series)
    assert (window.start_ns, window.end_ns) == (START * SECOND, (START + 10) * SECOND)
    assert window.start == datetime.fromtimestamp(START, UTC)
    assert window.end - window.start == timedelta(seconds=10)
    assert Window.between(window.start, window.end) == window
    assert Window.of(count_series(records([]))) == Window(0, 0)


def test_windows_that_cannot_be_are_refused() -> None:
    with pytest.raises(UsageError, match="ends before it starts"):
        Window(2 * SECOND, SECOND)
    with pytest.raises(UsageError, match="has no zone"):
        Window.between(datetime(2024, 1, 1), datetime(2024, 1, 2))


def test_bins_are_as_wide_as_the_window_needs() -> None:
    assert (make_bins(Window(0, 100 * SECOND)).width, make_bins(Window(0, 100 * SECOND)).count) == (1, 100)
    day = make_bins(Window(0, 86_400 * SECOND))
    assert (day.width, day.count) == (85, 1017)
    assert day.edges[-1] - day.edges[-2] == 40


def test_bins_begin_with_the_baseline_and_search_after_it() -> None:
    bins = make_bins(Window(0, 300 * SECOND), Window(60 * SECOND, 120 * SECOND))
    assert (bins.start, bins.seconds, bins.searched) == (60, 240, 60)


@pytest.mark.parametrize("baseline", [(400, 500), (-50, -10), (100, 300), (0, 900)])
def test_a_baseline_that_leaves_nothing_is_refused(baseline: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match=r"baseline: .* does not leave time both in it and after it"):
        make_bins(Window(0, 300 * SECOND), Window(baseline[0] * SECOND, baseline[1] * SECOND))


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from("abc")), max_size=60), st.integers(1, 60))
def test_dense_blocks_hold_the_counts(lines: list[tuple[int, str]], most: int) -> None:
    bins = make_bins(Window(0, 51 * SECOND), most=most)
    rows = make_rows(count_series(records([(second * SECOND, name, None) for second, name in lines])), bins)
    blocks = list(dense_blocks(rows, bins))
    for number, name in enumerate(rows.units["template_id"]):
        for bin_ in range(bins.count):
            low, high = bins.edges[bin_], bins.edges[bin_ + 1]
            assert blocks[0][number, bin_] == sum(low <= second < high and who == name for second, who in lines)
