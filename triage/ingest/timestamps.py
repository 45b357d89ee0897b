"""Timestamps in log text to UTC nanoseconds, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from triage.ingest.context import Context
from triage.ingest.epochs import epoch, tai64n
from triage.ingest.groups import groups_of
from triage.ingest.schema import UTC_NS
from triage.ingest.spellings import SYNTAXES, Syntax
from triage.ingest.zones import ABBREVIATIONS, AMBIGUOUS, is_zone

#: Years that a log can be from. Others are how programs spell "never" (year 1, year 9999).
FIRST_YEAR, LAST_YEAR = 1980, 2100
#: A 29th of February may lie so many years back.
YEARS_BACK = 8
#: A clock with a fraction. Logs have few different seconds, but a fraction makes each time a text of its own.
FRACTION = r"^(?P<before>[^.,]*:[0-9]{2}:[0-9]{2})[.,](?P<fraction>[0-9]{1,9})[0-9]*(?P<behind>.*)$"
#: The same without one.
BARE = r"^[^.,]*:[0-9]{2}:[0-9]{2}$"
#: A clock with what may be the name of a zone behind it.
PLACE = r"^(.*:[0-9]{2}\S*) \[?([A-Z][A-Za-z]+/[A-Z][\w+/-]*)\]?$"
#: What is skipped in front of a time: a bracket, the name of a day.
BEFORE = r"[\[(<]?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +)?"


@dataclass(frozen=True)
class Parsed:
    """What a column of time text came to.

    Attributes
    ----------
    utc : polars.Series
        Datetime (ns, UTC); null where the text is no time.
    zone_missing, year_missing : bool
        Whether a zone or a year had to be assumed for at least one value.
    notes : tuple of str
        Other assumptions, a sentence each.
    """

    utc: pl.Series
    zone_missing: bool = False
    year_missing: bool = False
    notes: tuple[str, ...] = ()


def parse(text: pl.Series, context: Context, syntaxes: Sequence[Syntax] = SYNTAXES) -> Parsed:
    """Times of a column of text, each tried in every syntax in order, or as an epoch number.

    Parameters
    ----------
    text : polars.Series of String
    Only the time; a match must begin at its first character (an opening bracket and the name of a day are skipped).
    context : Context
        Zone, and year, of times without one.

    Examples
    --------
    >>> parse(pl.Series(["2026-11-21T03:05:12.5+01:00", "never"]), Context()).utc.dt.epoch("ms").to_list()
    [1795226712500, None]
    """
    if text.str.contains("[a-z]/[A-Z]").any():  # found far faster
        places = text.str.extract(PLACE, 2)
        if places.count():
            return parse_in(text.str.extract(PLACE, 1).fill_null(text), places, context, syntaxes)
    rows = _parted(text)
    different = rows["seconds"].unique()
    done = _parse_each(different, context, syntaxes)
    times = pl.DataFrame({"seconds": different, "utc": done.utc})
    found = rows.join(times, on="seconds", how="left", maintain_order="left")
    if "fraction" in rows.columns:
        found = found.select(shifted_by(pl.col("utc"), pl.col("fraction")).alias("utc"))
    return replace(done, utc=found["utc"].alias(text.name))


def _parted(text: pl.Series) -> pl.DataFrame:
    """Times without their fraction (``seconds``), and the ``fraction`` in nanoseconds if any has one."""
    one = text.filter(text.str.contains(FRACTION))[:1] if text.str.contains(r":[0-9]{2}[.,][0-9]").any() else text[:0]
    if not len(one):
        return pl.DataFrame({"seconds": text})
    if (rows := _cut_at(text, *one.str.extract_groups(FRACTION).struct.unnest().row(0)[:2])) is not None:
        return rows
    rows = text.to_frame("text").with_columns(pl.col("text").str.extract_groups(FRACTION).alias("g")).unnest("g")
    return rows.select(
        pl.coalesce(pl.concat_str("before", "behind"), "text").alias("seconds"),
        pl.col("fraction").str.pad_end(9, "0").cast(pl.Int64).fill_null(0),
    )


def _cut_at(text: pl.Series, before: str, fraction: str) -> pl.DataFrame | None:
    """As `_parted`, where all have their fraction where one has it: found far faster. None where they have not."""
    at, end = len(before), len(before) + 1 + len(fraction)
    parts = text.to_frame("text").select(
        pl.concat_str(pl.col("text").str.slice(0, at), pl.col("text").str.slice(end)).alias("seconds"),
        pl.col("text").str.slice(at, 1).alias("mark"),
        pl.col("text").str.slice(at + 1, len(fraction)).alias("fraction"),
    )
    seconds, digits = parts["seconds"].unique().drop_nulls(), parts["fraction"]
    alike = (
        {*parts["mark"].unique().drop_nulls()} <= {".", ","}
        and seconds.str.slice(0, at).str.contains(BARE).all()
        and not seconds.str.slice(at).str.contains(r"^[0-9]").any()
        and bool((digits.str.len_bytes() == len(fraction)).all())
        and not digits.str.contains("[^0-9]").any()
    )
    scale = 10 ** (9 - len(fraction))
    return parts.select("seconds", pl.col("fraction").cast(pl.Int64).fill_null(0) * scale) if alike else None


def parse_in(text: pl.Series, places: pl.Series, context: Context, syntaxes: Sequence[Syntax] = SYNTAXES) -> Parsed:
    """Times as `parse` gives them, each in the zone named beside it in `places` if that is an IANA zone."""
    done = parse(text, context, syntaxes)
    utc, names = done.utc, [name for name in places.unique(maintain_order=True).drop_nulls() if is_zone(name)]
    for name in names:
        there = parse(text, replace(context, zone=name), syntaxes).utc
        utc = there.zip_with((places == name).fill_null(False), utc)
    left = utc.is_not_null() & ~places.is_in(names).fill_null(False)
    return replace(done, utc=utc.alias(text.name), zone_missing=done.zone_missing and bool(left.any()))


def shifted_by(time: pl.Expr, nanoseconds: pl.Expr) -> pl.Expr:
    """Times (ns, UTC) so many nanoseconds later."""
    return (time.to_physical() + nanoseconds).cast(UTC_NS)


def _parse_each(text: pl.Series, context: Context, syntaxes: Sequence[Syntax]) -> Parsed:
    out = Parsed(pl.Series(text.name, [None] * len(text), dtype=UTC_NS))
    for syntax in syntaxes:
        missing = out.utc.is_null() & text.is_not_null()
        if not missing.any():
            break
        out = _fill(out, _parse_one(text, syntax, context))
    if (out.utc.is_null() & text.is_not_null()).any():
        out = _fill(out, Parsed(epoch(text)))
    return out


def _fill(first: Parsed, second: Parsed) -> Parsed:
    utc = first.utc.fill_null(second.utc)
    if utc.null_count() == first.utc.null_count():
        return first
    return replace(
        first,
        utc=utc,
        zone_missing=first.zone_missing or second.zone_missing,
        year_missing=first.year_missing or second.year_missing,
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
    )


def _parse_one(text: pl.Series, syntax: Syntax, context: Context) -> Parsed:
    nothing = Parsed(pl.Series(text.name, [None] * len(text), dtype=UTC_NS))
    if not syntax.has_date or (not syntax.has_year and context.not_after is None):
        return nothing
    parts = groups_of(text, rf"^{BEFORE}{syntax.pattern}")
    if parts["time"].is_null().all():
        return nothing
    if not syntax.layouts:
        return Parsed(tai64n(parts["time"]) if syntax.name == "tai64n" else epoch(parts["time"]))
    parts = parts.with_columns(_naive(parts, syntax, context))
    zoned = parts.select(
        _shifted(pl.col("clock"), _column(parts, "half"), _column(parts, "fraction")),
        pl.coalesce(_column(parts, name) for name in ("zone", "offset", "from_utc", "named", "later")).alias("shown"),
    )
    utc, zoneless = _to_utc(zoned, context.zone)
    notes = _notes(zoned, utc, context.zone) if zoneless or "named" in parts.columns else ()
    return Parsed(utc.rename(text.name), zoneless, not syntax.has_year and utc.null_count() < len(utc), notes)


def _naive(parts: pl.DataFrame, syntax: Syntax, context: Context) -> pl.Series:
    """Clock readings (``clock``, µs, no zone), null where they are none or their year is no year of logs."""
    time, layout = parts.select(syntax.tidy(pl.col("time")).alias("clock"))["clock"], context.layout_of(syntax)
    if "year" in parts.columns:
        time = pl.select(pl.concat_str(parts["year"], time, separator=" ").alias("clock"))["clock"]
    if syntax.has_year:
        clock = _read(time, layout)
        return clock.set(~clock.dt.year().is_between(FIRST_YEAR, LAST_YEAR), None)
    assert context.not_after is not None
    last, choice = context.not_after.replace(tzinfo=None), pl.Series("clock", [None] * len(time), pl.Datetime("us"))
    # All but the 29th of February are settled by the first two; the rest costs nothing where they are absent.
    needed = YEARS_BACK if parts["time"].str.contains(r"(?i)feb\w* +29|02.29").any() else 2
    for back in range(needed):
        clock = _read(f"{last.year - back} " + time, layout)
        choice = choice.fill_null(clock.set(clock > last, None))
    return choice


def _read(time: pl.Series, layout: str) -> pl.Series:
    return time.str.to_datetime(layout, time_unit="us", strict=False)


def _shifted(clock: pl.Expr, half: pl.Expr, fraction: pl.Expr) -> pl.Expr:
    """Clock readings (ns) with AM or PM and the fraction of a second taken in."""
    half = half.str.to_lowercase().str.slice(0, 1)
    hours = (
        pl.when((half == "p") & (clock.dt.hour() < 12)).then(12).when((half == "a") & (clock.dt.hour() == 12)).then(-12)
    )
    nanos = fraction.str.pad_end(9, "0").cast(pl.Int64).fill_null(0)
    return clock.cast(pl.Datetime("ns")) + pl.duration(hours=hours.otherwise(0), nanoseconds=nanos, time_unit="ns")


def _to_utc(zoned: pl.DataFrame, zone: str) -> tuple[pl.Series, bool]:
    """UTC times of ``clock`` in the zone ``shown``, or in `zone`; and whether `zone` was needed."""
    known = pl.col("clock").dt.replace_time_zone("UTC") - pl.duration(seconds=pl.col("offset"), time_unit="ns")
    frame = zoned.with_columns(_offsets(pl.col("shown")).alias("offset"))
    zoneless = bool(frame.select((pl.col("offset").is_null() & pl.col("clock").is_not_null()).any()).item())
    if not zoneless:
        return frame.select(known.alias("utc"))["utc"].cast(UTC_NS), False
    local = localized(pl.col("clock"), zone)
    done = frame.select(pl.when(pl.col("offset").is_null()).then(local).otherwise(known).alias("utc"))
    return done["utc"].cast(UTC_NS), True


def localized(clock: pl.Expr, zone: str) -> pl.Expr:
    """Clock readings of a zone in UTC: the earlier where an hour occurs twice, an hour later where one is left out."""
    if zone == "UTC":
        return clock.dt.replace_time_zone("UTC")
    there = clock.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    moved = clock.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return there.fill_null(moved).dt.convert_time_zone("UTC")


def _notes(zoned: pl.DataFrame, utc: pl.Series, zone: str) -> tuple[str, ...]:
    """What else was assumed: an hour that the clock shows twice or never, abbreviations of several meanings."""
    notes = []
    shown = zoned["shown"].drop_nulls().unique().to_list()
    for name in sorted(set(shown) & AMBIGUOUS):
        hours = ABBREVIATIONS[name] / 3600
        notes.append(f"the zone {name}, which means several, was read as UTC{hours:+g}")
    clock = zoned.filter(pl.col("shown").is_null())["clock"]
    return (*notes, *clock_notes(clock, zone))


def clock_notes(clock: pl.Series, zone: str) -> tuple[str, ...]:
    """What was assumed of readings in an hour that the clock of a zone shows twice or never."""
    if zone == "UTC":
        return ()
    notes, clock = [], clock.drop_nulls()
    late = clock.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    early = clock.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    if (late != early).any():
        notes.append(f"times in the hour that {zone} has twice in autumn were read as the first of the two")
    if late.null_count():
        notes.append(f"times in the hour that {zone} leaves out in spring were read as an hour later")
    return tuple(notes)


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, pl.String)


def _offsets(zone: pl.Expr) -> pl.Expr:
    """Offset from UTC in seconds (Int64) of `Z`, `+02:00`, `+0200`, `GMT+2` or an abbreviation; null if unknown.

    Three digits alone are minutes: `+120`.
    """
    minutes = zone.str.extract(r"^([+-]\d{3})$", 1).cast(pl.Int64) * 60
    digits = zone.str.extract_groups(r"^(?:UTC|GMT)? ?([+-])(\d{1,2}):?(\d\d)?$")
    size = digits.struct.field("2").cast(pl.Int64) * 3600 + digits.struct.field("3").cast(pl.Int64).fill_null(0) * 60
    signed = pl.when(digits.struct.field("1") == "-").then(-size).otherwise(size)
    named = zone.replace_strict({**ABBREVIATIONS, "z": 0}, default=None, return_dtype=pl.Int64)
    return pl.coalesce(minutes, signed, named)
