"""Any line with a timestamp near its beginning: level, logger and message are found around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from triage.ingest import levels, spellings, timestamps
from triage.ingest.context import Context
from triage.ingest.formats.around import fields_of, gap_of, has_level_column
from triage.ingest.formats.base import Reading, claims_nothing
from triage.ingest.formats.heads import FEW, LOOKED_AT, MOST, USUAL, Head, learnt
from triage.ingest.groups import groups_of
from triage.ingest.schema import FIELDS
from triage.ingest.spellings import Syntax
from triage.ingest.zones import is_zone

#: What may stand before the time: marks, or a few words such as a level, a program, a thread or an address.
FIRST = r"""(?P<lead>[\s\[(<"'|#*-]*)"""
WORDS = r"""(?P<lead>[\s\[(<"'|#*-]*(?:\S{1,60}[\s|]+){0,4}?(?:\S{0,60}?[\[(<"'=|@,:>\])])?)"""
#: Before the time of a whole log line inside a message: marks, or a level. Other words are the message's own.
LEVELLED = r"""(?P<lead>[\s\[(<"'|#*-]*(?:[A-Z]{3,8}[\s\])>|:]+)?[\[(<"']?)"""
#: Before a time that could be any number.
MARKS = r"""(?P<lead>[\[(<"'#+@ -]{0,4})"""
#: How many words that may be before seconds since 1970, and how many years ago those may lie.
WORDS_BEFORE, YEARS_BACK = 5, 10
#: Characters of a line in which its time begins.
LEAD_CHARS = 160
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
#: In front of the time of a line that is set in.
SET_IN = r"^(?:\t| {2})\s*[\[(]?$"
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
    level_column : bool
        The first word behind the time is a level, be it a letter.
    margin : bool
        Records begin at the margin: a time in a line that is set in belongs to the text of the record above.
    head : Head, optional
        The fields that stand between the time and the message in almost all lines of the source.
    gap : int, optional
        How many blanks stand in front of messages; where that is known, more of them say that a line goes on.
    alone : bool
        Whether the same stands in front of all times, so that lines are of one program as far as can be told.
    seconds_at : int, optional
        How many words stand in front of a number of seconds since 1970, which elsewhere could be any number.
    """

    name: str
    syntaxes: tuple[Syntax, ...]
    leads: tuple[str, ...] = (FIRST, WORDS)
    dated: bool = True
    level_column: bool = False
    margin: bool = False
    multiline: bool = True
    follower: str | None = None
    head: Head | None = USUAL
    gap: int | None = None
    alone: bool = False
    seconds_at: int | None = None

    @property
    def prefix(self) -> bool:
        """Whether each line of a stack trace bears the time."""
        return self.gap is not None

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
        fields = fields_of(found, self.head, self.gap, self.level_column)
        notes = tuple(dict.fromkeys(note for vote in votes for note in vote.notes))
        missing = self.dated and any(vote.zone_missing for vote in votes)
        return Reading(fields, claimed, missing, self.dated and any(vote.year_missing for vote in votes), notes)

    def narrowed(self, text: pl.Series, context: Context, bare: int = 0) -> GenericFormat:
        """Give this format as a sample has it: its spellings of times, the most frequent first, and its head.

        Parameters
        ----------
        text : polars.Series of String
            Lines of the sample.
        bare : int
            Lines that go on with what stands above, without a time of their own.
        """
        fitted, found = self, self._found(text, context)[0]
        if self.dated and (place := _seconds_at(text, context)):
            other = replace(self, seconds_at=place)
            at = other._found(text, context)[0]
            apart = (at["timestamp"] - found["timestamp"]).drop_nulls().dt.total_hours().abs()
            if (apart <= 24).sum() >= MOST * len(apart):  # where lines have a date as well, it is that one
                fitted, found = other, at
        found = found.drop_nulls("rest")
        head = learnt(found["rest"], found["timestamp"], context)
        if head is None and found["rest"].str.contains(USUAL.pattern).any():
            head = USUAL
        # Where lines go on without a time, what goes on has none; a banner at the top is nothing that goes on.
        gap = gap_of(found, head) if self.dated and bare + len(text) - len(found) <= 1 else None
        seen = found["syntax"].value_counts(sort=True)["syntax"].to_list()
        syntaxes = tuple(syntax for name in seen for syntax in self.syntaxes if syntax.name == name)
        return replace(
            fitted,
            syntaxes=syntaxes,
            level_column=has_level_column(found["rest"]),
            head=head,
            gap=gap,
            alone=found["lead"].n_unique() < 2,
        )

    def _leads(self, syntax: Syntax) -> tuple[str, ...]:
        if not syntax.at_start:
            return self.leads
        if syntax.name != "epoch" or self.seconds_at is None:
            return (MARKS,)
        return (MARKS, rf"(?P<lead>(?:\S+\s+){{{self.seconds_at}}})")

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
        found = _stamped(rows, self._leads(syntax), syntax.pattern)
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


def _seconds_at(text: pl.Series, context: Context) -> int | None:
    """The place, but for the first, at which the words of almost all lines are seconds since 1970 that do not fall."""
    words = text.head(LOOKED_AT).str.slice(0, LEAD_CHARS).str.extract_all(r"\S+")
    for place in range(1, WORDS_BEFORE + 1):
        seconds = words.list.get(place, null_on_oob=True).str.extract(r"^(1\d{9})(?:\.\d+)?$", 1).cast(pl.Int64)
        if len(text) >= FEW and seconds.count() >= MOST * len(words):
            steps = seconds.drop_nulls().diff().drop_nulls()
            if (steps >= 0).sum() >= MOST * len(steps) and _recent(seconds.drop_nulls(), context):
                return place
    return None


def _recent(seconds: pl.Series, context: Context) -> bool:
    """Whether these are times of the years before the source was written: a counter may be any number."""
    if context.not_after is None:
        return True
    last = int(context.not_after.timestamp())
    return bool(seconds.is_between(last - YEARS_BACK * 366 * 86_400, last).all())


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


GENERIC = GenericFormat("generic", spellings.DATED)
#: A whole log line inside a message.
NESTED_LINE = GenericFormat("generic", spellings.DATED, leads=(FIRST, LEVELLED))
#: A time of day alone dates nothing: such a line begins a record, and its time must come from an envelope.
CLOCK_ONLY = GenericFormat(
    "clock-only", tuple(s for s in spellings.SYNTAXES if not s.has_date), leads=(r"(?P<lead>[\[(]?)",), dated=False
)
