"""What is whole in a JSON text that was cut off: some stores put thousands of lines into one object."""

from __future__ import annotations

import json
from typing import Any

#: Lists and objects in each other that are looked into: each is read up to its cut once more.
DEEPEST = 12
BLANK = " \t\r\n"


def whole_part(text: str, at: int, decoder: json.JSONDecoder, depth: int = 0) -> tuple[Any, int] | None:
    """The list or object that begins here without what is not all there, and where that begins.

    Parameters
    ----------
    text : str
        Ends before the list or object does.
    at : int
        Where it begins, or what parts it from the one before.

    Returns
    -------
    tuple of (list or dict, int), or None
        None if it holds no whole entry, which is an object or a list in a list.

    Examples
    --------
    >>> text = '{"stream": {"app": "till"}, "values": [["1", "sold"], ["2", "retu'
    >>> whole_part(text, 0, json.JSONDecoder())
    ({'stream': {'app': 'till'}, 'values': [['1', 'sold']]}, 54)
    >>> whole_part('{"time": 1, "msg": "so', 0, json.JSONDecoder())
    """
    at = _past(text, at, BLANK + ",")
    if depth > DEEPEST or text[at : at + 1] not in ("[", "{"):
        return None
    named, holds = text[at] == "{", False
    values: list[tuple[str, Any]] = []
    at += 1
    while True:
        begin = at = _past(text, at, BLANK + ",")
        key = ""
        try:
            if named:
                key, at = decoder.raw_decode(text, at)
                at = _past(text, at, BLANK + ":")
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            inner = whole_part(text, at, decoder, depth + 1) if at > begin or not named else None
            found = inner if inner else (None, begin) if holds else None
            values += [(str(key), inner[0])] if inner else []
            return (_made(values, named), found[1]) if found else None
        if end == len(text) and not isinstance(value, str | list | dict):  # a number may go on
            return (_made(values, named), begin) if holds else None
        # A list of entries has nothing else; what stands among other values is a part of one.
        holds = holds or _holds(value) if named else isinstance(value, dict | list) and (holds or not values)
        values.append((str(key), value))
        at = end


def _made(values: list[tuple[str, Any]], named: bool) -> Any:
    return dict(values) if named else [value for _, value in values]


def _holds(value: Any) -> bool:
    """Whether it is a list of entries: its first and last tell."""
    return isinstance(value, list) and bool(value) and all(isinstance(value[at], dict | list) for at in (0, -1))


def _past(text: str, at: int, chars: str) -> int:
    while at < len(text) and text[at] in chars:
        at += 1
    return at
