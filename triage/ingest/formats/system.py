"""What operating systems log: the kernel's ring buffer, the audit daemon, Windows' events and servicing, macOS."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.levels import spelled

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"


def _kernel(groups: pl.DataFrame) -> pl.DataFrame:
    others = pl.col("facility").is_not_null() & (pl.col("facility") != "kern")
    claimed = pl.col("body").is_not_null() & ~others.fill_null(False)
    return groups.with_columns(pl.when(claimed).then(pl.lit("kernel")).alias("service"))


_FACILITY = r"(?:(?P<facility>[a-z]+[0-9]?) *:(?P<level>[a-z]+) *: )?"

#: Seconds since the machine started: no point in time.
KERNEL = PatternFormat(
    "kernel",
    rf"^{_FACILITY}\[ *(?P<uptime>[0-9]+\.[0-9]{{6}})\] (?P<body>.*)$",
    finish=_kernel,
    prefix=True,
)

#: Apache's error log begins in the same way.
_APACHE = r"^\[(?:[a-z0-9_]*:)?(?:emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\] "


def _not_apache(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.when(~pl.col("body").str.contains(_APACHE)).then("time").alias("time"))


KERNEL_TIMED = PatternFormat(
    "kernel-timed",
    rf"^{_FACILITY}\[[A-Z][a-z]{{2}} "
    r"(?P<time>[A-Z][a-z]{2} +[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4})\] (?P<body>.*)$",
    prepare=_not_apache,
    finish=_kernel,
    syntaxes=("ctime",),
    prefix=True,
)


def _typed(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.format("{} {}", "type", "body").alias("body"))


AUDIT = PatternFormat(
    "auditd",
    r"^(?:node=(?P<host>[^ ]+) )?type=(?P<type>[A-Z0-9_]+) msg=audit\("
    r"(?P<time>[0-9]{10}\.[0-9]{3}|[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}):"
    r"(?P<serial>[0-9]+)\) ?: *(?P<body>.*)$",
    multiline=False,
    finish=_typed,
    syntaxes=("numeric-date", "epoch"),
)

WINDOWS_EVENT = PatternFormat(
    "windows-event",
    r"^(?P<level>Information|Warning|Error|Critical|Verbose|Audit Success|Audit Failure)\t(?P<time>[0-9][^\t]*)\t"
    r"(?P<provider>[^\t]+)\t(?P<event>[0-9]+)\t(?P<category>[^\t]*)\t(?P<body>.*)$",
    syntaxes=("numeric-date", "iso-8601"),
)

WINDOWS_SERVICING = PatternFormat(
    "windows-servicing",
    rf"^(?P<time>{_TIME}), (?P<level>Info|Warning|Error|Perf|Fatal) +(?:(?P<component>[A-Z][A-Z0-9]{{1,9}})   ? ?)?"
    r"(?P<body>.*)$",
    syntaxes=("iso-8601",),
)

MACOS = PatternFormat(
    "macos",
    rf"^(?P<time>{_TIME}\.[0-9]{{6}}[+-][0-9]{{4}}) (?P<thread>0x[0-9a-f]+) +"
    r"(?P<level>Default|Info|Debug|Error|Fault|Activity) +(?P<activity>0x[0-9a-f]+) +(?P<process>[0-9]+) +"
    r"(?P<ttl>[0-9]+) +(?P<service>[^:]+): (?:\((?P<library>[^)]+)\) )?(?:\[(?P<subsystem>[^\]]+)\] )?(?P<body>.*)$",
    syntaxes=("iso-8601",),
)

KINDS = {"Df": "DEFAULT", "I": "INFO", "Db": "DEBUG", "E": "ERROR", "F": "FAULT", "A": "ACTIVITY"}


def _kind(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(spelled(pl.col("kind"), KINDS).alias("level")).drop("kind")


MACOS_COMPACT = PatternFormat(
    "macos-compact",
    rf"^(?P<time>{_TIME}\.[0-9]{{3}}) (?P<kind>Df|Db|[IEFA]) +(?P<service>[^\[]+)\[(?P<process>[0-9]+):"
    r"(?P<thread>[0-9a-f]+)\] (?:\((?P<library>[^)]+)\) )?(?:\[(?P<subsystem>[^\]]+)\] )?(?P<body>.*)$",
    finish=_kind,
    syntaxes=("iso-8601",),
)

SYSTEM = (KERNEL, KERNEL_TIMED, AUDIT, WINDOWS_EVENT, WINDOWS_SERVICING, MACOS, MACOS_COMPACT)
