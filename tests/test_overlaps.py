"""The same lines in two sources are said, with where they stand; what may come by chance is not."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from triage.ingest import read_logs

WORDS = ("placed", "paid", "packed", "sent", "failed", "refused", "returned")


def _lines(count: int, seed: int = 7, second: int = 0) -> list[str]:
    rng = random.Random(seed)
    clocks = (f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}" for at in range(second, second + count))
    return [
        f"2026-11-21T{clock}.{rng.randrange(1000):03}Z INFO order {rng.randrange(10**6)} {rng.choice(WORDS)}"
        for clock in clocks
    ]


def _notes(folder: Path, **files: list[str] | bytes) -> list[str]:
    for name, lines in files.items():
        data = lines if isinstance(lines, bytes) else ("\n".join(lines) + "\n").encode()
        (folder / f"{name}.log").write_bytes(data)
    notes = read_logs(folder).ledger.notes
    return [note.replace(f"{folder}/", "") for note in notes]


def test_a_copy_under_another_name(tmp_path: Path) -> None:
    packed = gzip.compress(("\n".join(_lines(300)) + "\n").encode())
    told = "b.log, c.log hold the same 300 records as a.log: all are counted; name only one of them"
    assert _notes(tmp_path, a=_lines(300), b=packed, c=_lines(300), d=_lines(300, seed=8)) == [told]
    assert read_logs(tmp_path).ledger.records == 1200


def test_overlapping_exports(tmp_path: Path) -> None:
    lines = _lines(500)
    (told,) = _notes(tmp_path, first=lines[:300], second=lines[200:])
    assert told == (
        "first.log and second.log share 100 records (lines 201 to 300 and lines 1 to 100, 2026-11-21 00:03:20 to "
        "2026-11-21 00:04:59Z): all are counted; leave one of the two out, or what is in both"
    )


def test_a_chain_of_exports_is_told_link_by_link(tmp_path: Path) -> None:
    lines = _lines(1000)
    told = _notes(tmp_path, a=lines[:400], b=lines[300:700], c=lines[600:], d=_lines(400, seed=9))
    assert [note.split(" share ")[0] for note in told] == ["a.log and b.log", "b.log and c.log"]


def test_runs_with_something_else_between_are_one_note(tmp_path: Path) -> None:
    lines, other = _lines(300), _lines(40, seed=5)
    (told,) = _notes(tmp_path, a=lines, b=[*lines[:60], *other, *lines[100:]])
    assert "share 260 records, most of them in 2 runs, the longest (lines 101 to 300 and lines 101 to 300" in told


def test_stack_traces_count_as_their_lines(tmp_path: Path) -> None:
    lines = [f"{line}\n\tat com.shop.Pool.take(Pool.java:{n})" for n, line in enumerate(_lines(60))]
    (told,) = _notes(tmp_path, a=[*_lines(5, seed=3), *lines], b=lines[10:])
    assert "share 50 records (lines 26 to 125 and lines 1 to 100" in told


def test_a_short_run_is_none(tmp_path: Path) -> None:
    lines = _lines(500)
    assert _notes(tmp_path, a=lines[:210], b=lines[191:]) == []


@pytest.mark.parametrize("step", [1, 10])
def test_heartbeats_of_replicas_are_not_the_same_lines(tmp_path: Path, step: int) -> None:
    beats = [
        f"2026-11-21T{n * step // 3600:02}:{n * step // 60 % 60:02}:{n * step % 60:02}Z INFO alive" for n in range(300)
    ]
    assert _notes(tmp_path, a=beats, b=[*beats, *_lines(5, second=80_000)]) == []


def test_replicas_that_start_in_the_same_second(tmp_path: Path) -> None:
    start = [f"2026-11-21T00:00:0{n // 20}Z INFO {word} part {n}" for n, word in enumerate(WORDS * 8)]
    assert _notes(tmp_path, a=[*start, *_lines(99, 1, 60)], b=[*start, *_lines(99, 2, 60)]) == []


def test_a_banner_without_times(tmp_path: Path) -> None:
    banner = [f"{word} {n}" for n, word in enumerate(WORDS * 8)]
    assert _notes(tmp_path, a=[*banner, *_lines(99, 1)], b=[*banner, *_lines(99, 2)]) == []


def test_tiny_sources_may_be_the_same(tmp_path: Path) -> None:
    assert _notes(tmp_path, a=_lines(2), b=_lines(2)) == []


def test_only_a_part_of_very_many_records_is_used_to_find_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.ingest.overlaps.ANCHORS", 100)
    lines = _lines(3000)
    (told,) = _notes(tmp_path, a=lines[:2000], b=lines[1000:])
    assert "share 1,000 records (lines 1001 to 2000 and lines 1 to 1000" in told
