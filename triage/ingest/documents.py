"""JSON documents that hold many log entries, as lines of one entry each, without holding the whole document."""

from __future__ import annotations

import codecs
import json
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import Any

from triage.ingest.compression import FEED
from triage.ingest.cut_off import whole_part
from triage.ingest.entries import ENTRY_ALREADY, HOLDERS, LISTS, entries_of, is_entry
from triage.ingest.formats.fields import as_json
from triage.ingest.formats.jsonlines import number

#: Characters that one entry may have: so many are held in memory.
LONGEST = 256 << 20
#: What may stand at the end of a text that is not all there: the beginning of a name or a number.
BEGUN = ("true", "false", "null", "NaN", "Infinity", "-Infinity", ".", "e+", "e-", "E+", "E-")
ESCAPE_CHARS = 8
#: Objects in objects in which a list of entries is looked for.
DEEPEST = 3
#: Numbers that JSON does not have, such as NaN, come out as text.
DECODER = json.JSONDecoder(strict=False, parse_constant=str, parse_float=number)
BLANK = " \t\r\n"


class _DamageError(Exception):
    """What is wrong with the text, in a clause; `early` where it only ends too early."""

    def __init__(self, reason: str, early: bool) -> None:
        super().__init__(reason)
        self.early = early


class _Window:
    """The part of a text that is being read: `at` is where, `mark` the begin of what is no entry yet."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.text = ""
        self.at = self.mark = 0
        self.ended = False
        self.listing = False

    def more(self) -> None:
        """Read on, at least as much as is held: to begin an entry anew at every block would be quadratic."""
        held = [self.text[self.mark :]]
        self.at -= self.mark
        self.mark = 0
        wanted = max(FEED, len(held[0]))
        while wanted > 0 and not self.ended:
            block = next(self._blocks, None)
            self.ended = block is None
            held.append(self._decoder.decode(block or b"", final=self.ended))
            wanted -= len(held[-1])
        self.text = "".join(held)

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self.at < len(self.text):
                if self.text[self.at] not in BLANK:
                    return self.text[self.at]
                self.at += 1
            if self.ended:
                return ""
            self.more()

    def take(self, wanted: str) -> None:
        """Go past one character."""
        got = self.peek()
        if got != wanted:
            raise _DamageError(f"{wanted} was expected and {got!r} came" if got else "it ends early", not got)
        self.at += 1

    def value(self) -> Any:
        """The JSON value that begins here."""
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self.text, self.at)
            except RecursionError:
                raise _DamageError("an entry is nested too deep", False) from None
            except ValueError as error:
                self._longer(error)
                continue
            if end == len(self.text) and not self.ended:  # a number may go on
                self.more()
                continue
            self.at = end
            return found

    def _longer(self, error: ValueError) -> None:
        """Read on if an error may be because the text is not all there; else raise."""
        reason, place = getattr(error, "msg", str(error)), getattr(error, "pos", 0)
        left = self.text[place : place + 2 * ESCAPE_CHARS]
        cut = reason.startswith("Unterminated") or not left.strip(BLANK) or any(name.startswith(left) for name in BEGUN)
        cut = cut or (reason.startswith("Invalid") and len(left) <= ESCAPE_CHARS)
        if self.ended or not cut:
            raise _DamageError("it ends early" if cut else reason, cut)
        if len(self.text) - self.at > LONGEST:
            raise _DamageError(f"an entry is larger than {LONGEST >> 20} MB", False)
        self.more()

    def rest(self) -> Iterator[bytes]:
        """What was not read, as it stands."""
        yield self.text[self.mark :].lstrip(BLANK + ",").encode("utf-8", "replace")
        yield self._decoder.getstate()[0]
        yield from self._blocks


class Document:
    """Iterate over the entries of a document as blocks of lines.

    After the iteration `note` says what was made of it.

    Parameters
    ----------
    blocks : iterable of bytes
        The document, or several one after the other, in UTF-8.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._window = _Window(blocks)
        self._damage: _DamageError | None = None
        self._count = 0

    def __iter__(self) -> Iterator[bytes]:
        held: list[bytes] = []
        size = 0
        try:
            for entry in self._entries():
                held.append(as_json(entry).encode() + b"\n")
                self._count += 1
                size += len(held[-1])
                if size > FEED:
                    yield b"".join(held)
                    held, size = [], 0
        except _DamageError as error:
            self._damage = error
        rest: Iterable[bytes] = self._window.rest() if self._damage else ()
        if self._damage and self._damage.early:  # of one entry that is cut off, one line
            rest = [b"".join(rest).replace(b"\n", b" ")]
        yield from filter(None, chain([b"".join(held)], rest))

    def _entries(self) -> Iterator[Any]:
        """The entries, the whole ones of a list that is cut off inside an entry of the store's included."""
        try:
            yield from _entries(self._window)
        except _DamageError as error:
            part = whole_part(self._window.text, self._window.mark, DECODER) if error.early else None
            if part:
                yield from _entries(_Window([as_json(part[0]).encode()]))
                self._window.mark = part[1]
            raise

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what was made of the document."""
        entries = f"{self._count} entr{'y' if self._count == 1 else 'ies'}"
        done = f"a JSON document of {entries}: lines and bytes are counted in entries, each as one line"
        if self._damage is None:
            return (done,)
        what = "the beginning of one more" if self._damage.early else "what follows"
        return (
            done,
            f"the document is damaged after {entries} ({self._damage}): {what} was read as text",
        )


def is_document(head: bytes) -> bool:
    """Whether a stream that begins so is a document with lists of log entries, not one entry a line.

    Examples
    --------
    >>> is_document(b'{"events": [{"timestamp": 1795226712500, "message": "boom"}'), is_document(b'{"msg": "boom"}')
    (True, False)
    """
    if head.lstrip()[:1] not in (b"{", b"["):
        return False
    window = _Window([head])
    try:
        value, _, listed = next(_values(window))
    except StopIteration:
        return False
    except _DamageError as error:
        return error.early and window.listing
    return listed and (isinstance(value, dict) or is_entry(value))


def _entries(window: _Window) -> Iterator[Any]:
    for value, around, _ in _values(window):
        yield from entries_of(value, around)


#: A value, what stood around it, and whether it is an element of a list.
_Value = tuple[Any, dict[str, Any], bool]


def _values(window: _Window) -> Iterator[_Value]:
    """Elements of the lists of entries; whole values where there is no such list."""
    while first := window.peek():
        if first == "[":
            yield from _elements(window, {})
        elif first == "{":
            own, listed = yield from _object(window, {}, 0)
            if not listed:
                yield own, {}, False
        else:
            raise _DamageError("text that is no JSON follows", False)
        window.mark = window.at


def _elements(window: _Window, around: dict[str, Any]) -> Iterator[_Value]:
    window.listing = True
    for _ in _items(window, "]"):
        value = window.value()
        yield value, around, True
        window.mark = window.at
    window.listing = False


def _object(
    window: _Window, around: dict[str, Any], depth: int
) -> Generator[_Value, None, tuple[dict[str, Any], bool]]:
    """The elements of an object's lists of entries; its other values, and whether there was such a list, at the end."""
    own: dict[str, Any] = {}
    listed = False
    for _ in _items(window, "}"):
        key = window.value()
        window.take(":")
        opened, part_of_entry = window.peek(), not ENTRY_ALREADY.isdisjoint(own)
        if opened == "[" and key in LISTS and not part_of_entry and _holds_entries(window):
            listed = True
            yield from _elements(window, {**around, **own})
        elif opened == "{" and key in HOLDERS and not part_of_entry and depth < DEEPEST:
            own[key], found = yield from _object(window, {**around, **own}, depth + 1)
            listed = listed or found
        else:
            own[str(key)] = window.value()
    return own, listed


def _items(window: _Window, close: str) -> Iterator[None]:
    """Stop at each item of a list or object, and go past its end."""
    window.at += 1
    more = window.peek() != close
    while more:
        yield
        more = window.peek() != close
        if more:
            window.take(",")
    window.at += 1


def _holds_entries(window: _Window) -> bool:
    """Whether the list that begins here has a log entry as its first element; the window stays where it is."""
    before = window.at - window.mark
    window.at += 1
    window.listing = window.peek() in ("{", "[")
    found = window.listing and is_entry(window.value())
    window.listing = False
    window.at = window.mark + before
    return found
