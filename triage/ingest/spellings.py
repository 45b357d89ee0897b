"""How logs spell points in time: one `Syntax` a family, tried in the order of `SYNTAXES`."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest.zones import ABBREVIATIONS

MONTH = (
    "(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)
HMS = r"\d{1,2}:\d\d:\d\d"
FRACTION = r"(?:[.,:](?P<fraction>\d{1,9})\d*)?"
HALF = r"(?: ?(?P<half>[AaPp]\.?[Mm]\b\.?))?"
#: Offsets that zones have; what looks like one in a message seldom does.
_HOURS, _MINUTES = r"[+-](?:0\d|1[0-4])", "(?:00|15|30|45)"
OFFSET = rf"[Zz]\b|{_HOURS}:?{_MINUTES}\b|{_HOURS}\b"
NAMED = "|".join(sorted(ABBREVIATIONS, key=lambda name: (-len(name), name)))
#: As people write an offset: ahead of UTC is plus.
_FROM_UTC = rf"(?:UTC|GMT)(?:[+-](?:0?[0-9]|1[0-4])(?::?{_MINUTES})?| {_HOURS}:?{_MINUTES})"
ZONE = (
    rf"(?:(?P<zone>{OFFSET})| (?P<offset>{_HOURS}:?{_MINUTES})\b| ?(?P<from_utc>{_FROM_UTC})\b| ?(?P<named>{NAMED})\b)?"
    r"(?:\[[A-Z]\w+/[\w/+-]+\])?"
)
REST = f"{FRACTION}{HALF}{ZONE}"


@dataclass(frozen=True)
class Syntax:
    """One family of timestamp spellings.

    Attributes
    ----------
    name : str
        For the ledger.
    pattern : str
        A Rust regex with the group ``time``, and perhaps ``fraction``, ``half`` (AM or PM), ``zone``, ``offset``
        and ``named``.
    layouts : tuple of str
        strptime layouts of the group ``time`` after `tidy`: where the order of day, month and year is not plain, each
        order, the usual one first. Syntaxes that are no calendar have none.
    fixes : tuple of (str, str)
        Regex replacements that make a layout fit the group ``time``, in order.
    has_year, has_date : bool
        Without a year the reader fills in one and the ledger says so; a time of day alone dates nothing.
    at_start : bool
        Looked for only where the line begins, or behind a mark: elsewhere it could be any number.
    hint : str
        A small pattern, quickly made and quickly searched for, that every line with such a time holds.
    """

    name: str
    pattern: str
    layouts: tuple[str, ...] = ()
    fixes: tuple[tuple[str, str], ...] = ()
    has_year: bool = True
    has_date: bool = True
    at_start: bool = False
    hint: str = r"\d"

    def tidy(self, time: pl.Expr) -> pl.Expr:
        """The group ``time`` as the layout reads it."""
        for found, wanted in self.fixes:
            time = time.str.replace_all(found, wanted)
        return time


#: A month's first three letters; what parts the pieces of a date becomes one space.
NAMES = ((r"(?i)([a-z]{3})[a-z]*", "$1"), (r"[-/ ,]+", " "))
_MONTHS = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_YMD = r"\d{4}[-/.:]\d\d[-/.:]\d\d"
#: A clock with dots is one behind a date only.
_DOTTED = r"\d{1,2}[:.]\d\d[:.]\d\d"

SYNTAXES: tuple[Syntax, ...] = (
    Syntax(
        "iso-bias",
        r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}\.[0-9]{2}\.[0-9]{2})\.(?P<fraction>[0-9]{6})(?P<zone>[+-][0-9]{3})\b",
        ("%Y-%m-%d-%H.%M.%S",),
        hint=r"-[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{6}[+-]",
    ),
    Syntax(
        "iso-8601",
        rf"(?P<time>{_YMD}(?:[T_:]| +[-|@,]? *|[-|@,] *|\] ?\[){_DOTTED}){REST}",
        ("%Y-%m-%d %H:%M:%S",),
        (
            (r"^(\d{4}).(\d\d).(\d\d)\D+(\d{1,2}).(\d\d).(\d\d)$", "$1-$2-$3 $4:$5:$6"),
            (r" (\d):", " 0$1:"),
        ),
        hint=_YMD,
    ),
    Syntax(
        "iso-minutes",
        rf"(?P<time>{_YMD}[T ]\d\d:\d\d){HALF}{ZONE}",
        ("%Y-%m-%d %H:%M",),
        ((r"^(\d{4}).(\d\d).(\d\d).", "$1-$2-$3 "),),
        hint=_YMD,
    ),
    Syntax(
        "iso-unpadded",
        rf"(?P<time>[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}[T ,]+{HMS}){REST}",
        ("%Y-%m-%d %H:%M:%S",),
        ((r"^(\d+)\D(\d+)\D(\d+)\D+", "$1-$2-$3 "),),
        hint=r"[0-9]{4}[-/.](?:[0-9][-/.]|[0-9]{2}[-/.][0-9][T ,])",
    ),
    Syntax(
        "iso-basic",
        rf"(?P<time>\d{{8}}[T :-]?\d\d:?\d\d:?\d\d){REST}",
        ("%Y%m%d%H%M%S",),
        ((r"\D", ""),),
        hint=r"\d{8}[T :-]?\d\d",
    ),
    Syntax(
        "day-of-year",
        rf"(?P<time>\d{{4}}[-./]\d{{3}}[T :/-]{HMS}){REST}",
        ("%Y-%j %H:%M:%S",),
        ((r"^(\d{4}).(\d{3}).", "$1-$2 "), (r" (\d):", " 0$1:")),
        hint=r"\d{4}[-./]\d{3}[T :/-]",
    ),
    Syntax(
        "day-month-year",
        rf"(?P<time>\d{{1,2}}[-/ ]?{MONTH}[-/ ]?\d{{4}}[: ,T]+{HMS}){REST}",
        ("%d %b %Y %H:%M:%S",),
        ((r"^(\d+)([A-Za-z]+)(\d{4})", "$1 $2 $3"), *NAMES, (r"(\d{4})[: T]+", "$1 ")),
        hint=_MONTHS,
    ),
    Syntax(
        "day-month-short-year",
        rf"(?P<time>\d{{1,2}}[-/ ]{MONTH}[-/ ]\d\d[: ,T]+{HMS}){REST}",
        ("%d %b %y %H:%M:%S",),
        (*NAMES, (r"^(\d+ \w+ \d\d)[: T]+", "$1 ")),
        hint=_MONTHS,
    ),
    Syntax(
        "day-month-year-minutes",
        rf"(?P<time>[0-9]{{1,2}}[-/]{MONTH}[-/][0-9]{{4}}[: ][0-9]{{2}}:[0-9]{{2}}){HALF}{ZONE}",
        ("%d %b %Y %H:%M",),
        (*NAMES, (r"(\d{4})[: ]", "$1 ")),
        at_start=True,
        hint=rf"[-/]{_MONTHS}[a-z]*[-/][0-9]{{4}}[: ]",
    ),
    Syntax(
        "ctime",
        rf"(?P<time>{MONTH} +\d{{1,2}} {HMS}){FRACTION} (?:(?P<named>{NAMED}) )?(?P<year>(?:19|20)\d\d)\b"
        rf"(?: (?P<offset>{_HOURS}:?{_MINUTES})\b| (?P<later>{NAMED})\b)?",
        ("%Y %b %d %H:%M:%S",),
        NAMES,
        hint=_MONTHS,
    ),
    Syntax(
        "year-month-day",
        rf"(?P<time>(?:19|20)[0-9]{{2}}[ -]{MONTH}[ -]+[0-9]{{1,2}} {HMS}){REST}",
        ("%Y %b %d %H:%M:%S",),
        NAMES,
        hint=rf"[0-9]{{4}}[ -]{_MONTHS}",
    ),
    Syntax(
        "month-day-year",
        rf"(?P<time>{MONTH}[/ ]+\d{{1,2}},?[/ ]+\d{{4}}[ ,]+(?:(?:at|@) +)?{HMS}){REST}",
        ("%b %d %Y %H:%M:%S",),
        ((r" (?:at|@) ", " "), *NAMES),
        hint=_MONTHS,
    ),
    Syntax(
        "month-day-short-year",
        rf"(?P<time>{MONTH}[-/][0-9]{{1,2}}[-/][0-9]{{2}} {HMS}){REST}",
        ("%b %d %y %H:%M:%S",),
        NAMES,
        hint=rf"{_MONTHS}[-/][0-9]",
    ),
    Syntax(
        "syslog",
        rf"(?P<time>{MONTH}[/ ]+\d{{1,2}} {HMS}){REST}",
        ("%Y %b %d %H:%M:%S",),
        NAMES,
        has_year=False,
        hint=_MONTHS,
    ),
    Syntax(
        "day-month",
        rf"(?P<time>[0-9]{{1,2}}[ -]{MONTH}[ ,]+{HMS}){REST}",
        ("%Y %d %b %H:%M:%S",),
        NAMES,
        has_year=False,
        hint=rf"[0-9][ -]{_MONTHS}[a-z]* ",
    ),
    Syntax(
        "day-month-minutes",
        rf"(?P<time>[0-9]{{1,2}}-{MONTH} [0-9]{{2}}:[0-9]{{2}})\b",
        ("%Y %d %b %H:%M",),
        NAMES,
        has_year=False,
        at_start=True,
        hint=rf"[0-9]-{_MONTHS}[a-z]* ",
    ),
    Syntax(
        "numeric-date",
        rf"(?P<time>\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}[T ,:-]+{_DOTTED}){REST}",
        ("%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S"),
        ((r"^(\d+)\D(\d+)\D(\d{4})\D+(\d+).(\d\d).", "$1/$2/$3 $4:$5:"),),
        hint=r"\d[-/.]\d{1,2}[-/.]\d{4}",
    ),
    Syntax(
        "two-digit-year",
        rf"(?P<time>(?:\d\d[-/.]\d\d[-/.]\d\d|[0-9]{{1,2}}[/.][0-9]{{1,2}}[/.][0-9]{{2}})[ ,T-]+{_DOTTED}){REST}",
        ("%y/%m/%d %H:%M:%S", "%m/%d/%y %H:%M:%S", "%d/%m/%y %H:%M:%S"),
        ((r"^(\d+)\D(\d+)\D(\d\d)\D+(\d+).(\d\d).", "$1/$2/$3 $4:$5:"),),
        hint=r"[0-9][-/.][0-9]{1,2}[-/.][0-9]{2}[ ,T-]",
    ),
    Syntax(
        "compact-date",
        rf"(?P<time>\d{{6}}[ T]+\d{{1,2}}:?\d\d:?\d\d){REST}",
        ("%y%m%d %H%M%S",),
        ((r"^(\d{6})[ T]+(\d):", "$1 0$2:"), (":", ""), (r"[ T]+", " ")),
        hint=r"\d{6}[ T]",
    ),
    Syntax(
        "month-day",
        rf"(?P<time>\d\d[-/.]\d\d[ |-]{HMS}){REST}",
        ("%Y %m-%d %H:%M:%S",),
        ((r"^(\d\d).(\d\d).", "$1-$2 "),),
        has_year=False,
        hint=r"\d\d[-/.]\d\d[ |-]\d",
    ),
    Syntax(
        "month-day-basic",
        r"(?P<time>[0-9]{4}/[0-9]{6})\.(?P<fraction>[0-9]{3,6})\b",
        ("%Y %m%d/%H%M%S",),
        has_year=False,
        hint=r"[0-9]{4}/[0-9]{6}\.",
    ),
    Syntax(
        "epoch",
        r"(?P<time>1\d{9}(?:\.\d+)*|1\d{12}(?:\.\d{1,6})?|1\d{15}|1\d{18}|1\.[0-9]{1,18}e\+?0?9)\b",
        at_start=True,
        hint=r"1\d{9}|1\.[0-9]+e",
    ),
    Syntax("epoch-fraction", r"(?P<time>1[0-9]{9}\.[0-9]{3,9})\b", hint=r"1[0-9]{9}\.[0-9]{3}"),
    Syntax("tai64n", r"(?P<time>@4[0-9a-f]{23})\b", at_start=True, hint="@4"),
    Syntax(
        "clock",
        rf"(?P<time>{HMS}){REST}",
        ("%Y-%m-%d %H:%M:%S",),
        has_year=False,
        has_date=False,
        hint=r"\d:\d\d",
    ),
)
DATED = tuple(syntax for syntax in SYNTAXES if syntax.has_date)
#: The spelling that runtimes use.
ISO = tuple(syntax for syntax in SYNTAXES if syntax.name == "iso-8601")
