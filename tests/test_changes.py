"""Changes from files, lists and frames: golden cases, hostile input, and the same rows by every way in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from triage.changes import Change, Changes, load_changes
from triage.changes.change import KINDS, kind_of
from triage.changes.loaders import text as text_module
from triage.changes.plain import DEEPEST
from triage.changes.rows import ALIASES
from triage.changes.times import FIRST, LAST, read_time
from triage.errors import ChangesError, UsageError

GOLDEN = Path(__file__).parent / "golden" / "changes"
GOOD = sorted(path.name for path in (GOLDEN / "good").iterdir() if not path.name.endswith(".expected.json"))
BAD = sorted(path.name for path in (GOLDEN / "bad").iterdir() if path.suffix != ".error")
NOON = "2024-05-01T12:00:00Z"


@pytest.fixture
def in_golden(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names in messages are relative to the folder of the golden cases."""
    monkeypatch.chdir(GOLDEN)


# --- golden cases ---


@pytest.mark.usefixtures("in_golden")
@pytest.mark.parametrize("name", GOOD)
def test_golden_lists_are_read(name: str) -> None:
    expected = json.loads(Path(f"good/{name}.expected.json").read_text(encoding="utf-8"))
    changes = load_changes(f"good/{name}", tz=expected["tz"])
    assert changes.to_dicts() == expected["changes"]
    assert list(changes.notes) == expected["notes"]


@pytest.mark.usefixtures("in_golden")
@pytest.mark.parametrize("name", GOOD)
def test_what_is_written_is_read_back_the_same(name: str) -> None:
    changes = load_changes(Path("good") / name, tz="Europe/Berlin")
    assert load_changes(json.loads(json.dumps(changes.to_dicts()))).changes == changes.changes


@pytest.mark.usefixtures("in_golden")
@pytest.mark.parametrize("name", BAD)
def test_golden_errors(name: str) -> None:
    with pytest.raises(ChangesError) as caught:
        load_changes(f"bad/{name}")
    assert f"ChangesError: {caught.value}\n" == Path(f"bad/{name}.error").read_text(encoding="utf-8")


# --- times ---

SPELLINGS = [
    "2024-05-01T12:30:00Z",
    "2024-05-01t12:30:00z",
    "2024-05-01 12:30:00 UTC",
    "2024-05-01T12:30Z",
    "2024-05-01T14:30:00+02:00",
    "2024-05-01 14:30:00+0200",
    "2024-05-01 14:30:00 +02",
    "2024-05-01T07:00:00-05:30",
    "20240501T123000Z",
    "2024/05/01 12:30:00.000 GMT",
    "2024-05-01T12:30:00,000Z",
    "  2024-05-01T12:30:00Z ",
    "1714566600",
    "1714566600000",
    "1714566600000000",
    "1714566600000000000",
    "1714566600.0",
    1714566600,
    1714566600.0,
    Decimal("1714566600"),
    1714566600000000000,
    datetime(2024, 5, 1, 12, 30, tzinfo=UTC),
    datetime(2024, 5, 1, 14, 30, tzinfo=timezone(timedelta(hours=2))),
    pd.Timestamp("2024-05-01 14:30:00", tz="Europe/Berlin"),
]


@pytest.mark.parametrize("value", SPELLINGS, ids=str)
def test_spellings_of_one_time(value: object) -> None:
    reading = read_time(value, ZoneInfo("Asia/Tokyo"))
    assert type(reading.time) is datetime
    assert reading == (datetime(2024, 5, 1, 12, 30, tzinfo=UTC), ())


@pytest.mark.parametrize(
    ("fraction", "micros"), [(".5", 500000), (".123456", 123456), (",123456999", 123456), (".000000001", 0)]
)
def test_fractions_are_cut_to_microseconds(fraction: str, micros: int) -> None:
    assert read_time(f"2024-05-01T12:30:00{fraction}Z", UTC).time.microsecond == micros


def test_epoch_numbers_keep_their_fraction_to_the_microsecond() -> None:
    assert read_time("1714566600.123456", UTC).time.microsecond == 123456
    assert read_time(1714566600123456789, UTC).time.microsecond == 123456


