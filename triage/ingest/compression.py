"""Decompressed bytes of a stream, whatever its magic bytes say it is, with damage told instead of raised."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import zstandard

FEED = 1 << 16  # compressed bytes handed over at a time: bounds what one step can expand to


@dataclass(frozen=True)
class Codec:
    """One kind of compression, known by its first bytes."""

    name: str
    magic: bytes
    start: Callable[[], Any]


CODECS = (
    Codec("gzip", b"\x1f\x8b", lambda: zlib.decompressobj(wbits=31)),
    Codec("zstd", b"\x28\xb5\x2f\xfd", lambda: zstandard.ZstdDecompressor().decompressobj()),
    Codec("bzip2", b"BZh", bz2.BZ2Decompressor),
    Codec("xz", b"\xfd7zXZ\x00", lzma.LZMADecompressor),
)
BROKEN = (zlib.error, zstandard.ZstdError, lzma.LZMAError, OSError, EOFError)


def codec_of(head: bytes) -> Codec | None:
    """The codec whose magic bytes begin `head`; None for plain bytes."""
    return next((codec for codec in CODECS if head.startswith(codec.magic)), None)


class Blocks:
    """Iterate over the decompressed blocks of a stream.

    After the iteration, `damage` is None, or one clause that says how the stream ended badly. What came out
    before the damage has been given.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.compression: str | None = None
        self.damage: str | None = None

    def __iter__(self) -> Iterator[bytes]:
        head = self._stream.read(FEED)
        codec = codec_of(head)
        self.compression = codec.name if codec else None
        if codec:
            yield from self._members(codec, head)
            return
        while head:
            yield head
            head = self._stream.read(FEED)

    def _members(self, codec: Codec, data: bytes) -> Iterator[bytes]:
        """Blocks of one member after another: ``cat a.gz b.gz`` is one stream to gzip and to us."""
        given = 0
        while data:
            member = codec.start()
            try:
                while data and not member.eof:
                    block = member.decompress(data)
                    data = b""
                    given += len(block)
                    if block:
                        yield block
                    if not member.eof:
                        data = self._stream.read(FEED)
            except BROKEN as error:
                self.damage = f"the {codec.name} data is damaged after {given} decompressed bytes ({error})"
                return
            if not member.eof:
                self.damage = f"the {codec.name} data ends early, after {given} decompressed bytes"
                return
            data = member.unused_data or self._stream.read(FEED)
            if data and not data.startswith(codec.magic):
                if data.strip(b"\x00"):  # zero padding is usual in tapes and block devices
                    self.damage = f"bytes that are not {codec.name} follow after {given} decompressed bytes"
                return
