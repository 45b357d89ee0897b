"""The lines that a source's formats are chosen from: of its beginning, and of other places where these can be had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from triage.ingest.decode import lines_of

#: What is read of the beginning, and lines of it; of a larger file that can be searched fewer, and of two other places.
HEAD_BYTES, HEAD_LINES = 256 << 10, 2000
PIECE_BYTES, PIECE_LINES = 64 << 10, 500


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
        The plain file that it is the beginning of, to look at other places of it too.
    """
    begin = _text(head[: head.rfind(b"\n") + 1] or head)
    if begin.len() > HEAD_LINES and len(head) < HEAD_BYTES:  # all of it is in hand
        middle = (begin.len() - PIECE_LINES) // 2
        parts = [begin.head(HEAD_LINES // 2), begin.slice(middle, PIECE_LINES), begin.tail(PIECE_LINES)]
        return pl.concat(parts)
    others = [_text(piece).tail(PIECE_LINES) for piece in _pieces(path, len(head))] if head and path else []
    return pl.concat([begin.head(HEAD_LINES // 2 if others else HEAD_LINES), *others])


def _pieces(path: Path, known: int) -> Iterator[bytes]:
    """Whole lines from the middle and the end of a regular file that is much larger than what is known of it."""
    try:
        size = path.stat().st_size if path.is_file() else 0
        if size < known + 2 * PIECE_BYTES:
            return
        with path.open("rb") as file:
            for at in (max(known, size // 2), size - PIECE_BYTES):
                file.seek(at)
                piece = file.read(PIECE_BYTES)
                yield piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1]
    except OSError:
        return  # it is read again from the beginning: what is wrong is told there


def _text(data: bytes) -> pl.Series:
    if not data:
        return pl.Series("text", [], dtype=pl.String)
    lines = lines_of(data, 1, 0)
    return lines.filter(pl.col("status") == "text")["text"]
