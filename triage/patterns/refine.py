"""What Drain sees of a shape, and its clusters split again where it went too far.

Drain counts equal words. It takes two kinds of value for two words (``<NUM>`` and ``<HEX>``), a list of three for
another message than a list of two, and drops the one word that tells "spawned" from "destroyed". So it is given
skeletons, in which values are alike, and its clusters are split where they differ in few plain words: those were
written, not filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from triage.patterns.drain import WILDCARD
from triage.patterns.words import LIST, PLAIN, VALUE, alike

#: Different plain words at a place up to which they are states or verbs; more are names of things.
FEW = 8
#: Behind these words stands a name, however few there are.
BEFORE_NAMES = frozenset(("user", "username", "account", "login", "for", "by", "named"))
#: The first of a list in brackets, and one behind it.
OPENED, ENDED = re.compile(r"[\[{(]<\*>"), re.compile(r"<\*>[\]})]*")
#: The marks around a word.
MARKS = re.compile(r"([^\w<]*).*?([^\w>]*)")


class Skeleton(NamedTuple):
    """The words of a shape, with values alike, and as they are; both have the same length."""

    words: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def line(self) -> str:
        """The words as Drain takes them."""
        return " ".join(self.words)

    def reduced(self, words: Sequence[str]) -> Skeleton:
        """The same with other words, such as a wildcard, at some places."""
        shown = (old if new == word else new for word, new, old in zip(self.words, words, self.shown, strict=True))
        return Skeleton(tuple(words), tuple(shown))


def skeleton(shape: str) -> Skeleton:
    """What Drain sees of a shape.

    Examples
    --------
    >>> skeleton("ask <IP>,<IP> to delete blk_<NUM> blk_<HEX>").words
    ('ask', '<*>', 'to', 'delete', '<*>')
    """
    words: list[str] = []
    shown: list[str] = []
    for word in LIST.sub(_one_for_all, shape).split():
        bare, said = alike(word)
        if words and OPENED.fullmatch(words[-1]) and ENDED.fullmatch(bare):
            words[-1] = shown[-1] = words[-1] + bare.removeprefix(WILDCARD)
            continue
        if words and words[-1] == bare and WILDCARD in bare:  # of a list only the first
            shown[-1] = shown[-1] if shown[-1] == said else bare
            continue
        words.append(bare)
        shown.append(said)
    return Skeleton(tuple(words), tuple(shown))


def _one_for_all(found: re.Match[str]) -> str:
    kinds = set(VALUE.findall(found[0]))
    return kinds.pop() if len(kinds) == 1 else WILDCARD


def split(members: Sequence[Skeleton]) -> Iterator[list[Skeleton]]:
    """The members of a cluster by the plain words in which they differ.

    Parameters
    ----------
    members : sequence of Skeleton
        All of the same length.
    """
    stack = [list(members)]
    while stack:
        part = stack.pop()
        place = _telling(part)
        if place is None:
            yield part
            continue
        by_word: dict[str, list[Skeleton]] = {}
        for member in part:
            by_word.setdefault(member.words[place], []).append(member)
        stack += [by_word[word] for word in sorted(by_word)]


def _telling(members: Sequence[Skeleton]) -> int | None:
    """The first place at which they differ in few plain words."""
    columns = list(zip(*(member.words for member in members), strict=True))
    before = ["", *(column[0].casefold().strip("\"'([:=") for column in columns)]
    for place, column in enumerate(columns):
        found = set(column)
        plain = 1 < len(found) <= FEW and before[place] not in BEFORE_NAMES
        if plain and all(word != WILDCARD and PLAIN.fullmatch(word) for word in found):
            return place
    return None


def template_of(members: Iterable[Skeleton]) -> str:
    """The text that all have in common, with the kind of each value where it is the same.

    Examples
    --------
    >>> template_of([skeleton("took <NUM> ms for blk_<NUM>"), skeleton("took <NUM> ms for blk_<HEX>")])
    'took <NUM> ms for <*>'
    """
    columns = zip(*(zip(member.words, member.shown, strict=True) for member in members), strict=True)
    return " ".join(_in_common(column) for column in columns)


def _in_common(column: Sequence[tuple[str, str]]) -> str:
    shown = column[0][1]
    if all(other == shown for _, other in column):
        return shown
    return in_common(sorted({other for other, _ in column}))


def in_common(words: Sequence[str]) -> str:
    """The one word, or a wildcard between the marks that all begin and end with.

    Examples
    --------
    >>> in_common(["(ana,", "(<*>,"]), in_common(["up", "down."])
    ('(<*>,', '<*>')
    """
    if len(words) == 1:
        return words[0]
    marks = [found.groups() for word in words if (found := MARKS.fullmatch(word))]
    before = _beginning([mark[0] for mark in marks])
    behind = _beginning([mark[1][::-1] for mark in marks])[::-1]
    return f"{before}{WILDCARD}{behind}"


def _beginning(texts: Sequence[str]) -> str:
    same = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return "".join(column[0] for column in same)
