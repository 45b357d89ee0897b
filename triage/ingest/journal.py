"""The journal export format of systemd (``journalctl -o export``), as lines of one JSON object each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from triage.ingest.compression import FEED
from triage.ingest.formats.fields import as_json

HEAD = re.compile(rb"(?:__CURSOR=[^\n]{1,1000}\n)?__REALTIME_TIMESTAMP=\d+\n")
#: Bytes that a field may have: so many are held in memory.
LONGEST = 256 << 20


def is_journal(head: bytes) -> bool:
    """Whether a stream that begins so is in the journal export format."""
    return HEAD.match(head) is not None


class Journal:
    """Iterate over the entries of an export as blocks of lines; after that `notes` say what was made of it."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._held = b""
        self._at = 0
        self._count = 0
        self._short = False

    def __iter__(self) -> Iterator[bytes]:
        lines: list[bytes] = []
        size = 0
        for entry in self._entries():
            self._count += 1
            lines.append(as_json(entry).encode() + b"\n")
            size += len(lines[-1])
            if size > FEED:
                yield b"".join(lines)
                lines, size = [], 0
        if lines:
            yield b"".join(lines)
        if self._short:
            yield from filter(None, (self._held[self._at :], *self._blocks))

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what was made of the export."""
        entries = f"{self._count} entr{'y' if self._count == 1 else 'ies'}"
        done = f"a journal export of {entries}: lines and bytes are counted in entries, each as one line"
        return (
            (done, f"the journal export is cut off or damaged after {entries}: what follows was read as text")
            if self._short
            else (done,)
        )

    def _entries(self) -> Iterator[dict[str, Any]]:
        entry: dict[str, Any] = {}
        while (line := self._line()) is not None:
            name, equals, value = line.partition(b"=")
            if not line:
                if entry:
                    yield entry
                entry = {}
                continue
            found = value if equals else self._sized()
            if found is None:
                self._held, self._at = line + b"\n" + self._held[self._at :], 0
                break
            key, text = name.decode("utf-8", "replace"), found.decode("utf-8", "replace")
            entry[key] = [*_listed(entry[key]), text] if key in entry else text
        if entry:  # the last one, perhaps cut off
            yield entry

    def _line(self) -> bytes | None:
        """The next line without its end; None where there is no whole one."""
        while (end := self._held.find(b"\n", self._at)) < 0:
            if not self._more(len(self._held) - self._at + 1):
                self._short = self._at < len(self._held)
                return None
        line, self._at = self._held[self._at : end], end + 1
        return line

    def _sized(self) -> bytes | None:
        """The value of a field that is no line of text, behind its length in eight bytes; None if it is cut off."""
        size = int.from_bytes(self._held[self._at : self._at + 8], "little") if self._more(8) else LONGEST
        if size >= LONGEST or not self._more(8 + size + 1):
            self._short = True
            return None
        value = self._held[self._at + 8 : self._at + 8 + size]
        self._at += 8 + size + 1
        return value

    def _more(self, wanted: int) -> bool:
        """Hold so many bytes from here on, if there are so many."""
        held = [self._held[self._at :]]
        count = len(held[0])
        aim = max(wanted, 2 * count) if count < wanted else 0
        while count < aim and (block := next(self._blocks, b"")):
            held.append(block)
            count += len(block)
        self._held, self._at = b"".join(held), 0
        return count >= wanted


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
