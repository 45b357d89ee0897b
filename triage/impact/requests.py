"""Requests: lines that give the method, the path and the status of one, in fields or at the head of the message."""

from __future__ import annotations

import polars as pl

from triage.impact.routes import find_routes, without_query

#: A request fails with this status or a higher one: the server failed (RFC 9110, 15.6), not the client.
FAILS = 500
_METHOD = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_HOST, _STATUS = r'(?:https?://[^"/\s\\]+)', "([1-5][0-9]{2})"
#: Where the name of a field begins, or its last part: ``http.request.method``. Of anything before it, as ``\\w*``, the
#: engine would try every place of every line.
_BEGIN, _END = r'["._-](?:[Rr]equest_?|http_?|cs-)?', r'"\s?:\s?'
#: Names of fields as servers, frameworks and OpenTelemetry have them; quotes inside of texts bear a backslash.
_IN_FIELDS = {
    "method": rf'{_BEGIN}(?:[Mm]ethod|verb){_END}"({_METHOD})"',
    "path": rf'{_BEGIN}(?:[Pp]ath|[Uu]ri|uri-stem|[Uu]rl|target){_END}"({_HOST}?/[^"\\]*)"',
    "status": rf'{_BEGIN}(?:response_|sc-|[Dd]ownstream)?(?:[Ss]tatus(?:_?[Cc]ode)?|code){_END}"?{_STATUS}"?\s?[,}}]',
}
_ROUTE = rf'{_BEGIN}[Rr]oute{_END}"(/[^"\\]*)"'
#: ``GET /cart HTTP/1.1``, as one field.
_LINE = rf'"(?:request|request_line){_END}"({_METHOD}) ([^ "\\]+)'
#: ``GET /cart 200`` and ``"GET /cart HTTP/1.1" 200`` as a message, or in it.
_MESSAGE = rf'(?:^|["\s])({_METHOD}) ({_HOST}?/[^\s"]*)(?: HTTP/[0-9.]{{1,3}})?"? (?:status[=:] ?)?{_STATUS}\b'
_SAID = "said"
_ANY = rf"\b(?:{_METHOD})\b"


def find_requests(records: pl.LazyFrame, since: pl.Expr) -> pl.DataFrame:
    """Requests by service and route, before and since.

    Parameters
    ----------
    records : polars.LazyFrame
        With ``body``, ``attributes``, ``service_name`` and ``source``.
    since : polars.Expr
        Whether a record counts as since.

    Returns
    -------
    polars.DataFrame
        ``service_name``, ``method``, ``route``, ``requests_before``, ``failing_before``, ``requests_since``,
        ``failing_since``, ``sources``.
    """
    body, fields = pl.col("body").str.slice(0, 1000), pl.col("attributes")
    near = records.filter(body.str.contains(_ANY).fill_null(False) | fields.str.contains(_ANY).fill_null(False))
    said = near.select(
        "service_name", "source", since.alias("since"), fields, body.str.extract_groups(_MESSAGE).alias(_SAID)
    )
    # What a message says of one request stands in one place; fields may be of two, one of which the other made.
    silent = pl.when(pl.col(_SAID).struct[0].is_null()).then(fields)  # no text, and it is not looked at
    read = said.with_columns(silent.alias("silent")).select("service_name", "source", "since", *_read(fields))
    read = read.drop_nulls(["method", "path", "status"])
    fails = pl.col("status") >= FAILS
    counted = read.group_by("service_name", "method", without_query(pl.col("path")), "source").agg(
        (~pl.col("since")).sum().alias("requests_before"),
        (~pl.col("since") & fails).sum().alias("failing_before"),
        pl.col("since").sum().alias("requests_since"),
        (pl.col("since") & fails).sum().alias("failing_since"),
    )
    return _by_route(counted.collect(engine="streaming"))


def _read(fields: pl.Expr) -> tuple[pl.Expr, ...]:
    said, silent = pl.col(_SAID).struct, pl.col("silent").str
    found = {name: silent.extract(pattern, 1) for name, pattern in _IN_FIELDS.items()}
    whole = silent.extract_groups(_LINE).struct
    return (
        pl.coalesce(said[0], whole[0], found["method"]).alias("method"),
        pl.coalesce(fields.str.extract(_ROUTE, 1), said[1], whole[1], found["path"]).alias("path"),
        pl.coalesce(said[2], found["status"]).cast(pl.UInt16).alias("status"),
    )


def _by_route(counted: pl.DataFrame) -> pl.DataFrame:
    counts = [name for name in counted.columns if name.endswith(("_before", "_since"))]
    parts = [
        part.with_columns(pl.col("path").replace_strict(_routes(part), return_dtype=pl.String).alias("route"))
        for part in counted.partition_by("service_name", "method")
    ]
    whole = pl.concat(parts) if parts else counted.with_columns(pl.col("path").alias("route"))
    summed = whole.group_by("service_name", "method", "route").agg(
        pl.col(counts).sum().cast(pl.Int64), pl.col("source").unique().sort().alias("sources")
    )
    order = ["failing_since", "requests_since", "service_name", "method", "route"]
    return summed.sort(order, descending=[True, True, False, False, False], nulls_last=True)


def _routes(part: pl.DataFrame) -> dict[str, str]:
    requests = pl.col("requests_before") + pl.col("requests_since")
    return find_routes(dict(part.group_by("path").agg(requests.sum()).sort("path").iter_rows()))