NO_TIMES = [
    "", "noon", "2024-05-01", "20240501", "12:30:00", "2024-05-01T25:00:00Z", "2024-13-01T00:00:00Z",
    "2024-05-01T12:30:00+25:00", "2024-05-01T12:30:00+02:75", "2024-05-01T12:30:00 CEST", "2024-05/01 12:30",
    "1.71E+09", "12345", "20240501123000", "٢٠٢٤-05-01T12:30:00Z", "1989-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
    "2024-05-01T12:30:00Z" + " " * 70 + "x", True, False, 0, -1714566600, 10**40, float("inf"), float("nan"),
    Decimal("NaN"), b"2024-05-01T12:30:00Z", [NOON], {"time": NOON}, date(2024, 5, 1), datetime.min,
]  # fmt: skip


@pytest.mark.parametrize("value", NO_TIMES, ids=lambda value: repr(value)[:40])
def test_what_is_no_time(value: object) -> None:
    with pytest.raises(ChangesError, match=r"^changes, row 1, field 'time': got .*, wanted an ISO 8601 time"):
        load_changes([{"time": value, "id": "a"}])


@given(
    time=st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None) - timedelta(days=2)),
    minutes=st.integers(-23 * 60, 23 * 60),
    separator=st.sampled_from("T "),
)
def test_times_agree_with_the_standard_library(time: datetime, minutes: int, separator: str) -> None:
    aware = (time + timedelta(days=1)).replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert read_time(aware.isoformat(sep=separator), UTC) == (aware.astimezone(UTC), ())


@pytest.mark.parametrize(
    ("clock", "utc", "notes"),
    [
        ("2024-07-01 12:00", "2024-07-01T10:00:00Z", 1),
        ("2024-10-27 02:30", "2024-10-27T00:30:00Z", 2),  # came twice: the first
        ("2024-03-31 02:30", "2024-03-31T01:30:00Z", 2),  # was skipped
    ],
)
def test_a_clock_without_a_zone_is_read_in_the_one_given_and_noted(clock: str, utc: str, notes: int) -> None:
    changes = load_changes([{"id": "a", "time": clock, "kind": "deploy"}], tz="Europe/Berlin")
    assert [change["time"] for change in changes.to_dicts()] == [utc]
    assert len(changes.notes) == notes
    assert changes.notes[0] == "changes: no time zone, read as Europe/Berlin (1 change: row 1)"


def test_a_tzinfo_serves_as_well_as_a_name() -> None:
    rows = [{"id": "a", "time": "2024-07-01 12:00"}]
    assert load_changes(rows, tz=timezone(timedelta(hours=2))).changes == load_changes(rows, "Europe/Berlin").changes


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berln", "'Europe/Berln': did you mean 'Europe/Berlin'?"),
        ("utc1", "did you mean 'UTC'?"),
        ("../../etc/passwd", r"'../../etc/passwd': "),
        ("", "'': wanted an IANA name"),
        ("x" * 9000, "…': wanted an IANA name"),
    ],
)
def test_an_unknown_zone_is_refused(zone: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"^unknown time zone '") as caught:
        load_changes(None, tz=zone)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 160


# --- the kinds, the names of fields, the ids ---


def test_no_word_stands_for_two_kinds_and_no_name_for_two_fields() -> None:
    words = [word for kind, others in KINDS.items() for word in (kind, *others)]
    names = [name for others in ALIASES.values() for name in others]
    assert sorted(words) == sorted(set(words))
    assert sorted(names) == sorted(set(names))
    assert all(field == names[0] for field, names in ALIASES.items())


@pytest.mark.parametrize("word", ["Release", "roll-out", "ROLL OUT", " rollout "])
def test_words_for_a_deploy(word: str) -> None:
    assert kind_of(word) == "deploy"


