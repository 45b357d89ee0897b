"""Decompressed bytes of a stream, whatever its magic bytes say it is, with damage told instead of raised."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import zstandard

#: Bytes asked of a stream at a time, and compressed bytes that a codec gets at a time: that bounds what one step can
#: expand to.
FEED, BITE = 1 << 16, 1 << 13
#: Longest magic, and header of a zstd frame that holds no data (RFC 8878, 3.1.2).
LONGEST_MAGIC, SKIPPABLE = 8, b"\x2a\x4d\x18"
#: The largest window of zstd that ``zstd --long=31`` makes, in bytes.
WINDOW = 1 << 31


@dataclass(frozen=True)
class Codec:
    """One kind of compression, known by its first bytes."""

    name: str
    magic: bytes
    start: Callable[[], Any]


CODECS = (
    Codec("gzip", b"\x1f\x8b", lambda: zlib.decompressobj(wbits=31)),
    Codec("zstd", b"\x28\xb5\x2f\xfd", lambda: zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()),
    Codec("bzip2", b"BZh", bz2.BZ2Decompressor),
    Codec("xz", b"\xfd7zXZ\x00", lzma.LZMADecompressor),
    Codec("lzma", b"]\x00\x00", lzma.LZMADecompressor),
)
BROKEN = (zlib.error, zstandard.ZstdError, lzma.LZMAError, OSError, EOFError, ValueError)


def codec_of(head: bytes) -> Codec | None:
    """The codec whose magic bytes begin `head`; None for plain bytes."""
    found = next((codec for codec in CODECS if head.startswith(codec.magic)), None)
    if found is None and is_skippable(head):
        return next(codec for codec in CODECS if codec.name == "zstd")
    return found


def is_skippable(head: bytes) -> bool:
    """Whether a zstd frame without data begins here."""
    return len(head) >= 8 and 0x50 <= head[0] <= 0x5F and head[1:4] == SKIPPABLE


class DamageError(OSError):
    """Data that end early, are damaged or cannot be read: its text says all of it."""


class Readable(Protocol):
    """All that is asked of a stream."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; fewer only at the end."""
        ...


class Blocks:
    """Iterate over the decompressed blocks of a stream.

    After the iteration, `damage` is None, or one clause that says how the stream ended badly. What came out
    before the damage has been given.

    Parameters
    ----------
    stream : Readable
        Where compressed or plain bytes come from.
    feed : int
        Bytes asked of it at a time.
    """

    def __init__(self, stream: Readable, feed: int = FEED) -> None:
        self._stream = stream
        self._feed = feed
        self._given = 0
        self.compression: str | None = None
        self.damage: str | None = None

    def __iter__(self) -> Iterator[bytes]:
        head = self._topped(b"", LONGEST_MAGIC)
        codec = codec_of(head)
        self.compression = codec.name if codec else None
        for block in self._members(codec, head) if codec else self._plain(head):
            self._given += len(block)
            yield block

    def _read(self) -> bytes:
        """What comes next; nothing where reading fails: what was read before it is still to be given."""
        try:
            return b"" if self.damage else self._stream.read(self._feed)
        except DamageError as error:
            self.damage = error.strerror
        except OSError as error:  # of the medium, not of the data
            self.damage = f"reading failed after {self._given} bytes ({error.strerror or error})"
        return b""

    def _plain(self, head: bytes) -> Iterator[bytes]:
        while head:
            yield head
            head = self._read()

    def _topped(self, data: bytes, least: int) -> bytes:
        """`data` and enough of what follows to make `least` bytes, if there are so many."""
        while len(data) < least and (more := self._read()):
            data += more
        return data

    def _members(self, codec: Codec, data: bytes) -> Iterator[bytes]:
        """Blocks of one member after another: ``cat a.gz b.gz`` is one stream to gzip and to us."""
        while data := self._next_member(codec, data):
            member, before = codec.start(), codec.start()
            # What comes out before damage depends on the pieces that go in: they are the same however data arrive.
            while not member.eof and (data := self._topped(data, BITE)):
                bite, data = data[:BITE], data[BITE:]
                try:
                    block = member.decompress(bite)
                except BROKEN as error:
                    yield from filter(None, (_up_to_damage(before, bite),))
                    self.damage = f"the {codec.name} data is damaged after {self._given} decompressed bytes ({error})"
                    return
                if block:
                    yield block
                # A wrong checksum at the end loses what the last call would have given: it is asked for again.
                before = member.copy() if hasattr(member, "copy") else None
            if not member.eof:
                self.damage = self.damage or f"the {codec.name} data ends early, after {self._given} decompressed bytes"
                return
            data = member.unused_data + data

    def _next_member(self, codec: Codec, data: bytes) -> bytes:
        """The data from the next member on; empty at the end, and where something else follows."""
        while True:
            data = self._topped(data, LONGEST_MAGIC)
            if codec.name == "zstd" and is_skippable(data):
                size = 8 + int.from_bytes(data[4:8], "little")
                data = self._skipped(data, size)
                continue
            if data.startswith(codec.magic) or not data:
                return data
            if not data.strip(b"\x00"):  # zero padding is usual in xz, on tapes and block devices
                data = self._read()
                continue
            data = self._topped(data.lstrip(b"\x00"), LONGEST_MAGIC)
            if not data.startswith(codec.magic):
                other = f"bytes that are not {codec.name} follow after {self._given} decompressed bytes"
                self.damage = self.damage or other
                return b""

    def _skipped(self, data: bytes, size: int) -> bytes:
        while len(data) < size:
            size -= len(data)
            data = self._read()
            if not data:
                self.damage = self.damage or "the zstd data ends early, inside a frame that holds no text"
                return b""
        return data[size:]


def _up_to_damage(member: Any, data: bytes) -> bytes:
    """What a decompressor gives of damaged data before it finds out; nothing if it is None."""
    out: list[bytes] = []
    with suppress(*BROKEN):
        for at in range(len(data) if member else 0):
            out.append(member.decompress(data[at : at + 1]))
    return b"".join(out)
