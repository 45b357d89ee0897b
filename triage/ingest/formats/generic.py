"""Any line with a timestamp near its beginning: level, logger and message are found around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from triage.ingest import levels, spellings, timestamps
from triage.ingest.attributes import as_attributes
from triage.ingest.context import Context
from triage.ingest.formats.base import Reading, claims_nothing
from triage.ingest.groups import groups_of
from triage.ingest.levels import HEAD_PATTERN, numbers
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import Syntax
from triage.ingest.zones import is_zone

#: What may stand before the time: marks, or a few words such as a level, a program, a thread or an address.
FIRST = r"""(?P<lead>[\s\[(<"'|#*-]*)"""
WORDS = r"""(?P<lead>[\s\[(<"'|#*-]*(?:\S{1,60}[\s|]+){0,4}?(?:\S{0,60}?[\[(<"'=|@,:>\])])?)"""
#: Before the time of a whole log line inside a message: marks, or a level. Other words are the message's own.
LEVELLED = r"""(?P<lead>[\s\[(<"'|#*-]*(?:[A-Z]{3,8}[\s\])>|:]+)?[\[(<"']?)"""
#: Before a time that could be any number.
MARKS = r"""(?P<lead>[\[(<"'#+@ -]{0,4})"""
#: Characters of a line in which its time begins, and in which a level is looked for behind it.
LEAD_CHARS, HEAD_CHARS = 160, 80
#: Characters that a time has at most.
TIME_CHARS = 40
#: A line of an object that is written over several lines; what stands before a time that is a value in an object.
MEMBER = r"""^\s*"[A-Za-z_@$][^"]*"\s*:\s|^\s+"[^"]*"\s*:|^\s+"[^"]*",?\s*$"""
VALUE = r'[{,]\s*"[^"]*"\s*:\s*"$'
#: A line that is set in and names what the time is of, which is no level.
FIELD = r"""^(?:\t| {2})\s*[A-Za-z_][\w -]{0,30}[=(:]\s?["']?\d"""
LEVEL_FIRST = rf"^\s*(?:{levels.LEAD_PATTERN})"
#: What may be the name of a zone behind a time.
PLACE = r"^ [\[(]?([A-Z][A-Za-z]+/[A-Z][\w+/-]*)\b[\])]?"
#: No line without any of these holds a time.
CLOCKLIKE = (
    r"\d[:.]\d\d[:.]\d\d|\d[T ]\d\d:\d\d|\d{9}|\d{6}[ T]\d{5}|\de\+?0?9|@4[0-9a-f]{23}"
    r"|\d{4}/\d{6}\.|\d{8}[:-]\d{6}|-[A-Za-z]{3,9}(?:-\d{4})?[: ]\d\d:\d\d"
)
#: A syslog priority in front of the time.
PRIORITY = r"^<([0-9]{1,3})>[0-9]? *$"
#: In front of the time of a line that is set in.
SET_IN = r"^(?:\t| {2})\s*[\[(]?$"
#: Share of a sample's lines that have a level behind the time where there is a column of levels, and lines needed.
COLUMN_SHARE, COLUMN_LINES = 0.9, 2
#: Begins the crash reports of Go, and is no level there.
CRASHED = "panic"
LOGGER = r"^([A-Za-z_$][\w$]*(?:(?:\.|::)[\w$]+)+(?:[#:]\d+)?):?\s+"
#: A second, finer time right behind the first, as wrappers leave them.
FINER = r"^[\s\[(|,-]*(?P<again>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,9})[\])]?(?P<rest>.*)$"


@dataclass(frozen=True)
class GenericFormat:
    """Reads a line by finding its timestamp.

    Attributes
    ----------
    syntaxes : tuple of Syntax
        The spellings looked for. The one that stands first in a line wins, of two at one place the first of these.
    leads : tuple of str
        Patterns of what may stand before the time, tried in order.
    dated : bool
        Without a date the reading gives no timestamp: an envelope must have one.
    column : bool
        The first word behind the time is a level, be it a letter.
    margin : bool
        Records begin at the margin: a time in a line that is set in belongs to the text of the record above.
    """

    name: str
    syntaxes: tuple[Syntax, ...]
    leads: tuple[str, ...] = (FIRST, WORDS)
    dated: bool = True
    column: bool = False
    margin: bool = False
    multiline: bool = True
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        head = text.str.slice(0, LEAD_CHARS)
        if not head.str.contains(CLOCKLIKE).any():
            return claims_nothing(text)
        found, votes = self._found(text, context)
        claimed = found["rest"].is_not_null()
        if not claimed.any():
            return claims_nothing(text)
        if not self.dated:
            found = found.with_columns(pl.lit(None, FIELDS["timestamp"]).alias("timestamp"))
        fields = _fields(found, self.column)
        notes = tuple(dict.fromkeys(note for vote in votes for note in vote.notes))
        missing = self.dated and any(vote.zone_missing for vote in votes)
        return Reading(fields, claimed, missing, self.dated and any(vote.year_missing for vote in votes), notes)

    def narrowed(self, text: pl.Series, context: Context) -> GenericFormat:
        """Give this format with only the spellings that lines of a sample have, the most frequent first."""
        found, _ = self._found(text, context)
        seen = found["syntax"].drop_nulls().value_counts(sort=True)["syntax"].to_list()
        syntaxes = tuple(s for name in seen for s in self.syntaxes if s.name == name)
        return replace(self, syntaxes=syntaxes, column=_has_column(found["rest"].drop_nulls()))

    def _found(self, text: pl.Series, context: Context) -> tuple[pl.DataFrame, list[timestamps.Parsed]]:
        """``lead``, ``rest``, ``timestamp`` and ``syntax`` of each line, null where it has no time."""
        rows = pl.DataFrame({"text": text}).with_row_index("row")
        rows = rows.with_columns(pl.col("text").str.slice(0, LEAD_CHARS + TIME_CHARS).alias("head"))
        rows = rows.filter(
            pl.col("head").str.slice(0, LEAD_CHARS).str.contains(CLOCKLIKE),
            ~pl.col("head").str.contains(MEMBER),
        )
        if rows["head"].str.contains(r"^(?:\t|  )").any():
            rows = rows.filter(~pl.col("head").str.contains(FIELD) | pl.col("head").str.contains(LEVEL_FIRST))
        done = []
        for place, syntax in enumerate(self.syntaxes):
            if not len(rows):
                break
            frame, parsed = self._try(rows, place, syntax, context)
            if len(frame):
                done.append((frame, parsed))
                settled = frame.filter(pl.col("at") == 0)["row"]  # no other time can stand before it
                rows = rows.filter(~pl.col("row").is_in(settled.implode())) if len(settled) else rows
        if not done:
            empty = pl.lit(None, pl.String)
            columns = (empty.alias("lead"), empty.alias("rest"), empty.alias("syntax"))
            return pl.select(pl.repeat(None, len(text), dtype=FIELDS["timestamp"]).alias("timestamp"), *columns), []
        first = pl.concat([frame for frame, _ in done]).sort("row", "at", "place").unique("row", keep="first")
        whole = pl.DataFrame({"row": pl.arange(0, len(text), eager=True, dtype=pl.UInt32)})
        names = first["syntax"].unique().to_list()
        votes = [parsed for frame, parsed in done if frame["syntax"][0] in names]
        return whole.join(first, on="row", how="left", maintain_order="left").drop("row", "at", "place"), votes

    def _try(
        self, rows: pl.DataFrame, place: int, syntax: Syntax, context: Context
    ) -> tuple[pl.DataFrame, timestamps.Parsed]:
        """The lines that one syntax finds a time in."""
        rows = rows.filter(pl.col("head").str.contains(syntax.hint))
        found = _stamped(rows, (MARKS,) if syntax.at_start else self.leads, syntax.pattern)
        if self.margin and len(found):
            found = found.filter(~found["lead"].str.contains(SET_IN))
        if not len(found):
            return found.select("row").clear(), timestamps.Parsed(pl.Series(dtype=FIELDS["timestamp"]))
        found = _whole(found)
        # Any date will do to tell a time of day from a number.
        if self.dated:
            found, parsed = _parsed(found, syntax, context)
        else:
            parsed = timestamps.parse("2000-01-01 " + found["stamp"], context, spellings.ISO)
        rest = _finer(found["rest"], parsed.utc, found["stamp"], context) if self.dated else None
        frame = found.select(
            "row",
            "lead",
            pl.lit(syntax.name).alias("syntax"),
            pl.col("at"),
            pl.lit(place).alias("place"),
            (rest["rest"] if rest is not None else found["rest"]).alias("rest"),
            (rest["utc"] if rest is not None else parsed.utc).alias("timestamp"),
        ).filter(pl.col("timestamp").is_not_null())
        return frame, parsed


def _stamped(rows: pl.DataFrame, leads: tuple[str, ...], time: str) -> pl.DataFrame:
    """The lines with such a time behind the first of `leads` that fits: ``lead``, ``stamp`` and ``rest``."""
    done, left = [], rows
    for lead in leads if len(rows) else ():
        groups = groups_of(left["text"], rf"^{lead}(?P<stamp>{time})[\])>]?(?P<rest>.*)$").select(
            "lead", "stamp", "rest"
        )
        matched = groups["stamp"].is_not_null()
        done.append(left.select("row").hstack(groups).filter(matched))
        left = left.filter(~matched)
        if not len(left):
            break
    return pl.concat(done) if done else rows.clear()


def _whole(found: pl.DataFrame) -> pl.DataFrame:
    """With ``at``, where the time begins; where it is in an object at the line's end, the line keeps all its text."""
    found = found.with_columns(pl.col("lead").str.len_bytes().alias("at"))
    if not found["lead"].str.ends_with('"').any():
        return found
    inside = pl.col("lead").str.contains(VALUE)
    return found.with_columns(
        pl.when(inside).then(pl.lit("")).otherwise("lead").alias("lead"),
        pl.when(inside).then(pl.concat_str("lead", "stamp", "rest")).otherwise("rest").alias("rest"),
    )


def _parsed(found: pl.DataFrame, syntax: Syntax, context: Context) -> tuple[pl.DataFrame, timestamps.Parsed]:
    """Lines and their times; what stands behind a time is its zone if there is one of that name."""
    if not found["rest"].str.contains(PLACE).any():
        return found, timestamps.parse(found["stamp"], context, (syntax,))
    places = found["rest"].str.extract(PLACE, 1)
    parsed = timestamps.parse_in(found["stamp"], places, context, (syntax,))
    known = places.is_in([name for name in places.unique().drop_nulls() if is_zone(name)]).fill_null(False)
    rest = pl.when(known).then(pl.col("rest").str.replace(PLACE, "")).otherwise("rest")
    return found.with_columns(rest.alias("rest")), parsed


def _finer(rest: pl.Series, utc: pl.Series, stamp: pl.Series, context: Context) -> pl.DataFrame:
    """Rest and time, with the fraction of a second time behind the first where that has none."""
    coarse = ~stamp.str.contains(r"[.,]\d{3}")
    frame = pl.DataFrame({"rest": rest, "utc": utc, "coarse": coarse})
    if not coarse.any():
        return frame
    again = pl.when("coarse").then(pl.col("rest").str.slice(0, 40).str.extract(FINER, 1)).alias("again")
    frame = frame.with_columns(again)
    if frame["again"].is_null().all():
        return frame
    finer = timestamps.parse(frame["again"], context).utc
    same = (finer.dt.truncate("1s") == utc.dt.truncate("1s")).fill_null(False)
    return frame.with_columns(
        pl.when(same).then(finer).otherwise("utc").alias("utc"),
        pl.when(same).then(pl.col("rest").str.extract(FINER, 2)).otherwise("rest").alias("rest"),
    )


def _has_column(rest: pl.Series) -> bool:
    """Whether the first word behind nearly every time is a level."""
    known = int(rest.to_frame("rest").select(_in_column(pl.col("rest").str.slice(0, HEAD_CHARS)).count()).item())
    return known >= COLUMN_LINES and known >= COLUMN_SHARE * len(rest)


def _in_column(rest: pl.Expr) -> pl.Expr:
    word = rest.str.extract(levels.COLUMN_PATTERN, 1)
    return pl.when(numbers(word).is_not_null() & (word != CRASHED)).then(word)


def _without_column(rest: pl.Expr) -> pl.Expr:
    return pl.when(_in_column(rest).is_not_null()).then(rest.str.replace(levels.COLUMN_PATTERN, "")).otherwise(rest)


def _head(before: pl.Expr, column: bool) -> pl.Expr:
    """The word in a column of levels, or one near the time."""
    rest = pl.col("rest").str.slice(0, HEAD_CHARS)
    head = pl.concat_str(before, rest, separator=" ").str.extract(HEAD_PATTERN, 1).str.strip_chars(levels.MARKS)
    return pl.coalesce(_in_column(rest), head) if column else head


def _level(before: pl.Expr, column: bool) -> pl.Expr:
    """The word for the level: a syslog priority, a word in front of the time, or as `_head` finds it."""
    lead = pl.col("lead")
    step = lead.str.extract(PRIORITY, 1).cast(pl.UInt16) % 8
    told = step.cast(pl.String).replace_strict(levels.SYSLOG_STEPS, default=None, return_dtype=pl.String)
    said = before.str.extract(levels.LEAD_PATTERN, 1)
    whole = pl.when(numbers(before).is_not_null()).then(before)
    return pl.coalesce(told, said, whole, _head(before.fill_null(""), column))


def _fields(parts: pl.DataFrame, column: bool) -> pl.DataFrame:
    before, rest = pl.col("lead").str.strip_chars(" \t[]()<>\"'|#*=-,:@"), pl.col("rest")
    bare_lead = not parts["lead"].str.contains(r"\w").any()  # the rule, and then nothing needs to be looked for
    level = _head(pl.lit(""), column) if bare_lead else _level(before, column)
    # The level is taken off the message where it leads it, in or out of brackets.
    own = rf"^(?:[\s:|,]|-(?:[\s-]|$))*[\[(<]?(?:{HEAD_PATTERN})[\])>]?(?:[\s:|]|-(?:[\s-]|$))*"
    # A dash that parts is taken off, a minus is not.
    bare = (_without_column(rest) if column else rest).str.replace(own, "")
    bare = bare.str.replace(r"^(?:[\s:|,]|-(?:[\s-]|$))+", "")
    told = numbers(before).is_not_null() | pl.col("lead").str.contains(PRIORITY)
    word = pl.when(~told & (before != "")).then(before)
    found = parts.with_columns(level.alias("severity_text"), bare.alias("rest"), word.alias("before_time"))
    found = found.with_columns(
        numbers(pl.col("severity_text")).alias("severity_number"),
        pl.col("rest").str.replace(LOGGER, "").alias("body"),
        pl.col("rest").str.extract(LOGGER, 1).alias("logger"),
    )
    return conform(found.with_columns(as_attributes(found, ("logger", "before_time"))), FIELDS)


GENERIC = GenericFormat("generic", spellings.DATED)
#: A whole log line inside a message.
NESTED_LINE = GenericFormat("generic", spellings.DATED, leads=(FIRST, LEVELLED))
#: A time of day alone dates nothing: such a line begins a record, and its time must come from an envelope.
CLOCK_ONLY = GenericFormat(
    "clock-only", tuple(s for s in spellings.SYNTAXES if not s.has_date), leads=(r"(?P<lead>[\[(]?)",), dated=False
)
