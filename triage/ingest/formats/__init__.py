"""Line formats: one file a family, and the registry that says which there are and in which order they are tried."""

from __future__ import annotations

from triage.ingest.formats.base import Envelope, Format, Reading
from triage.ingest.formats.cisco import CISCO
from triage.ingest.formats.cloud import AWS_LOAD_BALANCER, AWS_S3
from triage.ingest.formats.clusters import (
    ELASTICSEARCH,
    ELASTICSEARCH_OPEN,
    ERLANG_REPORT,
    KAFKA,
    MONGODB,
    RABBITMQ,
    ZOOKEEPER,
)
from triage.ingest.formats.compose import COMPOSE
from triage.ingest.formats.cri import CRI
from triage.ingest.formats.docker import DOCKER
from triage.ingest.formats.exports import EXPORTS
from triage.ingest.formats.generic import CLOCK_ONLY, GENERIC, NESTED_LINE
from triage.ingest.formats.github import GITHUB_ACTIONS
from triage.ingest.formats.glog import GLOG, GLOG_CREATED
from triage.ingest.formats.heroku import HEROKU, LOGPLEX
from triage.ingest.formats.java import JAVA_UTIL_LOGGING, LOG4J, SPRING, TOMCAT
from triage.ingest.formats.journalctl import JOURNAL, JOURNAL_MARK, JOURNAL_VERBOSE
from triage.ingest.formats.jsonlines import JSON_LINES
from triage.ingest.formats.kubectl import KUBECTL, STERN
from triage.ingest.formats.lambdas import LAMBDA, LAMBDA_ERROR, LAMBDA_MARK
from triage.ingest.formats.line_format import LineFormat
from triage.ingest.formats.logcat import LOGCAT, LOGCAT_MARK
from triage.ingest.formats.logfmt import LOGFMT, LOGFMT_INSIDE
from triage.ingest.formats.mysql import MYSQL_CRASH, MYSQL_CRASH_CLOCK, MYSQL_ERROR, MYSQL_GENERAL, MYSQL_SLOW
from triage.ingest.formats.php import MONOLOG, PHP_ERROR, PHP_FPM
from triage.ingest.formats.plain import DATED_INSIDE, PLAIN
from triage.ingest.formats.postgres import POSTGRES, POSTGRES_BARE, POSTGRES_NUMBERED, POSTGRES_PREFIXED
from triage.ingest.formats.proxies import ENVOY, ENVOY_ACCESS, HAPROXY, HAPROXY_NOTICE
from triage.ingest.formats.python import PYTHON
from triage.ingest.formats.redis import REDIS, REDIS_SIGNAL
from triage.ingest.formats.ruby import RAILS_REQUEST, RUBY_LOGGER
from triage.ingest.formats.rust import RUST_ENV_LOGGER, RUST_TRACING
from triage.ingest.formats.syslog import SYSLOG, SYSLOG_5424, SYSLOG_RELAYED, SYSLOG_TAGLESS, SYSLOG_YEAR
from triage.ingest.formats.system import SYSTEM
from triage.ingest.formats.web import APACHE_ERROR, DJANGO_REQUEST, NGINX_ERROR, WEB_ACCESS
from triage.ingest.formats.websphere import WEBSPHERE

#: Wrappers around another program's lines.
ENVELOPES: tuple[Envelope, ...] = (DOCKER, CRI, KUBECTL, STERN, COMPOSE)

#: Formats of a whole log line inside a message, the more specific first.
NESTED: tuple[Format, ...] = (
    JSON_LINES,
    LOGFMT_INSIDE,
    HAPROXY,
    GLOG,
    LAMBDA,
    POSTGRES_PREFIXED,
    POSTGRES_NUMBERED,
    POSTGRES_BARE,
    SPRING,
    LOG4J,
    NESTED_LINE,
)

#: The more specific first: of two that read the same share of a sample, the earlier one wins.
FORMATS: tuple[Format, ...] = (
    AWS_LOAD_BALANCER,
    AWS_S3,
    LAMBDA,
    LAMBDA_MARK,
    LAMBDA_ERROR,
    HEROKU,
    LOGPLEX,
    GITHUB_ACTIONS,
    GLOG,
    GLOG_CREATED,
    LOGCAT,
    LOGCAT_MARK,
    WEB_ACCESS,
    DJANGO_REQUEST,
    NGINX_ERROR,
    APACHE_ERROR,
    HAPROXY,
    HAPROXY_NOTICE,
    ENVOY_ACCESS,
    ENVOY,
    POSTGRES,
    POSTGRES_PREFIXED,
    POSTGRES_BARE,
    MYSQL_ERROR,
    MYSQL_CRASH,
    MYSQL_CRASH_CLOCK,
    MYSQL_SLOW,
    MYSQL_GENERAL,
    MONGODB,
    REDIS,
    REDIS_SIGNAL,
    KAFKA,
    ZOOKEEPER,
    RABBITMQ,
    ERLANG_REPORT,
    ELASTICSEARCH,
    ELASTICSEARCH_OPEN,
    SPRING,
    LOG4J,
    JAVA_UTIL_LOGGING,
    TOMCAT,
    WEBSPHERE,
    *PYTHON,
    RUBY_LOGGER,
    RAILS_REQUEST,
    RUST_TRACING,
    RUST_ENV_LOGGER,
    PHP_ERROR,
    PHP_FPM,
    MONOLOG,
    *SYSTEM,
    *EXPORTS,
    JSON_LINES,
    LOGFMT,
    SYSLOG_5424,
    CISCO,
    SYSLOG,
    SYSLOG_RELAYED,
    JOURNAL,
    JOURNAL_VERBOSE,
    SYSLOG_YEAR,
    SYSLOG_TAGLESS,
    JOURNAL_MARK,
    GENERIC,
    CLOCK_ONLY,
    DATED_INSIDE,
)

__all__ = [
    "ENVELOPES",
    "FORMATS",
    "GENERIC",
    "JSON_LINES",
    "NESTED",
    "PLAIN",
    "Envelope",
    "Format",
    "LineFormat",
    "Reading",
]
