"""Members of archives, as the readers of each kind give them, and the streams that they are read from."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from triage.ingest.compression import DamageError, Readable

#: Bytes asked of a library at a time: one that finds damage keeps back what it was asked for.
PIECE = 4096
#: What the libraries raise where an archive is damaged or has what they do not know.
BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Member:
    """One file of an archive; its stream is good until the next member is asked for."""

    name: str
    stream: Readable
    modified: datetime | None


class Joined:
    """A stream from its first bytes, which were looked at, and the blocks behind them."""

    def __init__(self, head: bytes, blocks: Iterator[bytes]) -> None:
        self._held = [head]
        self._blocks = blocks

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; all that is left without it."""
        count = sum(map(len, self._held))
        while (size < 0 or count < size) and (block := next(self._blocks, b"")):
            self._held.append(block)
            count += len(block)
        whole = b"".join(self._held)
        cut = len(whole) if size < 0 else size
        self._held = [whole[cut:]]
        return whole[:cut]


class Pieces:
    """A member's stream; whatever its library raises is damage, after all that came out before it.

    Parameters
    ----------
    read : callable
        Gives at most so many bytes; none at the end. It is always asked for `PIECE`: what a library gives before
        damage depends on it.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._held = b""
        self._error: DamageError | None = None
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; all that is left without it."""
        held = [self._held]
        count = len(self._held)
        while not self._ended and (size < 0 or count < size):
            held.append(self._piece())
            count += len(held[-1])
        whole = b"".join(held)
        if self._error and not whole:
            raise self._error
        cut = len(whole) if size < 0 else size
        self._held = whole[cut:]
        return whole[:cut]

    def _piece(self) -> bytes:
        piece = b""
        try:
            piece = self._read(PIECE)
        except DamageError as error:
            self._error = error
        except BROKEN as error:
            self._error = DamageError(5, f"the archive is damaged here: {error}")
        self._ended = not piece
        return piece
