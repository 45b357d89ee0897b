"""Objects with the same keys in the same order as others of their source: one regex reads them, a column at a time.

Loggers write the same few shapes over and over. Whatever differs (another key, another kind of value, a stack trace)
is left to `jsonlines`, which reads any object, one by one; both give the same fields.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from triage.ingest.formats.access import EMPTY
from triage.ingest.formats.fields import KEYS, NUMBERED, TIMELIKE, chosen_keys
from triage.ingest.groups import groups_of

#: JSON's grammar (RFC 8259) for values that hold no others.
SPACE = r"[ \t]*"
PLAIN_CHARACTER = r'[^"\\\x00-\x1f]'
CHARACTER = rf'(?:{PLAIN_CHARACTER}|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}))'
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
SCALAR = rf'(?:"{CHARACTER}*"|{NUMBER}|true|false|null)'
#: Escapes of half characters cannot be kept as they are, nor can the halves stand in a pattern.
HALF_CHARACTERS, HALF_CHARACTER = ["\\ud", "\\uD"], re.compile("[\ud800-\udfff]")
#: Values in values in values are read one by one; so are very wide objects. So many shapes of a source are known.
DEEPEST, WIDEST, SHAPES = 2, 60, 8
#: A shape that so few objects of a sample have is not worth trying on all.
LEAST = 0.01


@dataclass(frozen=True)
class Shape:
    """A sequence of keys, and which of them is which field.

    Attributes
    ----------
    pattern : str
        Matches objects of this shape; groups are named after fields, ``kept0``, ``kept1``… hold all other pairs.
    fields : tuple of str
        Those it has.
    kept : int
        How many groups hold other pairs.
    """

    pattern: str
    fields: tuple[str, ...]
    kept: int

    def rows(self, text: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """Fields as `fields.row_of` gives them, and which rows are of this shape."""
        found = groups_of(text, self.pattern)
        fits = found["whole"].is_not_null() & ~text.str.contains_any(HALF_CHARACTERS)
        if "timestamp" in self.fields:
            fits = fits & found["timestamp"].str.slice(0, 60).str.contains(TIMELIKE.pattern).fill_null(False)
        if "body" in self.fields:
            fits = fits & ~found["body"].is_in(EMPTY).fill_null(False)
        body, fits = _unescaped(found["body"] if "body" in self.fields else text, fits, "body" in self.fields)
        kept = pl.concat_str([f"kept{n}" for n in range(self.kept)], separator=",") if self.kept else None
        numbered = {str(number): word for number, word in NUMBERED.items()}
        columns = {name: pl.col(name) if name in self.fields else pl.lit(None, pl.String) for name in KEYS}
        columns["severity_text"] = columns["severity_text"].replace(numbered)
        columns["body"] = pl.lit(body)
        columns["attributes"] = pl.lit(None, pl.String) if kept is None else pl.format("{{{}}}", kept)
        return found.select(**columns, pinned=pl.lit(None, pl.String)), fits


def _unescaped(body: pl.Series, fits: pl.Series, quoted: bool) -> tuple[pl.Series, pl.Series]:
    """The text that JSON strings stand for, and `fits` without rows where that is not to be had."""
    escaped = (body.str.contains("\\", literal=True) & fits).fill_null(False)
    if not quoted or not escaped.any():
        return body, fits
    some = body.to_frame("b").select(pl.when(escaped).then(pl.format('"{}"', "b")).alias("b"))["b"]
    try:
        plain = some.str.json_decode(pl.String)
    except pl.exceptions.ComputeError:
        return body, fits & ~escaped
    return pl.select(pl.when(escaped).then(plain).otherwise(body).alias("b"))["b"], fits


def find_shapes(objects: Sequence[dict[str, Any]]) -> tuple[Shape, ...]:
    """The shapes that objects of a sample have, the most frequent first."""
    made = Counter(shape for found in objects if (shape := _shape_of(found)) is not None)
    return tuple(shape for shape, count in made.most_common(SHAPES) if count >= LEAST * len(objects))


def _shape_of(found: dict[str, Any]) -> Shape | None:
    """The shape of an object; None if it has something that a regex cannot settle."""
    taken = chosen_keys(found)
    if taken is None or len(found) > WIDEST:
        return None
    fields = {key: field for field, key in taken.items()}
    parts: list[str] = []
    kept = 0
    run: list[str] = []
    for key, value in found.items():
        if not re.fullmatch(PLAIN_CHARACTER + "+", key) or HALF_CHARACTER.search(key):
            return None
        name = f'"{re.escape(key)}"{SPACE}:{SPACE}'
        if key in fields:
            if run:
                parts.append(_run(run, kept))
                run, kept = [], kept + 1
            parts.append(name + _captured(fields[key], value))
        elif (depth := _depth(value)) > DEEPEST:
            return None
        else:
            run.append(name + _value(depth))
    if run:
        parts.append(_run(run, kept))
        kept += 1
    inside = _COMMA.join(parts)
    pattern = rf"^(?P<whole>{SPACE}\{{){SPACE}{inside}{SPACE}\}}{SPACE}$"
    return Shape(pattern, tuple(taken), kept)


_COMMA = f"{SPACE},{SPACE}"


def _run(pairs: list[str], number: int) -> str:
    return f"(?P<kept{number}>{_COMMA.join(pairs)})"


def _captured(field: str, value: Any) -> str:
    if isinstance(value, str):
        return f'"(?P<{field}>{CHARACTER if field == "body" else PLAIN_CHARACTER}*)"'
    return f"(?P<{field}>{NUMBER})"


def _depth(value: Any, most: int = DEEPEST) -> int:
    """How deep a value holds others; what is deeper than `most` is not looked at further."""
    if not isinstance(value, dict | list):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max((_depth(one, most - 1) for one in inner if most > 0), default=0)


def _value(depth: int) -> str:
    """Any JSON value that holds others to this depth."""
    if not depth:
        return SCALAR
    inner = _value(depth - 1)
    pair = f'"{CHARACTER}*"{SPACE}:{SPACE}{inner}'
    one_of = (
        rf"\{{{SPACE}(?:{pair}(?:{_COMMA}{pair})*)?{SPACE}\}}",
        rf"\[{SPACE}(?:{inner}(?:{_COMMA}{inner})*)?{SPACE}\]",
    )
    return f"(?:{SCALAR}|{'|'.join(one_of)})"
