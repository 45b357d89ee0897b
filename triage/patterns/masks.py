"""Masks: kinds of values that vary from record to record, replaced by their kind. Never one system's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl


@dataclass(frozen=True)
class Mask:
    """Replaces what `pattern` (a Rust regex) matches; `into` may refer to groups as ``${1}``.

    Attributes
    ----------
    needs : tuple of str
        Without one of these in a text, the pattern matches nothing there: looking for them costs a tenth of it.
    """

    name: str
    pattern: str
    into: str
    needs: tuple[str, ...] = ()


MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"

#: A path of two parts or more. The requests of access logs keep theirs: there it says what was asked for.
PATH = Mask(
    "path", r"(^|[\s\"'=(,:\[])(?:[A-Za-z]:)?(?:[/\\][\w.@%+~$-]+){2,}[/\\]?(?:\?[^\s\"']*)?", "${1}<PATH>", ("/", "\\")
)

_MASKS: tuple[Mask, ...] = (
    Mask("e-mail", r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", "<EMAIL>", ("@",)),
    Mask("url", r"\b[a-z0-9][a-z0-9+.-]*://[^\s\"'<>,;)\]]+", "<URL>", ("://",)),
    PATH,
    Mask("query value", r"([?&;][\w.\[\]-]+=)[^&;\s\"']+", "${1}<*>", ("=",)),
    Mask("uuid", r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b", "<UUID>", ("-",)),
    Mask(
        "time",
        rf"\b(?:\d{{4}}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z\b|[+-]\d\d:?\d\d\b))?)?"
        rf"|\d\d?/{MONTH}/\d{{4}}(?::\d\d:\d\d:\d\d)?(?: [+-]\d{{4}})?"
        rf"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?{MONTH} +\d\d? \d\d:\d\d:\d\d(?: (?:[A-Z]{{2,4}} )?\d{{4}})?"
        r"|\d\d:\d\d:\d\d(?:[.,]\d+)?)",
        "<TIME>",
        (":", "-", "/"),
    ),
    Mask("ipv4", r"\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?\b", "<IP>", (".",)),
    Mask("mac", r"\b[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}\b", "<MAC>", (":", "-")),
    Mask(
        "ipv6",
        r"\b(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4})+\b|(^|[^\w:])::(?:[0-9a-f]{1,4}:)*[0-9a-f]{1,4}\b",
        "${1}<IP>",
        (":",),
    ),
    Mask("long number", r"\b\d{8,}\b(?:\.\d+)?", "<NUM>"),
    Mask("hex", r"\b0[xX][0-9a-fA-F]+\b|\b[0-9a-f]{8,}\b|\b[0-9A-F]{8,}\b", "<HEX>"),
    Mask("number", r"\d{2,}(?:[.,:]\d+)*|\b\d(?:[.,:]\d+)*|([_.-])\d+", "${1}<NUM>"),
    Mask("sign", r"(^|[=:,(\[_ ])[-+]<(NUM|HEX)>", "${1}<${2}>", ("-<", "+<")),
    Mask("size", r"<NUM> ?(?:[KMGT]i?B|[kKMG]b|kB|B)\b", "<SIZE>", ("<NUM>",)),
    Mask("flag", r"([=:] ?)(?:[Tt]rue|[Ff]alse|null|NULL|nil|[Nn]one|yes|no)\b", "${1}<*>", ("=", ":")),
    Mask("quoted value", r"(= ?)(?:\"[^\"]*\"|'[^']*')", "${1}<*>", ("=",)),
)
#: In this order: a later mask sees what the earlier ones left. A letter beyond ASCII is no part of the word beside it:
#: some languages part no words by spaces, and the engine's fast way knows no other boundary.
MASKS = tuple(replace(mask, pattern=mask.pattern.replace(r"\b", r"(?-u:\b)")) for mask in _MASKS)
#: Above this share of texts that may match, all are looked at: taking some out has its cost as well.
MOST = 0.5


def masked(texts: pl.Series, keep_paths: pl.Series | None = None) -> pl.Series:
    """Texts, none of them null, with every mask applied.

    Parameters
    ----------
    keep_paths : Series of bool, optional
        Texts that keep their paths.

    Examples
    --------
    >>> masked(pl.Series(["ana@host.example took 12 ms", "来自10.0.0.1"])).to_list()
    ['<EMAIL> took <NUM> ms', '来自<IP>']
    """
    for mask in MASKS:
        held = holds(texts, mask.needs)
        if keep_paths is not None and mask.name == PATH.name:
            held = ~keep_paths if held is None else held & ~keep_paths
        texts = _replaced(texts, mask, held)
    return texts


def _replaced(texts: pl.Series, mask: Mask, held: pl.Series | None) -> pl.Series:
    """Texts with a mask applied to those that may match, if that is known."""
    if held is None:
        return texts.str.replace_all(mask.pattern, mask.into)
    rows = held.arg_true()
    if not len(rows):
        return texts
    # What paths are kept in must not be looked at, however few they are.
    if mask.name != PATH.name and len(rows) > MOST * len(texts):
        return texts.str.replace_all(mask.pattern, mask.into)
    # In place, hence the clone, which shares what it does not change.
    return texts.clone().scatter(rows, texts[rows].str.replace_all(mask.pattern, mask.into))


def holds(texts: pl.Series, needs: tuple[str, ...]) -> pl.Series | None:
    """Whether a text holds one of these; None if there are none."""
    if not needs:
        return None
    return texts.str.contains(needs[0], literal=True) if len(needs) == 1 else texts.str.contains_any(list(needs))
