"""PostgreSQL's stderr log: with the usual prefixes, with any other, with none, and as it stands in syslog."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat, whole_offsets

LEVELS = "DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC"
#: Lines that PostgreSQL writes after a message and that belong to it, though they have a prefix like any other.
FOLLOWERS = "DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT|BACKTRACE"
#: ``%m [%p]`` with or without user, database, host.
HEAD = (
    r"^(?:(?P<client>[\w.:-]+(?:\(\d+\))?) )?"
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{1,5}| [+-]\d\d(?::?\d\d)?)?) "
    r"\[(?P<process>\d+)(?:-\d+)?\]:? ?(?:(?P<session>[^ ]+(?: [^ ]+){0,3}?) )?:? ?"
)

POSTGRES = PatternFormat(
    "postgresql",
    rf"{HEAD}(?P<level>{LEVELS}):  (?P<body>.*)$",
    prepare=whole_offsets,
    syntaxes=("iso-8601",),
    follower=rf"{HEAD}(?:{FOLLOWERS}):  ",
)

#: Without INFO, which goes to clients only and which others pad with blanks.
_WORDS = "DEBUG[1-5]|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC"
#: Whatever ``log_line_prefix`` puts before the word: the first colon with two blanks behind it ends the word.
_ANY = r"(?:[^:]|:[^ ]|: [^ ])*?(?:: ?)?(?-u:\b)"
_TIMED = (
    r"^(?P<lead>(?:[^ ]+ ){0,3}?[<\[(]?)"
    r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?: [A-Z]{1,5}(?-u:\b)| [+-][0-9]{2}(?::?[0-9]{2})?)?|1[0-9]{9}\.[0-9]{3})"
    rf"(?P<session>[^0-9A-Za-z,]{_ANY})"  # a comma parts other programs' fractions of a second
)
#: What syslog gets: the number of the message and that of its piece.
_NUMBERED = r"^\[[0-9]+-[0-9]+\] "


def _session(groups: pl.DataFrame) -> pl.DataFrame:
    """The rest of the prefix, which says who asked, without the marks around it."""
    parts = [name for name in ("lead", "session") if name in groups.columns]
    said = pl.concat_str(parts, separator=" ", ignore_nulls=True).str.replace_all(r"\[[0-9]+-[0-9]+\]", "")
    process = said.str.extract(r"\[([0-9]+)\]", 1).alias("process")
    bare = said.str.replace(r"\[[0-9]+\]", "").str.strip_chars(" <>[]():,-")
    return groups.with_columns(pl.when(bare != "").then(bare).alias("session"), process).drop("lead", strict=False)


def _not_padded(groups: pl.DataFrame) -> pl.DataFrame:
    """Without lines of others, who pad their levels with blanks."""
    ours = ~pl.col("body").str.starts_with(" ")
    groups = whole_offsets(groups) if "time" in groups.columns else groups
    return groups.with_columns(pl.when(ours).then(name) for name in ("time", "body") if name in groups.columns)


POSTGRES_PREFIXED = PatternFormat(
    "postgresql-prefixed",
    rf"{_TIMED}(?P<level>{_WORDS}):  (?P<body>.*)$",
    prepare=_not_padded,
    finish=_session,
    syntaxes=("iso-8601", "epoch"),
    follower=rf"{_TIMED}(?:{FOLLOWERS}):  ",
)

POSTGRES_BARE = PatternFormat(
    "postgresql-bare",
    r"^(?P<level>LOG|ERROR|FATAL|PANIC|NOTICE|DEBUG[1-5]):  (?P<body>.*)$",
    prepare=_not_padded,
    follower=rf"^(?:{FOLLOWERS}):  ",
)

#: In syslog, where there is a time already.
POSTGRES_NUMBERED = PatternFormat(
    "postgresql-numbered",
    rf"{_NUMBERED}(?P<session>{_ANY})(?P<level>{_WORDS}):  (?P<body>.*)$",
    finish=_session,
)
