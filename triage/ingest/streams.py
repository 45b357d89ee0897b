"""Streams of decompressed bytes: one of a plain file, one of each member of an archive."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path, PurePosixPath

from triage.ingest.archives import HEAD_BYTES, kind_of, members
from triage.ingest.compression import Blocks, DamageError, Readable
from triage.ingest.guard import Budget, Guarded
from triage.ingest.members import Joined
from triage.ingest.sources import NOT_LOGS, Source, shown

#: An archive in an archive is opened; one in that is not.
DEEPEST = 2


@dataclass(frozen=True)
class Stream:
    """Bytes with a name.

    Attributes
    ----------
    name : str
        The source's, with the member's path behind it for an archive.
    blocks : iterator of bytes
        Decompressed; good until the next stream is asked for.
    modified : datetime or None
        When the file was last written, in UTC.
    path : Path or None
        The file that these bytes are the content of, or of which they are unpacked; None in archives and for standard
        input.
    size : int or None
        Bytes of the file when it was opened.
    """

    name: str
    blocks: Iterator[bytes]
    modified: datetime | None
    raw: Guarded | None = None
    trouble: str | None = None
    path: Path | None = None
    size: int | None = None

    @property
    def changed(self) -> str | None:
        """That the file grew or shrank since it was opened, in a sentence; None if it did not."""
        now = _size(self.path)
        if self.size is None or now is None or now == self.size:
            return None
        how = "grew" if now > self.size else "shrank"
        return f"the file {how} while it was read (from {self.size:,} to {now:,} bytes): read it again for the rest"

    @property
    def compression(self) -> str | None:
        """The codec's name; None for plain bytes."""
        return self.raw.compression if self.raw else None

    @property
    def damage(self) -> str | None:
        """How the stream ended badly, in a clause, known once it is read; None if it did not."""
        return self.trouble or (self.raw.damage if self.raw else None)


def open_streams(source: Source, feed: int) -> Iterator[Stream]:
    """The streams of a source, in order; nothing is written to disk.

    Parameters
    ----------
    feed : int
        Bytes to read at a time.

    Raises
    ------
    InputError
        If the file cannot be opened.
    """
    with source.open() as raw:
        budget = Budget(raw)
        for stream in _opened(source.name, budget.source, source.modified(), _How(feed, budget), 0):
            # Of an archive's members the names are longer.
            own = stream.name == source.name
            yield replace(stream, path=source.path, size=_size(source.path)) if own else stream


def _size(path: Path | None) -> int | None:
    """Bytes of a regular file; None of anything else."""
    try:
        return path.stat().st_size if path and path.is_file() else None
    except OSError:
        return None


@dataclass(frozen=True)
class _How:
    """How a source's members are read."""

    feed: int
    budget: Budget


def _opened(name: str, raw: Readable, modified: datetime | None, how: _How, depth: int) -> Iterator[Stream]:
    blocks = Guarded(Blocks(raw, how.feed), how.budget)
    rest = iter(blocks)
    head: list[bytes] = []
    while sum(map(len, head)) < HEAD_BYTES and (block := next(rest, b"")):
        head.append(block)
    try:
        kind = kind_of(b"".join(head))
        if kind and depth == DEEPEST:
            raise DamageError(22, "archives in archives in an archive are not opened: unpack the outer one")
    except DamageError as error:
        yield Stream(name, iter(()), modified, trouble=error.strerror)
        return
    if kind is None:
        yield Stream(name, chain(head, rest), modified, blocks)
        return
    if kind == "zip" and not blocks.compression and isinstance(raw, io.BufferedReader) and raw.seekable():
        raw.seek(0)
        inside: Readable = raw
    else:
        inside = Joined(b"".join(head), rest)
    yield from _members(name, kind, inside, how, depth, blocks)


def _members(name: str, kind: str, inside: Readable, how: _How, depth: int, blocks: Guarded) -> Iterator[Stream]:
    trouble, passed, given = None, [], 0
    try:
        for member in members(kind, inside):
            path = _safe(member.name)
            if path.name in NOT_LOGS or any(part.startswith((".", "__MACOSX")) for part in path.parts):
                passed.append(path.as_posix())
                continue
            given += 1
            yield from _opened(f"{name}/{shown(path)}", member.stream, member.modified, how, depth + 1)
    except OSError as error:
        trouble = error.strerror or str(error)
    trouble = trouble or blocks.damage
    if not trouble and not given:
        trouble = f"the {kind} archive holds no log file"
    if trouble or passed:
        note = f"passed over in the archive: {', '.join(passed[:5])}" if passed else ""
        yield Stream(name, iter(()), None, trouble="; ".join(filter(None, (trouble, note))))


def _safe(name: str) -> PurePosixPath:
    """A member's path without a root or steps upwards: it is only shown, but it should not look like another file."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return PurePosixPath(*parts) if parts else PurePosixPath("(no name)")
