"""PostgreSQL's csvlog: a table without a header, whose columns its manual names, a few more with each version."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.table import Table
from triage.ingest.quoting import fields_of

CSVLOG = "postgresql-csvlog"
#: Of version 9.0 to 12; the manual's section on error reporting and logging names them all.
COLUMNS = (
    "log_time", "user_name", "database_name", "process_id", "connection_from", "session_id", "session_line_num",
    "command_tag", "session_start_time", "virtual_transaction_id", "transaction_id", "error_severity",
    "sql_state_code", "message", "detail", "hint", "internal_query", "internal_query_pos", "context", "query",
    "query_pos", "location", "application_name",
)  # fmt: skip
#: Of version 13, and from 14 on.
NEWER = (("backend_type",), ("backend_type", "leader_pid", "query_id"))
WIDTHS = {len(COLUMNS) + len(more): COLUMNS + more for more in ((), *NEWER)}
#: Time, user, database, process, address and the session's id, which no other table begins with.
BEGIN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} [A-Za-z0-9+-]+,"
    r'(?:"(?:[^"]|"")*"|[^,"]*),(?:"(?:[^"]|"")*"|[^,"]*),[0-9]+,(?:"[^"]*"|[^,"]*),[0-9a-f]+\.[0-9a-f]+,[0-9]+,'
)
#: Share of a sample's lines that begin so: statements may take many lines.
ENOUGH = 0.02
ROLES = ("timestamp", "log_time"), ("severity_text", "error_severity"), ("body", "message")


def find_csvlog(text: pl.Series) -> Table | None:
    """The table that a sample is, if it is one of PostgreSQL's."""
    begins = text.str.contains(BEGIN).fill_null(False)
    if not len(text) or not begins[0] or int(begins.sum()) < ENOUGH * len(text):
        return None
    roles = tuple((field, (COLUMNS.index(name),)) for field, name in ROLES)
    tables = [Table(CSVLOG, ",", names, roles, headed=False) for names in WIDTHS.values()]
    return max(tables, key=lambda table: _exact(table, text))


def _exact(table: Table, text: pl.Series) -> int:
    """How many rows have just the table's columns."""
    rows, width = table.rows(text), len(table.columns)
    some, more = (fields_of(rows, ",", count).to_series(0).count() for count in (width, width + 1))
    return some - more
