"""What stands behind the known fields of an access log, by name: ``rt=0.012``, and bare numbers at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

#: Characters of the end that are looked at.
CHARS = 300
_PAIR = re.compile(r'([A-Za-z_]\w{0,30})[=:]"?([0-9]{1,12}(?:\.[0-9]{1,9})?|-)"?(?=[ ,;]|$)')
_BARE = re.compile(r"(?: (?:[0-9]{1,12}(?:\.[0-9]{1,9})?|-)){1,2}$")
_SECONDS = re.compile(r"[0-9]{1,6}\.[0-9]{3}$")
#: What bare numbers are called, from the end.
LAST = ("last value", "last value but one")


def rest_fields(texts: Sequence[Any]) -> list[dict[str, str]]:
    """Names and numbers of each text; of times in seconds, which nginx writes with three decimals, with the unit.

    Examples
    --------
    >>> rest_fields(['"-" "curl/8.4" 0.012', '"-" "curl/8.4" -', None])
    [{'last value (s)': '0.012'}, {'last value (s)': '-'}, {}]
    >>> rest_fields(['"-" rt=0.012 uct="0.001" 512'])
    [{'rt (s)': '0.012', 'uct (s)': '0.001', 'last value': '512'}]
    """
    rows = [_fields(text[-CHARS:]) if isinstance(text, str) else {} for text in texts]
    others = {key for row in rows for key, value in row.items() if value != "-" and not _SECONDS.match(value)}
    return [{key if key in others else f"{key} (s)": value for key, value in row.items()} for row in rows]


def _fields(end: str) -> dict[str, str]:
    bare = _BARE.search(end)
    numbers = reversed(bare[0].split()) if bare else []
    return dict(_PAIR.findall(end)) | dict(zip(LAST, numbers, strict=False))
