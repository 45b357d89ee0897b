"""A line format that the user defines: a pattern with named groups, and how to read what they hold."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import polars as pl

from triage.errors import UsageError
from triage.ingest import levels as severity
from triage.ingest.attributes import as_attributes
from triage.ingest.context import Context
from triage.ingest.formats.base import RENAMED, Reading, claims_nothing
from triage.ingest.groups import groups_of
from triage.ingest.layouts import fault_of, parse_layout
from triage.ingest.levels import numbers
from triage.ingest.schema import FIELDS, conform
from triage.ingest.timestamps import Parsed, parse
from triage.ingest.zones import check_zone

LEVELS = {name: getattr(severity, name) for name in ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")}
#: What no text in a log can hold.
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
#: Names of groups with a meaning of their own; any other becomes an attribute.
KNOWN = ("time", "body", *RENAMED)


@dataclass(frozen=True)
class LineFormat:
    r"""A line format of your own, tried before the built-in ones.

    Attributes
    ----------
    name : str
        What the ledger calls it.
    pattern : str
        A Rust regex, looked for anywhere in the line unless it begins with ``^``. The group ``time`` is required; the
        groups ``level``, ``body``, ``service``, ``host``, ``trace`` and ``span`` are those fields, any other named group
        is an attribute. Without ``body`` the message is sought in the whole line.
    time_format : str, optional
        strptime layout of the group ``time``, as chrono reads it. Without one the usual spellings are tried.
    zone : str, optional
        IANA zone of times without one; `tz` if not given.
    multiline : bool
        Whether lines below that no format knows belong to the record.
    levels : mapping
        From words of the group ``level``, in any case, to TRACE, DEBUG, INFO, WARN, ERROR or FATAL. Other words are read
        as usual.

    Raises
    ------
    UsageError
        Says which of them is wrong and what to try.

    Examples
    --------
    >>> LineFormat("till", r"^(?P<time>\d\S+ \S+) <(?P<level>\w+)> (?P<body>.*)$", levels={"sad": "ERROR"}).multiline
    True
    >>> LineFormat("till", r"^(?P<stamp>\S+) (?P<body>.*)$")
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: format 'till': pattern: has no group time, only stamp, body: name the part with the time (?P<time>...)
    """  # noqa: E501  (the error is one line)

    name: str
    pattern: str
    time_format: str | None = None
    zone: str | None = None
    multiline: bool = True
    levels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_types(self)
        groups = _groups(self)
        if self.time_format is not None and (fault := fault_of(self.time_format)):
            raise _wrong(self, "time_format", f"{self.time_format[:60]!r} {fault}")
        if self.zone is not None:
            try:
                check_zone(self.zone)
            except UsageError as error:
                raise _wrong(self, "zone", str(error)) from error
        for word, level in self.levels.items():
            if level not in LEVELS:
                raise _wrong(self, "levels", f"{word[:40]!r} is {level!r:.40}: {_one_of(str(level), LEVELS)}")
        if self.levels and "level" not in groups:
            raise _wrong(self, "levels", "the pattern has no group level: name the part with it (?P<level>...)")
        object.__setattr__(self, "levels", dict(self.levels))  # what the caller holds may change

    @property
    def said(self) -> dict[str, Any]:
        """Its attributes that differ from what they are when nothing is said, with `name` and `pattern`."""
        usual = LineFormat(self.name, self.pattern)
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        must = ("name", "pattern")
        return {name: value for name, value in values.items() if name in must or value != getattr(usual, name)}

    @property
    def follower(self) -> None:
        """No line that another format claims belongs to a record of this one."""
        return None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        # The faster way takes a pattern apart, which one of several parts with bars between them need not stand.
        whole = "|" in self.pattern
        groups = text.str.extract_groups(self.pattern).struct.unnest() if whole else groups_of(text, self.pattern)
        claimed = groups["time"].is_not_null()
        if not claimed.any():
            return claims_nothing(text)
        time = self._times(groups["time"], replace(context, zone=self.zone or context.zone))
        return Reading(
            self._fields(groups, text, claimed, time.utc),
            claimed,
            time.zone_missing and not self.zone,
            time.year_missing,
            (*time.notes, *self._notes(time, claimed)),
        )

    def _times(self, text: pl.Series, context: Context) -> Parsed:
        return parse_layout(text, self.time_format, context) if self.time_format else parse(text, context)

    def _fields(self, groups: pl.DataFrame, text: pl.Series, claimed: pl.Series, utc: pl.Series) -> pl.DataFrame:
        # Groups without a name are numbered.
        extra = [name for name in groups.columns if name not in KNOWN and not name.isdecimal()]
        fields = groups.select(pl.col(name).alias(RENAMED.get(name, name)) for name in groups.columns if name in KNOWN)
        fields = fields.with_columns(utc.alias("timestamp"))
        body = [groups["body"]] if "body" in groups.columns else []
        fields = fields.with_columns(pl.coalesce(*body, pl.when(claimed).then(text)).alias("body"))
        if extra:
            fields = fields.with_columns(as_attributes(groups, extra))
        if "severity_text" in fields.columns:
            fields = fields.with_columns(self._severity().alias("severity_number"))
        return conform(fields, FIELDS)

    def _severity(self) -> pl.Expr:
        word = pl.col("severity_text")
        told = {word.strip().lower(): LEVELS[level] for word, level in self.levels.items()}
        found = word.str.strip_chars().str.to_lowercase().replace_strict(told, default=None, return_dtype=pl.UInt8)
        return pl.coalesce(found, numbers(word)) if told else numbers(word)

    def _notes(self, time: Parsed, claimed: pl.Series) -> list[str]:
        notes = []
        if time.zone_missing and self.zone:
            notes.append(f"times without a zone were read as {self.zone}, the zone of format {self.name!r}")
        if (time.utc.is_null() & claimed).any():
            wanted = f"fit its time_format {self.time_format!r}" if self.time_format else "have a date and a clock"
            notes.append(f"some times in lines of format {self.name!r} do not {wanted}: those records have no time")
        return notes


def _check_types(made: LineFormat) -> None:
    name: object = made.name
    if not isinstance(name, str) or not name.strip() or len(name.splitlines()) > 1:
        raise UsageError(f"format {name!r:.60}: name: wanted a word or two, such as 'till'")
    wanted: dict[str, tuple[type, ...]] = {
        "pattern": (str,),
        "time_format": (str, type(None)),
        "zone": (str, type(None)),
        "multiline": (bool,),
        "levels": (Mapping,),
    }
    called = {str: "text in quotes", bool: "true or false", Mapping: "a table from words to levels"}
    for name, types in wanted.items():
        if not isinstance(value := getattr(made, name), types):
            raise _wrong(made, name, f"got {value!r:.40}, wanted {called[types[0]]}")
        if isinstance(value, str) and (half := HALF_CHARACTER.search(value)):
            raise _wrong(made, name, f"{half[0]!r} is half a character: write \\u{{…}} for one that is hard to type")


def _groups(made: LineFormat) -> list[str]:
    """Names of the pattern's groups."""
    try:
        found = pl.Series([""]).str.extract_groups(made.pattern).struct.fields
    except pl.exceptions.PolarsError as error:
        raise _wrong(
            made, "pattern", f"{short_pattern(made.pattern)} is no Rust regex ({reason_of(str(error))}"
        ) from error
    if "time" not in found:
        names = [name for name in found if not name.isdecimal()]
        others = f", only {', '.join(names)[:60]}" if names else ""
        raise _wrong(made, "pattern", f"has no group time{others}: name the part with the time (?P<time>...)")
    return found


def reason_of(error: str) -> str:
    """What the regex compiler says, without its drawing, up to the closing bracket; and a hint."""
    lines = [line.strip() for line in error.splitlines()]
    told = next((line.removeprefix("error: ") for line in lines if line.startswith("error: ")), lines[0])
    hint = "write out what stands around" if "look-around" in told else "see docs.rs/regex for the syntax"
    return f"{told[:120].rstrip('.')}): {hint}"


def short_pattern(pattern: str) -> str:
    """The beginning of a pattern, in quotes."""
    return repr(pattern if len(pattern) <= 60 else f"{pattern[:57]}...")


def _one_of(given: str, known: Mapping[str, int]) -> str:
    close = difflib.get_close_matches(given.upper(), known, n=1)
    return f"did you mean {close[0]}?" if close else f"wanted one of {', '.join(known)}"


def _wrong(made: LineFormat, key: str, why: str) -> UsageError:
    return UsageError(f"format {made.name[:60]!r}: {key}: {why}")