@pytest.mark.parametrize("kind", ["reboot", 7, ["deploy"], "deploy" * 50])
def test_an_unknown_kind_is_kept_beside_other(kind: object) -> None:
    changes = load_changes([{"id": "a", "time": NOON, "kind": kind}])
    assert [(change.kind, change.attributes) for change in changes] == [("other", {"kind": kind})]
    assert "taken as 'other' (1 change: row 1)" in changes.notes[0]


def test_the_first_name_that_holds_something_wins_and_the_others_stay() -> None:
    row = {"Time": "2024-01-01T00:00:00Z", "time": NOON, "service": None, "app": "cart", "system": "shop"}
    change = next(iter(load_changes([{**row, "id": "a", "kind": "deploy"}])))
    assert (change.time, change.service) == (datetime(2024, 5, 1, 12, tzinfo=UTC), "cart")
    assert change.attributes == {"Time": "2024-01-01T00:00:00Z", "system": "shop"}


def test_an_id_made_up_depends_on_nothing_but_the_content() -> None:
    rows = [{"time": NOON, "service": "cart", "replicas": 3}, {"time": NOON, "service": "cart", "replicas": 4}]
    first, second = load_changes(rows).changes
    assert first.id != second.id
    again = load_changes([{"replicas": 4, "app": "cart", "at": 1714564800}, rows[0]])
    assert {change.id for change in again} == {first.id, second.id}
    assert "changes: no id, made one from the content (2 changes: row 1, row 2)" in again.notes


def test_rows_that_say_the_same_are_one_change() -> None:
    row = {"id": "a", "time": NOON, "kind": "deploy"}
    changes = load_changes([row, dict(row), {**row, "time": "2024-05-01T14:00:00+02:00"}])
    assert len(changes) == 1
    assert changes.notes == ("2 repetitions of a change left out: changes, row 2, changes, row 3",)


def test_many_rows_with_one_remark_are_one_note() -> None:
    changes = load_changes([{"id": str(n), "time": "2024-05-01 12:00", "kind": "deploy"} for n in range(10_000)])
    assert len(changes) == 10_000
    assert changes.notes == ("changes: no time zone, read as UTC (10000 changes: row 1, row 2, row 3 and 9997 more)",)


def test_changes_come_in_order_of_time_then_id() -> None:
    times = [("b", "2024-05-01T12:00:00Z"), ("z", "2024-05-01T11:00:00Z"), ("a", "2024-05-01T14:00:00+02:00")]
    assert [c.id for c in load_changes([{"id": name, "time": time} for name, time in times])] == ["z", "a", "b"]


# --- ways in ---

ROWS: list[dict[str, Any]] = [
    {"id": "a", "time": "2024-05-01 12:00:00", "end": None, "kind": "deploy", "service": "cart", "ticket": 7},
    {"id": "b", "time": NOON, "end": "2024-05-01T12:05:00Z", "kind": "flag", "service": None, "ticket": 8},
]


@pytest.mark.parametrize(
    "frame", [pl.DataFrame, lambda rows: pl.LazyFrame(rows), pd.DataFrame, pa.Table.from_pylist, tuple, iter]
)
def test_frames_and_lists_are_read_alike(frame: Any) -> None:
    changes = load_changes(frame(ROWS))
    assert changes == load_changes(ROWS)
    assert [change.attributes for change in changes] == [{"ticket": 7}, {"ticket": 8}]


def test_a_pandas_frame_of_real_times_with_gaps() -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "time": pd.to_datetime(["2024-05-01 12:00:00.123456789", NOON], format="ISO8601", utc=True),
            "end": [pd.NaT, pd.Timestamp("2024-05-01T12:05:00Z")],
            "version": [float("nan"), 2.5],
            "service": pd.array(["cart", pd.NA], dtype="string"),
        }
    )
    b, a = load_changes(frame)
    assert (a.time.microsecond, a.end, a.version, a.service) == (123456, None, None, "cart")
    assert (b.end, b.version, b.service) == (datetime(2024, 5, 1, 12, 5, tzinfo=UTC), "2.5", None)


