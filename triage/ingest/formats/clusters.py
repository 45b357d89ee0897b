"""Servers that run in clusters: MongoDB before 4.4, Kafka, ZooKeeper, RabbitMQ and Elasticsearch."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

_LEVELS = "TRACE|DEBUG|INFO|WARN|ERROR|FATAL"
_COMMA = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}"

MONGODB = PatternFormat(
    "mongodb",
    r"^(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}(?:Z|[+-][0-9]{4})) "
    r"(?P<level>[DIWEF])[1-5]? +(?P<component>[A-Z_]+|-) +\[(?P<context>[^\]]*)\] (?P<body>.*)$",
    syntaxes=("iso-8601",),
)

#: log4j as Kafka sets it up: the logger stands at the end.
KAFKA = PatternFormat(
    "kafka",
    rf"^\[(?P<time>{_COMMA})\] (?P<level>{_LEVELS}) +(?P<body>.*) "
    r"\((?P<logger>[a-z][A-Za-z0-9_$]*(?:\.[A-Za-z0-9_$]+)+)\)$",
    syntaxes=("iso-8601",),
)

ZOOKEEPER = PatternFormat(
    "zookeeper",
    rf"^(?P<time>{_COMMA}) (?:\[myid:(?P<myid>[^\]]*)\] )?- (?P<level>{_LEVELS}) +"
    r"\[(?P<thread>[^@]{1,200}):(?P<logger>[A-Za-z0-9_.$]+)@(?P<line>[0-9]+)\] - (?P<body>.*)$",
    syntaxes=("iso-8601",),
)

RABBITMQ = PatternFormat(
    "rabbitmq",
    r"^(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3,6}(?:[+-][0-9]{2}:[0-9]{2})?) "
    r"\[(?P<level>[a-z]+)\] <(?P<process>[0-9]+\.[0-9]+\.[0-9]+)> (?P<body>.*)$",
    syntaxes=("iso-8601",),
)

#: Reports that are no levels.
REPORTS = {"CRASH": "ERROR", "SUPERVISOR": "ERROR", "PROGRESS": "INFO"}


def _report(groups: pl.DataFrame) -> pl.DataFrame:
    """What is reported are the lines below."""
    body = pl.when(pl.col("body") != "").then("body")
    return groups.with_columns(pl.col("level").replace(REPORTS), body.alias("body"))


ERLANG_REPORT = PatternFormat(
    "erlang-report",
    r"^=(?P<level>[A-Z]+) REPORT==== (?P<time>[0-9]{1,2}-[A-Z][a-z]{2}-[0-9]{4}::[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?) ===(?P<body>.*)$",
    finish=_report,
    syntaxes=("day-month-year",),
)


def _padded(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.col("logger").str.strip_chars_end(" "))


ELASTICSEARCH = PatternFormat(
    "elasticsearch",
    rf"^\[(?P<time>{_COMMA}(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)\]\[(?P<level>[A-Z]+) *\]\[(?P<logger>[^\]]+)\] "
    r"(?:\[(?P<node>[^\]]*)\] ?)?(?P<body>.*)$",
    finish=_padded,
    syntaxes=("iso-8601",),
)

#: An object of version 7 whose stack trace stands on lines of its own, so that this one is not closed.
ELASTICSEARCH_OPEN = PatternFormat(
    "elasticsearch-open",
    rf'^\{{"type": "(?P<type>[a-z_.]+)", "timestamp": "(?P<time>{_COMMA}(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}}))", '
    r'"level": "(?P<level>[A-Z]+)", "component": "(?P<logger>[^"]+)", "cluster\.name": "(?P<cluster>[^"]*)", '
    r'"node\.name": "(?P<node>[^"]*)", "message": "(?P<body>(?:[^"\\]|\\.)*)".*, ?$',
    syntaxes=("iso-8601",),
    least=0.0,
)
