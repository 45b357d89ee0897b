"""Points in time as logs spell them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.ingest import read_logs
from triage.ingest.context import Context
from triage.ingest.moments import moment
from triage.ingest.timestamps import parse

NOT_AFTER = datetime(2026, 11, 22, tzinfo=UTC)
AT = "2026-11-21T02:05:12"

SPELLED = [
    ("2026-11-21T02:05:12Z", f"{AT}.000000000"),
    ("2026-11-21 02:05:12,345 message", f"{AT}.345000000"),
    ("2026-11-21T02:05:12.123456789+00:00", f"{AT}.123456789"),
    ("2026-11-21T03:05:12+0100[Europe/Berlin]", f"{AT}.000000000"),
    ("2026-11-21T02:05:12.5-05", "2026-11-21T07:05:12.500000000"),
    ("2026/11/21 - 02:05:12", f"{AT}.000000000"),
    ("2026-11-21-02.05.12.363779", f"{AT}.363779000"),
    ("2026-11-21  2:05:12", f"{AT}.000000000"),
    ("2026-11-21T02:05:12z", f"{AT}.000000000"),
    ("2026-11-21 04:05:12 GMT+2", f"{AT}.000000000"),
    ("2026-11-21 07:35:12.5 UTC+0530", f"{AT}.500000000"),
    ("2026-11-20 21:05:12 GMT-05:00", f"{AT}.000000000"),
    ("2026-11-21 02:05:12 UTC", f"{AT}.000000000"),
    ("2026-11-21 03:05:12.5 Europe/Paris", f"{AT}.500000000"),
    ("2026-11-21 02:05:12 Europe/Nowhere", f"{AT}.000000000"),
    ("2026-11-2 2:05:12", "2026-11-02T02:05:12.000000000"),
    ("2026/1/21 02:05:12", "2026-01-21T02:05:12.000000000"),
    ("2026-11-21 02:05 CET", "2026-11-21T01:05:00.000000000"),
    ("20261121T020512Z", f"{AT}.000000000"),
    ("20261121-02:05:12:444", f"{AT}.444000000"),
    ("2026-325T02:05:12Z", f"{AT}.000000000"),
    ("21/Nov/2026:02:05:12 +0000", f"{AT}.000000000"),
    ("21 NOV 2026 02:05:12 GMT", f"{AT}.000000000"),
    ("21-Nov-26 02:05:12", f"{AT}.000000000"),
    ("Nov 21 02:05:12 2026", f"{AT}.000000000"),
    ("Nov 21 02:05:12.250 UTC 2026", f"{AT}.250000000"),
    ("November 21, 2026 2:05:12 AM", f"{AT}.000000000"),
    ("Nov 21, 2026 12:05:12 AM", "2026-11-21T00:05:12.000000000"),
    ("Nov 21, 2026 12:05:12 PM", "2026-11-21T12:05:12.000000000"),
    ("nov 21 02:05:12", f"{AT}.000000000"),
    ("21 Nov 02:05:12.345", f"{AT}.345000000"),
    ("2026 Nov 21 02:05:12", f"{AT}.000000000"),
    ("2026 Nov  1 02:05:12", "2026-11-01T02:05:12.000000000"),
    ("Aug 24 05:34:00 CST 1987", "1987-08-24T11:34:00.000000000"),
    ("Dec 31 23:59:59", "2025-12-31T23:59:59.000000000"),
    ("Feb 29 12:00:00", "2024-02-29T12:00:00.000000000"),
    ("11/21/2026 02:05:12", f"{AT}.000000000"),
    ("11/21/2026, 2:05:12 AM", f"{AT}.000000000"),
    ("26/11/21 02:05:12", f"{AT}.000000000"),
    ("261121  2:05:12", f"{AT}.000000000"),
    ("261121 020512", f"{AT}.000000000"),
    ("11-21 02:05:12.345", f"{AT}.345000000"),
    ("1795226712.25", f"{AT}.250000000"),
    ("1795226712250", f"{AT}.250000000"),
    ("1795226712250000000", f"{AT}.250000000"),
    ("1.7952267122500001e+09", f"{AT}.250000100"),
    ("1.79522671e+09", "2026-11-21T02:05:10.000000000"),
    ("@40000000433225833b6e1a8c", "2005-09-22T03:31:05.997071500"),
]


@pytest.mark.parametrize(("text", "wanted"), SPELLED, ids=[text for text, _ in SPELLED])
def test_each_spelling(text: str, wanted: str) -> None:
    found = parse(pl.Series([text]), Context("UTC", NOT_AFTER)).utc
    assert found.dt.strftime("%Y-%m-%dT%H:%M:%S%.9f").to_list() == [wanted]


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "02:05:12", "12"]
)
def test_what_is_no_time_of_a_log(text: str) -> None:
    assert parse(pl.Series([text]), Context("UTC", NOT_AFTER)).utc.to_list() == [None]


def _only(tmp_path: Path, text: str, **options: object) -> dict[str, object]:
    (tmp_path / "app.log").write_text(text)
    found = read_logs(tmp_path / "app.log", **options)
    row = found.records.row(0, named=True)
    return {**row, "notes": found.ledger.assumptions}


@pytest.mark.parametrize("word", ["GET", "PUT", "POST", "ALERT", "-12 items", "IT"])
def test_words_of_the_message_are_no_zone(tmp_path: Path, word: str) -> None:
    row = _only(tmp_path, f"2026-11-21 02:05:12 {word} /a done\n")
    assert str(row["timestamp"]) == "2026-11-21 02:05:12+00:00"
    assert word in str(row["raw"]) and word.split()[0] in f"{row['body']}{row['severity_text']}"


def test_a_zone_name_of_several_meanings_is_told(tmp_path: Path) -> None:
    row = _only(tmp_path, "2026-11-21 02:05:12 CST done\n")
    assert str(row["timestamp"]) == "2026-11-21 08:05:12+00:00"
    assert any("CST, which means several, was read as UTC-6" in note for note in row["notes"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("lines", "day", "why"),
    [
        (["03/04/2026 02:05:12 a", "25/04/2026 02:05:12 b"], "2026-04-03", "no other order is possible"),
        (["03/04/2026 02:05:12 a", "04/25/2026 02:05:12 b"], "2026-03-04", "no other order is possible"),
        (["03/04/2026 02:05:12 a", "04/04/2026 02:05:12 b"], "2026-04-03", "closest together"),
    ],
)
def test_the_order_of_day_and_month_is_decided_by_the_whole_log(
    tmp_path: Path, lines: list[str], day: str, why: str
) -> None:
    row = _only(tmp_path, "\n".join(lines) + "\n")
    assert str(row["timestamp"]).startswith(day)
    assert any(why in note for note in row["notes"])  # type: ignore[attr-defined]


def test_years_around_new_year(tmp_path: Path) -> None:
    (tmp_path / "sys.log").write_text(
        "Dec 31 23:59:58 h app: a\nJan  1 00:00:02 h app: b\n2026-06-21T02:05:12Z h app: c\n"
    )
    for since, first in (("2025-12-31", 2025), ("2026-01-01", 2025)):
        found = read_logs(tmp_path / "sys.log", since=moment(since, "since", "UTC"))
        assert found.records["timestamp"].dt.year().to_list() == [first, 2026, 2026]
    assert len(read_logs(tmp_path / "sys.log", since=moment("2024-02-29", "since", "UTC")).records) == 3


def test_an_hour_that_occurs_twice_and_one_that_does_not(tmp_path: Path) -> None:
    row = _only(tmp_path, "2026-10-25 02:30:00 a\n2026-03-29 02:30:00 b\n", tz="Europe/Berlin")
    told = " ".join(row["notes"])  # type: ignore[arg-type]
    assert "has twice in autumn" in told
    assert "leaves out in spring" in told


def test_the_first_time_in_a_line_counts_and_the_finer_of_two_alike(tmp_path: Path) -> None:
    one = _only(tmp_path, "2026/11/21 02:05:12 [2026-11-21 02:05:12.345] started, last was 2026-11-20 01:00:00\n")
    assert str(one["timestamp"]) == "2026-11-21 02:05:12.345000+00:00"
    other = _only(tmp_path, "11:47:34 1|app  | 2026-11-21 02:05:12: App: ready\n")
    assert str(other["timestamp"]) == "2026-11-21 02:05:12+00:00"


@pytest.mark.parametrize(
    "given",
    [
        "2026-11-21 02:05:12 PM",
        "2026-11-21 02:05:12 Europe/Berlin",
        "2026-11-21 02:05:12+2",
        "2026-11-21 x",
        "9999-01-01",
    ],
)
def test_the_whole_of_an_option_must_be_a_time(given: str) -> None:
    from triage.errors import UsageError

    with pytest.raises(UsageError, match=r"since: .* is no point in time"):
        moment(given, "since", "UTC")


def test_options_may_be_epochs() -> None:
    assert moment("1795226712", "since", "UTC") == datetime(2026, 11, 21, 2, 5, 12, tzinfo=UTC)


def test_a_zone_by_its_name_is_taken_off_the_message_and_no_other_name_is(tmp_path: Path) -> None:
    lines = ("Europe/Paris INFO a", "[America/New_York] INFO b", "Api/Orders c", "INFO d")
    (tmp_path / "app.log").write_text("".join(f"2026-11-21 02:05:12 {line}\n" for line in lines))
    found = read_logs(tmp_path / "app.log")
    assert found.records["timestamp"].dt.hour().to_list() == [1, 7, 2, 2]
    assert found.records["body"].to_list() == ["a", "b", "Api/Orders c", "d"]
    assert found.ledger.sources[0].time_zone_assumed


def test_a_leap_day_settles_the_year_of_its_neighbours_however_the_file_is_cut(tmp_path: Path) -> None:
    days = ("Nov 30", "Feb 28", "Feb 29", "Mar  1", "May  2")
    (tmp_path / "app.log").write_text("".join(f"{day} 10:00:00 host app[1]: x\n" for day in days))
    for size in (1, 1 << 20):
        found = read_logs(tmp_path / "app.log", since=datetime(2026, 6, 1, tzinfo=UTC), chunk_bytes=size)
        assert found.records["timestamp"].dt.year().to_list() == [2023, 2024, 2024, 2024, 2024]
    assert any("29th of February" in note for note in found.ledger.assumptions)


def test_zones_by_name_beside_times_without_one() -> None:
    texts = [f"{AT} Europe/Paris", AT, f"{AT} a/B", None, "a/B", f"{AT}Z"]
    found = parse(pl.Series(texts), Context("Asia/Tokyo", NOT_AFTER))
    assert found.utc.dt.hour().to_list() == [1, 17, 17, None, None, 2]
    assert found.zone_missing


CLOCKS = st.sampled_from(["2026-11-21 02:05:12", "2026-11-20T02:05:13", "Nov 21 02:05:12", "21/Nov/2026:02:05:12", "x"])
BEHIND = st.sampled_from(["", "Z", " +0100", " PM", "-05:00"])


def spelled(digits: int) -> st.SearchStrategy[str]:
    """Times with a fraction of so many digits."""
    fraction = st.text("0123456789", min_size=digits, max_size=digits)
    return st.builds("{}{}{}{}".format, CLOCKS, st.sampled_from(".,") if digits else st.just(""), fraction, BEHIND)


ODD = st.sampled_from(
    [None, "", "never", "2026-11-21", "2026-11-21 02:05:12.", "1795226712.5", "02:05:12.5 02:05:12,5"]
)


@given(
    st.integers(0, 11).flatmap(lambda digits: st.lists(spelled(digits), min_size=1, max_size=6)),
    st.lists(ODD, max_size=2),
)
def test_a_time_in_a_column_is_what_it_is_alone(alike: list[str], odd: list[str | None]) -> None:
    column, context = [*alike, *odd], Context(not_after=NOT_AFTER)
    whole = parse(pl.Series("t", column, dtype=pl.String), context).utc.to_list()
    assert whole == [parse(pl.Series("t", [text], dtype=pl.String), context).utc[0] for text in column]
