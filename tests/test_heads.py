"""What is learnt of the fields between a line's time and its message."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.ingest import read_logs
from triage.ingest.context import Context
from triage.ingest.formats.heads import FEW, FIRST_LEVEL, learnt

MESSAGES = ["disk is full", "retrying in 3 s", "user logged in", "[x] closing", "bye", "reading a.conf", "key: lost"]
#: What a sample's lines begin with, and what of the last one is no message.
HEADS = [
    ("{n} INFO app.Store ", "7 INFO app.Store "),
    ("INFO [pool-{n}] app.Store - ", "INFO [pool-7] app.Store - "),
    ("main | {n} | WARN | ", "main | 7 | WARN | "),
    ("rack{n} cell RAS KERNEL ERROR ", "rack7 cell RAS KERNEL ERROR "),
    ("[{n}] INFO disk: ", "[7] INFO disk: "),
    ("INFO mail.exe - ", "INFO mail.exe - "),
    ("sshd[{n}]: ", "sshd[7]: "),
]


def _series(lines: list[str]) -> tuple[pl.Series, pl.Series]:
    return pl.Series(lines, dtype=pl.String), pl.Series([None] * len(lines), dtype=pl.Datetime("us", "UTC"))


@pytest.mark.parametrize(("form", "last"), HEADS)
def test_a_head(form: str, last: str) -> None:
    head = learnt(*_series([f" {form.format(n=n)}{text}" for n, text in enumerate(MESSAGES)]), Context())
    assert head is not None
    assert head.taken_off(pl.Series([f" {last}a new message"]))["head"][0] == last
    assert head.taken_off(pl.Series([f" {last}a new message"]))["rest"][0] == "a new message"


@pytest.mark.parametrize(
    "form",
    ["", "12 ", "{n} ", "disk: ", "[FAILED] ", "login - ", "a | {n} | ", "done without error, ", "ERROR: disk: "],
)
def test_what_a_message_may_begin_with_is_no_head(form: str) -> None:
    head = learnt(*_series([f" {form.format(n=n)}{text}" for n, text in enumerate(MESSAGES)]), Context())
    assert head is None or head.fields == (FIRST_LEVEL,)


def test_lines_that_are_alike_tell_nothing() -> None:
    lines = [f" pool - size {n}" for n in range(99)]
    assert learnt(*_series(lines), Context()) is None
    assert learnt(*_series([f" INFO app.Store {text}" for text in MESSAGES[: FEW - 1]]), Context()) is None


def test_a_line_has_the_first_fields_at_least() -> None:
    head = learnt(*_series([f" {n} INFO [x] a.B: {text}" for n, text in enumerate(MESSAGES)]), Context())
    assert head is not None
    found = head.taken_off(pl.Series([" 1 WARN bye", " 1 WARN [x] bye", " WARN bye", " bye"]))
    assert found["level"].to_list() == ["WARN", "WARN", None, None]
    assert found["rest"].to_list() == ["bye", "bye", None, None]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=40), max_size=30))
def test_nothing_of_a_line_is_lost(lines: list[str]) -> None:
    head = learnt(*_series(lines), Context())
    if head is None:
        return
    found = head.taken_off(pl.Series(lines)).drop_nulls("head")
    whole = {line.lstrip(" \t:|,-") for line in lines}
    assert {f"{row['head']}{row['rest']}".lstrip(" \t:|,-") for row in found.iter_rows(named=True)} <= whole


def test_the_time_in_a_column_of_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    lines = [f"{n} node-{n % 3} net.down {1779012000 + n} 1 {MESSAGES[n % 7]}" for n in range(50)]
    path.write_text("\n".join([*lines, "51 node-1 of 1779012000 kept"]) + "\n")
    found = read_logs(path).records
    assert found["timestamp"].dt.epoch("s").to_list() == [*range(1779012000, 1779012050), 1779012000]
    # Numbers that fall are no times.
    path.write_text("\n".join(reversed(lines)) + "\n")
    assert read_logs(path).records["timestamp"].null_count() == 50


def test_a_counter_is_no_time(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(
        "".join(f"seq {1779012000 + n} at 2026-11-20 10:00:0{n} {text}\n" for n, text in enumerate(MESSAGES))
    )
    assert read_logs(path).records["timestamp"].dt.day().to_list() == [20] * len(MESSAGES)
    path.write_text("".join(f"mem used {1073741824 + n} {text}\n" for n, text in enumerate(MESSAGES)))
    assert read_logs(path).records["timestamp"].null_count() == len(MESSAGES)


def test_numbers_of_one_width_are_records_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(f"2026-11-20 10:00:{n:02} {n * 4:>3}% copied\n" for n in range(26)))
    assert len(read_logs(path).records) == 26


def test_traces_behind_a_head_are_joined_however_many(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    said = [f"INFO [w-{n}] shop.Till: {text}" for n, text in enumerate(MESSAGES)]
    thrown = ["ERROR [w-1] shop.Till: java.lang.Error: no", *["ERROR [w-1] shop.Till: \tat a.B.c(B.java:1)"] * 3]
    path.write_text("".join(f"2026-11-20 10:00:00 {line}\n" for line in said + thrown * 4))
    found = read_logs(path).records
    assert found["line_count"].to_list() == [1] * len(MESSAGES) + [4] * 4
    assert found["exception_type"].drop_nulls().to_list() == ["java.lang.Error"] * 4


def test_indented_lines_with_times_go_on_only_where_all_lines_bear_one(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    timed = [
        f"2026-11-20 10:00:0{n} {text}" for n, text in enumerate(["a", "b", "java.lang.Error: c", "\tat a.B.c(B.java)"])
    ]
    path.write_text("\n".join([*timed, "2026-11-20 10:00:09 d"]) + "\n")
    assert read_logs(path).records["line_count"].to_list() == [1, 1, 2, 1]
    bare = ["java.lang.Error: e", "\tat a.B.c(B.java)"]
    path.write_text("\n".join([*timed[:2], *bare, "2026-11-20 10:00:09 \tindented"]) + "\n")
    assert read_logs(path).records["line_count"].to_list() == [1, 3, 1]
