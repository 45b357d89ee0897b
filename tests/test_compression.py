"""Compressed streams as tools write them: several members, padding, frames without data, damage."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from functools import partial

import pytest
import zstandard

from triage.ingest.compression import Blocks

TEXT = b"".join(b"2026-11-21T02:05:%02d.%03dZ line of some length\n" % (n % 60, n % 1000) for n in range(3000))
SKIPPABLE = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": partial(lzma.compress, format=lzma.FORMAT_ALONE),
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


@pytest.mark.parametrize("name", ["gzip", "zstd", "xz"])
def test_a_wrong_checksum_of_a_few_lines_costs_none(name: str) -> None:
    pack = {**PACKERS, "zstd": zstandard.ZstdCompressor(write_checksum=True).compress}[name]
    packed = bytearray(pack(TEXT[:3000]))
    packed[-24 if name == "xz" else -8 if name == "gzip" else -1] ^= 1
    text, damage = unpacked(bytes(packed))
    assert text == TEXT[:3000]
    assert damage is not None
    assert f"the {name} data is damaged after 3000 decompressed bytes" in damage


def test_the_end_of_a_large_file_with_a_wrong_checksum_is_kept() -> None:
    packed = bytearray(gzip.compress(TEXT * 20))
    packed[-8] ^= 1
    assert unpacked(bytes(packed))[0] == TEXT * 20


def test_a_frame_without_data_that_is_cut_off_is_told() -> None:
    text, damage = unpacked(zstandard.compress(TEXT) + SKIPPABLE[:-2])
    assert (text, damage) == (TEXT, "the zstd data ends early, inside a frame that holds no text")


def test_a_medium_that_fails_is_told_as_damage() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 1000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    blocks = Blocks(Failing(TEXT), 600)
    assert TEXT.startswith(b"".join(blocks))
    assert blocks.damage == "reading failed after 1200 bytes (Input/output error)"
