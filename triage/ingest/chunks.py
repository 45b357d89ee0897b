"""Cut a stream of bytes into chunks that begin where a record surely begins, so that each can be read alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

CHUNK_BYTES = 8 << 20
#: Lines of a chunk: each takes some hundred bytes of memory, however short it is.
CHUNK_LINES = 200_000
#: Lines looked at from the end of a block for a place to cut; the whole block is looked at if these hold none.
LOOK_BACK = 256


@dataclass(frozen=True)
class Chunk:
    """Whole lines of one source: the 1-based number of the first, and its byte offset."""

    data: bytes
    first_line: int
    offset: int


#: Given consecutive lines, for each: does a record surely begin here, whatever came before? The second argument says
#: that the first of them is known to begin one.
CleanStarts = Callable[[list[bytes], bool], list[bool]]


def cut(
    blocks: Iterable[bytes], clean_starts: CleanStarts, size: int = CHUNK_BYTES, offset: int = 0, line: int = 1
) -> Iterator[Chunk]:
    """Chunks of about `size` bytes, or of `CHUNK_LINES`, larger where a record is; the first byte is at `offset`.

    The cut is always at a clean start, so reading the chunks one by one gives the same records as reading
    the stream at once.
    """
    held: list[bytes] = []
    held_bytes = held_lines = 0
    goal, most = size, CHUNK_LINES
    for block in blocks:
        held.append(block)
        held_bytes += len(block)
        held_lines += block.count(b"\n")
        if held_bytes < goal and held_lines < most:
            continue
        data = b"".join(held)
        at = _cut_at(data, clean_starts)
        # Without a place to cut, wait for twice as much: looking again at every block would be quadratic.
        goal, most = (size, CHUNK_LINES) if at else (2 * held_bytes, 2 * held_lines)
        if at:
            yield Chunk(data[:at], line, offset)
            left = data.count(b"\n", at)
            line, offset, held_lines = line + held_lines - left, offset + at, left
        held, held_bytes = [data[at:]], len(data) - at
    rest = b"".join(held)
    if rest:
        yield Chunk(rest, line, offset)


def _cut_at(data: bytes, clean_starts: CleanStarts) -> int:
    """The byte where the last clean start begins, or 0. The last line may be unfinished: it is left out."""
    end = data.rfind(b"\n")
    begin = end
    for _ in range(LOOK_BACK):
        begin = data.rfind(b"\n", 0, begin) if begin > 0 else -1
        if begin < 0:
            break
    return last_clean(data, begin + 1, end, clean_starts) or (
        last_clean(data, 0, end, clean_starts) if begin > 0 else 0
    )


def last_clean(data: bytes, begin: int, end: int, clean_starts: CleanStarts) -> int:
    """Where the last clean start among the lines between two places begins, or 0; a record begins at place 0."""
    if end <= begin:
        return 0
    lines = data[begin:end].split(b"\n")
    position, last = begin, 0
    for line, clean in zip(lines, clean_starts(lines, begin == 0), strict=True):
        if clean:
            last = position
        position += len(line) + 1
    return last
