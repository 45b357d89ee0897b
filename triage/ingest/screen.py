"""Which formats can have a line of a sample at all: asked of all of them at once, before each is asked in full."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from triage.ingest.formats.base import Format, PatternFormat
from triage.ingest.formats.exports import JsonExport


def possible(text: pl.Series, formats: Sequence[Format]) -> list[Format]:
    """Leave out the formats that surely claim no line.

    Examples
    --------
    >>> from triage.ingest.formats import FORMATS
    >>> [fmt.name for fmt in possible(pl.Series(["[2026-11-21 02:05:12,345: INFO/MainProcess] ready"]), FORMATS)]
    ['celery', 'json-lines', 'logfmt', 'generic', 'clock-only']
    """
    patterns = {_needed(fmt) for fmt in formats if isinstance(fmt, PatternFormat)}
    asked = [pl.col("text").str.contains(pattern).any().alias(pattern) for pattern in sorted(patterns)]
    found = text.to_frame("text").select(asked).row(0, named=True) if asked else {}
    braced = bool(text.str.contains("{", literal=True).any())
    return [
        fmt
        for fmt in formats
        if (found[_needed(fmt)] if isinstance(fmt, PatternFormat) else braced or not isinstance(fmt, JsonExport))
    ]


def _needed(fmt: PatternFormat) -> str:
    return fmt.pattern if fmt.sign is None else fmt.sign