def test_frames_that_cannot_be_had_are_refused() -> None:
    twice = pd.DataFrame([[NOON, NOON]], columns=["time", "time"])
    with pytest.raises(ChangesError, match=r"^changes: got the column 'time' twice, wanted it once"):
        load_changes(twice)
    with pytest.raises(ChangesError, match=r"^changes: got a frame that says '.*', wanted its rows"):
        load_changes(pl.LazyFrame({"a": [1]}).select("b"))
    with pytest.raises(ChangesError, match=r"^changes, row 1, field 'time': got nothing"):
        load_changes(pl.DataFrame({"a": [1]}))


def test_several_sources_are_one_list(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(ROWS[:1]))
    (tmp_path / "two.csv").write_text("id,time,kind\nc,2024-05-01T13:00:00Z,config\n")
    own = Change("d", datetime(2024, 5, 1, 14, tzinfo=UTC))
    changes = load_changes([str(tmp_path / "one.json"), tmp_path / "two.csv", ROWS[1], own])
    assert [change.id for change in changes] == ["a", "b", "c", "d"]
    assert changes.changes[-1] is own


def test_nothing_and_what_is_read_already() -> None:
    assert load_changes(None) == load_changes([]) == Changes()
    changes = load_changes(ROWS)
    assert load_changes(changes) is changes
    assert load_changes(list(changes)).changes == changes.changes


@pytest.mark.parametrize("source", [7, {"time": NOON}, b"changes.json", True])
def test_what_is_no_source_at_all(source: Any) -> None:
    with pytest.raises(ChangesError, match=r"^changes: got .*, wanted a path, a list of objects or a frame"):
        load_changes(source)


@pytest.mark.parametrize("item", [7, None, [NOON], b"x"])
def test_what_is_no_row(item: Any) -> None:
    with pytest.raises(ChangesError, match=r"^changes, row 2: got .*, wanted an object; try a dict"):
        load_changes([ROWS[0], item])


class _Rude:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(("value", "shown"), [(_Rude(), "<_Rude"), (10**5000, "<int")], ids=["rude", "long"])
def test_a_value_that_cannot_be_shown_is_named_by_its_type(value: object, shown: str) -> None:
    with pytest.raises(ChangesError, match=rf"got {shown}.*, wanted an ISO 8601 time"):
        load_changes([{"time": value}])


# --- files as they come ---


