"""The text of a stream in pieces of whole lines, so that a log of any size is looked at in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.redaction.kinds.keys import BEGIN, END
from triage.redaction.text import to_bytes, to_text

#: Bytes that are looked at together; and the most of a line that are.
CHUNK, LONGEST = 1 << 20, 16 << 20
#: The most of a block, such as a private key, that is held back until its end is there.
BLOCK = 1 << 16
#: A longer line is cut behind one of these, which stand in no value but a quoted one.
_BETWEEN = (b" ", b",", b";", b"&", b"\t")


class Chunks:
    """Iterate over pieces of a stream: text, and the number of its first line.

    Parameters
    ----------
    blocks : iterable of bytes
        The stream.
    encoding : str
        ``utf-8``, ``utf-16-le`` or ``utf-16-be``.

    Attributes
    ----------
    cut : list of int
        The lines that were too long, and were looked at in pieces.
    tail : bytes
        In the end, half a character of UTF-16 that the stream may end with.
    """

    def __init__(self, blocks: Iterable[bytes], encoding: str = "utf-8", chunk: int = CHUNK) -> None:
        self._blocks = blocks
        self._encoding = encoding
        self._unit = 1 if encoding == "utf-8" else 2
        self._newline = "\n".encode(encoding)
        self._chunk = chunk
        self.cut: list[int] = []
        self.tail = b""

    def __iter__(self) -> Iterator[tuple[str, int]]:
        line = 1
        for piece in self._pieces():
            whole = len(piece) - len(piece) % self._unit
            text = to_text(piece[:whole], self._encoding)
            if not text.endswith("\n") and len(piece) > LONGEST // 2:
                self.cut.append(line + text.count("\n"))
            self.tail = piece[whole:]
            yield text, line
            line += text.count("\n")

    def back(self, text: str) -> bytes:
        """The bytes of a piece of text."""
        return to_bytes(text, self._encoding)

    def _pieces(self) -> Iterator[bytes]:
        held = bytearray()
        for block in self._blocks:
            held += block
            while len(held) >= self._chunk and (at := self._end(held)):
                yield bytes(held[:at])
                del held[:at]
        if held:
            yield bytes(held)

    def _end(self, held: bytearray) -> int:
        """Where a piece ends: behind a line, in front of a key that is not whole; 0 if it should grow."""
        at = self._behind(held, self._newline, len(held))
        begin, end = (held.rfind(mark.encode(self._encoding), 0, at) for mark in (BEGIN, END))
        if begin > end and at - begin < BLOCK:
            at = self._behind(held, self._newline, begin)
        if at or len(held) < LONGEST:
            return at
        places = [self._behind(held, sign, LONGEST) for sign in _BETWEEN] if self._unit == 1 else []
        return max([*places, 0]) or LONGEST

    def _behind(self, held: bytearray, sign: bytes, before: int) -> int:
        """The place behind the last sign that ends before a place, between two characters; 0 if there is none."""
        at = held.rfind(sign, 0, before)
        while at >= 0 and at % self._unit:
            at = held.rfind(sign, 0, at + len(sign) - 1)
        return at + len(sign) if at >= 0 else 0
