"""Access logs of cloud services: Amazon's load balancers, S3 and CloudFront."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.formats.web import with_status

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"


def _request_time(groups: pl.DataFrame) -> pl.DataFrame:
    """The time a request came, where the line has it: the first one is when it was answered.

    A request that hung for a minute began with what made it hang, not a minute later. Older lines have the first only.
    """
    return groups.with_columns(pl.coalesce("created", "time").alias("time"))


def _traced(groups: pl.DataFrame) -> pl.DataFrame:
    return with_status(groups).with_columns(pl.col("rest").str.extract(r"[\"; ]Root=([0-9a-f-]+)", 1).alias("trace"))


def _operation(groups: pl.DataFrame) -> pl.DataFrame:
    """What was done, where that was no request: expired objects, say."""
    done = pl.when(pl.col("request") == "-").then(pl.format("{} {}", "operation", "key")).otherwise("request")
    return with_status(groups.with_columns(done.alias("request")))


AWS_LOAD_BALANCER = PatternFormat(
    "aws-load-balancer",
    rf"^(?:(?P<protocol>https?|h2|grpcs?|wss?) )?(?P<time>{TIME}) (?P<balancer>\S+) (?P<client>[\d.:a-fA-F\[\]]+|-) "
    r"(?P<target>\S+) (?P<times>-?[\d.]+ -?[\d.]+ -?[\d.]+) (?P<status>\d{3}|-) (?P<target_status>\d{1,3}|-) "
    r'(?P<received>\d+) (?P<sent>\d+) "(?P<request>(?:[^"\\]|\\.)*)"(?P<rest>.*?'
    rf"(?: (?P<created>{TIME}) .*)?)$",
    multiline=False,
    prepare=_request_time,
    finish=_traced,
    syntaxes=("iso-8601",),
)

AWS_S3 = PatternFormat(
    "aws-s3",
    r"^[0-9a-f]{64} (?P<bucket>\S+) \[(?P<time>\d{2}/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    r"(?P<client>\S+) (?P<requester>\S+) (?P<id>\S+) (?P<operation>\S+) (?P<key>\S+) "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}|-) (?P<error>\S+)(?P<rest>.*)$',
    multiline=False,
    finish=_operation,
    syntaxes=("day-month-year",),
)
