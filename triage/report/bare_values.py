"""Values that were known by their key or their place, where they stand without it, whole or by a word of theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from triage.redaction.tokens import Tokens

#: Families of values that may stand bare; numbers of networks and accounts are known by their form everywhere.
FAMILIES = ("secret", "user")
#: Values that are looked for are at least so long, and no plain word or number; at most so many.
LEAST, MOST_VALUES = 5, 2000
_PLAIN = re.compile(r"[a-z]+|[0-9.,:-]+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_QUOTED = re.compile(r"“([^“”\s]+)”")


class BareValues:
    """What stands for a value, and for a word that a sentence of ours quotes from it.

    Parameters
    ----------
    tokens : Tokens
        What was replaced.
    names : collection of str
        Of services: they stay.

    Examples
    --------
    >>> tokens = Tokens()
    >>> tokens.word("user", "ana.novak@shop.example"), tokens.word("secret", "hunter2")
    ('redacted_user_1', 'redacted_secret_1')
    >>> bare = BareValues(tokens, {"shop"})
    >>> bare.replaced("is hunter2 known?"), bare.unquoted("both speak of “novak” and “shop”")
    ('is redacted_secret_1 known?', 'both speak of “redacted_user_1” and “shop”')
    """

    def __init__(self, tokens: Tokens, names: Collection[str]) -> None:
        known = [
            (value, tokens.word(family, value)) for family in FAMILIES for value in tokens.values().get(family, ())
        ]
        self.count = 0
        self._values = dict([one for one in known if _is_sought(one[0], names)][:MOST_VALUES])
        self._words = _words(known, names)
        longest = sorted(self._values, key=lambda value: (-len(value), value))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if longest else None

    def replaced(self, text: str) -> str:
        """A text with tokens for the values in it."""
        return self._pattern.sub(lambda found: self._told(self._values[found[0]]), text) if self._pattern else text

    def unquoted(self, text: str) -> str:
        """A sentence with tokens for words that it quotes, where they are of a value."""
        return _QUOTED.sub(self._unquoted, text)

    def _unquoted(self, found: re.Match[str]) -> str:
        token = self._words.get(found[1].casefold())
        return f"“{self._told(token)}”" if token else found[0]

    def _told(self, token: str) -> str:
        self.count += 1
        return token


def _is_sought(value: str, names: Collection[str]) -> bool:
    return len(value) >= LEAST and "@" not in value and not _PLAIN.fullmatch(value) and value not in names


def _words(known: list[tuple[str, str]], names: Collection[str]) -> Mapping[str, str]:
    """What stands for the first value that has a word; words of services' names say nothing of anybody."""
    found: dict[str, str] = {}
    for value, token in known:
        for word in _LETTERS.findall(value.casefold()):
            found.setdefault(word, token)
    own = {word for name in names for word in _LETTERS.findall(name.casefold())}
    return {word: token for word, token in found.items() if word not in own}
