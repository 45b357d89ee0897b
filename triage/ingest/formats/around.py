"""What stands around a line's time, as fields: level, logger and the message itself."""

from __future__ import annotations

import polars as pl

from triage.ingest import levels
from triage.ingest.attributes import as_attributes
from triage.ingest.exceptions import USUAL_END
from triage.ingest.formats.heads import LEADING, LOGGER, MOST, Head
from triage.ingest.ids import ids_in
from triage.ingest.levels import HEAD_PATTERN, numbers
from triage.ingest.schema import FIELDS, conform
from triage.ingest.traces import begins_trace, continues

#: Characters behind the time in which a level is looked for.
HEAD_CHARS = 80
#: Different texts in front of the time, up to which they may be whose line it is.
MOST_LEADS = 50
#: Share of messages that may be set in though none but those that go on are.
SELDOM = 0.02
#: What stands in front of the time, without marks.
BEFORE = pl.col("lead").str.strip_chars(" \t[]()<>\"'|#*=-,:@")
#: A syslog priority in front of the time.
PRIORITY = r"^<([0-9]{1,3})>[0-9]? *$"
#: Share of a sample's lines that have a level behind the time where there is a column of levels, and how many levels.
COLUMN_SHARE, COLUMN_LEVELS = 0.9, 2
#: Begins the crash reports of Go, and is no level there.
CRASHED = "panic"


def gap_of(found: pl.DataFrame, head: Head | None) -> int | None:
    """How many blanks stand in front of messages; None where that is not told."""
    if not len(found) or found["lead"].n_unique() > MOST_LEADS:
        return None
    rest = found["rest"] if head is None else head.taken_off(found["rest"])["rest"].drop_nulls()
    rest = rest.filter(rest.str.contains(r"\S"))
    said = rest.str.strip_chars_start()
    lines = pl.DataFrame(
        {"blanks": rest.str.len_chars() - said.str.len_chars(), "head": begins_trace(said), "on": continues(said)}
    )
    # What a trace is made of tells nothing of where messages begin.
    block = (pl.col("blanks") <= pl.col("blanks").min()).cum_sum()
    told = lines.filter(~pl.col("on") & ~pl.col("head").first().over(block))["blanks"]
    if not len(told):
        return None
    usual: int = told.mode().sort().to_list()[0]
    # More of them before messages that are no trace are the padding of a number or a word.
    padded = (told > usual).sum() > SELDOM * len(told)
    return usual if (told == usual).sum() >= MOST * len(told) and not padded else None


def has_level_column(rest: pl.Series) -> bool:
    """Whether the first word behind nearly every time is a level, and not the same one."""
    words = rest.to_frame("rest").select(_in_column(pl.col("rest").str.slice(0, HEAD_CHARS))).to_series().drop_nulls()
    return words.n_unique() >= COLUMN_LEVELS and len(words) >= COLUMN_SHARE * len(rest)


def fields_of(parts: pl.DataFrame, head: Head | None, gap: int | None, column: bool) -> pl.DataFrame:
    """The fields of lines.

    Parameters
    ----------
    parts : polars.DataFrame
        ``timestamp``, and the texts in front of it and behind it, ``lead`` and ``rest``.
    head, gap, column
        See `generic.GenericFormat`; the last is its ``level_column``.
    """
    told = numbers(BEFORE).is_not_null() | pl.col("lead").str.contains(PRIORITY)
    word = pl.when(~told & (BEFORE != "")).then(BEFORE)
    found = _parted(parts, head, column).with_columns(word.alias("before_time"))
    logger = pl.col("bare").str.extract(rf"^({LOGGER}):?\s+", 1)
    own = pl.col("named").is_null() & ~logger.str.contains(f"{USUAL_END}$").fill_null(False)
    found = found.with_columns(
        pl.when(own).then(pl.col("bare").str.replace(rf"^{LOGGER}:?\s+", "")).otherwise("bare").alias("body"),
        pl.when(own).then(logger).otherwise("named").alias("logger"),
        numbers(pl.col("severity_text")).alias("severity_number"),
    )
    if gap is not None:
        indented = pl.col("behind").str.contains(rf"^\s{{{gap}}}\s+\S")
        found = found.with_columns(
            pl.when(indented).then(pl.col("behind").str.slice(gap)).otherwise("body").alias("body"),
            pl.when(~indented).then("logger").alias("logger"),
        )
    names = ["logger", "before_time", *(["head"] if head else [])]
    return conform(found.with_columns(as_attributes(found, names)), FIELDS)


