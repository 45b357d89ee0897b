"""Bytes of a chunk as a frame of lines: text, number, byte offset and length."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

#: A line with more than this share of characters that are no text is undecodable.
UNREADABLE_SHARE = 0.3
#: Bytes of a stream's beginning that tell its encoding.
HEAD = 4096
#: Bytes above ASCII that are letters and signs in Windows-1252 (and in Latin-1, from 0xA0 on), and the largest part of
#: a line that they are in a language that is written with them.
WESTERN, WESTERN_SHARE = frozenset([0x80, 0x85, *range(0x91, 0x98), 0x99, *range(0xA0, 0x100)]), 0.3
CONTROL, REPLACEMENT = bytes({*range(0x20)} - {*b"\t\n\r\x1b"}), "\N{REPLACEMENT CHARACTER}".encode()
NO_TEXT = r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x{FFFD}]"

#: So many zero bytes at least stand where a file was cut short while a program wrote to it, or a disk lost power.
ZEROS = 4
_EDGE_ZEROS, _INNER_ZEROS = rf"^\x00{{{ZEROS},}}|\x00{{{ZEROS},}}$", rf"\x00{{{ZEROS},}}"

#: polars unpacks what begins like gzip, zlib (``x^`` is text, too) or zstd: such a line is given a blank one above it.
PACKED_LOOKS = (b"\x1f", b"x", b"\x28")

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark names (``utf-8`` without one) and the mark's length in bytes.

    UTF-16 is known without a mark where every other byte of the beginning is zero.

    Examples
    --------
    >>> encoding_of("some line".encode("utf-16-le"))
    ('utf-16-le', 0)
    """
    found = next(((name, len(bom)) for bom, name in BOMS if head.startswith(bom)), None)
    if found:
        return found
    even, odd = head[:HEAD:2], head[1:HEAD:2]
    for name, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if len(zeros) >= 8 and zeros.count(0) > 0.7 * len(zeros) and letters.count(0) < 0.05 * len(letters):
            return name, 0
    return "utf-8", 0


def ends_in_returns(head: bytes) -> bool:
    """Whether lines end with a carriage return alone."""
    return b"\n" not in head and head.count(b"\r") > 1


def zeros_before(head: bytes, blocks: Iterator[bytes]) -> tuple[int, bytes]:
    """How many zero bytes a stream begins with, and the text behind them: such a line may be as large as the file."""
    left = head.lstrip(b"\0")
    zeros = len(head) - len(left)
    if zeros < ZEROS:
        return 0, head
    while not left and (block := next(blocks, b"")):
        left = block.lstrip(b"\0")
        zeros += len(block) - len(left)
    return (zeros, left) if left else (zeros - ZEROS, bytes(ZEROS))  # of nothing else, one line that is no text


def with_newlines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks with newlines for carriage returns."""
    for block in blocks:
        yield block.replace(b"\r", b"\n")


def as_utf8(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Blocks of another encoding as UTF-8, bad sequences replaced; UTF-8 blocks pass untouched."""
    if encoding == "utf-8":
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def lines_of(chunk: bytes, first_line: int, offset: int) -> pl.DataFrame:
    """The lines of a chunk, each ended by a newline, the last one perhaps not.

    Parameters
    ----------
    chunk : bytes
        Whole lines.
    first_line : int
        The 1-based number of its first line.
    offset : int
        Where the chunk begins in the decompressed source, in bytes.

    Returns
    -------
    polars.DataFrame
        ``text`` (without the line end; bytes that are not UTF-8 replaced), ``line``, ``offset``, ``length`` (bytes
        without the newline), ``replaced`` and ``zeros`` (bool: bytes were replaced, runs of zero bytes left out),
        ``status`` (``blank``, ``undecodable`` or ``text``).
    """
    text, replaced = _decode(chunk)
    starts, lengths = _extents(chunk, len(text))
    frame = pl.DataFrame(
        {
            "text": text,
            "line": np.arange(first_line, first_line + len(text), dtype=np.uint32),
            "offset": (starts + offset).astype(np.uint64),
            "length": lengths.astype(np.uint64),
            "replaced": replaced if replaced is not None else np.zeros(len(text), dtype=bool),
        }
    ).with_columns(pl.col("text").str.strip_chars_end("\r"))
    frame = _without_zeros(frame, chunk)
    blank = pl.col("text").str.contains(r"^\s*$") & ~pl.col("zeros")
    unreadable = _unreadable(chunk, replaced is not None)
    status = pl.when(blank).then(pl.lit("blank")).when(unreadable).then(pl.lit("undecodable"))
    return frame.with_columns(status.otherwise(pl.lit("text")).alias("status"))


def _decode(chunk: bytes) -> tuple[pl.Series, np.ndarray[tuple[int], np.dtype[np.bool_]] | None]:
    """Text of each line, and which lines had bytes replaced (None: no line had)."""
    if not chunk:
        return pl.Series([""]), None
    disguised = chunk.startswith(PACKED_LOOKS)
    try:
        lines = pl.read_lines(b"\n" + chunk if disguised else chunk).to_series()
        return lines.slice(1) if disguised else lines, None
    except pl.exceptions.ComputeError:
        parts = [_decode_line(part) for part in chunk.removesuffix(b"\n").split(b"\n")]
        text = pl.Series([text for text, _ in parts], dtype=pl.String)
        return text, np.array([bad for _, bad in parts], dtype=bool)


def _decode_line(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        high = [byte for byte in line if byte > 0x7F]
        if len(high) <= WESTERN_SHARE * len(line) and WESTERN.issuperset(high):
            return line.decode("windows-1252"), True
        return line.decode("utf-8", "replace"), True


def _extents(
    chunk: bytes, count: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    ends = np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == 10)
    if len(ends) < count:
        ends = np.append(ends, len(chunk))
    starts = np.concatenate(([0], ends[:-1] + 1))
    return starts, ends - starts


def _unreadable(chunk: bytes, replaced: bool) -> pl.Expr:
    """Lines that are mostly control characters or replaced bytes. Counted only where there is any."""
    if not replaced and not _has_controls(chunk) and (chunk.isascii() or REPLACEMENT not in chunk):
        return pl.lit(False)
    share = pl.col("text").str.count_matches(NO_TEXT) / pl.col("text").str.len_chars()
    return (share > UNREADABLE_SHARE) | (pl.col("text").str.strip_chars() == "")


def _has_controls(chunk: bytes) -> bool:
    """Whether there are control characters that no text has; most text has none but newlines, which is found faster."""
    codes = np.frombuffer(chunk, dtype=np.uint8)
    others = np.count_nonzero(codes < 0x20) > np.count_nonzero(codes == 10)
    return bool(others) and len(chunk.translate(None, CONTROL)) < len(chunk)


def _without_zeros(frame: pl.DataFrame, chunk: bytes) -> pl.DataFrame:
    """Lines without runs of zero bytes: none at the ends, a space for those between texts."""
    if 0 not in chunk or bytes(ZEROS) not in chunk:  # for one byte it looks far faster
        return frame.with_columns(zeros=pl.lit(False))
    left = pl.col("text").str.replace_all(_EDGE_ZEROS, "").str.replace_all(_INNER_ZEROS, " ")
    return frame.with_columns(left.alias("text"), pl.col("text").str.contains(_INNER_ZEROS).alias("zeros"))
