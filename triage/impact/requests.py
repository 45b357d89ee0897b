"""Requests: lines that give the method, the path and the status of one, in fields or at the head of the message."""

from __future__ import annotations

import polars as pl

from triage.impact.routes import find_routes, without_query

#: A request fails with this status or a higher one: the server failed (RFC 9110, 15.6), not the client.
FAILS = 500
_METHOD = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_HOST, _STATUS = r'(?:https?://[^"/\s\\]{1,255})', "([1-5][0-9]{2})"
#: Where the name of a field begins, or its last part: ``http.request.method``. Of anything before it, as ``\\w*``, the
#: engine would try every place of every line.
_BEGIN, _END = r'["._-](?:[Rr]equest_?|http_?|cs-)?', r'"\s?:\s?'
#: Names of fields as servers, frameworks and OpenTelemetry have them; quotes inside of texts bear a backslash.
_IN_FIELDS = {
    "method": rf'{_BEGIN}(?:[Mm]ethod|verb){_END}"({_METHOD})"',
    "route": rf'{_BEGIN}[Rr]oute{_END}"(/[^"\\]{{0,500}})"',
    "path": rf'{_BEGIN}(?:[Pp]ath|[Uu]ri|uri-stem|[Uu]rl|target){_END}"({_HOST}?/[^"\\]{{0,500}})"',
    "status": rf'{_BEGIN}(?:response_|sc-|[Dd]ownstream)?(?:[Ss]tatus(?:_?[Cc]ode)?|code){_END}"?{_STATUS}"?\s?[,}}]',
}
#: ``GET /cart HTTP/1.1``, as one field.
_LINE = rf'"(?:request|request_line){_END}"({_METHOD}) ([^ "\\]{{1,500}})'
#: ``GET /cart 200`` and ``"GET /cart HTTP/1.1" 200`` as a message, or in it.
_MESSAGE = rf'(?:^|["\s])({_METHOD}) ({_HOST}?/[^\s"]{{0,500}})(?: HTTP/[0-9.]{{1,3}})?"? (?:status[=:] ?)?{_STATUS}\b'
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
    read = near.select("service_name", "source", since.alias("since"), *_read(body, fields)).drop_nulls(
        ["method", "path", "status"]
    )
    fails = pl.col("status") >= FAILS
    counted = read.group_by("service_name", "method", without_query(pl.col("path")), "source").agg(
        (~pl.col("since")).sum().alias("requests_before"),
        (~pl.col("since") & fails).sum().alias("failing_before"),
        pl.col("since").sum().alias("requests_since"),
        (pl.col("since") & fails).sum().alias("failing_since"),
    )
    return _by_route(counted.collect(engine="streaming"))


def _read(body: pl.Expr, fields: pl.Expr) -> tuple[pl.Expr, ...]:
    found = {name: fields.str.extract(pattern, 1) for name, pattern in _IN_FIELDS.items()}
    whole, said = fields.str.extract_groups(_LINE), body.str.extract_groups(_MESSAGE)
    # What a message says of one request stands in one place; fields may be of two, one of which the other made.
    return (
        pl.coalesce(said.struct[0], whole.struct[0], found["method"]).alias("method"),
        pl.coalesce(found["route"], said.struct[1], whole.struct[1], found["path"]).alias("path"),
        pl.coalesce(said.struct[2], found["status"]).cast(pl.UInt16).alias("status"),
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