def _parted(parts: pl.DataFrame, head: Head | None, column: bool) -> pl.DataFrame:
    """Head, level, logger (``named``), the message as it stands (``behind``) and without what leads it (``bare``)."""
    rest = pl.col("rest")
    bare_lead = not parts["lead"].str.contains(r"\w").any()  # the rule, and then nothing needs to be looked for
    level = _word(pl.lit(""), column) if bare_lead else _level(BEFORE, column)
    # The level is taken off the message where it leads it, in or out of brackets.
    own = rf"^{LEADING}[\[(<]?(?:{HEAD_PATTERN})[\])>]?(?:[\s:|]|-(?:[\s-]|$))*"
    bare = (_without_column(rest) if column else rest).str.replace(own, "").str.replace(f"^{LEADING}", "")
    columns = (level.alias("severity_text"), bare.alias("bare"), rest.alias("behind"))
    # The column of levels is looked at for both of them: a lazy frame does that once.
    found = parts.lazy().with_columns(columns).collect()
    if not head:
        return found.with_columns(pl.lit(None, pl.String).alias("named"))
    taken = _without_exceptions(head.taken_off(parts["rest"]))
    found = found.with_columns(
        taken["head"].str.strip_chars(" \t|:,-"),
        taken["logger"].alias("named"),
        pl.coalesce(taken["rest"].str.strip_chars_start(), "bare").alias("bare"),
        pl.coalesce(taken["level"], "severity_text").alias("severity_text"),
        pl.coalesce(taken["rest"], "behind").alias("behind"),
    )
    return found.with_columns(pl.coalesce(ids_in(pl.col("head"))).alias("trace_id"))


def _without_exceptions(taken: pl.DataFrame) -> pl.DataFrame:
    """What `Head.taken_off` gives, but what names an exception is no logger: it belongs to the message."""
    thrown = pl.col("logger").str.contains(f"{USUAL_END}$").fill_null(False)
    return taken.with_columns(
        pl.when(thrown).then(pl.concat_str("logger", pl.lit(": "), "rest")).otherwise("rest").alias("rest"),
        pl.when(~thrown).then("logger").alias("logger"),
    )


def _in_column(rest: pl.Expr) -> pl.Expr:
    word = rest.str.slice(0, HEAD_CHARS).str.extract(levels.COLUMN_PATTERN, 1)
    return pl.when(numbers(word).is_not_null() & (word != CRASHED)).then(word)


def _without_column(rest: pl.Expr) -> pl.Expr:
    return pl.when(_in_column(rest).is_not_null()).then(rest.str.replace(levels.COLUMN_PATTERN, "")).otherwise(rest)


def _word(before: pl.Expr, column: bool) -> pl.Expr:
    """The word in a column of levels, or one near the time."""
    rest = pl.col("rest").str.slice(0, HEAD_CHARS)
    head = pl.concat_str(before, rest, separator=" ").str.extract(HEAD_PATTERN, 1).str.strip_chars(levels.MARKS)
    return pl.coalesce(_in_column(rest), head) if column else head


def _level(before: pl.Expr, column: bool) -> pl.Expr:
    """The word for the level: a syslog priority, a word in front of the time, or as `_word` finds it."""
    lead = pl.col("lead")
    step = lead.str.extract(PRIORITY, 1).cast(pl.UInt16) % 8
    told = levels.spelled(step.cast(pl.String), levels.SYSLOG_STEPS)
    said = before.str.extract(levels.LEAD_PATTERN, 1)
    whole = pl.when(numbers(before).is_not_null()).then(before)
    return pl.coalesce(told, said, whole, _word(before.fill_null(""), column))
