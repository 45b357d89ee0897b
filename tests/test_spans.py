"""Parts of a file, each read by itself, say what the file says read from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_ledger import pieces
from triage.errors import InputError
from triage.ingest import guard, read_logs
from triage.ingest import spans as parts
from triage.ingest.chunk_reader import ChunkReader, ChunkResult
from triage.ingest.engine import SerialEngine
from triage.ingest.sources import Source
from triage.ingest.spans import Span, Survey, read_span, spans, stretches, survey


class Apart(SerialEngine):
    """Reads parts of files of about `step` bytes, in this process, and notes which."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.read: list[Span] = []

    def spans(self, reader: ChunkReader, source: Source, begin: int, size: int) -> Iterator[ChunkResult]:
        surveys = (survey(source, reader.plan, stretch) for stretch in stretches(begin, size, self.step))
        for span in spans(surveys):
            self.read.append(span)
            yield from read_span(source, reader, span)


def found(path: Path, **how: Any) -> Any:
    try:
        return read_logs(path, **how)
    except InputError as error:
        return str(error)


def same(path: Path, step: int) -> list[Span]:
    """Check that a file says the same read in parts, which are given."""
    engine = Apart(step)
    whole, other = found(path), found(path, engine=engine)
    if isinstance(whole, str):
        assert other == whole
        return engine.read
    assert other.records.equals(whole.records)
    assert other.ledger.to_dict() == whole.ledger.to_dict()
    return engine.read


@settings(max_examples=40)
@given(lines=pieces, final_newline=st.booleans(), step=st.integers(1, 600), look=st.integers(1, 300))
def test_any_bytes_in_any_parts(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], final_newline: bool, step: int, look: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "some.log"
    path.write_bytes(b"\n".join(lines) + (b"\n" if final_newline else b""))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "LOOK_BYTES", look)
        same(path, step)


def test_parts_lie_end_to_end_and_are_many(tmp_path: Path) -> None:
    lines = [f"2026-11-21T02:{n // 60 % 60:02}:{n % 60:02}Z INFO order {n} placed\n" for n in range(2000)]
    lines[700:700] = ["    at a.b.C(D.java:1)\n"] * 400  # no place to cut for several steps
    (tmp_path / "app.log").write_text("".join(lines))
    read = same(tmp_path / "app.log", 1000)
    assert len(read) > 60
    assert all(left.end == right.begin for left, right in pairwise(read))
    assert (read[0].begin, read[-1].end) == (0, None)


def test_where_a_format_changes_is_told_by_the_same_line(tmp_path: Path) -> None:
    old = [f"2026-11-21T02:00:{n % 60:02}Z INFO order {n} placed" for n in range(301)]
    new = [f'{{"time":"2026-11-21T02:05:{n % 60:02}Z","level":"info","msg":"order {n}"}}' for n in range(300)]
    (tmp_path / "app.log").write_text("\n".join(old + new))
    assert len(same(tmp_path / "app.log", 3000)) > 5
    assert any("from line 302" in note for note in read_logs(tmp_path / "app.log").ledger.sources[0].notes)


@pytest.mark.parametrize("begin", [b"\xef\xbb\xbf", b"", b"\0" * 900])
def test_the_offset_of_what_the_text_begins_with(tmp_path: Path, begin: bytes) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(begin + b"2026-11-21T02:05:12Z ERROR no connection left\n" * 200)
    assert bool(same(path, 500)) == (begin != b"\0" * 900)


@pytest.mark.parametrize(
    "data",
    [
        "time,message\n" + '2026-11-21T02:05:12Z,"a\nb"\n' * 200,
        "2026-11-21T02:05:12Z INFO order placed\n".encode("utf-16").decode("latin-1") * 200,
        "2026-11-21T02:05:12Z INFO order placed\r" * 200,
    ],
    ids=["table", "utf-16", "returns"],
)
def test_what_is_read_from_its_beginning_is_not_read_in_parts(tmp_path: Path, data: str) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(data.encode("latin-1"))
    assert same(path, 500) == []


def test_stretches_of_a_file() -> None:
    assert [(one.begin, one.end, one.first) for one in stretches(3, 25, 10)] == [
        (3, 13, True),
        (13, 23, False),
        (23, None, False),
    ]
    assert [(one.begin, one.end) for one in stretches(0, 10, 10)] == [(0, None)]


def test_stretches_without_a_place_to_cut_go_to_the_part_before() -> None:
    surveys = [Survey(0, 0, 4), Survey(None, 3, 0), Survey(25, 2, 1), Survey(None, 5, 0)]
    assert list(spans(surveys)) == [Span(0, 25, 1), Span(25, None, 10)]


def test_a_line_longer_than_memory_should_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "LONGEST_LINE", 3 << 20)
    monkeypatch.setattr(guard, "LONGEST_LINE", 3 << 20)
    line = b"2026-11-21T02:05:12Z INFO order placed\n"
    (tmp_path / "app.log").write_bytes(line * 20_000 + b"x" * (5 << 20))
    with pytest.raises(InputError, match=r"app\.log: a line of over 3 MB begins at byte 780000"):
        read_logs(tmp_path / "app.log", engine=Apart(1 << 20))


def test_a_part_of_very_many_lines_is_several_chunks(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"2026-11-21T02:05:12Z a\n" + b"2026-11-21T02:05:12Z b\n" * 250_000)
    same(tmp_path / "app.log", 64 << 20)
