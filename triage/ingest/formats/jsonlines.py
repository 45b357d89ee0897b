"""JSON lines: one object a line, whoever wrote it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any

import orjson
import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats.base import Reading, claims_nothing
from triage.ingest.formats.fields import Row, reading_of, row_of, texts_of
from triage.ingest.formats.jsonshapes import Shape, find_shapes


@dataclass(frozen=True)
class JsonLines:
    """One JSON object a line.

    Attributes
    ----------
    shapes : tuple of Shape
        What most objects of a source are known to look like: those are read together, the others one by one.
    """

    name: str = "json-lines"
    multiline: bool = False
    follower: str | None = None
    shapes: tuple[Shape, ...] = ()

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        looks = text.str.contains(r"^\s*\{.*\}\s*$").fill_null(False)
        if not looks.any():
            return claims_nothing(text)
        left = pl.DataFrame({"text": text}).with_row_index("row").filter(looks)
        done = []
        for shape in self.shapes:
            texts, fits = shape.rows(left["text"])
            done.append(left.select("row").hstack(texts).filter(fits))
            left = left.filter(~fits)
        rows = [json_row(line) for line in left["text"].to_list()]
        understood = left.select("row").filter(pl.Series([row is not None for row in rows], dtype=pl.Boolean))
        done.append(understood.hstack(texts_of([row for row in rows if row is not None])))
        found = pl.concat(done).sort("row")
        claimed = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean).scatter(found["row"], True)
        return reading_of(found.drop("row"), claimed, context)

    def narrowed(self, text: pl.Series, context: Context) -> JsonLines:
        """Give this format with the shapes that objects of a sample have."""
        looks = text.filter(text.str.contains(r"^\s*\{.*\}\s*$").fill_null(False))
        objects = [found for line in looks.to_list() if (found := json_object(line)) is not None]
        return replace(self, shapes=find_shapes(objects))


def json_object(line: str) -> dict[str, Any] | None:
    """The object that a text is; None if it is none."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        try:  # Python's own reader also takes NaN and half a character, which loggers write
            found = json.loads(line, parse_constant=str, parse_float=number)
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


def number(text: str) -> float | str:
    """A JSON number with a point or exponent; one that is too large for a float stays text.

    Examples
    --------
    >>> number("2.5"), number("1e999")
    (2.5, '1e999')
    """
    value = float(text)
    return value if math.isfinite(value) else text


def json_row(line: str) -> Row | None:
    """The fields of the object that a text is; None if it is none."""
    found = json_object(line)
    return None if found is None else row_of(found, line)


JSON_LINES = JsonLines()
