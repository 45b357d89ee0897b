"""Masks: kinds of values that vary from record to record, replaced by their kind. Never one system's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Mask:
    """Replaces what `pattern` (a Rust regex) matches; `into` may refer to groups as ``${1}``."""

    name: str
    pattern: str
    into: str


MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"

#: In this order: a later mask sees what the earlier ones left.
MASKS: tuple[Mask, ...] = (
    Mask("e-mail", r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", "<EMAIL>"),
    Mask("url", r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>,;)\]]+", "<URL>"),
    Mask("query value", r"([?&;][\w.\[\]-]+=)[^&;\s\"']+", "${1}<*>"),
    Mask("uuid", r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b", "<UUID>"),
    Mask(
        "time",
        rf"\b(?:\d{{4}}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z\b|[+-]\d\d:?\d\d\b))?)?"
        rf"|\d\d?/{MONTH}/\d{{4}}(?::\d\d:\d\d:\d\d)?(?: [+-]\d{{4}})?"
        rf"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?{MONTH} +\d\d? \d\d:\d\d:\d\d(?: (?:[A-Z]{{2,4}} )?\d{{4}})?"
        r"|\d\d:\d\d:\d\d(?:[.,]\d+)?)",
        "<TIME>",
    ),
    Mask("ipv4", r"\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?\b", "<IP>"),
    Mask("mac", r"\b[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}\b", "<MAC>"),
    Mask(
        "ipv6",
        r"\b(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4})+\b|(?:^|[^\w:])::(?:[0-9a-f]{1,4}:)*[0-9a-f]{1,4}\b",
        "<IP>",
    ),
    Mask("hex", r"\b0[xX][0-9a-fA-F]+\b|\b[0-9a-f]{8,}\b|\b[0-9A-F]{8,}\b", "<HEX>"),
    Mask("number", r"\d{2,}(?:[.,:]\d+)*|\b\d(?:[.,:]\d+)*|([_.-])\d+", "${1}<NUM>"),
)


def masked(text: pl.Expr, masks: tuple[Mask, ...] = MASKS) -> pl.Expr:
    """The text with every mask applied."""
    for mask in masks:
        text = text.str.replace_all(mask.pattern, mask.into)
    return text
