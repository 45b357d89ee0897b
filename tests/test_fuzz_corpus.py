"""Inputs that once made the reader fail, found by `benchmarks/fuzz.py`."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from benchmarks.fuzz import check, mutated
from triage.ingest import multiline

CORPUS = sorted((Path(__file__).parent / "golden" / "fuzz").glob("*.bin"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_once_failed(path: Path) -> None:
    check(path.read_bytes())


def test_a_reader_that_loses_a_record_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = multiline.pretty
    monkeypatch.setattr(multiline, "pretty", lambda records, context: whole(records.slice(1), context))
    with pytest.raises(AssertionError):
        check(b"2026-11-21T02:05:12Z INFO ready\n" * 40)


def test_mutations_are_repeatable() -> None:
    seeds = [b"2026-11-21T02:05:12Z INFO ready\n" * 3]
    assert [mutated(seeds, Random(n)) for n in range(40)] == [mutated(seeds, Random(n)) for n in range(40)]
