"""Line formats: one file a family, and the registry that says which there are and in which order they are tried."""

from __future__ import annotations

from triage.ingest.formats.base import Envelope, Format, Reading
from triage.ingest.formats.cloud import AWS_LOAD_BALANCER, AWS_S3
from triage.ingest.formats.cri import CRI
from triage.ingest.formats.docker import DOCKER
from triage.ingest.formats.generic import CLOCK_ONLY, GENERIC, NESTED_LINE
from triage.ingest.formats.glog import GLOG
from triage.ingest.formats.jsonlines import JSON_LINES
from triage.ingest.formats.line_format import LineFormat
from triage.ingest.formats.logcat import LOGCAT
from triage.ingest.formats.logfmt import LOGFMT
from triage.ingest.formats.plain import DATED_INSIDE, PLAIN
from triage.ingest.formats.postgres import POSTGRES
from triage.ingest.formats.redis import REDIS
from triage.ingest.formats.syslog import SYSLOG, SYSLOG_5424
from triage.ingest.formats.web import NGINX_ERROR, WEB_ACCESS

#: Wrappers around another program's lines.
ENVELOPES: tuple[Envelope, ...] = (DOCKER, CRI)

#: The more specific first: of two that read the same share of a sample, the earlier one wins.
FORMATS: tuple[Format, ...] = (
    AWS_LOAD_BALANCER,
    AWS_S3,
    GLOG,
    LOGCAT,
    WEB_ACCESS,
    NGINX_ERROR,
    POSTGRES,
    REDIS,
    JSON_LINES,
    LOGFMT,
    SYSLOG_5424,
    SYSLOG,
    GENERIC,
    CLOCK_ONLY,
    DATED_INSIDE,
)

__all__ = [
    "ENVELOPES",
    "FORMATS",
    "GENERIC",
    "JSON_LINES",
    "LOGFMT",
    "NESTED_LINE",
    "PLAIN",
    "Envelope",
    "Format",
    "LineFormat",
    "Reading",
]
