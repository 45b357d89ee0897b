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

#: A path of two parts or more. The requests of access logs keep theirs: there it says what was asked for.
PATH = Mask("path", r"(^|[\s\"'=(,:\[])(?:[A-Za-z]:)?(?:[/\\][\w.@%+~$-]+){2,}[/\\]?(?:\?[^\s\"']*)?", "${1}<PATH>")

#: In this order: a later mask sees what the earlier ones left.
MASKS: tuple[Mask, ...] = (
    Mask("e-mail", r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", "<EMAIL>"),
    Mask("url", r"\b[a-z0-9][a-z0-9+.-]*://[^\s\"'<>,;)\]]+", "<URL>"),
    PATH,
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
        r"\b(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4})+\b|(^|[^\w:])::(?:[0-9a-f]{1,4}:)*[0-9a-f]{1,4}\b",
        "${1}<IP>",
    ),
    Mask("long number", r"\b\d{8,}\b(?:\.\d+)?", "<NUM>"),
    Mask("hex", r"\b0[xX][0-9a-fA-F]+\b|\b[0-9a-f]{8,}\b|\b[0-9A-F]{8,}\b", "<HEX>"),
    Mask("number", r"\d{2,}(?:[.,:]\d+)*|\b\d(?:[.,:]\d+)*|([_.-])\d+", "${1}<NUM>"),
    Mask("sign", r"(^|[=:,(\[_ ])[-+]<(NUM|HEX)>", "${1}<${2}>"),
    Mask("size", r"<NUM> ?(?:[KMGT]i?B|[kKMG]b|kB|B)\b", "<SIZE>"),
    Mask("flag", r"([=:] ?)(?:[Tt]rue|[Ff]alse|null|NULL|nil|[Nn]one|yes|no)\b", "${1}<*>"),
    Mask("quoted value", r"(= ?)(?:\"[^\"]*\"|'[^']*')", "${1}<*>"),
)


def masked(text: pl.Expr, request: pl.Expr | None = None) -> pl.Expr:
    """The text with every mask applied; paths are kept where it is a `request`."""
    for mask in MASKS:
        done = text.str.replace_all(mask.pattern, mask.into)
        text = done if request is None or mask is not PATH else pl.when(request).then(text).otherwise(done)
    return text
