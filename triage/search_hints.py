"""What is said of a search among templates that finds none: what was looked for, and what may help."""

from __future__ import annotations

import difflib

import polars as pl

from triage.errors import UsageError
from triage.escape import short
from triage.patterns.fits import pattern_of
from triage.patterns.words import VALUE
from triage.search import search_templates

#: Templates, the most frequent, that are compared with a text, and characters of each.
COMPARED, COMPARED_CHARS = 2000, 300
#: A line of a log is looked for from so many characters on.
LINE_CHARS = 20


def nothing_found(
    templates: pl.DataFrame,
    text: str | None = None,
    *,
    regex: str | None = None,
    level: str | None = None,
    service: str | None = None,
) -> str:
    """One line on a search that `search_templates` found nothing for.

    Examples
    --------
    >>> table = pl.DataFrame({"template_id": ["t1"], "template": ["Pool empty after <NUM> ms"], "severity_number": [9]})
    >>> nothing_found(table, "pool", level="error")
    'none of 1 templates holds “pool” at error or graver: 1 does at lower levels'
    >>> nothing_found(table, "pol empty")
    'none of 1 templates holds “pol empty”: did you mean “pool”?'
    >>> nothing_found(table, "02:05 Pool empty after 30 ms")
    'none of 1 templates holds “02:05 Pool empty after 30 ms”: a line such as that is of t1: Pool empty after <NUM> ms'
    >>> nothing_found(table, regex="^pool")
    'none of 1 templates matches “^pool”: 1 does in any case: begin with (?i)'
    """
    asked = [f"holds “{short(text, 60)}”"] if text is not None else []
    asked += [f"matches “{short(regex, 60)}”"] if regex is not None else []
    wanted = " and ".join(asked) or "is there"
    wanted += f" at {level} or graver" if level is not None else ""
    wanted += f" of {service}" if service is not None else ""
    hint = _hint(templates, text, regex, level, service)
    return f"none of {len(templates):,} templates {wanted}" + (f": {hint}" if hint else "")


def _hint(templates: pl.DataFrame, text: str | None, regex: str | None, level: str | None, service: str | None) -> str:
    if (level or service) and (count := len(search_templates(templates, text, regex=regex))):
        where = (
            "at lower levels" if service is None else "elsewhere" if level is None else "of others or at lower levels"
        )
        return f"{count} {'does' if count == 1 else 'do'} {where}"
    if regex is not None and text is None:
        return _in_any_case(templates, regex)
    texts = templates.head(COMPARED)
    return _as_line(texts, text) or _closest(texts["template"], text) if text else ""


def _in_any_case(templates: pl.DataFrame, regex: str) -> str:
    try:
        count = len(search_templates(templates, regex=f"(?i){regex}"))
    except UsageError:  # larger when it is spelled out in any case
        return ""
    return f"{count} {'does' if count == 1 else 'do'} in any case: begin with (?i)" if count else ""


def _as_line(templates: pl.DataFrame, text: str) -> str:
    """The template with the most plain words that lies over a part of a text, which then is a line of a log."""
    if len(text) < LINE_CHARS:
        return ""
    line = pl.Series([text])
    plain = pl.Series([len(VALUE.sub("", one)) for one in templates["template"]], dtype=pl.Int64)
    short_ones = (pl.col("plain") > LINE_CHARS // 2) & (pl.col("template").str.len_chars() <= COMPARED_CHARS)
    ordered = templates.with_columns(plain.alias("plain")).filter(short_ones)
    for row in ordered.sort("plain", "template", descending=[True, False]).iter_rows(named=True):
        inside = pattern_of(row["template"], raw=True).removeprefix("^").removesuffix("$")
        if line.str.contains(inside)[0]:
            return f"a line such as that is of {row['template_id']}: {short(row['template'], 100)}"
    return ""


def _closest(templates: pl.Series, text: str) -> str:
    """A template that is like a text, or words that are like its words."""
    whole = {one[:COMPARED_CHARS].lower(): one for one in reversed(templates.to_list())}
    if close := difflib.get_close_matches(text[:COMPARED_CHARS].lower(), whole, n=1):
        return f"the closest is “{short(whole[close[0]], 100)}”"
    known = sorted({word for one in whole for word in one.split() if len(word) <= COMPARED_CHARS})
    for word in text[:COMPARED_CHARS].lower().split():
        if not any(word in one for one in whole):
            close = difflib.get_close_matches(word, known, n=1)
            return f"did you mean “{short(close[0], 60)}”?" if close else f"none holds the word “{short(word, 60)}”"
    return "all its words are there, but not next to each other: ask for fewer, or write a regex with .* between them"
