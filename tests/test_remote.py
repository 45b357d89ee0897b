"""Logs behind URLs, with fsspec's file system in memory in the place of a store."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from triage.errors import InputError, UsageError
from triage.ingest import read_logs
from triage.ingest.remote import find_remote, is_url

LINE = b"2026-11-21T02:05:12Z ERROR pool is full\n"


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    for name, data in {"a/app.log.1": LINE * 2, "a/app.log.2.gz": gzip.compress(LINE * 3), "a/app.log": LINE}.items():
        system.pipe(f"/dump/{name}", data)
    yield system
    system.rm("/dump", recursive=True)


@pytest.mark.usefixtures("store")
def test_a_folder_in_the_order_of_rotation() -> None:
    found = read_logs("memory://dump/a")
    assert [(row.source, row.lines) for row in found.ledger.sources] == [
        ("memory:///dump/a/app.log.2.gz", 3),
        ("memory:///dump/a/app.log.1", 2),
        ("memory:///dump/a/app.log", 1),
    ]


@pytest.mark.usefixtures("store")
def test_one_file_and_a_glob() -> None:
    assert read_logs("memory://dump/a/app.log").ledger.records == 1
    assert read_logs("memory://dump/a/*.gz").ledger.records == 3


def test_nothing_there() -> None:
    with pytest.raises(InputError, match="nothing is there"):
        read_logs("memory://nowhere/app.log")


def test_an_unknown_scheme_and_a_missing_package() -> None:
    with pytest.raises(InputError, match="cannot be read: Protocol not known: gopher"):
        find_remote("gopher://x/y")


def test_without_fsspec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(UsageError, match="install the extra 'remote'"):
        find_remote("s3://bucket/app.log")


@pytest.mark.usefixtures("store")
def test_a_store_that_fails_midway_gives_what_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def __init__(self) -> None:
            self.left = [LINE * 2]

        def read(self, size: int = -1) -> bytes:
            if not self.left:
                raise RuntimeError("token https://me:secret@host/x expired")
            return self.left.pop()

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *rest: object) -> None:
            return None

    monkeypatch.setattr(fsspec.implementations.memory.MemoryFileSystem, "open", lambda *a, **k: Failing())
    found = read_logs("memory://dump/a/app.log")
    assert found.ledger.records == 2
    notes = " ".join(found.ledger.sources[0].notes)
    assert "reading failed after 80 bytes" in notes
    assert "secret" not in notes


def test_passwords_and_signatures_are_not_shown() -> None:
    with pytest.raises((InputError, UsageError)) as told:
        find_remote("gopher://me:secret@host/app.log?X-Signature=abc")
    assert "secret" not in str(told.value)
    assert "abc" not in str(told.value)


def test_paths_are_no_urls(tmp_path: Path) -> None:
    assert is_url("s3://bucket/key")
    assert not is_url(str(tmp_path))
    assert not is_url(r"C:\logs")
