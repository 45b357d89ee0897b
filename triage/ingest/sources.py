"""What the user names (paths, globs, directories, standard input) as a list of byte sources in a fixed order."""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from triage.errors import InputError

#: Files of an incident folder, or beside logs, that hold no log lines.
NOT_LOGS = {"changes.json", "truth.json", "symptom.txt", "README.md", ".DS_Store"}


@dataclass(frozen=True)
class Source:
    """One stream of log bytes.

    Attributes
    ----------
    name : str
        The path as a user would type it; ``-`` is standard input.
    path : Path or None
        None for standard input.
    """

    name: str
    path: Path | None

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The raw bytes, still compressed, closed at the end; standard input is left open.

        Raises
        ------
        InputError
            If the file cannot be opened.
        """
        if self.path is None:
            return nullcontext(sys.stdin.buffer)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise InputError(f"{self.name}: cannot be read: {error.strerror or error}") from error

    def modified(self) -> datetime | None:
        """When the file was last written, in UTC; None for standard input."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC) if self.path else None


def find_sources(logs: str | Path | Iterable[str | Path]) -> list[Source]:
    """The sources that paths, globs and directories name, each file once, directories in name order.

    Raises
    ------
    InputError
        If a path does not exist, a glob matches nothing, or a directory holds no file.
    """
    given = [logs] if isinstance(logs, str | Path) else list(logs)
    if not given:
        raise InputError("no logs given: name a file, a directory, a glob, or - for standard input")
    found: dict[str, Source] = {}
    for item in given:
        for source in _expand(str(item)):
            found.setdefault(str(source.path.resolve()) if source.path else "-", source)
    return list(found.values())


def _expand(given: str) -> list[Source]:
    if given == "-":
        return [Source("-", None)]
    path = Path(given)
    if path.is_dir():
        return _in_directory(path)
    if path.exists():
        return [Source(path.as_posix(), path)]
    # Path.glob takes no absolute patterns.
    matches = sorted(glob.glob(given, recursive=True)) if glob.has_magic(given) else []  # noqa: PTH207
    sources = [s for m in matches for s in (_in_directory(Path(m)) if Path(m).is_dir() else [Source(m, Path(m))])]
    if not sources:
        raise InputError(_missing(path, given))
    return sources


def _in_directory(folder: Path) -> list[Source]:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _skipped(p.relative_to(folder)))
    if not files:
        raise InputError(f"{folder.as_posix()}: the directory holds no log file: name one that does, or a file")
    return [Source(p.as_posix(), p) for p in files]


def _skipped(path: Path) -> bool:
    return path.name in NOT_LOGS or any(part.startswith(".") for part in path.parts)


def _missing(path: Path, given: str) -> str:
    if glob.has_magic(given):
        return f"{given}: no file matches: check the pattern, or name a directory"
    parent = path.parent
    if not parent.is_dir():
        return f"{given}: no such file or directory, nor its parent {parent.as_posix()}: check the path"
    import difflib

    close = difflib.get_close_matches(path.name, [p.name for p in parent.iterdir()], n=1)
    hint = f"did you mean {(parent / close[0]).as_posix()}?" if close else "check the path"
    return f"{given}: no such file or directory: {hint}"
