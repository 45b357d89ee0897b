"""Members of tar archives, in any number one behind the other, past damage in them."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

from triage.ingest.compression import DamageError, Readable
from triage.ingest.members import Member, Pieces

#: Bytes of a header, and where the first of them says that it is one; before POSIX only its checksum did.
BLOCK, MAGIC_AT, MAGIC = 512, 257, b"ustar"


def is_tar(head: bytes) -> bool:
    """Whether a stream that begins so is a tar archive."""
    if head[MAGIC_AT : MAGIC_AT + len(MAGIC)] == MAGIC:
        return True
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


class _Header(tarfile.TarInfo):
    """A header, or what stands in its place: the library passes over that without a word."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> _Header:
        archive = cast(_Archive, tarfile)
        try:
            return super().fromtarfile(tarfile)
        except HeaderError as error:
            archive.ended = archive.ended or str(error) == ZEROS
            archive.odd = archive.odd or str(error) not in (ZEROS, NOTHING)
            raise


#: What the library says of a block of zeros, which ends an archive, and of the end of the file.
ZEROS, NOTHING = "end of file header", "empty header"
HeaderError = tarfile.HeaderError


class _Archive(tarfile.TarFile):
    tarinfo = _Header
    ended = odd = False


def read_tar(stream: Readable) -> Iterator[Member]:
    """The files of an archive; directories, links and devices are left out.

    Raises
    ------
    DamageError
        At the end, where something is missing.
    """
    try:
        # Behind zeros another archive may follow, and behind what is no header, another header.
        with _Archive.open(fileobj=cast(Any, stream), mode="r|", ignore_zeros=True) as archive:
            for info in archive:
                if info.isreg():
                    yield Member(info.name, Pieces(_content(archive, info)), _moment(info.mtime))
            ended, odd = archive.ended, archive.odd
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise DamageError(5, f"the tar archive is damaged or ends early ({error})") from error
    if odd:
        raise DamageError(5, "the tar archive is damaged: between its files stands what is no tar, and was left out")
    if not ended:
        raise DamageError(5, "the tar archive ends early: files behind this may be missing")


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[int], bytes]:
    """What gives a file's bytes, read past the library, which would keep back those of one that is cut off."""
    if info.issparse():
        return cast(Any, archive.extractfile(info)).raw.read  # type: ignore[no-any-return]
    stream, left = cast(Readable, archive.fileobj), info.size

    def read(count: int) -> bytes:
        nonlocal left
        wanted = max(0, min(count, left))
        got = stream.read(wanted)
        left -= len(got)
        if wanted and not got:
            raise DamageError(5, f"the tar archive ends inside this file: {left} bytes of it are missing")
        return got

    return read


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 4_102_444_800 else None
