"""Archives by their first bytes, and their members one after the other; nothing is written to the paths they name."""

from __future__ import annotations

from collections.abc import Iterator

from triage.ingest import zips
from triage.ingest.compression import DamageError, Readable, codec_of
from triage.ingest.members import Member
from triage.ingest.tars import BLOCK, is_tar, read_tar

#: Bytes that tell what a stream is.
HEAD_BYTES = BLOCK
#: What needs a program of its own.
OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"MSCF\x00\x00\x00\x00": "cabinet",
    b"\x04\x22\x4d\x18": "LZ4", b"\x1f\x9d": "compress (.Z)", b"\xff\x06\x00\x00sNaPpY": "Snappy",
    b"\x89LZO\x00\r\n\x1a\n": "LZO",
}  # fmt: skip


def kind_of(head: bytes) -> str | None:
    """``zip``, ``tar`` or None, by the first bytes of a stream that is not compressed, or not any more.

    Raises
    ------
    DamageError
        For what is packed in a way that is not read.
    """
    for magic, name in OTHERS.items():
        if head.startswith(magic):
            raise DamageError(22, f"{name} is not read: unpack it, or pack it as gzip, zstd, zip or tar")
    if codec := codec_of(head):
        raise DamageError(22, f"it is packed twice, and the second time as {codec.name}: unpack it once")
    if head.startswith((zips.MAGIC, zips.EMPTY)):
        return "zip"
    return "tar" if is_tar(head) else None


def members(kind: str, stream: Readable) -> Iterator[Member]:
    """The files of an archive, in its order; directories, links and devices are left out.

    Raises
    ------
    DamageError
        Where it is damaged; members before that have been given.
    """
    return read_tar(stream) if kind == "tar" else zips.read_zip(stream)
