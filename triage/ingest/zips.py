"""Members of zip archives; one that cannot be read hides no other."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, BinaryIO

from triage.ingest.compression import FEED, DamageError, Readable
from triage.ingest.members import Member, Pieces

#: How a member's head begins, and the end of an archive that holds none.
MAGIC, EMPTY = b"PK\x03\x04", b"PK\x05\x06"
#: An archive that cannot be searched (one inside another, standard input) is held in memory up to this size.
HELD_BYTES = 512 << 20


def read_zip(stream: Readable) -> Iterator[Member]:
    """The files of an archive, in its order.

    Raises
    ------
    DamageError
        Where it ends early; members before that have been given.
    """
    if isinstance(stream, io.BufferedReader) and stream.seekable():
        whole: BinaryIO = stream
    else:
        held = stream.read(HELD_BYTES + 1)
        if len(held) > HELD_BYTES:
            raise DamageError(27, f"a zip archive over {HELD_BYTES >> 20} MB inside another: unpack the outer one")
        whole = io.BytesIO(held)
    try:
        archive = zipfile.ZipFile(whole)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        whole.seek(0)
        yield from _without_directory(whole)
        return
    with archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield Member(info.filename, Pieces(_content(archive, info)), _moment(info))


def _moment(info: zipfile.ZipInfo) -> datetime | None:
    with suppress(ValueError):  # programs without a clock write zeros
        return datetime(*info.date_time, tzinfo=UTC)
    return None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    """What gives a member's bytes; a wrong checksum is told behind them, where the library would keep the last back."""
    file: Any = None
    found = 0

    def read(count: int) -> bytes:
        nonlocal file, found
        if file is None:
            if info.flag_bits & 1:
                raise DamageError(13, "this member of the zip archive is encrypted: unpack it first")
            file = archive.open(info)
            file._expected_crc = None
        got: bytes = file.read1(count)
        found = zlib.crc32(got, found)
        if not got and found != info.CRC:
            raise DamageError(5, "the zip archive is damaged: the checksum of this member is another")
        return got

    return read


def _without_directory(stream: BinaryIO) -> Iterator[Member]:
    """Members of an archive that was cut off: its directory stands at the end, but each member has a head."""
    while True:
        head = stream.read(30)
        if not head.startswith(MAGIC) or len(head) < 30:
            raise DamageError(5, "the zip archive ends early: members behind this are missing")
        flags, method = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
        size = int.from_bytes(head[18:22], "little")
        name = stream.read(int.from_bytes(head[26:28], "little")).decode("utf-8", "replace")
        stream.read(int.from_bytes(head[28:30], "little"))
        if flags & 1 or method not in (0, 8) or (method == 0 and flags & 8):
            raise DamageError(5, f"the zip archive ends early, and member {name[:60]!r} needs what is missing")
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
