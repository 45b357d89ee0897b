"""Sources that grow without measure, lines without end, and lines that overwrite themselves."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from triage.errors import InputError
from triage.ingest import compression, guard, read_logs

LINE = b"2026-11-21T02:05:12Z ERROR pool of shop is full\n"


@pytest.fixture(autouse=True)
def _low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "FREE_BYTES", 200_000)
    monkeypatch.setattr(guard, "LONGEST_LINE", 100_000)
    monkeypatch.setattr(compression, "BITE", 64)


def _zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("app.log.bz2", bz2.compress(data))
    return held.getvalue()


@pytest.mark.parametrize("pack", [bz2.compress, _zipped], ids=["bzip2", "bzip2 in zip"])
def test_what_grows_beyond_measure_is_read_to_a_limit(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "bomb").write_bytes(pack(LINE * 200_000))
    found = read_logs(tmp_path / "bomb")
    (source,) = found.ledger.sources
    assert 2_000 < source.lines < 100_000
    assert "grows to over 300 times its size" in " ".join(source.notes)
    assert found.ledger.unaccounted == 0


def test_what_grows_as_logs_do_is_read_whole(tmp_path: Path) -> None:
    lines = b"".join(LINE.replace(b"full", str(n * n).encode()) for n in range(20_000))
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(lines))
    assert read_logs(tmp_path / "app.log.gz").ledger.records == 20_000


def test_a_line_without_end(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(LINE + LINE.rstrip() + b"x" * 500_000)
    found = read_logs(tmp_path / "app.log")
    assert found.ledger.records == 2
    assert f"stopped in a line of over 0 MB that begins at byte {len(LINE)}" in " ".join(found.ledger.sources[0].notes)
    (tmp_path / "zeros").write_bytes(bytes(500_000))
    with pytest.raises(InputError, match="not text but binary data"):
        read_logs(tmp_path / "zeros")


def test_a_hole_that_a_file_begins_with_is_no_line(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(bytes(500_000) + LINE * 3)
    (source,) = read_logs(tmp_path / "app.log").ledger.sources
    assert (source.records, source.notes) == (3, ("the 500,000 zero bytes that it begins with were left out",))
    (tmp_path / "b.log").write_bytes(b"x" + bytes(500_000) + LINE * 3)
    assert "stopped in a line" in " ".join(read_logs(tmp_path / "b.log").ledger.sources[0].notes)


def test_lines_that_end_with_a_carriage_return_alone(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(LINE.replace(b"\n", b"\r") * 3)
    found = read_logs(tmp_path / "app.log")
    assert (found.ledger.lines, found.ledger.records) == (3, 3)
    assert found.records["body"].unique().to_list() == ["pool of shop is full"]
    assert "lines end with a carriage return alone" in found.ledger.sources[0].notes


def test_a_progress_bar_is_what_it_ended_as_and_hides_no_other_text(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(
        b"2026-11-21T02:05:12Z INFO copy [=   ] 1%\r2026-11-21T02:05:13Z INFO copy [====] 100%\r\n"
        b"2026-11-21T02:05:14Z ERROR disk full\r2026-11-21T02:05:15Z INFO copied\n"
    )
    first, second = read_logs(tmp_path / "app.log").records["body", "raw"].rows()
    assert first[0] == "copy [====] 100%"
    assert "copy [=   ] 1%" in first[1]
    assert "disk full" in second[0]