def _written(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


JSON_TEXT = '[{"id": "a", "time": "2024-05-01T12:00:00Z", "kind": "deploy", "service": "café"}]'
CSV_TEXT = 'id,time,kind,service,summary\r\na,2024-05-01T12:00:00Z,deploy,café,"x, y"\r\n'


@pytest.mark.parametrize("text", [JSON_TEXT, CSV_TEXT, CSV_TEXT.replace("\r\n", "\r"), CSV_TEXT.replace("\r", "")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["changes.json", "changes.csv"])
def test_encodings_and_line_ends(text: str, encoding: str, name: str, tmp_path: Path) -> None:
    if text.startswith("[") != name.endswith(".json"):
        name = Path(name).stem + (".json" if text.startswith("[") else ".csv")
    changes = load_changes(_written(tmp_path, name, text.encode(encoding)))
    assert [(change.id, change.service) for change in changes] == [("a", "café")]


@pytest.mark.parametrize("name", ["changes", "changes.txt", "CHANGES.JSON"])
def test_json_is_known_by_its_first_character(name: str, tmp_path: Path) -> None:
    assert len(load_changes(_written(tmp_path, name, b"\xef\xbb\xbf \n" + JSON_TEXT.encode()))) == 1


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_is_known_by_its_header_and_its_delimiter(mark: str, tmp_path: Path) -> None:
    text = f'id{mark}"started at"{mark}note\na{mark}{NOON}{mark}"1{mark}2"\nb{mark}{NOON}\n'
    changes = load_changes(_written(tmp_path, "export.txt", text.encode()))
    assert [(c.id, c.attributes) for c in changes] == [("a", {"note": f"1{mark}2"}), ("b", {})]


def test_a_header_without_rows_is_no_change(tmp_path: Path) -> None:
    assert load_changes(_written(tmp_path, "changes.csv", b"id,time\n")) == Changes()


def test_one_object_is_one_change(tmp_path: Path) -> None:
    assert len(load_changes(_written(tmp_path, "changes.json", JSON_TEXT.strip("[]").encode()))) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'[\n{"id": "\0"}]', r"line 2: got a NUL byte, wanted UTF-8 text; try saving it as UTF-8"),
        (b"[\n\n\xe9]", r"line 3: got the byte 0xe9, wanted UTF-8 text; try saving it as UTF-8"),
        (b"", r"got an empty file, wanted a list of changes; try \[\] if there are none"),
        (b"\xef\xbb\xbf", r"got an empty file"),
        (b"[" * 200_000, r"line 1: got text that is not JSON \(nested too deeply\)"),
        (b'[{"time": 1' + b"0" * 9000 + b"}]", r"line 1: got text that is not JSON \(Exceeds the limit"),
        (b'[{"time": "x' + b"y" * 9000 + b'"}]', r"row 1, field 'time': got 'xy{56}…', wanted"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_files_that_cannot_be_read(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(ChangesError, match=said) as caught:
        load_changes(_written(tmp_path, "changes.json", data))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\0\0", b"\xff\xff"])
def test_a_file_of_no_known_kind_says_first_what_ails_it(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ChangesError, match=r"got an empty file|got a NUL byte|got the byte 0xff"):
        load_changes(_written(tmp_path, "changes.bin", data))


def test_a_cell_beyond_the_limit_of_csv_is_an_error(tmp_path: Path) -> None:
    data = f"id,time,summary\na,{NOON},{'x' * 200_000}\n".encode()
    with pytest.raises(ChangesError, match=r"line 2: got a row that is not CSV \(field larger than field limit"):
        load_changes(_written(tmp_path, "changes.csv", data))


def test_a_file_that_is_no_list_of_changes_for_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "MOST_BYTES", 1 << 20)
    with pytest.raises(ChangesError, match=r"got more than 1 MiB, wanted a list of changes"):
        load_changes(_written(tmp_path, "changes.json", b" " * ((1 << 20) + 1)))


def test_a_missing_file_is_told_with_the_closest_name(tmp_path: Path) -> None:
    _written(tmp_path, "changes.json", b"[]")
    with pytest.raises(ChangesError, match=r"change\.json: got no such file, wanted .*; try .*changes\.json$"):
        load_changes(tmp_path / "change.json")
    with pytest.raises(ChangesError, match=r"got no such file, wanted .*; try the path of a JSON or CSV file"):
        load_changes(str(tmp_path / "no" / "such.json"))
    with pytest.raises(ChangesError, match=r"^a\\x00b: got no such file"):
        load_changes("a\0b")


def test_a_name_with_control_characters_is_shown_escaped(tmp_path: Path) -> None:
    with pytest.raises(ChangesError, match=r"\\x1b\[2J\\nlist\.json, row 1, field 'time': got nothing") as caught:
        load_changes(_written(tmp_path, "\x1b[2J\nlist.json", b"[{}]"))
    assert str(caught.value).isprintable()


def test_a_folder_without_changes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ChangesError, match=r"got a folder without files, wanted files with changes, or a git repo.*git:"
    ):
        load_changes(tmp_path)
    _written(tmp_path, "notes.txt", b"nothing\n")
    with pytest.raises(ChangesError, match=r"got a folder with no file of a known kind, wanted git tags, JSON"):
        load_changes(tmp_path)


def test_a_dangling_link_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "changes.json").symlink_to(tmp_path / "gone.json")
    with pytest.raises(ChangesError, match="got no such file"):
        load_changes(tmp_path / "changes.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(JSON_TEXT,), daemon=True)
    writer.start()
    assert len(load_changes(pipe)) == 1
    writer.join(timeout=5)
    assert not writer.is_alive()


# --- whatever comes ---

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([name for names in ALIASES.values() for name in names]) | st.text(max_size=8)
TIMES = st.sampled_from([NOON, "2024-05-01 11:00", 1714566600, "2024-05-01T12:00:00.5+01:00"])
LISTS = st.lists(
    st.dictionaries(NAMES, JSON_VALUES, max_size=6)
    | st.fixed_dictionaries({"time": TIMES}, optional={"end": TIMES, "kind": st.sampled_from(["flag", "x", ""])})
    | st.builds(lambda row, time: {**row, "time": time}, st.dictionaries(st.text(max_size=6), JSON_VALUES), TIMES),
    max_size=4,
)


@given(rows=LISTS)
def test_any_rows_are_read_and_read_back_or_refused_in_one_line(rows: list[dict[str, Any]]) -> None:
    try:
        changes = load_changes(rows, tz="Europe/Berlin")
    except ChangesError as error:
        assert str(error).isprintable()
        return
    written = json.dumps(changes.to_dicts(), allow_nan=False, ensure_ascii=False).encode("utf-8")
    assert load_changes(json.loads(written), tz="Asia/Tokyo").changes == changes.changes
    assert changes.to_polars().height == len(changes) <= len(rows)


@example(data=b'time\t""x')
@given(data=st.binary(max_size=200) | st.text(alphabet='[]{}",:;\n\r\t 0123abtime', max_size=200).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("name", ["f.json", "f.ndjson", "f.csv", "f.txt"])
def test_any_bytes_are_read_or_refused_in_one_line(name: str, data: bytes, tmp_path: Path) -> None:
    path = _written(tmp_path, name, data)
    try:
        changes = load_changes(path)
    except ChangesError as error:
        assert str(error).isprintable()
    else:
        assert len(load_changes(changes.to_dicts())) == len(changes)


def test_deep_nesting_is_kept_as_text() -> None:
    value: Any = "core"
    for _ in range(DEEPEST * 3):
        value = [value]
    change = next(iter(load_changes([{"id": "a", "time": NOON, "nested": value}])))
    assert json.loads(json.dumps(change.to_dict())) == change.to_dict()


# --- the types ---


def test_a_change_is_checked_whoever_makes_it() -> None:
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    with pytest.raises(ChangesError, match=r"^change: got an empty id"):
        Change("", noon)
    with pytest.raises(ChangesError, match=r"^change 'a': got time .* without a zone, wanted an aware datetime"):
        Change("a", datetime(2024, 5, 1, 12))
    with pytest.raises(ChangesError, match=r"^change 'a': got end 2024-05-01T11:59:59Z, wanted none before its time"):
        Change("a", noon, end=noon - timedelta(seconds=1))
    with pytest.raises(ChangesError, match=r"^change 'a': got kind 'release', wanted one of deploy, rollback"):
        Change("a", noon, kind="release")
    with pytest.raises(ChangesError, match=r"^change 'a': got time 1815-06-18.*, wanted one from 1990 to 2099"):
        Change("a", datetime(1815, 6, 18, tzinfo=UTC))


def test_a_change_is_immutable_hashable_and_in_utc() -> None:
    attributes = {"to": [1]}
    change = Change("a", datetime(2024, 5, 1, 14, tzinfo=ZoneInfo("Europe/Berlin")), attributes=attributes)
    attributes["more"] = [2]
    assert (change.time.tzinfo, change.attributes) == (UTC, {"to": [1]})
    assert len({change, Change("a", change.time, attributes={"to": [1]}, origin="elsewhere")}) == 1
    with pytest.raises(FrozenInstanceError):
        change.kind = "flag"  # type: ignore[misc]


def test_the_frame_of_changes_has_its_types_even_if_empty() -> None:
    schema = load_changes(None).to_polars().schema
    assert list(schema) == ["id", "time", "end", "kind", "service", "version", "summary"]
    assert schema["time"] == schema["end"] == pl.Datetime("ns", "UTC")
    assert load_changes(ROWS).to_polars().schema == schema
    assert load_changes(ROWS).to_polars()["end"].to_list() == [None, datetime(2024, 5, 1, 12, 5, tzinfo=UTC)]


def test_reading_changes_needs_no_pandas() -> None:
    code = (
        "import sys\nfrom triage.changes.load import load_changes\n"
        "load_changes([{'time': '2024-05-01T12:00:00Z'}])\nprint('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
