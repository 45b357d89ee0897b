"""Values of any source to what JSON and UTF-8 can hold, for the attributes of a change."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

from triage.changes.times import iso
from triage.changes.wording import show

#: Deeper nesting is kept as text: renderers and `json` recurse, and the nesting is the input's choice.
DEEPEST = 16
_HALVES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    r"""Text that can be written as UTF-8: halves of surrogate pairs, which JSON can spell, are replaced.

    Examples
    --------
    >>> clean("a\ud800b")
    'a�b'
    """
    return text if text.isascii() else _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing: None, white space, or the NaN, NaT or NA of a frame.

    Examples
    --------
    >>> is_missing(" "), is_missing(float("nan")), is_missing(0)
    (True, True, False)
    """
    if value is None or isinstance(value, str):
        return value is None or not value.strip()
    try:
        return bool(value != value)  # NaN and NaT are the values that differ from themselves
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"  # of pandas, it is neither true nor false; nor is an array


def plain(value: object, depth: int = 0) -> Any:
    """The value, made of dict, list, str, int, float, bool and None only.

    Examples
    --------
    >>> plain({"ratio": Decimal("0.50"), "to": ("a", 1)})
    {'ratio': 0.5, 'to': ['a', 1]}
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping | Sequence | Set) and not isinstance(value, bytes | bytearray):
        return _plain_inside(value, depth)
    if is_missing(value):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real | Decimal):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return iso(value) if value.tzinfo else value.isoformat()
    return clean(str(value))


def _plain_inside(value: Mapping[Any, Any] | Iterable[Any], depth: int) -> Any:
    if depth >= DEEPEST:
        return show(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): plain(item, depth + 1) for key, item in value.items()}
    return [plain(item, depth + 1) for item in value]
