"""Files redacted as they are kept: plain, compressed, or an archive, whose members are packed again like it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, cast

import zstandard

from triage.errors import InputError
from triage.ingest.archives import HEAD_BYTES, kind_of, members
from triage.ingest.compression import Blocks, DamageError, Readable
from triage.ingest.decode import CONTROL, encoding_of
from triage.ingest.guard import Budget, Guarded
from triage.ingest.members import Joined, Member
from triage.ingest.parquet import MAGIC as PARQUET
from triage.ingest.sources import NOT_LOGS
from triage.ingest.streams import DEEPEST
from triage.redaction.chunks import Chunks
from triage.redaction.redactor import Redactor


def _lzma(out: Any, format: int) -> AbstractContextManager[Any]:
    return lzma.LZMAFile(out, "wb", format=format)


#: What writes a stream as it was compressed.
PACK: dict[str, Callable[[Any], AbstractContextManager[Any]]] = {
    "gzip": lambda out: gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0, compresslevel=6),
    "zstd": lambda out: zstandard.ZstdCompressor(level=6).stream_writer(out, closefd=False),
    "bzip2": lambda out: bz2.BZ2File(out, "wb"),
    "xz": lambda out: _lzma(out, lzma.FORMAT_XZ),
    "lzma": lambda out: _lzma(out, lzma.FORMAT_ALONE),
}
#: Of the first bytes of text at most so many are none.
MOST_NO_TEXT = 0.3


class _Nowhere(io.RawIOBase):
    """Takes what is written, for a look that writes nothing."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return len(data)


@dataclass(frozen=True)
class _Job:
    """One file being redacted: its name in the report, whether anything is written."""

    redactor: Redactor
    keeping: bool

    def shown(self, member: str) -> str:
        """The name of a member as it is in the copy."""
        return self.redactor.name(member) if self.keeping else member


def redact_file(raw: Readable, name: str, redactor: Redactor, out: BinaryIO | None = None) -> None:
    """Copy a file with everything replaced, packed as it was; without `out` only look.

    Parameters
    ----------
    raw : Readable
        Its bytes, as they are kept.
    name : str
        For the report of what was replaced, which `redactor` keeps.

    Raises
    ------
    InputError
        If it is of a kind that cannot be looked into, and so cannot be redacted.
    """
    job = _Job(redactor, out is not None)
    budget = Budget(raw)
    _copy(budget.source, out or cast(BinaryIO, _Nowhere()), name, job, budget, 0)


def _copy(raw: Readable, out: Any, name: str, job: _Job, budget: Budget, depth: int) -> None:
    blocks = Guarded(Blocks(raw), budget)
    rest = iter(blocks)
    head = b""
    while len(head) < HEAD_BYTES and (block := next(rest, b"")):
        head += block
    try:
        kind = kind_of(head)
        if kind and depth == DEEPEST:
            raise DamageError(22, "archives in archives in an archive are not opened: unpack the outer one")
    except DamageError as error:
        raise _closed(name, str(error.strerror)) from error
    with _packed(out, blocks.compression if job.keeping else None) as inner:
        if kind is None:
            _copy_text(head, rest, inner, name, job)
        else:
            seekable = kind == "zip" and not blocks.compression and isinstance(raw, io.BufferedReader)
            if seekable and cast(io.BufferedReader, raw).seekable():
                cast(io.BufferedReader, raw).seek(0)
                inside: Readable = raw
            else:
                inside = Joined(head, rest)
            _copy_members(kind, inside, inner, name, job, budget, depth)
    if blocks.damage:
        job.redactor.tally.notes.append(f"{name}: {blocks.damage}: what is behind that is not in the copy")


def _packed(out: Any, compression: str | None) -> AbstractContextManager[Any]:
    return PACK[compression](out) if compression else nullcontext(out)


def _closed(name: str, why: str) -> InputError:
    return InputError(f"{name}: cannot be redacted: {why}; or leave it out")


def _copy_text(head: bytes, rest: Iterator[bytes], out: Any, name: str, job: _Job) -> None:
    if head.startswith(PARQUET):
        raise _closed(
            name, "a Parquet file has no lines: give the lines, as `triage records --format ndjson` prints them"
        )
    encoding, _ = encoding_of(head)
    if encoding == "utf-8" and sum(head.count(byte) for byte in CONTROL) > MOST_NO_TEXT * len(head) > 0:
        raise _closed(name, "not text but binary data")
    chunks = Chunks(chain([head], rest), encoding)
    for text, line in chunks:
        said = job.redactor.text(text, name, line)
        if job.keeping:
            out.write(chunks.back(said))
    out.write(chunks.tail)
    if chunks.cut:
        job.redactor.tally.notes.append(
            f"{name}:{chunks.cut[0]}: a line too long to be looked at as a whole: look at it yourself"
        )


def _copy_members(kind: str, inside: Readable, out: Any, name: str, job: _Job, budget: Budget, depth: int) -> None:
    passed: list[str] = []
    try:
        with _archive(kind, out if job.keeping else _Nowhere()) as archive:
            for member in members(kind, inside):
                if _is_no_log(member.name):
                    passed.append(job.shown(member.name))
                    continue
                _copy_member(member, archive, name, job, budget, depth)
    except OSError as error:
        if not isinstance(error, DamageError):
            raise
        job.redactor.tally.notes.append(f"{name}: {error.strerror}: what is behind that is not in the copy")
    if passed:
        job.redactor.tally.notes.append(f"{name}: left out of the archive, as no log: {', '.join(passed[:5])}")


def _copy_member(member: Member, archive: Any, name: str, job: _Job, budget: Budget, depth: int) -> None:
    """A member goes into a file of its own first: its size stands in front of it in the archive."""
    with tempfile.TemporaryFile() as room:
        _copy(member.stream, room, f"{name}/{job.shown(member.name)}", job, budget, depth + 1)
        if not job.keeping:
            return
        size = room.tell()
        room.seek(0)
        _add(archive, job.shown(member.name), member.modified, size, room)


def _archive(kind: str, out: Any) -> AbstractContextManager[Any]:
    if kind == "tar":
        return tarfile.open(fileobj=out, mode="w|")
    return zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)


def _add(archive: Any, name: str, modified: datetime | None, size: int, content: IO[bytes]) -> None:
    """A member with its name, size and time, and nobody's name as its owner."""
    if isinstance(archive, tarfile.TarFile):
        info = tarfile.TarInfo(name)
        info.size, info.mtime = size, modified.timestamp() if modified else 0
        archive.addfile(info, content)
        return
    packed = zipfile.ZipInfo(
        name, modified.timetuple()[:6] if modified and modified.year >= 1980 else (1980, 1, 1, 0, 0, 0)
    )
    packed.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(packed, "w") as into:
        while block := content.read(1 << 20):
            into.write(block)


def _is_no_log(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.name in NOT_LOGS or any(
        part.startswith((".", "__MACOSX")) for part in path.parts if part not in (".", "..")
    )
