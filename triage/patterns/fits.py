"""Which texts a template's text stands for, as a Rust regex."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

import polars as pl

from triage.patterns.drain import WILDCARD as ANY
from triage.patterns.words import VALUE

#: What stands between words: what Python takes for space, which is a little more than Rust does.
SPACE = r"[\s\x1c-\x1f]+"
#: What stands between the values of a list.
BETWEEN = rf"(?:, ?|;|\||{SPACE})"


def wildcards(text: str) -> list[str]:
    """The variable parts of a template's text, in order.

    Examples
    --------
    >>> wildcards("took <NUM> ms for <*>")
    ['<NUM>', '<*>']
    """
    return VALUE.findall(text)


def with_word(text: str, place: int, word: str) -> str:
    """A template's text with the wildcard at a place, counted from 1, written out.

    Examples
    --------
    >>> with_word("took <NUM> ms for <*>", 2, "root")
    'took <NUM> ms for root'
    """
    found = list(VALUE.finditer(text))[place - 1]
    return " ".join(f"{text[: found.start()]}{word}{text[found.end() :]}".split())


def pattern_of(text: str, place: int | None = None, *, raw: bool = False) -> str:
    r"""A regex for all texts that a template's text stands for.

    Parameters
    ----------
    place : int, optional
        The wildcard, counted from 1, whose value is the regex's only group.
    raw : bool
        For messages as they came, where any text may stand for a wildcard. Otherwise it is for shapes: there ``<NUM>``
        stands for itself, or a list of such.

    Examples
    --------
    >>> pattern_of("user <*> left", 1)
    '^user[\\s\\x1c-\\x1f]+(.+?)[\\s\\x1c-\\x1f]+left$'
    >>> pl.Series(["took <NUM>", "took <NUM>, <NUM>", "took <IP>"]).str.contains(pattern_of("took <NUM>")).to_list()
    [True, True, False]
    """
    parts, end = [], 0
    for number, found in enumerate(VALUE.finditer(text), 1):
        value = ".+?" if raw or found[0] == ANY else f"{found[0]}(?:{BETWEEN}{found[0]})*"
        parts += [_words(text[end : found.start()]), f"({'' if number == place else '?:'}{value})"]
        end = found.end()
    return f"^{''.join(parts)}{_words(text[end:])}$"


def _words(text: str) -> str:
    """A regex for plain text; how much space stands between words does not matter."""
    return SPACE.join(pl.escape_regex(part) for part in re.split(r"\s+", text))


def in_common(texts: Sequence[str]) -> str:
    """The words that all have at the same places, or from the beginning and from the end; a wildcard for the others.

    Examples
    --------
    >>> in_common(["user root left", "user bo left"]), in_common(["disk full", "disk 2 on a is full"])
    ('user <*> left', 'disk <*> full')
    """
    rows = [text.split() for text in texts]
    if len(set(map(len, rows))) == 1:
        words = [column[0] if len(set(column)) == 1 else ANY for column in zip(*rows, strict=True)]
    else:
        head = _same(rows)
        tail = _same([row[head:][::-1] for row in rows])
        words = [*rows[0][:head], ANY, *rows[0][len(rows[0]) - tail :]]
    return " ".join(word for place, word in enumerate(words) if word != ANY or words[place - 1 : place] != [ANY])


def _same(rows: Sequence[Sequence[str]]) -> int:
    """How many words from the first on all rows share."""
    columns = zip(*rows, strict=False)  # up to the end of the shortest
    return len(list(takewhile(lambda column: len(set(column)) == 1, columns)))
