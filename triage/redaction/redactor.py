"""Finding and replacing in text: all patterns as one, found by polars; only what is found is looked at by Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from triage.errors import UsageError
from triage.redaction.kinds import HOSTS, KINDS, USERS, Kind
from triage.redaction.kinds.kind import Rest
from triage.redaction.own import OwnPatterns, matches_whole
from triage.redaction.tally import PLACES, Place, Tally
from triage.redaction.text import SENTINEL
from triage.redaction.tokens import TOKEN, Tokens

#: Matches that are remembered with what became of them; beyond, they are worked out again.
REMEMBERED = 200_000
#: How often the rest of a match may be looked at again, one inside the other.
DEEPEST = 20
OWN, OWN_HOST = "text of your own pattern", "host name"


class Seen(NamedTuple):
    """What became of a match: the text in its place, the kinds replaced in it, and how many values were new then."""

    text: str
    kinds: tuple[str, ...]
    new: int = 0


class Redactor:
    """Replaces secrets and personal data in text, the same value by the same token in everything it is given.

    Parameters
    ----------
    own : OwnPatterns
        What the user adds and keeps.
    hosts : bool
        Whether names of hosts are replaced as well.
    users : bool
        Whether ids and names of users are, where a key or a path says that they are such.

    Raises
    ------
    UsageError
        If the user's patterns do not fit together.

    Examples
    --------
    >>> redactor = Redactor()
    >>> redactor.text("ana@shop.example from 10.1.2.3: password=hunter2")
    'redacted_user_1@mail.invalid from 240.0.0.1: password=redacted_secret_1'
    >>> redactor.text("10.1.2.4, 10.1.2.3")
    '240.0.0.2, 240.0.0.1'
    """

    def __init__(self, own: OwnPatterns | None = None, hosts: bool = False, users: bool = False) -> None:
        self.own = own or OwnPatterns()
        self.hosts = hosts
        self.tokens = Tokens()
        self.tally = Tally()
        self._kinds: tuple[Kind, ...] = (*(HOSTS if hosts else ()), *KINDS, *(USERS if users else ()))
        self._pattern = _joined([*self.own.also, *self.own.hosts, *(kind.rust for kind in self._kinds)])
        self._seen: dict[str, Seen] = {}

    def text(self, text: str, file: str = "", line: int = 1) -> str:
        """Text with everything replaced, and counted in `tally` under the name of a file.

        Parameters
        ----------
        text : str
            As `to_text` makes it: without half characters and `SENTINEL`.
        line : int
            The number of its first line.
        """
        matches = self._find(text)
        if not matches:
            return text
        seen = self._look_at(matches)
        counts = Counter(matches)
        left = pl.Series([text]).str.replace_all(self._pattern, SENTINEL)[0].split(SENTINEL)
        for match, count in counts.items():
            self._count(match, count, file)
        self._place(left, matches, seen, file, line)
        parts = [""] * (2 * len(matches) + 1)
        parts[::2], parts[1::2] = left, [seen[match].text for match in matches]
        return "".join(parts)

    def without(self, texts: Sequence[str]) -> frozenset[str]:
        """Those of many short texts that hold nothing to look at, found in one go."""
        column = pl.Series(texts, dtype=pl.String)
        return frozenset(column.filter(~column.str.contains(self._pattern)))

    def name(self, name: str) -> str:
        """The name of a file, with what it tells replaced and nothing counted; as a path it has the same parts."""
        return self._replaced(f"/{name}", 0).text[1:]

    def _find(self, text: str) -> list[str]:
        found: list[str] = pl.Series([text]).str.extract_all(self._pattern)[0].to_list()
        return found

    def _look_at(self, matches: list[str]) -> dict[str, Seen]:
        """What becomes of each of the matches, in the order in which they are first seen."""
        if len(self._seen) > REMEMBERED:
            self._seen.clear()
        for match in matches:
            if match not in self._seen:
                before = self.tokens.count
                one = self._outcome(match, 0)
                self._seen[match] = one._replace(new=self.tokens.count - before)
        return self._seen

    def _outcome(self, match: str, depth: int) -> Seen:
        if TOKEN.fullmatch(match) or self.own.keeps(match):
            return Seen(match, ())
        if self.own.also and matches_whole(match, self.own.also):
            return self._own(match, "text", OWN)
        if self.own.hosts and matches_whole(match, self.own.hosts):
            return Seen(f"host-{self.tokens.number('host', match.lower())}.invalid", (OWN_HOST,))
        for kind in self._kinds:
            if found := kind.whole.fullmatch(match):
                outcome = kind.replace(found, self.tokens)
                if isinstance(outcome, int | Rest):
                    return self._with_rest(match, outcome, kind.name, depth)
                return Seen(match, ()) if outcome in (None, match) else Seen(str(outcome), (kind.name,))
        # A letter that one engine takes for another's capital: better too much than too little.
        return self._own(match, "secret", "secret")

    def _with_rest(self, match: str, outcome: int | Rest, kind: str, depth: int) -> Seen:
        said, begin = outcome if isinstance(outcome, Rest) else (match[:outcome], outcome)
        rest = self._replaced(match[begin:], depth + 1)
        return Seen(said + rest.text, ((kind,) if said != match[:begin] else ()) + rest.kinds)

    def _own(self, match: str, family: str, kind: str) -> Seen:
        """A token for each line of a match, so that lines remain as many as they were."""
        lines = [self.tokens.word(family, line) if line.strip() else line for line in match.split("\n")]
        return Seen("\n".join(lines), (kind,))

    def _replaced(self, text: str, depth: int) -> Seen:
        """A short text with everything replaced."""
        matches = self._find(text)
        if not matches:
            return Seen(text, ())
        if depth > DEEPEST:  # nobody writes so but to hide something
            return self._own(text, "secret", "secret")
        left = pl.Series([text]).str.replace_all(self._pattern, SENTINEL)[0].split(SENTINEL)
        seen = [self._outcome(match, depth) for match in matches]
        said = "".join(before + one.text for before, one in zip(left, seen, strict=False)) + left[-1]
        return Seen(said, tuple(kind for one in seen for kind in one.kinds))

    def _count(self, match: str, count: int, file: str) -> None:
        seen = self._seen[match]
        for number, kind in enumerate(seen.kinds):
            self.tally.add(kind, file, count, 0 if number else seen.new)
        self._seen[match] = seen._replace(new=0)

    def _place(self, left: list[str], matches: list[str], seen: dict[str, Seen], file: str, line: int) -> None:
        """Keep the first places of each kind, one a line."""
        open_kinds = {kind for kind, found in self.tally.kinds.items() if len(found.places) < PLACES}
        for before, match in zip(left, matches, strict=False):
            if not open_kinds:
                return
            line += before.count("\n")
            for kind in open_kinds.intersection(seen[match].kinds):
                places = self.tally.kinds[kind].places
                if Place(file, line) not in places:
                    places.append(Place(file, line))
                if len(places) >= PLACES:
                    open_kinds.discard(kind)
            line += match.count("\n")


def _joined(patterns: list[str]) -> str:
    """All patterns as one.

    Raises
    ------
    UsageError
        If the user's do not go with the others.
    """
    whole = "|".join(f"(?:{pattern})" for pattern in patterns)
    try:
        pl.Series([""]).str.contains(whole)
    except pl.exceptions.PolarsError as error:
        reason = next((line for line in str(error).splitlines() if line.startswith("error:")), str(error))
        raise UsageError(
            f"--also: the patterns cannot be used together ({reason[:160]}): give fewer of them"
        ) from error
    return whole
