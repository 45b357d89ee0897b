"""Files that other programs write to while they are read: what was there is read, and the change is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from triage.ingest import Ingested, read_logs

LINES = "".join(f"2026-11-21T02:05:{number % 60:02}Z INFO order {number} placed\n" for number in range(60_000))


def _read_while(path: Path, meddle: Callable[[Path], object]) -> Ingested:
    """Read a file, and meddle with it once its first block is read."""
    done: list[int] = []

    def told(_: str, read: int, __: int) -> None:
        if not done:
            meddle(path)
        done.append(read)

    return read_logs(path, chunk_bytes=100_000, progress=told)


def _append(path: Path) -> None:
    with path.open("a") as file:
        file.write("2026-11-21T02:06:00Z INFO one more\n2026-11-21T02:06:01Z INFO half a li")


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(1_000_003)


@pytest.mark.parametrize(("meddle", "told"), [(_append, "the file grew"), (_cut, "the file shrank"), (Path.unlink, "")])
def test_what_was_there_is_read(tmp_path: Path, meddle: Callable[[Path], object], told: str) -> None:
    path = tmp_path / "app.log"
    path.write_text(LINES)
    found = _read_while(path, meddle)
    assert found.ledger.unaccounted == 0
    assert found.ledger.lines - len(found.records) in (0, 1)  # a line that was cut may go on with the one above
    assert found.ledger.lines >= 20_000
    assert any(told in note for note in found.ledger.sources[0].notes) == bool(told)


def test_a_file_that_stays_as_it_is_has_no_note(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(LINES)
    found = _read_while(path, Path.stat)
    assert found.records["line"].to_list() == list(range(1, 60_001))
    assert not any("while it was read" in note for note in found.ledger.sources[0].notes)
