"""What every correction is checked for: texts that can be templates, patterns that can be masks."""

from __future__ import annotations

import re

import polars as pl

from triage.errors import UsageError
from triage.ingest.formats.line_format import HALF_CHARACTER, reason_of, short_pattern

#: Characters of a template's text, of a mask's pattern, of its name and of a value that becomes part of a template.
MOST_TEXT, MOST_PATTERN, MOST_NAME, MOST_VALUE = 4000, 1000, 20, 80
#: A template is split into so many parts at most: each is a series of its own, to be tested for onsets.
MOST_PARTS = 20
#: Texts in which whatever can match nothing at all does so: each beginning, end and edge of a word and a line.
PROBES = pl.Series(["", "a-a--aa", "-a", "--", "a\n\na", "é"])


def is_id(text: str) -> bool:
    """Whether a text is the id of a template, which an incident can look up."""
    return re.fullmatch("t[0-9a-f]{10}", text) is not None


def quoted(text: str) -> str:
    """A text from logs in a sentence."""
    return f"“{text}”"


def shortened(text: str) -> str:
    """A text from logs in an error of one line."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def checked_text(what: str, key: str, given: object) -> str:
    """A text of one line, its words one space apart."""
    if not isinstance(given, str) or not given.strip():
        raise UsageError(f"{what}: {key}: got {given!r:.60}, wanted text, as `triage templates` shows it")
    if half := HALF_CHARACTER.search(given):
        raise UsageError(f"{what}: {key}: {half[0]!r} is half a character: write <*> for what is hard to type")
    if len(given) > MOST_TEXT:
        raise UsageError(f"{what}: {key}: {len(given)} characters, wanted at most {MOST_TEXT}: write <*> for a part")
    return " ".join(given.split())


def check_regex(label: str, pattern: object) -> None:
    """Raise a UsageError for what is no Rust regex, is too large, or matches nothing at all."""
    if not isinstance(pattern, str) or not pattern:
        raise UsageError(f"{label}: pattern: got {pattern!r:.60}, wanted a Rust regex, such as 'ord-[0-9a-z]+'")
    if half := HALF_CHARACTER.search(pattern):
        raise UsageError(
            f"{label}: pattern: {half[0]!r} is half a character: write \\u{{…}} for one that is hard to type"
        )
    if len(pattern) > MOST_PATTERN:
        hint = "give two masks of one name"
        raise UsageError(f"{label}: pattern: {len(pattern)} characters, wanted at most {MOST_PATTERN}: {hint}")
    try:
        empty = PROBES.str.extract_all(pattern).list.contains("").any()
    except pl.exceptions.PolarsError as error:
        reason = reason_of(str(error))
        raise UsageError(f"{label}: pattern: {short_pattern(pattern)} is no Rust regex ({reason}") from error
    if empty:
        hint = "write + for *" if "*" in pattern else "write what must stand there"
        raise UsageError(f"{label}: pattern: {short_pattern(pattern)} also matches where nothing stands: {hint}")
