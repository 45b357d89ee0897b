"""Tokens: what stands for a value, by the order in which values are first seen, so that nothing of it shows."""

from __future__ import annotations

import re

#: What every token in words begins with: nothing that begins so is replaced again.
MARK = "redacted_"
#: A token in words; a number behind an underscore, because templates take that for a variable part.
TOKEN = re.compile(rf"{MARK}[a-z]+_[0-9]+", re.ASCII)


class Tokens:
    """Numbers of values, counted from 1 in each family. Memory grows with the number of different values.

    Examples
    --------
    >>> tokens = Tokens()
    >>> tokens.word("user", "ana"), tokens.word("user", "bo"), tokens.word("user", "ana")
    ('redacted_user_1', 'redacted_user_2', 'redacted_user_1')
    """

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}

    def number(self, family: str, value: str) -> int:
        """The number of a value, a new one if it was not seen before."""
        known = self._numbers.setdefault(family, {})
        return known.setdefault(value, len(known) + 1)

    @property
    def count(self) -> int:
        """How many different values there were."""
        return sum(map(len, self._numbers.values()))

    def word(self, family: str, value: str) -> str:
        """A token in words; a value that is one stays as it is."""
        return value if TOKEN.fullmatch(value) else f"{MARK}{family}_{self.number(family, value)}"

    def values(self) -> dict[str, dict[str, int]]:
        """The values of each family with their numbers: the secret itself, for nobody's eyes but the owner's."""
        return {family: dict(known) for family, known in self._numbers.items()}
