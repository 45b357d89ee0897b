"""Limits that no log reaches: what a small file may grow to when it is unpacked, and how long a line may be."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

from triage.ingest.compression import Blocks, Readable

#: A source may grow to this many bytes in any case, and beyond them to so many times its own size. Logs are packed to a
#: tenth or a fiftieth, very monotonous ones to a two-hundredth.
FREE_BYTES, MOST_TIMES = 1 << 30, 300
#: A line is held in memory as a whole.
LONGEST_LINE = 128 << 20


class Budget:
    """How much the members of one source have grown to.

    Parameters
    ----------
    raw : Readable
        The source's bytes, as they are kept.
    """

    def __init__(self, raw: Readable) -> None:
        known = isinstance(raw, io.BufferedReader) and raw.seekable()
        self.packed = os.fstat(raw.fileno()).st_size if known else 0  # type: ignore[attr-defined]
        self.unpacked = 0
        self._raw = raw
        #: To be read from instead of the source: counts what is read of one whose size is not known.
        self.source: Readable = raw if known else self

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes of the source."""
        got = self._raw.read(size)
        self.packed += len(got)
        return got

    @property
    def spent(self) -> bool:
        """Whether this is more than any log grows to."""
        return self.unpacked > max(FREE_BYTES, MOST_TIMES * self.packed)


class Guarded:
    """Blocks of a stream up to where a limit is passed; `damage` says so then.

    Parameters
    ----------
    blocks : Blocks
        The stream.
    budget : Budget
        Of the source that the stream is from.
    """

    def __init__(self, blocks: Blocks, budget: Budget) -> None:
        self._blocks, self._budget = blocks, budget
        self._limit: str | None = None

    @property
    def compression(self) -> str | None:
        """The codec's name; None for plain bytes."""
        return self._blocks.compression

    @property
    def damage(self) -> str | None:
        """How the stream ended badly, in a clause; None if it did not."""
        return self._limit or self._blocks.damage

    def __iter__(self) -> Iterator[bytes]:
        given = begun = 0
        hole = True  # one that the file begins with, as where it was cut short while a program wrote to it, is not held
        for block in self._blocks:
            given += len(block)
            if self.compression:
                self._budget.unpacked += len(block)
            yield block
            if self._budget.spent:
                self._limit = (
                    f"stopped after {given >> 20} MB: it grows to over {MOST_TIMES} times its size, as no log does; "
                    "unpack it yourself if it is one"
                )
                return
            hole = hole and not block.strip(b"\0")
            if hole:
                begun = given
            elif (end := block.rfind(b"\n")) >= 0:
                begun = given - len(block) + end + 1
            elif given - begun > LONGEST_LINE:
                self._limit = f"stopped in a line of over {LONGEST_LINE >> 20} MB that begins at byte {begun}"
                return
