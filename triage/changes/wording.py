"""How values and places are put into one-line messages: bounded, on one line, safe for a terminal."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from decimal import Decimal

from triage.errors import ChangesError

#: The most characters of one value in a message.
SHOWN = 60

_BRIEF = reprlib.Repr()
_BRIEF.maxstring = _BRIEF.maxother = _BRIEF.maxlong = SHOWN


def show(value: object, limit: int = SHOWN) -> str:
    r"""A value as a message shows it: quoted, control characters escaped, at most `limit` characters.

    Examples
    --------
    >>> print(show("red\x1b[31m"), show(12), show(["a", "b"]))
    'red\x1b[31m' 12 ['a', 'b']
    >>> show("x" * 1000, limit=10)
    "'xxxxxxx…'"
    """
    if isinstance(value, str):
        text = repr(value[: limit + 1])
        return text if len(text) <= limit else f"{text[: limit - 2]}…{text[0]}"
    try:
        text = one_line(str(value) if isinstance(value, Decimal) else _BRIEF.repr(value))
    except Exception:  # any object may come from a caller's list, and its repr may do anything
        text = f"<{one_line(type(value).__name__)}>"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def one_line(text: str, limit: int = 160) -> str:
    """Text without quotes, such as a path: control characters escaped, at most `limit` characters."""
    head = text[: limit + 1]
    safe = "".join(char if char.isprintable() else repr(char)[1:-1] for char in head)
    return safe if len(safe) <= limit else f"{safe[: limit - 1]}…"


def count(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> count(1, "change"), count(3, "row")
    ('1 change', '3 rows')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def some(names: Sequence[str], most: int = 3) -> str:
    """The first few of many names.

    Examples
    --------
    >>> some(["row 1", "row 4"]), some(["a", "b", "c", "d", "e"])
    ('row 1, row 4', 'a, b, c and 2 more')
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def complaint(place: str, got: str, wanted: str, hint: str) -> ChangesError:
    """The error for something unusable: `place` is the source and where in it; all four are fit to show."""
    return ChangesError(f"{place}: got {got}, wanted {wanted}; try {hint}")
