"""PostgreSQL's stderr log with the usual prefixes (``%m [%p]`` with or without user, database, host)."""

from __future__ import annotations

from triage.ingest.formats.base import PatternFormat

LEVELS = "DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC"
#: Lines that PostgreSQL writes after a message and that belong to it, though they have a prefix like any other.
FOLLOWERS = "DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT|BACKTRACE"
HEAD = (
    r"^(?:(?P<client>[\w.:-]+(?:\(\d+\))?) )?"
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{1,5}| [+-]\d\d(?::?\d\d)?)?) "
    r"\[(?P<process>\d+)(?:-\d+)?\]:? ?(?:(?P<session>[^ ]+(?: [^ ]+){0,3}?) )?:? ?"
)

POSTGRES = PatternFormat(
    "postgresql",
    rf"{HEAD}(?P<level>{LEVELS}):  (?P<body>.*)$",
    syntaxes=("iso-8601",),
    follower=rf"{HEAD}(?:{FOLLOWERS}):  ",
)
