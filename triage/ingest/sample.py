"""The lines that a source's formats are chosen from: of its beginning, and of other places where these can be had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from triage.ingest.compression import LONGEST_MAGIC, Blocks, Readable, codec_of
from triage.ingest.decode import lines_of

#: What is read of the beginning, and lines of it; of a larger file that can be searched fewer, and of two other places.
HEAD_BYTES, HEAD_LINES = 256 << 10, 2000
PIECE_BYTES, PIECE_LINES = 64 << 10, 500
#: A packed file up to this size is unpacked for it, up to so much: that takes a tenth of the time that reading it does.
PACKED_BYTES, UNPACKED_BYTES = 16 << 20, 256 << 20
#: Of a packed file a piece is kept each so many bytes, until it is known where its middle is.
STRIDE = 1 << 20


def head_of(blocks: Iterator[bytes]) -> bytes:
    """The first blocks, up to the sample's size."""
    got: list[bytes] = []
    while sum(map(len, got)) < HEAD_BYTES and (block := next(blocks, b"")):
        got.append(block)
    return b"".join(got)


def sample_of(head: bytes, path: Path | None) -> pl.Series:
    """Text of whole lines that are neither blank nor binary, in the order of the source.

    Parameters
    ----------
    head : bytes
        The beginning of the source, as UTF-8.
    path : Path or None
        The file that it is the beginning of, plain or packed, to look at other places of it too.
    """
    begin = _text(head[: head.rfind(b"\n") + 1] or head)
    others = [_text(piece).tail(PIECE_LINES) for piece in _pieces(path, len(head))] if head and path else []
    if not others and begin.len() > HEAD_LINES:  # what is in hand may be all there is
        middle = (begin.len() - PIECE_LINES) // 2
        others = [begin.slice(middle, PIECE_LINES), begin.tail(PIECE_LINES)]
    return pl.concat([begin.head(HEAD_LINES // 2 if others else HEAD_LINES), *others])


def _pieces(path: Path, known: int) -> Iterator[bytes]:
    """Whole lines from the middle and the end of a regular file that is larger than what is known of it."""
    try:
        size = path.stat().st_size if path.is_file() else 0
        with path.open("rb") as file:
            if codec_of(file.read(LONGEST_MAGIC)):
                file.seek(0)
                yield from map(_whole_lines, _unpacked(file, known) if size <= PACKED_BYTES else ())
                return
            places = (max(known, size // 2), size - PIECE_BYTES)
            for at in places if size >= known + 2 * PIECE_BYTES else [known] if size > known else []:
                file.seek(at)
                yield _whole_lines(file.read(PIECE_BYTES))
    except OSError:
        return  # it is read again from the beginning: what is wrong is told there


def _whole_lines(piece: bytes) -> bytes:
    return piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1]


def _unpacked(file: Readable, known: int) -> list[bytes]:
    """Pieces from the middle and the end of what a packed file holds behind its first `known` bytes."""
    pieces: list[tuple[int, bytes]] = []
    at, end = 0, b""
    for block in Blocks(file):
        if at >= max(known, len(pieces) * STRIDE):
            pieces.append((at, block[:PIECE_BYTES]))
        at, end = at + len(block), (end + block)[-PIECE_BYTES:]
        if at > UNPACKED_BYTES:
            break
    if at < known + 2 * PIECE_BYTES:
        return [end[known - at :]] if at > known else []
    middle = min(pieces, key=lambda piece: abs(piece[0] - at // 2), default=(0, b""))[1]
    return [middle, end]


def _text(data: bytes) -> pl.Series:
    if not data:
        return pl.Series("text", [], dtype=pl.String)
    lines = lines_of(data, 1, 0)
    return lines.filter(pl.col("status") == "text")["text"]
