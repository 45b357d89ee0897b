"""Parts of clusters that differ in names only are one template, wherever in the message the names stand.

Drain never compares messages that begin with different words, and clusters are split by words that may be names. What
is a name shows only in the whole log: it stands where values stand, or where many different words stand. So parts that
differ at one place are compared, and what is learnt of one place is used at all others, until nothing changes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from triage.patterns.drain import WILDCARD
from triage.patterns.refine import BEFORE_NAMES, FEW, Skeleton, in_common
from triage.patterns.words import EDGES, is_state

#: What the members of a part have in common, wildcards where they differ.
Pattern = tuple[str, ...]
#: A word that says something.
SAYS = re.compile(r"[A-Za-z]{2,}")
#: Nothing but values and marks.
PURE = re.compile(r"[^\w<]*<\*>(?:[^\w<>]*<\*>)*[^\w>]*")
DIGITS = re.compile(r"[0-9]+")
#: Behind these stand names as well as what was waited for: such a word is no name elsewhere.
PURPOSES = frozenset(("for", "by"))
#: So many words of one kind at a place that say nothing of what happened are names, and more of any kind.
SEVERAL = 3
#: Rounds after which what is learnt is used no further; a log of few templates needs two or three.
ROUNDS = 8


def merge(parts: Sequence[Sequence[Skeleton]]) -> list[list[Skeleton]]:
    """The parts of all clusters, those that differ in names only made one.

    Examples
    --------
    >>> from triage.patterns.refine import skeleton
    >>> [len(part) for part in merge([[skeleton(f"{name} left the room")] for name in ("ana", "bo", "<NUM>")])]
    [3]
    >>> [len(part) for part in merge([[skeleton(f"link is {state} again")] for state in ("up", "down", "<NUM>")])]
    [1, 1, 1]
    """
    held = [list(part) for part in parts]
    patterns = [_pattern(part) for part in held]
    names: set[str] = set()
    for _ in range(ROUNDS):
        names |= _named(held, patterns)
        together = _Sets(len(held))
        for rows in _alike_but_for_one(patterns, names):
            together.join(rows)
        for rows in _alike_but_for_names(patterns, names):
            together.join(rows)
        groups = together.groups()
        if len(groups) == len(held):
            break
        held = [sorted(one for row in rows for one in held[row]) for rows in groups]
        patterns = [
            patterns[rows[0]] if len(rows) == 1 else _pattern(part) for rows, part in zip(groups, held, strict=True)
        ]
    return held


def _pattern(members: Sequence[Skeleton]) -> Pattern:
    if len(members) == 1:
        return members[0].words
    columns = zip(*(member.words for member in members), strict=True)
    return tuple(in_common(sorted(set(column))) for column in columns)


def _named(parts: Sequence[Sequence[Skeleton]], patterns: Sequence[Pattern]) -> set[str]:
    """Words that stand where names stand: behind certain words, or where the members of a part differ."""
    found: set[str] = set()
    for part, pattern in zip(parts, patterns, strict=True):
        for place, word in enumerate(pattern):
            before = _before(pattern, place)
            if before in PURPOSES:
                continue
            if PURE.fullmatch(word) if len(part) > 1 else before in BEFORE_NAMES:
                found.update(member.words[place].strip(EDGES) for member in part)
    return {word for word in found if word.isalpha() and not is_state(word)}


def _alike_but_for_one(patterns: Sequence[Pattern], names: set[str]) -> Iterator[list[int]]:
    """Rows that differ at one place, and there in names. Those names are learnt."""
    for place, rows in _differing(patterns):
        pattern = patterns[rows[0]]
        if not any(SAYS.search(word) for at, word in enumerate(pattern) if at != place):
            continue
        words: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            words[patterns[row][place]].append(row)
        for group in _names(_before(pattern, place), place, sorted(words), names):
            names.update(word.strip(EDGES) for word in group if WILDCARD not in word)
            yield [row for word in group for row in words[word]]


def _differing(patterns: Sequence[Pattern]) -> Iterator[tuple[int, list[int]]]:
    """Each place at which patterns differ that are the same at all others, with their rows.

    A pattern is the sum of numbers that stand for its words, so that leaving one out is cheap; what has the same sum is
    compared.
    """
    numbers: dict[str, int] = {}
    sums: defaultdict[tuple[int, int, int], list[int]] = defaultdict(list)
    for row, pattern in enumerate(patterns):
        each = [hash((place, numbers.setdefault(word, len(numbers)))) for place, word in enumerate(pattern)]
        whole = sum(each)
        if len(each) > 1:
            for place, one in enumerate(each):
                sums[len(each), place, whole - one].append(row)
    for (_, place, _), rows in sums.items():
        if len(rows) > 1:
            exact: defaultdict[Pattern, list[int]] = defaultdict(list)
            for row in rows:
                exact[patterns[row][:place] + patterns[row][place + 1 :]].append(row)
            yield from ((place, found) for found in exact.values() if len(found) > 1)


def _names(before: str, place: int, words: Sequence[str], names: set[str]) -> list[list[str]]:
    """Those of the words at a place that are names, or values, of one kind of thing."""
    free = [word for word in words if (PURE.fullmatch(word) if WILDCARD in word else not is_state(word))]
    values = [word for word in free if WILDCARD in word]
    if len(free) < 2:
        return []
    if values or before in BEFORE_NAMES or _many(free, place):
        return [free]
    known = [word for word in free if word.strip(EDGES) in names]
    if len(known) > 1:
        return [free if 2 * len(known) >= len(free) else known]
    for kind_of in (_numbered, _lettered):
        kinds: defaultdict[str, list[str]] = defaultdict(list)
        for word in free:
            kinds[kind_of(word)].append(word)
        if found := [group for group in kinds.values() if len(group) >= SEVERAL]:
            return found
    return []


def _numbered(word: str) -> str:
    """What is the same of names that are counted through, such as ``eth0`` and ``eth1``."""
    return DIGITS.sub("0", word)


def _lettered(word: str) -> str:
    """The same where letters count, as for ``sda`` and ``sdb``."""
    bare = word.rstrip(EDGES)
    return f"{bare[:-1]}?{word[len(bare) :]}" if bare.isalpha() else word


def _many(words: Sequence[str], place: int) -> bool:
    """Whether so many words, none of which says what happened, are names. A message begins with its verb more often."""
    bare = [word.strip(EDGES) for word in words]
    dotted = sum("." in word for word in bare)
    return (place > 0 and dotted > 1) or dotted >= SEVERAL or len(words) > FEW


def _alike_but_for_names(patterns: Sequence[Pattern], names: set[str]) -> Iterator[list[int]]:
    """Rows whose patterns are the same where neither a name nor a value stands."""
    same: defaultdict[Pattern, list[int]] = defaultdict(list)
    for row, pattern in enumerate(patterns):
        # What a message begins with says what it is about, though the word is a name elsewhere.
        known = [place > 0 and word.strip(EDGES) in names for place, word in enumerate(pattern)]
        named = (WILDCARD if one or PURE.fullmatch(word) else word for one, word in zip(known, pattern, strict=True))
        same[tuple(named)].append(row)
    for pattern, rows in same.items():
        if len(rows) > 1 and len(pattern) > 1 and any(SAYS.search(word) for word in pattern):
            yield rows


def _before(pattern: Pattern, place: int) -> str:
    return pattern[place - 1].casefold().strip(EDGES) if place else ""


class _Sets:
    """Rows, each in a set of its own until they are joined."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))

    def _root(self, row: int) -> int:
        while self.parent[row] != row:
            self.parent[row] = row = self.parent[self.parent[row]]
        return row

    def join(self, rows: Sequence[int]) -> None:
        roots = [self._root(row) for row in rows]
        for root in roots:
            self.parent[self._root(root)] = self._root(roots[0])

    def groups(self) -> list[list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for row in range(len(self.parent)):
            found[self._root(row)].append(row)
        return list(found.values())
