"""Timestamps in log text to UTC nanoseconds, a column at a time.

A `Syntax` is one family of spellings. Its pattern names the parts that matter: ``zone`` (an offset or an
abbreviation) and ``fraction``; everything else is turned into one naive clock reading by `clock`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from triage.ingest.schema import UTC_NS
from triage.ingest.zones import ABBREVIATIONS

MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
MONTH = "(?i:" + MONTH_NAMES.replace(" ", "|") + ")"
DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
HMS = r"\d\d:\d\d:\d\d"
FRACTION = r"(?:[.,](?P<fraction>\d{1,9})\d*)?"
OFFSET = r"Z|[+-]\d\d:?\d\d|[+-]\d\d\b"
NAMED = r"UTC|GMT|[A-Z]{1,4}T"
ZONE = rf"(?: ?(?P<zone>{OFFSET})| (?P<named>{NAMED})\b)?"


@dataclass(frozen=True)
class Syntax:
    """One family of timestamp spellings.

    Attributes
    ----------
    name : str
        For the ledger.
    pattern : str
        A Rust regex with the group ``time``, and perhaps ``fraction`` and ``zone``.
    layout : str
        The strptime layout of the group ``time`` after `tidy`.
    tidy : callable
        From the matched text of ``time`` to what `layout` reads.
    has_year, has_date : bool
        Without a year (or date) the reader fills in one and the ledger says so.
    """

    name: str
    pattern: str
    layout: str
    tidy: Callable[[pl.Expr], pl.Expr] = lambda time: time
    has_year: bool = True
    has_date: bool = True


def _iso(time: pl.Expr) -> pl.Expr:
    return (
        time.str.replace_all("/", "-", literal=True)
        .str.replace("T", " ", literal=True)
        .str.replace(r"^(\d{4}-\d\d-\d\d) +(\d):", "$1 0$2:")
    )


def _title_month(time: pl.Expr) -> pl.Expr:
    return time.str.replace_all(r"[-/ ]+", " ").str.to_titlecase()


SYNTAXES: tuple[Syntax, ...] = (
    Syntax(
        "iso-8601",
        rf"(?P<time>\d{{4}}[-/]\d\d[-/]\d\d(?:[T ]| +)\d{{1,2}}:\d\d:\d\d){FRACTION}{ZONE}",
        "%Y-%m-%d %H:%M:%S",
        _iso,
    ),
    Syntax(
        "day-month-year",
        rf"(?P<time>\d{{1,2}}[-/ ]{MONTH}[-/ ]\d{{4}}[: ]{HMS}){FRACTION}{ZONE}",
        "%d %b %Y %H:%M:%S",
        lambda time: _title_month(time.str.replace(r"(\d{4}):", "$1 ")),
    ),
    Syntax(
        "ctime",
        rf"(?:{DAY} )(?P<time>{MONTH} +\d{{1,2}} {HMS}{FRACTION} (?:(?P<named>{NAMED}) )?\d{{4}})",
        "%b %d %H:%M:%S %Y",
        lambda time: _title_month(time.str.replace(r"[.,]\d+ ", " ").str.replace(rf" (?:{NAMED}) ", " ")),
    ),
    Syntax(
        "syslog",
        rf"(?P<time>{MONTH} +\d{{1,2}} {HMS}){FRACTION}",
        "%Y %b %d %H:%M:%S",
        _title_month,
        has_year=False,
    ),
    Syntax(
        "clock",
        rf"(?P<time>{HMS}){FRACTION}",
        "%Y-%m-%d %H:%M:%S",
        has_year=False,
        has_date=False,
    ),
)


@dataclass(frozen=True)
class Parsed:
    """What a column of time text came to: an expression-free result.

    Attributes
    ----------
    utc : polars.Series
        Datetime (ns, UTC); null where the text is no time.
    zone_missing, year_missing : bool
        Whether a zone or a year had to be assumed for at least one value.
    """

    utc: pl.Series
    zone_missing: bool = False
    year_missing: bool = False


def parse(text: pl.Series, zone: str, year: int | None = None, syntaxes: tuple[Syntax, ...] = SYNTAXES) -> Parsed:
    """Times of a column of text, each tried in every syntax in order, or as an epoch number.

    Parameters
    ----------
    text : polars.Series of String
        Only the time; a match must begin at its first character (an opening bracket is skipped).
    zone : str
        IANA zone for readings without one.
    year : int, optional
        For readings without a year; those stay null without it.
    """
    out = Parsed(pl.Series(text.name, [None] * len(text), dtype=UTC_NS))
    for syntax in syntaxes:
        missing = out.utc.is_null() & text.is_not_null()
        if not missing.any():
            break
        out = _fill(out, _parse_one(text, syntax, zone, year))
    if (out.utc.is_null() & text.is_not_null()).any():
        out = _fill(out, Parsed(epoch(text)))
    return out


def _fill(first: Parsed, second: Parsed) -> Parsed:
    utc = first.utc.fill_null(second.utc)
    grew = utc.null_count() < first.utc.null_count()
    return replace(
        first,
        utc=utc,
        zone_missing=first.zone_missing or (grew and second.zone_missing),
        year_missing=first.year_missing or (grew and second.year_missing),
    )


def _parse_one(text: pl.Series, syntax: Syntax, zone: str, year: int | None) -> Parsed:
    if not syntax.has_year and year is None:
        return Parsed(pl.Series(text.name, [None] * len(text), dtype=UTC_NS))
    parts = (
        pl.DataFrame({"all": text})
        .select(pl.col("all").str.extract_groups(rf"^[\[(<]?{syntax.pattern}").alias("g"))
        .unnest("g")
    )
    time = syntax.tidy(pl.col("time"))
    if not syntax.has_date:
        time = pl.lit(f"{year}-01-01 ") + time
    elif not syntax.has_year:
        time = pl.lit(f"{year} ") + time
    nanos = _column(parts, "fraction").str.pad_end(9, "0").cast(pl.Int64).fill_null(0)
    shown = pl.coalesce(_column(parts, "zone"), _column(parts, "named"))
    frame = parts.select(
        (time.str.to_datetime(syntax.layout, time_unit="ns", strict=False) + pl.duration(nanoseconds=nanos)).alias(
            "clock"
        ),
        _offsets(shown).alias("offset"),
    )
    known = pl.col("clock").dt.replace_time_zone("UTC") - pl.duration(seconds=pl.col("offset"))
    local = (
        pl.col("clock")
        .dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        .fill_null(
            pl.col("clock").dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        )
        .dt.convert_time_zone("UTC")
    )
    done = frame.select(
        pl.when(pl.col("offset").is_null()).then(local).otherwise(known).alias("utc"),
        (pl.col("offset").is_null() & pl.col("clock").is_not_null()).any().alias("zoneless"),
    )
    zoneless = bool(done["zoneless"][0]) if len(done) else False
    utc = done["utc"].cast(UTC_NS).rename(text.name)
    return Parsed(utc, zoneless, not syntax.has_year and utc.is_not_null().any())


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, pl.String)


def _offsets(zone: pl.Expr) -> pl.Expr:
    """Offset from UTC in seconds (Int64) of `Z`, `+02:00`, `+0200`, `+02` or an abbreviation; null if unknown."""
    digits = zone.str.extract_groups(r"^([+-])(\d\d):?(\d\d)?$")
    size = digits.struct.field("2").cast(pl.Int64) * 3600 + digits.struct.field("3").cast(pl.Int64).fill_null(0) * 60
    signed = pl.when(digits.struct.field("1") == "-").then(-size).otherwise(size)
    return pl.coalesce(signed, zone.replace_strict(ABBREVIATIONS, default=None, return_dtype=pl.Int64))


def epoch(text: pl.Series) -> pl.Series:
    """Epoch seconds, milliseconds, microseconds or nanoseconds, told apart by size; years 1990 to 2100.

    Examples
    --------
    >>> epoch(pl.Series(["1700000000.5", "1700000000500", "12"])).dt.epoch("ms").to_list()
    [1700000000500, 1700000000500, None]
    """
    whole, part = r"^(\d{9,19})(?:\.(\d{1,9}))?\d*$", pl.col("t")
    frame = pl.DataFrame({"t": text.cast(pl.String)}).select(
        part.str.extract(whole, 1).cast(pl.Int64, strict=False).alias("n"),
        part.str.extract(whole, 2).alias("f"),
    )
    number, chain = pl.col("n"), pl.lit(None, pl.Int64)
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        low, high = 631_152_000 * scale, 4_102_444_800 * scale
        unit = 1_000_000_000 // scale
        nanos = pl.col("f").str.pad_end(9, "0").cast(pl.Int64).fill_null(0) // scale
        chain = pl.when((number >= low) & (number < high)).then(number * unit + nanos).otherwise(chain)
    return frame.select(chain.cast(UTC_NS).alias(text.name))[text.name]
