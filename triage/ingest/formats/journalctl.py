"""What journalctl shows of systemd's journal with options that do not write syslog's lines."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat, whole_offsets
from triage.ingest.formats.syslog import with_severity


def _unit(groups: pl.DataFrame) -> pl.DataFrame:
    return with_severity(groups.with_columns(pl.col("service").str.strip_suffix(".service")))


def _either(groups: pl.DataFrame) -> pl.DataFrame:
    return whole_offsets(groups.with_columns(pl.coalesce("time", "unix").alias("time")).drop("unix"))


_DAY = (
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)? "
    r"(?:[A-Z][A-Za-z]*|[+-][0-9]{2}(?:[0-9]{2})?))"
)
#: With ``-o short-full``, ``with-unit`` or ``short-unix``.
JOURNAL = PatternFormat(
    "journal",
    rf"^(?:{_DAY}|(?P<unix>1[0-9]{{9}}\.[0-9]{{6}})) (?P<host>[A-Za-z0-9_.:-]+) "
    r"(?P<service>[A-Za-z_(/.@][A-Za-z0-9_./()@:\\+-]*?)(?:\[(?P<process>[0-9]+)\])?: (?P<body>.*)$",
    prepare=_either,
    finish=_unit,
    syntaxes=("iso-8601", "epoch"),
    prefix=True,
)

#: With ``-o verbose``: the fields of an entry are the lines below (see `verbose`).
JOURNAL_VERBOSE = PatternFormat(
    "journal-verbose",
    rf"^{_DAY} (?P<body>\[s=[0-9a-f]+;i=.*)$",
    prepare=whole_offsets,
    syntaxes=("iso-8601",),
)


def _whole_mark(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.select(pl.format("-- {}{}", "mark", "body").alias("body"))


#: Lines that journalctl writes between those of the journal.
JOURNAL_MARK = PatternFormat(
    "journal-mark",
    r"^-- (?P<mark>Boot [0-9a-f]{32}|Reboot|No entries|Logs begin at|Journal begins at|[0-9]+ entries)"
    r"(?P<body>.*)$",
    finish=_whole_mark,
    least=0.0,
)
