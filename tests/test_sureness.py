"""How sure the choice of a format is, what the sample shows, and where a source changes its format."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.ingest import SourceLedger, read_logs
from triage.ingest.sample import HEAD_BYTES, PIECE_LINES, sample_of


def _json(number: int) -> str:
    clock = f"{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"
    return json.dumps({"ts": f"2026-11-21T{clock}Z", "level": "info", "msg": f"order {number} placed"})


def _text(number: int) -> str:
    return f"2026-11-21 {number // 3600:02}:{number // 60 % 60:02}:{number % 60:02},5 INFO shop.cart item {number}"


def _web(number: int) -> str:
    clock = f"{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"
    return f'10.0.0.1 - - [21/Nov/2026:{clock} +0000] "GET /item/{number} HTTP/1.1" 200 {number} "-" "curl/8"'


def _nothing(number: int) -> str:
    return f"a line of words {number}"


def _read(folder: Path, lines: list[str], size: int = 8 << 20) -> SourceLedger:
    (folder / "some.log").write_text("\n".join(lines) + "\n")
    return read_logs(folder / "some.log", chunk_bytes=size).ledger.sources[0]


def test_many_lines_that_are_all_read_are_sure(tmp_path: Path) -> None:
    row = _read(tmp_path, [_web(n) for n in range(500)])
    assert row.sureness == pytest.approx(501 / 502, abs=1e-4)
    assert (row.format, row.detail["share"], row.detail["runner_up"]) == ("web-access", 1.0, None)


def test_few_lines_are_less_sure_and_none_are_not(tmp_path: Path) -> None:
    assert _read(tmp_path, [_web(1)]).sureness == pytest.approx(2 / 3, abs=1e-4)
    assert _read(tmp_path, ["   "] + [_nothing(n) for n in range(98)]).sureness == pytest.approx(1 / 100, abs=1e-4)


def test_lines_that_no_format_reads_make_it_less_sure(tmp_path: Path) -> None:
    row = _read(tmp_path, [_json(n) if n % 4 else _nothing(n) for n in range(400)])
    assert row.sureness == pytest.approx(301 / 402, abs=1e-4)
    assert row.detail["share"] == 0.75


def test_stack_traces_do_not(tmp_path: Path) -> None:
    trace = ["java.io.IOException: gone", "\tat com.shop.Pool.take(Pool.java:7)", "Caused by: java.lang.Error: x"]
    lines = [line for n in range(98) for line in (_text(n), *trace)]
    assert _read(tmp_path, lines).sureness == pytest.approx(99 / 100, abs=1e-4)


def test_the_runner_up_and_its_share(tmp_path: Path) -> None:
    row = _read(tmp_path, [_web(n) if n % 5 else _json(n) for n in range(200)])
    assert (row.format, row.detail["share"]) == ("web-access", 0.8)
    assert (row.detail["runner_up"], row.detail["runner_up_share"]) == ("json-lines", 0.2)
    assert row.sureness == pytest.approx(201 / 202, abs=1e-4)


def test_a_runner_up_that_reads_another_time_makes_it_less_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from triage.ingest.formats import FORMATS
    from triage.ingest.formats.base import PatternFormat

    other = PatternFormat("odd", r"^(?P<body>.* at (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ))$")
    monkeypatch.setattr("triage.ingest.planning.FORMATS", (*FORMATS, other))
    lines = [
        f"2026-11-21T02:05:12Z INFO {'due' if n % 2 else 'done'} at 2026-11-21T0{2 + n % 2}:05:12Z" for n in range(98)
    ]
    row = _read(tmp_path, lines)
    assert (row.detail["runner_up"], row.detail["runner_up_share"]) == ("odd", 1.0)
    assert row.sureness == pytest.approx((98 * 0.5 + 1) / 100, abs=1e-4)


def test_a_table_holds_what_the_ledger_knows(tmp_path: Path) -> None:
    row = _read(tmp_path, [_web(60), _web(90)]).to_dict()
    assert (row["first"], row["last"]) == ("2026-11-21T00:01:00Z", "2026-11-21T00:01:30Z")
    assert row["sureness"] == 0.75


def test_a_large_file_is_sampled_in_its_middle_and_at_its_end(tmp_path: Path) -> None:
    """The format at the end is not in the beginning, and few lines of it are all that is left."""
    head = [_text(n) for n in range(9000)]
    lines = [*head, *(_web(n) for n in range(400))]
    row = _read(tmp_path, lines)
    assert {found["format"] for found in row.detail["formats"]} >= {"generic", "web-access"}
    assert row.notes[0] == "the format changes midway: generic from line 1, web-access from line 9001"
    packed = tmp_path / "some.gz"
    packed.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert read_logs(packed).ledger.sources[0].notes == row.notes


def test_the_sample_is_of_three_places(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    path.write_text("".join(f"line {n:06} {'x' * 90}\n" for n in range(20_000)))
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    numbers = sample_of(head, path).str.slice(5, 6).cast(int).to_list()
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 0
    assert sum(9_000 < number < 12_000 for number in numbers) == PIECE_LINES
    assert sum(number > 19_000 for number in numbers) == PIECE_LINES


def test_a_file_that_is_gone_when_it_is_sampled(tmp_path: Path) -> None:
    assert len(sample_of(b"one\ntwo\n" * 40_000, tmp_path / "gone")) == 2000


kinds = st.sampled_from([_json, _text, _web])


@settings(max_examples=25)
@given(one=kinds, two=kinds, first=st.integers(40, 300), second=st.integers(40, 300), size=st.integers(500, 9000))
def test_a_change_of_format_is_found_at_its_line_however_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, one: object, two: object, first: int, second: int, size: int
) -> None:
    folder = tmp_path_factory.mktemp("turns")
    lines = [one(n) for n in range(first)] + [two(n) for n in range(second)]  # type: ignore[operator]
    row, cut = _read(folder, lines), _read(folder, lines, size)
    assert row == cut
    told = [note for note in row.notes if note.startswith("the format changes midway")]
    assert bool(told) == (one is not two)
    assert all("from line 1, " in note and note.endswith(f"from line {first + 1}") for note in told)


def test_formats_that_alternate_do_not_change_midway(tmp_path: Path) -> None:
    assert not any("midway" in note for note in _read(tmp_path, [(_json, _web)[n % 2](n) for n in range(500)]).notes)
    strays = [_web(n) if n % 100 else _json(n) for n in range(900)]
    assert not any("midway" in note for note in _read(tmp_path, strays).notes)


def test_lines_of_no_format_from_some_line_on(tmp_path: Path) -> None:
    row = _read(tmp_path, [_json(n) for n in range(100)] + [_nothing(n) for n in range(100)])
    assert "the format changes midway: json-lines from line 1, plain from line 101" in row.notes


def test_traces_and_what_follows_a_record_are_no_other_format(tmp_path: Path) -> None:
    trace = ["Traceback (most recent call last):", '  File "a.py", line 3, in take', "shop.pool.Empty: nothing left"]
    lines = [line for n in range(60) for line in (_text(n), *trace, *trace)]
    assert not any("midway" in note for note in _read(tmp_path, [_text(n) for n in range(99)] + lines).notes)
    kinds = ("ERROR:  no", "DETAIL:  a", "HINT:  b", "CONTEXT:  c", "QUERY:  d", "STATEMENT:  SELECT 1")
    head = "2026-11-21 02:05:12.345 UTC [77] shop@shop "
    logged = [f"{head}LOG:  statement {n}" for n in range(99)] + [f"{head}{kind}" for kind in kinds * 20]
    row = _read(tmp_path, logged)
    assert row.format == "postgresql"
    assert not any("midway" in note for note in row.notes)
