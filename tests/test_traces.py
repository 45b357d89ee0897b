"""Golden exceptions: `NAME.expected` says which records, exceptions and frames `NAME.log` has."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from triage.ingest import read_logs
from triage.ingest.exceptions import FRAMES, MESSAGE_CHARS, MOST_FRAMES, exceptions
from triage.ingest.schema import RECORDS, conform

GOLDEN = Path(__file__).parent / "golden" / "traces"
CASES = sorted(path.stem for path in GOLDEN.glob("*.log"))


def _render(path: Path) -> str:
    """Each record: its place and first line; type and message of its exception; a frame a line."""
    out = []
    for row in read_logs(path).records.iter_rows(named=True):
        out.append(f"{row['line']}+{row['line_count']} {row['body'].splitlines()[0]}")
        if row["exception_type"] or row["exception_message"]:
            out.append(f"  {row['exception_type']} | {row['exception_message']}")
        attributes = json.loads(row["attributes"] or "{}")
        out += [f"    {frame}" for frame in attributes.pop(FRAMES, [])]
        out += [f"  attributes: {json.dumps(attributes)}"] if attributes else []
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    assert _render(GOLDEN / f"{name}.log") == (GOLDEN / f"{name}.expected").read_text(encoding="utf-8")


def _records(bodies: list[str | None], **columns: list[str | None]) -> pl.DataFrame:
    return conform(pl.DataFrame({"body": bodies, **columns}, schema_overrides={"body": pl.String}), RECORDS)


def test_there_is_a_case_for_each_language() -> None:
    assert {"java", "python", "go", "node", "ruby", "php", "dotnet", "rust", "dart", "elixir"} <= set(CASES)


def test_of_many_frames_the_first_and_the_last_are_kept() -> None:
    body = "java.lang.StackOverflowError\n" + "".join(f"\tat a.B.c(B.java:{n})\n" for n in range(3000))
    (row,) = exceptions(_records([body])).to_dicts()
    frames = json.loads(row["attributes"])[FRAMES]
    assert (row["exception_type"], len(frames)) == ("java.lang.StackOverflowError", MOST_FRAMES)
    half = MOST_FRAMES // 2
    assert frames[:half] == [f"a.B.c (B.java:{n})" for n in range(half)]
    assert frames[half:] == [f"a.B.c (B.java:{n})" for n in range(3000 - half, 3000)]


def test_a_trace_of_as_many_frames_as_are_kept_is_whole() -> None:
    body = "java.lang.Error: x\n" + "".join(f"\tat a.B.c(B.java:{n})\n" for n in range(MOST_FRAMES))
    (text,) = exceptions(_records([body]))["attributes"]
    assert json.loads(text)[FRAMES] == [f"a.B.c (B.java:{n})" for n in range(MOST_FRAMES)]


def test_a_long_message_is_cut() -> None:
    (row,) = exceptions(_records([f"ValueError: {'x' * 10_000}"])).to_dicts()
    assert len(row["exception_message"]) == MESSAGE_CHARS


TRACE = "Error: x\n    at f (/a.js:1:2)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {FRAMES: ["f (/a.js:1)"]}),
        ("{}", {FRAMES: ["f (/a.js:1)"]}),
        ('{ "a": 1}', {"a": 1, FRAMES: ["f (/a.js:1)"]}),
        ('"no object"', "no object"),
        (f'{{"{FRAMES}":["other"]}}', {FRAMES: ["other"]}),
    ],
)
def test_other_attributes_stay(before: str | None, after: object) -> None:
    (row,) = exceptions(_records([TRACE], attributes=[before])).to_dicts()
    assert json.loads(row["attributes"]) == after


def test_fields_that_name_the_exception_win() -> None:
    (row,) = exceptions(_records([TRACE], exception_type=["Told"])).to_dicts()
    assert (row["exception_type"], row["exception_message"]) == ("Told", None)


def test_records_without_an_exception_are_left_as_they_are() -> None:
    records = _records(["sold", "two\nlines", None, ""])
    assert exceptions(records).equals(records)


def test_records_that_come_back_as_a_frame_have_their_frames_once(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(f"2026-11-21T02:05:12Z ERROR {TRACE}\n2026-11-21T02:05:13Z INFO ok\n")
    records = triage.load(path).records
    again = triage.load(records.drop("template_id")).records
    assert again["attributes"].to_list() == records["attributes"].to_list()


LINES = sorted({line for path in GOLDEN.glob("*.log") for line in path.read_text(encoding="utf-8").splitlines()})


@given(st.lists(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=20)), max_size=8), max_size=6))
def test_any_text_is_read_row_by_row(bodies: list[list[str]]) -> None:
    records = _records(["\n".join(lines) for lines in bodies])
    whole = exceptions(records)
    assert whole["body"].equals(records["body"])
    assert whole.equals(pl.concat([exceptions(records[n : n + 1]) for n in range(len(records))] or [records]))
    for text in whole["attributes"].drop_nulls():
        frames = json.loads(text)[FRAMES]
        assert frames and all(frames)
