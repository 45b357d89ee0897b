"""Layouts of Java's loggers: Spring Boot's, the usual ones of log4j and logback, java.util.logging's and Tomcat's."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

_LEVELS = "TRACE|DEBUG|INFO|WARN|ERROR|FATAL"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]{3,9}"
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"


def _ids(groups: pl.DataFrame) -> pl.DataFrame:
    """Trace and span, wherever the tracer puts them; the name of the application is the service."""
    found = pl.concat_str(pl.col("before", "behind").fill_null(""), separator=" ").str.extract_groups(
        r"([0-9a-f]{32}|[0-9a-f]{16})[,-]([0-9a-f]{16})"
    )
    named = pl.coalesce(pl.col("before").str.extract(r"^([A-Za-z][A-Za-z0-9_.-]*),"), "application")
    return groups.with_columns(
        found.struct.field("1").alias("trace"),
        found.struct.field("2").alias("span"),
        named.alias("service"),
        pl.col("thread").str.strip_chars(),
    ).drop("before", "behind", "application")


SPRING = PatternFormat(
    "spring-boot",
    rf"^(?P<time>{_DATE}{_CLOCK}{_ZONE}) +(?P<level>{_LEVELS}) (?:\[(?P<before>[^\]]*)\] )?(?P<process>[0-9]+) --- "
    r"(?:\[(?P<application>[A-Za-z0-9_.-]+)\] )?\[(?P<thread>[^\]]+)\] (?:\[(?P<behind>[0-9a-f, -]*)\] )?"
    r"(?P<logger>[^ ]+) *: (?P<body>.*)$",
    finish=_ids,
    syntaxes=("iso-8601",),
)


def _either(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(
        pl.coalesce("level", "second_level").alias("level"), pl.coalesce("thread", "first_thread").alias("thread")
    ).drop("second_level", "first_thread")


LOG4J = PatternFormat(
    "log4j",
    rf"^\[?(?P<time>(?:{_DATE})?{_CLOCK}{_ZONE})\]? (?:(?P<level>{_LEVELS}) +\[(?P<thread>[^\]]+)\]"
    rf"|\[(?P<first_thread>[^\]]+)\] +(?P<second_level>{_LEVELS})) +\(?(?P<logger>[A-Za-z_][A-Za-z0-9_.$]*)\)?"
    r"(?: ?[(\[:](?P<file>[A-Za-z0-9_.$]+:[0-9]+|[0-9]+)[)\]]?)?(?: -{1,2}|:) (?P<body>.*)$",
    finish=_either,
    syntaxes=("iso-8601",),
)


def _headless(groups: pl.DataFrame) -> pl.DataFrame:
    """Without a body: level and message are on the line below, see `multiline.levelled_below`."""
    return groups.with_columns(pl.when(pl.col("body") != "").then("body").alias("body"))


JAVA_UTIL_LOGGING = PatternFormat(
    "java-util-logging",
    r"^(?P<time>[A-Za-z][a-z]{2} [0-9]{1,2}, [0-9]{4},? [0-9]{1,2}:[0-9]{2}:[0-9]{2}[ \x{202f}][AP]M) "
    r"(?P<logger>[A-Za-z_$][A-Za-z0-9_.$]*)(?: (?P<method>[A-Za-z0-9_$<>]+))?(?P<body>.*)$",
    finish=_headless,
    syntaxes=("month-day-year",),
)

TOMCAT = PatternFormat(
    "tomcat",
    r"^(?P<time>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}) "
    r"(?P<level>SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST) \[(?P<thread>[^\]]*)\] (?P<logger>[A-Za-z0-9_.$<>-]+) "
    r"(?P<body>.*)$",
    syntaxes=("day-month-year",),
)
