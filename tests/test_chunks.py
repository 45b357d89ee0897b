"""Where streams are cut: chunks are bounded in bytes and in lines, and give the stream back."""

from __future__ import annotations

from itertools import pairwise

import pytest

from triage.ingest.chunks import CHUNK_LINES, Chunk, cut


def _every(raw: list[bytes], whole: bool) -> list[bool]:
    return [True] * len(raw)


def _cut(data: bytes, size: int = 8 << 20, block: int = 1 << 16) -> list[Chunk]:
    return list(cut((data[at : at + block] for at in range(0, len(data), block)), _every, size))


@pytest.mark.parametrize("data", [b"a\n" * 1_000_000, b"\n" * 500_000 + b"some text\n" * 300_000 + b"x"])
def test_chunks_of_short_lines_have_few_of_them(data: bytes) -> None:
    chunks = _cut(data)
    assert b"".join(chunk.data for chunk in chunks) == data
    assert max(chunk.data.count(b"\n") for chunk in chunks) < CHUNK_LINES + (1 << 16)
    for before, after in pairwise(chunks):
        assert after.first_line == before.first_line + before.data.count(b"\n")
        assert after.offset == before.offset + len(before.data)


def test_a_stream_without_a_place_to_cut_is_one_chunk() -> None:
    data = b"a\n" * 700_000
    whole = list(cut([data[:900_000], data[900_000:]], lambda raw, whole: [False] * len(raw)))
    assert [(chunk.data == data, chunk.first_line) for chunk in whole] == [(True, 1)]
