"""JSON lines: one object a line, whoever wrote it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats.base import Reading, claims_nothing
from triage.ingest.formats.fields import Row, reading_of, row_of


@dataclass(frozen=True)
class JsonLines:
    """One JSON object a line."""

    name: str = "json-lines"
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        looks = text.str.contains(r"^\s*\{.*\}\s*$").fill_null(False)
        if not looks.any():
            return claims_nothing(text)
        rows = [json_row(line) if ok else None for line, ok in zip(text.to_list(), looks.to_list(), strict=True)]
        return reading_of(rows, context)


def json_row(line: str) -> Row | None:
    """The fields of the object that a text is; None if it is none."""
    found = json_object(line)
    return None if found is None else row_of(found, line)


def json_object(line: str) -> dict[str, Any] | None:
    """The object that a text is; None if it is none."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        try:  # Python's own reader also takes NaN and half a character, which loggers write
            found = json.loads(line)
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


JSON_LINES = JsonLines()
