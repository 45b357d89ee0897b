"""Every line is accounted for, whatever the bytes and however the input is cut."""

from __future__ import annotations

import gzip
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from triage.errors import InputError
from triage.ingest import Ledger, SourceLedger, read_logs
from triage.ingest.compression import Blocks
from triage.ingest.engine import SerialEngine, ThreadEngine
from triage.ingest.senders import NOTE

LINES = (
    b"2026-11-21 02:05:12,345 ERROR shop.pool no connection left",
    b'2026-11-21T02:05:13.5Z stdout {"level":"info"}',
    b'{"time":"2026-11-21T02:05:14Z","level":"error","msg":"boom","n":1}',
    b'{"log":"plain\\n","stream":"stdout","time":"2026-11-21T02:05:15.123456789Z"}',
    b"Traceback (most recent call last):",
    b'  File "pool.py", line 3, in take',
    b"    raise Empty()",
    b"shop.pool.Empty: nothing left",
    b"\tat com.shop.Pool.take(Pool.java:7)",
    b"Caused by: java.net.ConnectException: refused",
    b"12:M 21 Nov 2026 02:05:16.001 * Ready",
    b"2026-11-21 02:05:17.001 CET [77] LOG:  statement",
    b"2026-11-21 02:05:17.001 CET [77] STATEMENT:  SELECT 1",
    b"",
    b"   ",
    b"\x80\xfe\x00\x01\x02\x03",
    b"\x00" * 30,
    b"\x00" * 30 + b"2026-11-21T02:05:17Z INFO behind zeros",
    b"caf\xe9 au lait",
    b"\x1b[31mred\x1b[0m\r",
    b"2026-11-21T02:05:18.1Z stdout P half a ",
    b"2026-11-21T02:05:18.2Z stdout F line",
    b'{"log":"a piece ","stream":"stdout","time":"2026-11-21T02:05:19Z"}',
    b"Nov 21 02:05:20 web-1 shop[7]: failed",
    b"Nov 21 02:05:20 web-1 shop[7]: \tat com.shop.Pool.take(Pool.java:7)",
    b"panic: no more",
    b"goroutine 1 [running]:",
    b"main.main()",
    b"a line that goes on \\",
    b"thread 'main' panicked at src/main.rs:2:5:",
    b"03/04/2026 02:05:21 PM WARN half a day",
    b"1795226722.5 epoch",
    b"[pod/cart-5d4f8c7b9d-x2x4z/cart] 2026-11-21 02:05:22 INFO in a pod",
    b"[pod/cart-5d4f8c7b9d-x2x4z/cart] \tat com.shop.Pool.take(Pool.java:7)",
)

pieces = st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=40)), max_size=40)


def _write(folder: Path, data: bytes) -> Path:
    path = folder / "some.log"
    path.write_bytes(data)
    return path


def _read(path: Path, size: int) -> tuple[pl.DataFrame, Ledger] | None:
    try:
        found = read_logs(path, chunk_bytes=size)
    except InputError:
        return None
    return found.records, found.ledger


# An example reads three times, each as slow as a small file is: some 50 ms.
@settings(max_examples=40)
@given(lines=pieces, final_newline=st.booleans(), sizes=st.tuples(st.integers(1, 300), st.integers(1, 5000)))
def test_any_bytes_any_chunk_sizes_same_records_nothing_unaccounted(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], final_newline: bool, sizes: tuple[int, int]
) -> None:
    data = b"\n".join(lines) + (b"\n" if final_newline else b"")
    assume(not data.startswith((b"\xff\xfe", b"\xfe\xff")))  # that would be UTF-16, with its own newlines
    path = _write(tmp_path_factory.mktemp("any"), data)
    whole, *others = (_read(path, size) for size in (1 << 20, *sizes))
    for other in others:
        if whole is None or other is None:
            assert whole is None and other is None
            continue
        assert other[0].equals(whole[0])
        assert other[1].to_dict() == whole[1].to_dict()
    if whole is not None:
        records, ledger = whole
        assert ledger.unaccounted == 0
        assert ledger.lines == data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
        assert len(records) == ledger.records + ledger.untimed
        if NOTE not in ledger.sources[0].notes:
            _spans_do_not_overlap(records)


def test_a_chunk_never_begins_with_a_line_that_is_left_out(tmp_path: Path) -> None:
    path = _write(tmp_path, b"first\n\x80\xfe\x00\x01\x02\x03\n  its second line")
    whole, cut = read_logs(path), read_logs(path, chunk_bytes=1)
    assert cut.records.equals(whole.records)
    assert whole.records["line_count"].to_list() == [3]


def test_a_long_stack_trace_does_not_hide_the_line_it_belongs_to(tmp_path: Path) -> None:
    trace = b"    at a.b.C(D.java:1)\n" * 5000
    path = _write(tmp_path, b"2026-11-21T02:05:12Z ERROR x\n" + trace + b"2026-11-21T02:05:13Z INFO ok\n")
    assert read_logs(path).records["line_count"].to_list() == [5001, 1]


def _spans_do_not_overlap(records: pl.DataFrame) -> None:
    ends = records["line"] + records["line_count"]
    assert (records["line"][1:] >= ends[:-1]).all()


@settings(max_examples=40)
@given(lines=pieces)
def test_offsets_lead_back_to_the_bytes(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    data = b"\n".join(lines) + b"\n"
    assume(not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")))
    found = _read(_write(tmp_path_factory.mktemp("any"), data), 200)
    if found is None:
        return
    for row in found[0].iter_rows(named=True):
        span = data[row["offset"] : row["offset"] + row["length"]]
        assert data.count(b"\n", 0, row["offset"]) + 1 == row["line"]
        if NOTE in found[1].sources[0].notes:  # lines of others may stand between
            assert span.count(b"\n") + 1 >= row["line_count"]
        else:
            assert span.count(b"\n") + 1 == row["line_count"]


@given(data=st.binary(max_size=2000), cut=st.integers(0, 400))
def test_any_damage_to_gzip_keeps_what_came_out(data: bytes, cut: int) -> None:
    import io

    packed = gzip.compress(data)
    blocks = Blocks(io.BytesIO(packed[: max(2, len(packed) - cut)]))
    out = b"".join(blocks)
    assert data.startswith(out)
    assert (blocks.damage is None) == (cut == 0 or len(packed) <= 2) or out == data


@pytest.mark.parametrize("engine", [SerialEngine(), ThreadEngine(2)], ids=["serial", "threads"])
def test_engines_give_the_same(tmp_path: Path, engine: SerialEngine | ThreadEngine) -> None:
    path = _write(tmp_path, b"\n".join(LINES * 50))
    alone = read_logs(path, chunk_bytes=700)
    other = read_logs(path, chunk_bytes=700, engine=engine)
    assert other.records.equals(alone.records)
    assert other.ledger == alone.ledger


def test_a_reader_of_chunks_can_be_sent_to_another_process(tmp_path: Path) -> None:
    path = _write(tmp_path, b"\n".join(LINES * 50))
    # A process that is forked from one with threads may wait for a lock that nobody holds any more.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        other = read_logs(path, chunk_bytes=700, engine=pool)
    assert other.records.equals(read_logs(path).records)


def test_check_finds_a_lost_line() -> None:
    with pytest.raises(AssertionError, match=r"app\.log: 1 lines unaccounted for"):
        Ledger((SourceLedger("app.log", "generic", lines=3, records=2),)).check()
