"""Members of zip and tar archives as streams, one after the other; nothing is written to the paths they name."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from triage.ingest.compression import FEED, Readable

ZIP, TAR_AT, TAR = b"PK\x03\x04", 257, b"ustar"
#: Archives that need a program of their own.
OTHERS = {b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR"}
#: A zip archive that cannot be searched (one inside another, standard input) is held in memory up to this size.
HELD_BYTES = 512 << 20
#: Bytes asked of a member at a time: a library that finds damage keeps back what it was asked for.
PIECE = 4096
#: Bytes that tell what a stream is.
HEAD_BYTES = 512


@dataclass(frozen=True)
class Member:
    """One file of an archive; its stream is good until the next member is asked for."""

    name: str
    stream: Readable
    modified: datetime | None


class ArchiveError(OSError):
    """An archive that ends early or is damaged."""


class Joined:
    """A stream from its first bytes, which were looked at, and the blocks behind them."""

    def __init__(self, head: bytes, blocks: Iterator[bytes]) -> None:
        self._held = [head]
        self._blocks = blocks

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; all that is left without it."""
        count = sum(map(len, self._held))
        while (size < 0 or count < size) and (block := next(self._blocks, b"")):
            self._held.append(block)
            count += len(block)
        whole = b"".join(self._held)
        cut = len(whole) if size < 0 else size
        self._held = [whole[cut:]]
        return whole[:cut]


class _Guarded:
    """A member's stream; whatever its library raises is an OSError, after what came out before it."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._error: ArchiveError | None = None

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""
        got: list[bytes] = []
        count = 0
        while not self._error and (size < 0 or count < size):
            piece = self._piece(PIECE if size < 0 else min(PIECE, size - count))
            if not piece:
                break
            got.append(piece)
            count += len(piece)
        if self._error and not got:
            raise self._error
        return b"".join(got)

    def _piece(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            self._error = ArchiveError(5, f"the archive is damaged here: {error}")
            return b""


def kind_of(head: bytes) -> str | None:
    """``zip``, ``tar`` or None, by the first bytes of a stream that is not compressed.

    Raises
    ------
    ArchiveError
        For an archive of a kind that is not read.
    """
    for magic, name in OTHERS.items():
        if head.startswith(magic):
            raise ArchiveError(22, f"{name} archives are not read: unpack it, or pack it as zip or tar")
    if head.startswith(ZIP):
        return "zip"
    return "tar" if head[TAR_AT : TAR_AT + len(TAR)] == TAR else None


def members(kind: str, stream: Readable) -> Iterator[Member]:
    """The files of an archive, in its order; directories, links and devices are left out.

    Raises
    ------
    ArchiveError
        Where it is damaged; members before that have been given.
    """
    yield from _tar(stream) if kind == "tar" else _zip(stream)


def _tar(stream: Readable) -> Iterator[Member]:
    try:
        with tarfile.open(fileobj=cast(Any, stream), mode="r|") as archive:  # nothing but read is called
            for info in archive:
                file = archive.extractfile(info) if info.isreg() else None
                if isinstance(file, io.BufferedReader):
                    yield Member(info.name, _Guarded(cast(Readable, file.raw)), _moment(info.mtime))  # unbuffered
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise ArchiveError(5, f"the tar archive is damaged or ends early ({error})") from error


def _zip(stream: Readable) -> Iterator[Member]:
    if isinstance(stream, io.BufferedReader) and stream.seekable():
        whole: BinaryIO = stream
    else:
        held = stream.read(HELD_BYTES + 1)
        if len(held) > HELD_BYTES:
            raise ArchiveError(27, f"a zip archive over {HELD_BYTES >> 20} MB inside another: unpack the outer one")
        whole = io.BytesIO(held)
    try:
        archive = zipfile.ZipFile(whole)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        whole.seek(0)
        yield from _zip_without_directory(whole)
        return
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                raise ArchiveError(13, f"the zip archive's member {info.filename[:60]!r} is encrypted: unpack it first")
            when = None
            with suppress(ValueError):  # programs without a clock write zeros
                when = datetime(*info.date_time, tzinfo=UTC)
            try:
                file = archive.open(info)
            except (zipfile.BadZipFile, NotImplementedError) as error:
                raise ArchiveError(5, f"the zip archive is damaged ({error})") from error
            yield Member(info.filename, _Guarded(file), when)


def _zip_without_directory(stream: BinaryIO) -> Iterator[Member]:
    """Members of a zip archive that was cut off: its directory stands at the end, but each member has a head."""
    while True:
        head = stream.read(30)
        if not head.startswith(ZIP) or len(head) < 30:
            raise ArchiveError(5, "the zip archive ends early: members behind this are missing")
        flags, method = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
        size = int.from_bytes(head[18:22], "little")
        name = stream.read(int.from_bytes(head[26:28], "little")).decode("utf-8", "replace")
        stream.read(int.from_bytes(head[28:30], "little"))
        if flags & 1 or method not in (0, 8) or (method == 0 and flags & 8):
            raise ArchiveError(5, f"the zip archive ends early, and member {name[:60]!r} needs what is missing")
        text = _inflated(stream) if method == 8 else stream.read(size)
        if not name.endswith("/"):
            yield Member(name, io.BytesIO(text), None)
        if flags & 8:
            start = stream.tell()
            sizes = stream.read(16)
            stream.seek(start + (16 if sizes.startswith(b"PK\x07\x08") else 12))


def _inflated(stream: BinaryIO) -> bytes:
    """What a deflated member holds, as far as it is there; the stream stands behind it then."""
    member, out, held = zlib.decompressobj(-15), [], 0
    with suppress(zlib.error):
        while not member.eof and held < HELD_BYTES and (data := stream.read(FEED)):
            out.append(member.decompress(data))
            held += len(out[-1])
    stream.seek(-len(member.unused_data), io.SEEK_CUR)
    return b"".join(out)


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 4_102_444_800 else None
