"""What a kind of thing to redact is: a small file in this folder and a line in its registry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from triage.redaction.tokens import Tokens


class Rest(NamedTuple):
    """What stands in place of the first `begin` characters of a match; the others are looked at again."""

    said: str
    begin: int


#: What becomes of a match: a text in its place; None, so that it stays; or that some of it is to be looked at again: a
#: number of characters that stay in front of that, or what stands there instead.
Outcome = str | int | Rest | None
Replace = Callable[[re.Match[str], Tokens], Outcome]


@dataclass(frozen=True)
class Kind:
    r"""One kind of thing to redact.

    Attributes
    ----------
    name : str
        Of one such thing, for people; with ``s`` behind it for many.
    pattern : str
        Matches it and what must stand beside it, on one line. Rust's regex engine, which finds it in whole logs, and
        Python's, which takes the short match apart, have to read it alike; ``\b`` is of ASCII in both. No group but
        named ones and ``(?:…)``. Behind a part without a bound nothing must be that may not come: a log could make the
        engine look for it anew after each match inside.
    replace : callable
        From a match to what becomes of it. It sees nothing but the match.
    """

    name: str
    pattern: str
    replace: Replace

    @property
    def rust(self) -> str:
        """The pattern for Rust, without captures, which cost a multiple there."""
        plain = re.sub(r"\(\?P<\w+>", "(?:", self.pattern)
        return plain.replace(r"\b", r"(?-u:\b)").replace("(?i:", "(?i-u:")

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """The pattern for Python, for a match by itself."""
        return re.compile(self.pattern, re.ASCII)
