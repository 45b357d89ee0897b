"""What stands between a line's time and its message: level, ids, thread and logger, as a sample of the source has them.

A field that almost all lines have at the same place is no part of the message. Which fields there are is learnt a step
at a time from the left, as an engineer reads a log that is new to them: by their form, never by their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.groups import groups_of
from triage.ingest.spellings import DATED
from triage.ingest.traces import begins_trace, continues

#: Share of a sample's different lines that must have a field, and how many of them tell anything.
MOST, FEW = 0.8, 6
#: Fields that a head has at most, characters in which they are looked for, and lines of a sample that are looked at.
MOST_FIELDS, HEAD_CHARS, LOOKED_AT = 12, 300, 400
#: Words in front of a level, which stands in the same column of every line.
COLUMNS = 7
#: The words of levels, and those that are one in any case where they come first; elsewhere they are words of messages.
WORDS = (
    "trace|debug|info|information|notice|warn|warning|error|err|severe|critical|crit|fatal|failure|panic|alert"
    "|emerg|emergency|verbose|finest|finer|fine|trc|dbg|inf|wrn|ftl|vrb"
)
FIRST_WORDS = "trace|debug|info|information|notice|warn|warning|error|critical|fatal"
NAME = r"[\w$./()@#+-]{1,60}"
#: What parts a time from what follows it: a dash that parts is taken off, a minus is not.
LEADING = r"(?:[\s:|,]|-(?:[\s-]|$))*"
LOGGER = r"[A-Za-z_$][\w$]*(?:(?:\.|::)[\w$]+)+(?:[#:][0-9]+)?"


@dataclass(frozen=True)
class Kind:
    """A form that fields have.

    Attributes
    ----------
    pattern : str
        Takes the field with the mark and at most one blank behind it: more may say that a line goes on.
    alone : bool
        Whether it is a field though nothing else is: a number, brackets or a word with a mark may begin a message, too.
    again : bool
        Whether it is the line's time once more.
    """

    pattern: str
    alone: bool = True
    again: bool = False

    @property
    def anonymous(self) -> str:
        """The pattern without names of groups."""
        return re.sub(r"\(\?P<\w+>", "(?:", self.pattern)


MARK = Kind(r"(?:[-|:,>]+|=>)\s", False)
COLUMN = Kind(r"[^|\t]{0,60}(?:\|\s?|\t)", False)
GROUP = Kind(r"(?:\[(?:[^\[\]]|\[[^\[\]]*\]){0,200}\]|\([^()]{0,120}\)|<[^<>]{0,120}>)[:,]?\s?", False)
NAMED_LOGGER = Kind(rf"(?P<logger>{LOGGER}):?\s")
PROGRAM = Kind(rf"{NAME}\[[^\[\]\s]{{1,40}}\]:?\s")
DASHED = Kind(rf"(?P<logger>{NAME})(?:\s+\S{{1,10}})?\s+-{{1,2}}\s", False)
NAMED = Kind(r"(?P<logger>[A-Za-z_][\w$./()@#+-]{0,59}):\s", False)
NUMBER = Kind(r"(?:0x[0-9a-fA-F]+|[0-9]+)\s", False)
#: Behind a line's time that stands in it twice: it was passed on with its host and program.
HOSTED = Kind(rf"\S+\s+{NAME}(?:\[[^\[\]\s]{{1,40}}\])?:\s")
FIRST_LEVEL = Kind(rf"[\[(<]?(?P<level>(?i:{FIRST_WORDS})|{WORDS.upper()})\b[\])>]?(?:[:|,]\s?|\s)")
FAR_LEVELS = tuple(
    Kind(rf"(?:\S+\s+){{{columns}}}[\[(<]?(?P<level>{WORDS.upper()})\b[\])>]?(?:[:|,]\s?|\s)")
    for columns in range(1, COLUMNS)
)
LEVELLED = (FIRST_LEVEL, *FAR_LEVELS)
#: Ids in front of a level in capitals are a head wherever they stand.
USUAL_FIELDS = Kind(
    r"(?:(?:\[?[0-9]{1,10}\]?|\[[^\[\]]{1,80}\])\s+){1,3}"
    rf"[\[(<]?(?P<level>{WORDS.upper()})\b[\])>]?(?:[:|,-]\s*|\s)"
)


@dataclass(frozen=True)
class Head:
    """The fields in front of a message.

    Attributes
    ----------
    fields : tuple of Kind
        In their order.
    needed : int
        A line has at least so many of them, or none at all.
    """

    fields: tuple[Kind, ...]
    needed: int

    @cached_property
    def pattern(self) -> str:
        """With the groups ``head`` and ``rest`` and perhaps ``level`` and ``logger``."""
        more = ""
        for field in reversed(self.fields[self.needed :]):
            more = rf"(?:\s*{field.pattern}{more})?"
        sure = r"\s*".join(field.pattern for field in self.fields[: self.needed])
        return rf"^{LEADING}(?P<head>{sure}{more})(?P<rest>.*)$"

    def taken_off(self, text: pl.Series) -> pl.DataFrame:
        """``head``, ``level``, ``logger`` and ``rest`` of each line; null where it does not have the fields."""
        found = groups_of(text, self.pattern)
        absent = [pl.lit(None, pl.String).alias(name) for name in ("level", "logger") if name not in found.columns]
        return found.with_columns(absent).select("head", "level", "logger", "rest")


USUAL = Head((USUAL_FIELDS,), 1)


def learnt(text: pl.Series, utc: pl.Series, context: Context) -> Head | None:
    """The head that almost all of a sample's lines have; None where they have none, or where they are too few.

    Parameters
    ----------
    text : polars.Series of String
        What stands behind each line's time.
    utc : polars.Series of Datetime
        That time: a head may repeat it.

    Examples
    --------
    >>> words = ["disk is full", "retrying in 3 s", "user logged in", "closing", "bye", "reading a.conf"]
    >>> lines = [f" {n} INFO [main] app.Store: {word}" for n, word in enumerate(words)]
    >>> head = learnt(pl.Series(lines), pl.Series([None] * 6), Context())
    >>> head.taken_off(pl.Series([" 7 WARN [x-1] app.Net.Socket: broken pipe", " 8 INFO bye", "no"])).rows()[:2]
    [('7 WARN [x-1] app.Net.Socket: ', 'WARN', 'app.Net.Socket', 'broken pipe'), ('8 INFO ', 'INFO', None, 'bye')]
    """
    left = pl.DataFrame({"text": text.head(LOOKED_AT).str.slice(0, HEAD_CHARS), "utc": utc.head(LOOKED_AT)})
    left = left.unique(pl.col("text").str.replace_all(r"\d+", "0"), keep="first", maintain_order=True)
    left = left.with_columns(pl.col("text").str.replace(f"^{LEADING}", ""))
    if len(left) < FEW:
        return None
    fields: list[Kind] = []
    while len(fields) < MOST_FIELDS:
        kind = _next(left, fields, context)
        if kind is None:
            break
        after = groups_of(left["text"], rf"^{kind.anonymous}\s*(?P<text>.*)$")["text"]
        if after.str.contains(r"\S").sum() < MOST * len(left):
            break  # nothing would be left of the messages
        fields.append(kind)
        # What goes on with a message shows no field behind those of the line.
        left = left.with_columns(after).filter(pl.col("text").is_not_null() & ~continues(after) & ~begins_trace(after))
    while fields and (fields[-1] is NUMBER or not any(field.alone for field in fields)):
        fields.pop()
    sure = next((n for n, field in enumerate(fields) if field in LEVELLED), None)
    if sure is None:
        sure = next((n for n, field in enumerate(fields) if field.alone), None)
    return None if sure is None else Head(tuple(fields), sure + 1)


def _next(left: pl.DataFrame, before: list[Kind], context: Context) -> Kind | None:
    """What almost all lines begin with."""
    again = None if any(kind.again for kind in before) else _again(left, context)
    if again:
        return again
    near, far = ((), ()) if any(kind in LEVELLED for kind in before) else ((FIRST_LEVEL,), FAR_LEVELS)
    kinds = [*near, MARK, GROUP, DASHED, NAMED_LOGGER, PROGRAM, *far, COLUMN, NUMBER]
    if before and before[-1].again:
        kinds.append(HOSTED)
    # Behind a bare level a word with a colon may say what went wrong; behind an id or a thread it is a name.
    if any(kind.alone for kind in before) and any(kind in (GROUP, NUMBER, PROGRAM, *FAR_LEVELS) for kind in before):
        kinds.append(NAMED)
    if any(_names(kind) for kind in before):
        kinds = [kind for kind in kinds if not _names(kind)]
    hits = left.select(
        pl.col("text").str.contains(f"^{kind.anonymous}").sum().alias(str(n)) for n, kind in enumerate(kinds)
    ).row(0)
    return next((kind for kind, found in zip(kinds, hits, strict=True) if found >= MOST * len(left)), None)


def _names(kind: Kind) -> bool:
    return "?P<logger>" in kind.pattern


def _again(left: pl.DataFrame, context: Context) -> Kind | None:
    """The line's own time once more: at once and but for its zone, or the same behind a few words that hold digits."""
    text = left["text"]
    if text.str.contains(r"\d[:.]\d\d[:.]\d\d").sum() < MOST * len(left):
        return None
    for syntax in DATED:
        if syntax.at_start or text.str.contains(syntax.hint).sum() < MOST * len(left):
            continue
        for words, zones in (("", 15 * 60), (r"(?:\S*\d\S*\s+){1,3}?", None)):
            pattern = rf"{words}[\[(]?(?P<stamp>{syntax.pattern})[\])]?(?:[|,]\s?|\s)"
            utc = timestamps.parse(groups_of(text, f"^{pattern}")["stamp"], context, (syntax,)).utc
            apart = pl.DataFrame({"a": utc, "b": left["utc"]}).select((pl.col("a") - pl.col("b")).dt.total_seconds())
            off = apart.to_series() % zones if zones else apart.to_series().abs()
            near = (off < 2) | (off > zones - 2) if zones else off < 2
            if near.sum() >= MOST * len(left):
                return Kind(Kind(pattern).anonymous, again=True)
    return None
