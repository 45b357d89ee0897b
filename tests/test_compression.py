"""Compressed streams as tools write them: several members, padding, frames without data, damage."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable

import pytest
import zstandard

from triage.ingest.compression import Blocks

TEXT = b"".join(b"2026-11-21T02:05:%02d.%03dZ line of some length\n" % (n % 60, n % 1000) for n in range(3000))
SKIPPABLE = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
}


def unpacked(data: bytes, feed: int = 1 << 16) -> tuple[bytes, str | None]:
    blocks = Blocks(io.BytesIO(data), feed)
    return b"".join(blocks), blocks.damage


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("feed", [1, 7, 100, 1 << 16])
def test_members_one_after_the_other_wherever_reading_stops(name: str, feed: int) -> None:
    packed = PACKERS[name](TEXT[:500])
    assert unpacked(packed + packed, feed) == (TEXT[:500] * 2, None)


@pytest.mark.parametrize("name", PACKERS)
def test_padding_of_any_length_hides_no_member(name: str) -> None:
    packed = PACKERS[name](TEXT)
    assert unpacked(packed + bytes(200_000) + packed) == (TEXT * 2, None)
    assert unpacked(packed + bytes(8)) == (TEXT, None)


def test_frames_without_data_are_stepped_over() -> None:
    packed = zstandard.compress(TEXT)
    assert unpacked(SKIPPABLE + packed + SKIPPABLE + packed + SKIPPABLE, 11) == (TEXT * 2, None)


def test_a_window_as_large_as_the_tool_makes() -> None:
    packed = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters.from_level(3, window_log=28)
    ).compress(TEXT)
    assert unpacked(packed) == (TEXT, None)


def test_something_else_behind_is_told() -> None:
    text, damage = unpacked(gzip.compress(TEXT) + b"garbage")
    assert (text, damage) == (TEXT, f"bytes that are not gzip follow after {len(TEXT)} decompressed bytes")


def test_a_wrong_checksum_keeps_most_of_what_came_before() -> None:
    packed = bytearray(gzip.compress(TEXT * 20))
    packed[-8] ^= 1
    text, damage = unpacked(bytes(packed))
    assert (TEXT * 20).startswith(text)
    assert len(text) > len(TEXT)
    assert damage is not None


def test_a_medium_that_fails_is_told_as_damage() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 1000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    blocks = Blocks(Failing(TEXT), 600)
    assert TEXT.startswith(b"".join(blocks))
    assert blocks.damage == "reading failed after 1200 bytes (Input/output error)"
