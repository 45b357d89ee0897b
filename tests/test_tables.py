"""Tables as text: quoted fields as Python's csv reads them, lines as the file has them, whatever the chunks."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from triage.errors import UsageError
from triage.ingest import read_logs
from triage.ingest.quoting import LONGEST_FIELD, fields_of, goes_on

HEADER = ["time", "level", "message", "note"]
PIECES = ["a", '"', '""', ",", ";", "\t", "\n", " ", "\u00e9", "2026-11-21T02:05:13Z,INFO,x,y", "{", "\\"]
cell = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
words = st.lists(st.sampled_from([piece for piece in PIECES if len(piece) < 3]), max_size=6).map("".join)


def _csv(rows: list[list[str]], separator: str, quoting: Any = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n", quoting=quoting).writerows(rows)
    return out.getvalue()


def _write(folder: Path, text: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@given(
    rows=st.integers(2, 20).flatmap(lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=1, max_size=4)),
    separator=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_fields_are_those_that_csv_reads(rows: list[list[str]], separator: str, quoting: Any) -> None:
    lines = pl.Series(_csv(rows, separator, quoting).split("\n")[:-1], dtype=pl.String)
    inside, _ = goes_on(lines, pl.arange(0, len(lines), eager=True), separator)
    whole: list[str] = []
    for line, more in zip(lines, inside, strict=True):
        if more:
            whole[-1] += "\n" + line
        else:
            whole.append(line)
    found = fields_of(pl.Series(whole, dtype=pl.String), separator, len(rows[0])).rows()
    assert [list(row) for row in found] == rows
    assert [list(row) for row in found] == list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator))


@given(text=st.text(alphabet='a",', max_size=12).filter(lambda text: text.strip()))
def test_odd_quotes_are_read_as_csv_reads_them(text: str) -> None:
    expected = next(csv.reader([text]))
    inside, _ = goes_on(pl.Series([text, "b"]), pl.Series([1, 2]), ",")
    opened = list(csv.reader([text + "\n", "b"], strict=False)) != [expected, ["b"]]
    if not opened:
        assert list(fields_of(pl.Series([text]), ",", len(expected)).row(0)) == expected
    # A quote that is still open at the end opens nothing: the line below is one of its own.
    assert not inside.any()


# An example reads three times, each as slow as a small file is: some 50 ms.
@settings(max_examples=15)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["ERROR", "INFO"]), words, cell), min_size=1, max_size=8),
    separator=st.sampled_from(",;\t"),
    sizes=st.tuples(st.integers(30, 90), st.integers(30, 400)),
)
def test_rows_have_their_lines_and_do_not_depend_on_chunks(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], separator: str, sizes: tuple[int, int]
) -> None:
    table = [["2026-11-21T02:05:12Z", level, f"m{body}", note] for level, body, note in rows]
    texts = [_csv([row], separator) for row in table]
    path = _write(tmp_path_factory.mktemp("csv"), _csv([HEADER], separator) + "".join(texts))
    whole, *others = (read_logs(path, chunk_bytes=size) for size in (1 << 20, *sizes))
    records = whole.records[1:]
    assert records["line_count"].to_list() == [text.count("\n") for text in texts]
    assert records["line"][0] == 2
    assert (records["line"] + records["line_count"])[-1] == 2 + sum(text.count("\n") for text in texts)
    for text, body in zip(texts, records["body"], strict=True):
        kept = "\n".join(line for line in text.split("\n") if line.strip())  # blank lines are counted as such
        assert body == next(csv.reader(io.StringIO(kept), delimiter=separator))[2]
    for other in others:
        assert other.records.equals(whole.records)
        assert other.ledger.to_dict() == whole.ledger.to_dict()


@settings(max_examples=15)
@given(
    damage=st.lists(st.one_of(st.sampled_from([p.encode() for p in PIECES]), st.binary(max_size=9)), max_size=30),
    size=st.integers(30, 300),
)
def test_any_damage_to_a_table_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, damage: list[bytes], size: int
) -> None:
    rows = "".join(f'2026-11-21T02:05:{i:02}Z,INFO,"order, {i}\nplaced",x\n' for i in range(12))
    data = ",".join(HEADER).encode() + b"\n" + rows.encode() + b"".join(damage) + b"\n" + rows.encode()
    assume(b"\0" not in data)
    path = _write(tmp_path_factory.mktemp("csv"), data)
    whole, other = read_logs(path), read_logs(path, chunk_bytes=size)
    assert whole.ledger.unaccounted == 0
    assert whole.ledger.sources[0].format == "csv"
    assert other.records.equals(whole.records)
    assert other.ledger.to_dict() == whole.ledger.to_dict()


@pytest.mark.parametrize("end", range(30, 120, 7))
def test_a_table_that_is_cut_off_keeps_its_rows(tmp_path: Path, end: int) -> None:
    text = _csv([HEADER, *(["2026-11-21T02:05:12Z", "ERROR", f"no, {i}\nnever", ""] for i in range(4))], ",")
    found = read_logs(_write(tmp_path, text[:end]))
    whole_rows = (text[:end].count("\n") - 1) // 2
    assert found.ledger.unaccounted == 0
    assert found.records["body"].to_list()[1 : 1 + whole_rows] == [f"no, {i}\nnever" for i in range(whole_rows)]


def test_a_quote_that_nobody_closes_does_not_swallow_the_table(tmp_path: Path) -> None:
    rows = [f"2026-11-21T02:05:12Z,INFO,order {i},x" for i in range(LONGEST_FIELD + 50)]
    rows[3] = '2026-11-21T02:05:12Z,INFO,"open'
    path = _write(tmp_path, "\n".join([",".join(HEADER), *rows]))
    found = read_logs(path, chunk_bytes=100_000)
    assert len(found.records) == len(rows) + 1
    assert found.records.equals(read_logs(path).records)


def test_the_note_says_what_was_read_as_what(tmp_path: Path) -> None:
    path = _write(tmp_path, "Log Level,Event Time,text,n\nwarn,2026-11-21 02:05:12,boom,5\n")
    found = read_logs(path)
    (note,) = (note for note in found.ledger.sources[0].notes if "columns" in note)
    assert "Event Time as timestamp, Log Level as severity_text, text as body" in note
    assert found.records["attributes"].to_list() == [None, '{"n":"5"}']
    assert found.records["severity_number"][1] == 13


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T02:05:12Z,ERROR,boom\n2026-11-21T02:05:13Z,INFO,ok\n",  # no header
        "time,level,user\n2026-11-21T02:05:12Z,ERROR,17\n",  # no message
        "time,message\n",  # no row
        "time,message\nno time,boom\nnone,boom\n",  # no times
        "Started, at the time, with a message\n2026-11-21T02:05:12Z ERROR boom\n",  # no table
    ],
)
def test_what_is_no_table_of_log_records_is_read_as_lines(tmp_path: Path, text: str) -> None:
    found = read_logs(_write(tmp_path, text))
    assert found.ledger.sources[0].format not in ("csv", "tsv")
    assert found.ledger.unaccounted == 0


def test_rows_without_a_time_and_header_lines_again(tmp_path: Path) -> None:
    text = "time,level,message\n2026-11-21T02:05:12Z,ERROR,boom\n,WARN,when\ntime,level,message\n"
    records = read_logs(_write(tmp_path, text)).records
    assert records["body"].to_list() == ["time,level,message", "boom", "when", "time,level,message"]
    assert records["timestamp"].null_count() == 3


def test_commas_that_nobody_quoted_belong_to_the_last_column(tmp_path: Path) -> None:
    text = "time,level,message\n2026-11-21T02:05:12Z,ERROR,one, two\n2026-11-21T02:05:13Z,INFO,ok\n"
    assert read_logs(_write(tmp_path, text)).records["body"][1] == "one, two"


def test_empty_cells_take_the_next_column_and_are_no_attribute(tmp_path: Path) -> None:
    text = "time,message,content,extra\n2026-11-21T02:05:12Z,,other,-\n2026-11-21T02:05:13Z,first,other,5\n"
    records = read_logs(_write(tmp_path, text)).records
    assert records["body"].to_list()[1:] == ["other", "first"]
    assert records["attributes"].to_list()[1:] == ['{"content":"other"}', '{"content":"other","extra":"5"}']


def test_a_stack_trace_in_a_column_of_its_own_is_found(tmp_path: Path) -> None:
    trace = '"java.io.IOException: gone\n\tat a.b.C(D.java:1)"'
    text = f"time,message,stack_trace\n2026-11-21T02:05:12Z,failed,{trace}\n2026-11-21T02:05:13Z,ok,\n"
    records = read_logs(_write(tmp_path, text)).records
    assert records["exception_type"].to_list() == [None, "java.io.IOException", None]
    assert records["body"][2] == "ok"


def test_a_status_is_a_level_only_where_its_values_are(tmp_path: Path) -> None:
    head = "time,status,message\n"
    words = read_logs(_write(tmp_path, head + "2026-11-21T02:05:12Z,error,boom\n", "a.csv")).records
    codes = read_logs(_write(tmp_path, head + "2026-11-21T02:05:12Z,500,boom\n", "b.csv")).records
    assert words["severity_number"][1] == 17
    assert codes["severity_number"][1] is None
    assert codes["attributes"][1] == '{"status":"500"}'


def test_compressed_tables_with_a_mark_and_line_ends_of_windows(tmp_path: Path) -> None:
    text = "\ufefftime;message\r\n21.11.2026 02:05:12;eins\r\n13.11.2026 02:05:12;zwei\r\n"
    path = _write(tmp_path, gzip.compress(text.encode()), "export.gz")
    found = read_logs(path)
    assert found.ledger.sources[0].format == "csv (semicolon)"
    assert [str(time)[:10] for time in found.records["timestamp"].drop_nulls()] == ["2026-11-21", "2026-11-13"]


def test_columns_that_the_caller_names(tmp_path: Path) -> None:
    path = _write(tmp_path, "when,what,message\n2026-11-21T02:05:12Z,boom,x\n")
    found = read_logs(path, columns={"timestamp": "when", "body": "what"})
    assert found.records["body"][1] == "boom"
    with pytest.raises(UsageError, match=r"export\.csv: columns: .* no column 'wen' .*: did you mean 'when'\?"):
        read_logs(path, columns={"timestamp": "wen"})
    with pytest.raises(UsageError, match="none of the logs is a table"):
        read_logs(_write(tmp_path, "2026-11-21T02:05:12Z boom\n", "a.log"), columns={"body": "what"})


def test_local_times_of_w3c_take_the_zone_that_is_asked_for(tmp_path: Path) -> None:
    lines = "#Time Format: Local\n#Fields: date time action\n2026-11-21 02:05:12 DROP\n"
    local = read_logs(_write(tmp_path, lines), tz="Europe/Berlin")
    assert str(local.records["timestamp"][-1]) == "2026-11-21 01:05:12+00:00"
    assert local.ledger.sources[0].time_zone_assumed
    utc = read_logs(_write(tmp_path, lines.replace("Local", "UTC")), tz="Europe/Berlin")
    assert str(utc.records["timestamp"][-1]) == "2026-11-21 02:05:12+00:00"
    assert not utc.ledger.sources[0].time_zone_assumed


@pytest.mark.parametrize("size", [1, 90, 400])
def test_times_of_day_have_the_date_above_them_however_the_file_is_cut(tmp_path: Path, size: int) -> None:
    head = "#Software: IIS\n#Date: 2026-11-{} 23:59:58\n#Fields: time cs-method sc-status\n"
    rows = "23:59:59 GET 200\n23:59:58 GET 200\n00:00:01 GET 500\n12:00:01 GET 500\n00:00:01 GET 404\n"
    lines = "".join(head.format(day) + rows for day in (10, 20))
    found = read_logs(_write(tmp_path, lines), chunk_bytes=size).records.filter(pl.col("pinned").is_not_null())
    assert found["timestamp"].dt.day().to_list() == [10, 10, 11, 11, 12, 20, 20, 21, 21, 22]
