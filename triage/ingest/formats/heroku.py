"""Heroku: ``heroku logs``, and the frames that its router of logs sends to drains; each line bears a prefix."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.formats.plain import level_in
from triage.ingest.formats.syslog import ISO
from triage.ingest.formats.web import level_of_status

ROUTED = ("at", "code", "method", "path", "status", "request_id")


def _process(groups: pl.DataFrame) -> pl.DataFrame:
    """The kind of process is the service (``web`` of ``web.1``), the dyno its host."""
    return (
        _routed(groups)
        .with_columns(
            pl.col("dyno").str.extract(r"^([^.]+)", 1).alias("service"),
            pl.when(pl.col("dyno").str.contains(r"\.[0-9]+$")).then("dyno").alias("host"),
            pl.coalesce("level", level_in(pl.col("body"))).alias("level"),
        )
        .drop("dyno")
    )


def _routed(groups: pl.DataFrame) -> pl.DataFrame:
    """Requests as other access logs have them, with Heroku's code for what went wrong.

    Read as logfmt they would say a service that is a duration and a host that the client asked for.
    """
    line = pl.when(pl.col("dyno") == "router").then("body")
    said = {name: line.str.extract(rf"(?:^| ){name}=(\"[^\"]*\"|[^ ]+)", 1).str.strip_chars('"') for name in ROUTED}
    status = said["status"].cast(pl.UInt16, strict=False)
    level = pl.when(said["at"] == "error").then(pl.lit("ERROR")).when(status > 0).then(level_of_status(status))
    request = pl.concat_str(said["method"], said["path"], said["status"], separator=" ")
    return groups.with_columns(
        pl.coalesce(pl.concat_str(request, said["code"], separator=" "), request, "body").alias("body"),
        pl.when(request.is_not_null()).then(pl.coalesce(said["code"], said["status"])).alias("pinned"),
        level.alias("level"),
        said["request_id"].alias("trace"),
        pl.when(request.is_not_null()).then("body").alias("request"),
    )


HEROKU = PatternFormat(
    "heroku",
    rf"^(?P<time>{ISO}) (?P<source>app|heroku)\[(?P<dyno>[a-z][a-zA-Z0-9_.-]*)\]: (?P<body>.*)$",
    finish=_process,
    syntaxes=("iso-8601",),
    prefix=True,
)


def _not_5424(groups: pl.DataFrame) -> pl.DataFrame:
    """Without lines that have structured data, or the dash for none, as RFC 5424 asks."""
    whole = pl.col("body").str.contains(r"^(?:- |-$|\[)")
    return groups.with_columns(pl.when(~whole).then("time").alias("time"))


#: RFC 5424 but for the structured data, which is left out; each line begins with its length. The priority is the same
#: for all that a dyno writes.
LOGPLEX = PatternFormat(
    "heroku-logplex",
    rf"^[0-9]{{1,6}} <[0-9]{{1,3}}>1 (?P<time>{ISO}) (?P<drain>[^ ]+) (?P<source>[^ ]+) "
    r"(?P<dyno>[a-z][a-zA-Z0-9_.-]*) - (?P<body>.*)$",
    prepare=_not_5424,
    finish=_process,
    syntaxes=("iso-8601",),
    prefix=True,
)
