"""The variable parts of a template, and where in its text they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from triage.patterns.templates import EMPTY
from triage.patterns.words import VALUE

WILDCARD, NUM, DURATION = "*", "NUM", "DURATION"
#: Masks take ``1m2.5s`` and ``4e-05`` for two numbers each; here they are one value.
COMPOUND = r"(?:<NUM>(?:h|ms?|s|[uµμ]s|ns)){2,}(?![\w<])"
EXPONENT = r"(?<![\w>])<NUM>[eE][+-]?<NUM>(?![\w<])"
PIECE = re.compile(rf"(?P<compound>{COMPOUND})|(?P<exponent>{EXPONENT})|{VALUE.pattern}")
#: A word of more variable parts than this is one.
MOST_IN_WORD = 16


@dataclass(frozen=True)
class Slot:
    """A variable part of a template.

    Attributes
    ----------
    kind : str
        The mask's name for it, such as ``IP``; `WILDCARD` where it has none.
    before, after : str
        The template's text on both sides of it.
    whole : bool
        Whether it is a word of its own.
    """

    kind: str
    before: str
    after: str
    whole: bool


class Word(NamedTuple):
    """A word of a template: `texts` with a slot between each two of them; a single text where there is none."""

    texts: tuple[str, ...]
    slots: tuple[int, ...]


class Parsed(NamedTuple):
    """A template taken apart: its text, its words, and its slots by number."""

    text: str
    words: tuple[Word, ...]
    slots: tuple[Slot, ...]


def slots_of(template: str) -> Parsed:
    """The words of a template and its variable parts.

    Examples
    --------
    >>> _, words, slots = slots_of("took <NUM> ms for size=<NUM>, <NUM>m<NUM>s")
    >>> [slot.kind for slot in slots]
    ['NUM', 'NUM', 'DURATION']
    >>> words[4]
    Word(texts=('size=', ','), slots=(1,))
    """
    text = " ".join("".join(template.split(EMPTY, 1) if template.startswith(EMPTY) else template).split())
    words: list[Word] = []
    slots: list[Slot] = []
    at = 0
    for word in text.split():
        pieces = _pieces(word)
        ends = [0, *(piece.end for piece in pieces)]
        begins = [*(piece.begin for piece in pieces), len(word)]
        texts = tuple(word[end:begin] for end, begin in zip(ends, begins, strict=True))
        numbers = tuple(range(len(slots), len(slots) + len(pieces)))
        words.append(Word(texts, numbers))
        for begin, end, kind in pieces:
            slots.append(Slot(kind, text[: at + begin], text[at + end :], end - begin == len(word)))
        at += len(word) + 1
    return Parsed(text, tuple(words), tuple(slots))


class _Piece(NamedTuple):
    begin: int
    end: int
    kind: str


def _pieces(word: str) -> list[_Piece]:
    """The variable parts of a word; the whole of it where there are too many to tell them apart."""
    found = [_Piece(*match.span(), _kind(match)) for match in PIECE.finditer(word)]
    return found if len(found) <= MOST_IN_WORD else [_Piece(0, len(word), WILDCARD)]


def _kind(piece: re.Match[str]) -> str:
    if piece["compound"]:
        return DURATION
    return NUM if piece["exponent"] else piece[0].strip("<>")
