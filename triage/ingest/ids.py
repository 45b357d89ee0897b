"""Ids of traces and requests in text."""

from __future__ import annotations

import polars as pl

NAMED_ID = r"(?i)\b(?:trace|request|correlation|req)[ _-]?id[\"']?\s*[:=]\s*[\"']?([0-9a-zA-Z][0-9a-zA-Z_-]{7,63})"
#: Ids of the lengths that tracers use (W3C Trace Context: 16 and 32 hexadecimal digits), alone in brackets.
BRACKETED_ID = r"\[([0-9a-f]{32}|[0-9a-f]{16})\]"
#: A UUID that says itself whose it is.
MARKED_ID = r"\b((?:req|request|trace)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
#: Characters of a message in which such ids are looked for.
ID_CHARS = 400


def ids_in(text: pl.Expr) -> list[pl.Expr]:
    """Ids of traces or requests at the beginning of messages, the surer spelling first."""
    head = text.str.slice(0, ID_CHARS)
    return [head.str.extract(pattern, 1) for pattern in (NAMED_ID, BRACKETED_ID, MARKED_ID)]
