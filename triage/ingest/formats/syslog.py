"""Syslog as written to files: RFC 3164 with or without priority, also with an ISO time (rsyslog), and RFC 5424."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.levels import SYSLOG_STEPS, numbers, spelled
from triage.ingest.spellings import MONTH

#: Many daemons begin the message with a level, and without a priority it is all there is.
LEADING = (
    r"^(?:[\[<(]?((?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|PANIC|ALERT|EMERG)\b)"
    r"|[\[<(]?((?i:debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|panic|alert|emerg))(?:[:>)]|\]:? )"
    # Behind an address, a channel or another word; as Solaris writes priorities.
    r"|(?:[^\s\[]+ |[\w-]+\.)((?:DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|FATAL|ALERT|EMERGENCY): )"
    r"|\[ID [0-9]+ ([a-z0-9]+\.[a-z]+)\])"
)
#: In the place of the host, the mark of another format.
LEVEL = "^(?:trace|debug|info|notice|warn|warning|error)$"


def _not_an_app(groups: pl.DataFrame) -> pl.DataFrame:
    """Without lines that have a level where syslog has the host."""
    host = pl.col("host")
    shouted = numbers(host).is_not_null() & (host.str.to_uppercase() == host) & (host.str.len_bytes() > 1)
    levels = groups.select(host.unique()).filter(shouted | host.str.contains(LEVEL))["host"]
    if not len(levels):
        return groups
    return groups.with_columns(pl.when(~host.is_in(levels.implode()).fill_null(False)).then("time").alias("time"))


def _words(said: pl.Expr) -> list[pl.Expr]:
    return [said.struct.field(str(place)).str.strip_chars(": ") for place in range(1, 5)]


def with_severity(groups: pl.DataFrame) -> pl.DataFrame:
    """The level: by the priority, if there is one, else the word that leads the message."""
    priority = pl.col("priority") if "priority" in groups.columns else pl.lit(None, pl.String)
    severity = priority.cast(pl.UInt16, strict=False) % 8  # its last three bits (RFC 5424, table 2)
    said = pl.col("body").str.slice(0, 60).str.extract_groups(LEADING)
    mac = pl.col("said") if "said" in groups.columns else pl.lit(None, pl.String)
    level = spelled(severity.cast(pl.String), SYSLOG_STEPS)
    blank = [name for name in ("host", "service", "process", "message_id", "structured") if name in groups.columns]
    found = groups.with_columns(
        pl.coalesce(level, mac, *_words(said)).alias("level"),
        *(pl.when(pl.col(name) != "-").then(name) for name in blank),
    )
    return found.drop("said", strict=False)


PRIORITY = r"<(?P<priority>[0-9]{1,3})>[0-9]? ?"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
BSD = rf"{MONTH} +[0-9]{{1,2}} (?:[0-9]{{4}} )?{_CLOCK}"
#: Some senders put the year before the month, or behind the time and its zone.
BSD_YEAR = (
    rf"[0-9]{{4}} {MONTH} +[0-9]{{1,2}} {_CLOCK}|{MONTH} +[0-9]{{1,2}} {_CLOCK}(?: [A-Z]{{3,4}})? (?:19|20)[0-9]{{2}}"
)
ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})"

_TAGGED = (
    r"(?P<host>[A-Za-z0-9_.:-]*[A-Za-z0-9_.-]) "
    r"(?P<service>[A-Za-z_(/.@][A-Za-z0-9_./()@+-]*)(?:\[(?P<process>[0-9]+)\])?(?: \((?P<unit>[^)]+)\))?"
    r"(?: <(?P<said>[A-Za-z]+)>)? ?: ?(?:\[ *(?P<uptime>[0-9]+\.[0-9]{6})\] )?"
    r"(?P<body>.*)$"
)

SYSLOG = PatternFormat(
    "syslog",
    rf"^(?:{PRIORITY})?(?P<time>{BSD}|{ISO}) {_TAGGED}",
    prepare=_not_an_app,
    finish=with_severity,
    syntaxes=("syslog", "iso-8601", "month-day-year"),
    prefix=True,
)

#: A format of its own: the usual lines are read faster without.
SYSLOG_YEAR = PatternFormat(
    "syslog-year",
    rf"^(?:{PRIORITY})?(?P<time>{BSD_YEAR}) {_TAGGED}",
    prepare=_not_an_app,
    finish=with_severity,
    syntaxes=("year-month-day", "ctime"),
    prefix=True,
)

#: A relay that puts its own header before the sender's: the relay's time orders the lines, the rest is the sender's.
SYSLOG_RELAYED = PatternFormat(
    "syslog-relayed",
    rf"^(?:{PRIORITY})?(?P<time>{BSD}|{ISO}) (?P<relay>[A-Za-z0-9_.:-]+) (?:{BSD}|{ISO}) "
    r"(?P<host>[A-Za-z0-9_.:-]+) (?P<service>[A-Za-z_(/.@][A-Za-z0-9_./()@+-]*)(?:\[(?P<process>[0-9]+)\])?: ?"
    r"(?P<body>.*)$",
    finish=with_severity,
    prefix=True,
)


def _either(groups: pl.DataFrame) -> pl.DataFrame:
    time, host = pl.coalesce("time", "own"), pl.coalesce("host", "own_host")
    return groups.with_columns(time.alias("time"), host.alias("host")).drop("own", "own_host")


def _whole_body(groups: pl.DataFrame) -> pl.DataFrame:
    return (
        with_severity(groups)
        .with_columns(pl.concat_str(pl.col("fixed").fill_null(""), "body").alias("body"))
        .drop("fixed")
    )


#: What syslog daemons write themselves, and senders that give no program: behind the host stands the message.
SYSLOG_TAGLESS = PatternFormat(
    "syslog-tagless",
    rf"^(?:{PRIORITY}(?P<time>{BSD}|{ISO}) (?P<host>[A-Za-z0-9_.:-]+) "
    rf"|(?P<own>{BSD}|{ISO}) (?:(?P<own_host>[A-Za-z0-9][A-Za-z0-9_.:-]*) )?"
    r"(?P<fixed>(?:--- )?last message repeated |-- MARK --))"
    r"(?P<body>.*)$",
    prepare=_either,
    finish=_whole_body,
    least=0.0,
)

#: A name and its values in quotes, in which a bracket or quote has a backslash before it.
_STRUCTURED = r'\[[^ =\]"]+(?: [^ =\]"]+="(?:[^"\\]|\\.)*")*\]'

SYSLOG_5424 = PatternFormat(
    "syslog-5424",
    rf"^(?:[0-9]{{1,6}} )?<(?P<priority>[0-9]{{1,3}})>[0-9]{{1,2}} (?P<time>{ISO}?|-) "
    r"(?P<host>[^ ]+) (?P<service>[^ ]+) (?P<process>[^ ]+) (?P<message_id>[^ ]+) "
    rf"(?P<structured>-|(?:{_STRUCTURED})+)(?: \x{{FEFF}}?|$)(?P<body>.*)$",
    finish=with_severity,
    syntaxes=("iso-8601",),
    prefix=True,
)
