"""What the user names (paths, globs, directories, archives, standard input) as streams of bytes in a fixed order."""

from __future__ import annotations

import errno
import glob
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import BinaryIO

from triage.errors import InputError
from triage.ingest.remote import RemoteFile, find_remote, is_url
from triage.ingest.rotation import age_key

#: Files of an incident folder, or beside logs, that hold no log lines.
NOT_LOGS = {
    "changes.json", "truth.json", "symptom.txt", "README.md", "redaction.json", ".DS_Store",
    "config.v2.json", "hostconfig.json",  # what Docker keeps beside a container's log
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One file, or standard input.

    Attributes
    ----------
    name : str
        The path as a user would type it; ``-`` is standard input.
    path : Path or None
        None for standard input, and for what is behind a URL.
    remote : RemoteFile or None
        What a URL names.
    """

    name: str
    path: Path | None
    remote: RemoteFile | None = None

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The raw bytes, still compressed, closed at the end; standard input is left open.

        Raises
        ------
        InputError
            If the file cannot be opened.
        """
        if self.remote:
            return self.remote.open()
        if self.path is None:
            if sys.stdin is None:  # as a shell's `<&-` leaves it
                raise InputError("-: standard input is closed: give it a file or a pipe, or name the logs")
            return nullcontext(sys.stdin.buffer)
        try:
            return self.path.open("rb")
        except (OSError, ValueError) as error:
            raise _unreadable(self.name, error) from error

    def size(self) -> int | None:
        """Its bytes, where it is a regular file or behind a URL; None of anything else, and where that is not known.

        Raises
        ------
        InputError
            If it is not there any more.
        """
        if self.remote:
            return self.remote.size()
        try:
            return self.path.stat().st_size if self.path and self.path.is_file() else None
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def modified(self) -> datetime | None:
        """When the file was last written, in UTC; None where that is not known."""
        if self.remote:
            return self.remote.modified()
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC) if self.path else None


@dataclass
class Found:
    """Sources in order, each once, and what was passed over."""

    sources: dict[str, Source] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """One more file, if it was not named before."""
        key = os.path.realpath(path)
        if key in self.sources:
            self.notes.append(f"{shown(path)} is {self.sources[key].name}, named twice: read once")
            return
        self.sources[key] = Source(shown(path), path)


def find_sources(logs: str | Path | Iterable[str | Path]) -> tuple[list[Source], tuple[str, ...]]:
    """The sources that paths, globs and directories name, each file once, and notes on what was passed over.

    Files of a directory come in the order of their names, rotated ones from the oldest.

    Raises
    ------
    InputError
        If a path does not exist, a glob matches nothing, or a directory holds no file.
    """
    given = [logs] if isinstance(logs, str | Path) else list(logs)
    if not given:
        raise InputError("no logs given: name a file, a directory, a glob, or - for standard input")
    found = Found()
    for item in given:
        try:
            _expand(str(item), found)
        except (OSError, ValueError) as error:
            raise _unreadable(shown(Path(str(item))), error) from error
    return list(found.sources.values()), tuple(dict.fromkeys(found.notes))


def _expand(given: str, found: Found) -> None:
    if given == "-":
        found.sources.setdefault("-", Source("-", None))
        return
    if is_url(given):
        for remote in find_remote(given):
            found.sources.setdefault(remote.name, Source(remote.name, None, remote))
        return
    path = Path(given)
    mode = _mode(path)
    if mode is not None and stat.S_ISDIR(mode):
        if not _walk(path, found):
            raise InputError(f"{shown(path)}: the directory holds no log file: name one that does, or a file")
    elif mode is not None:
        found.add(path)
    else:
        _expand_glob(path, given, found)


def _mode(path: Path) -> int | None:
    """What a path is; None if there is nothing."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise


def _expand_glob(path: Path, given: str, found: Found) -> None:
    # Path.glob takes no absolute patterns.
    matches = sorted(glob.glob(given, recursive=True), key=age_key) if glob.has_magic(given) else []  # noqa: PTH207
    before = len(found.sources) + len(found.notes)
    for match in map(Path, matches):
        if not match.is_dir():
            found.add(match)
        elif not _walk(match, found):
            found.notes.append(f"{shown(match)}: the directory holds no log file")
    if len(found.sources) + len(found.notes) == before:
        raise InputError(_missing(path, given))


def _walk(folder: Path, found: Found) -> int:
    """Add the files below a directory; how many there are. Links are followed, each directory is entered once."""
    entered, files = {os.path.realpath(folder)}, []
    refused: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=refused.append, followlinks=True):
        inside = [(name, os.path.realpath(Path(place, name))) for name in folders if not name.startswith(".")]
        folders[:] = [name for name, real in inside if real not in entered]
        entered.update(real for _, real in inside)
        files += [Path(place, name) for name in names]
    for error in refused:
        found.notes.append(f"{shown(Path(str(error.filename)))} could not be entered: {error.strerror}")
    kept = 0
    for path in sorted(files, key=lambda path: age_key(path.as_posix())):
        kept += _keep(path, found)
    return kept


def _keep(path: Path, found: Found) -> bool:
    if path.name in NOT_LOGS:
        return False
    why = None
    if path.name.startswith("."):
        why = "its name begins with a dot"
    elif not path.exists():
        why = "a link to nothing"
    elif not path.is_file():
        why = "no regular file"
    elif not os.access(path, os.R_OK):
        why = "permission denied"
    if why:
        found.notes.append(f"{shown(path)} was passed over: {why}")
        return False
    found.add(path)
    return True


def shown(path: PurePath) -> str:
    """A path as text that can be kept: bytes of its name that are no UTF-8 are replaced."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unreadable(name: str, error: OSError | ValueError) -> InputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError(f"{name[:200]}: cannot be read: {reason}")


def _missing(path: Path, given: str) -> str:
    name = shown(Path(given))
    if glob.has_magic(given):
        return f"{name}: no file matches: check the pattern, or name a directory"
    parent = path.parent
    if not parent.is_dir():
        return f"{name}: no such file or directory, nor its parent {shown(parent)}: check the path"
    if path.is_symlink():
        return f"{name}: a link to nothing: check where it points"
    import difflib

    others = [shown(p) for p in parent.iterdir() if p != path]
    close = difflib.get_close_matches(shown(path), others, n=1)
    return f"{name}: no such file or directory: " + (f"did you mean {close[0]}?" if close else "check the path")
