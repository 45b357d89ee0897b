"""Search among templates: by text or regex, level, service, and when they were first seen."""

from __future__ import annotations

import difflib
from datetime import datetime

import polars as pl

from triage.errors import UsageError
from triage.escape import CUT, SHOWN, terminal
from triage.ingest.formats.line_format import HALF_CHARACTER, LEVELS, reason_of
from triage.ingest.levels import numbers
from triage.ingest.moments import moment


def search_templates(
    templates: pl.DataFrame,
    text: str | None = None,
    *,
    regex: str | None = None,
    level: str | None = None,
    service: str | None = None,
    since: str | datetime | None = None,
    until: str | datetime | None = None,
    zone: str = "UTC",
) -> pl.DataFrame:
    """The rows of a table of templates that fit all that is asked.

    Parameters
    ----------
    templates : polars.DataFrame
        See `Incident.templates`.
    text : str, optional
        In any case, and also as a terminal shows it.
    zone : str
        Of `since` and `until` where they carry none.

    Raises
    ------
    UsageError
        For a text that is none, a regex that cannot be used, an unknown level or service, or times that are none.

    Examples
    --------
    >>> table = pl.DataFrame({"template": ["Pool empty after <NUM> ms", "started"]})
    >>> search_templates(table, "pool EMPTY")["template"].to_list()
    ['Pool empty after <NUM> ms']
    >>> search_templates(table, regex="(")
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: regex: '(' is no Rust regex (unclosed group): see docs.rs/regex for the syntax
    """
    conditions: list[pl.Expr] = []
    if text is not None:
        conditions.append(_holds(_as_template(_text(text, "text")).lower(), templates["template"]))
    if regex is not None:
        conditions.append(pl.col("template").str.contains(_pattern(regex)))
    if level is not None:
        conditions.append(pl.col("severity_number") >= severity_of(level))
    if service is not None:
        conditions.append(pl.col("services").list.contains(_known(service, templates)))
    begin, end = moment(since, "since", zone), moment(until, "until", zone)
    if begin and end and begin > end:
        raise UsageError(f"since ({begin.isoformat()}) is after until ({end.isoformat()}): swap them?")
    if begin:
        conditions.append(pl.col("first") >= begin)
    if end:
        conditions.append(pl.col("first") <= end)
    return templates.filter(conditions) if conditions else templates


def _as_template(text: str) -> str:
    """A text as it stands in templates: what a table has cut or broken into lines may be given as it was printed."""
    words = " ".join(text.split())
    cut = words.removesuffix(CUT)
    return cut or words or text


def _holds(wanted: str, texts: pl.Series) -> pl.Expr:
    lower = pl.col("template").str.to_lowercase()
    holds = lower.str.contains(wanted, literal=True)
    if SHOWN not in wanted:
        return holds
    printed = pl.Series(
        [terminal(text).lower() for text in texts], dtype=pl.String
    )  # with a sign for what has no shape
    return holds | pl.lit(printed.str.contains(wanted, literal=True))


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{name}: got {value!r:.40}, wanted text, or None")
    if HALF_CHARACTER.search(value):
        raise UsageError(f"{name}: {value[:60]!r} holds half a character, which no log does: leave it out")
    return value


def _pattern(regex: str) -> str:
    """A regex that polars takes: of a kind that needs time in proportion to the text, whatever it is."""
    try:
        pl.Series([""]).str.contains(_text(regex, "regex"))
    except pl.exceptions.PolarsError as error:
        if "size limit" in str(error):
            raise UsageError(f"regex: {regex[:60]!r} is too large when it is spelled out: ask for less") from error
        raise UsageError(f"regex: {regex[:60]!r} is no Rust regex ({reason_of(str(error))}") from error
    return regex


def severity_of(level: str) -> int:
    """The severity number of a word that loggers write for a level, in any case.

    Raises
    ------
    UsageError
        If no logger does.

    Examples
    --------
    >>> severity_of("warning"), severity_of("ERROR")
    (13, 17)
    """
    found = pl.DataFrame({"word": [_text(level, "level")]}).select(numbers(pl.col("word")))["word"][0]
    if found is None:
        close = difflib.get_close_matches(level.upper(), LEVELS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"wanted one of {', '.join(LEVELS)}"
        raise UsageError(f"level: {level[:40]!r} is no level: {hint}")
    return int(found)


def _known(service: str, templates: pl.DataFrame) -> str:
    known = templates["services"].explode().drop_nulls().unique().sort().to_list()
    if _text(service, "service") not in known:
        close = difflib.get_close_matches(service, known, n=1)
        shown = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known[:5]) or '(none)'}"
        raise UsageError(f"service: no template is of {service[:60]!r}: {shown}")
    return service
