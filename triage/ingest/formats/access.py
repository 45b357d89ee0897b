"""Requests that JSON access logs hold as fields, with no message or always the same one."""

from __future__ import annotations

from typing import Any

#: Where servers put method, path and status: Traefik; Caddy; Envoy; nginx as people set it up.
PLACES: tuple[tuple[str, str, str], ...] = (
    ("RequestMethod", "RequestPath", "DownstreamStatus"),
    ("request.method", "request.uri", "status"),
    ("method", "path", "response_code"),
    ("request_method", "request_uri", "status"),
)
#: What they have for a message.
EMPTY = ("", "handled request", "NOP")


def request_of(found: dict[str, Any]) -> tuple[str, str] | None:
    """The request in a few words and its status, where an object is an entry of an access log; else None.

    Examples
    --------
    >>> request_of({"method": "GET", "path": "/cart", "response_code": 503})
    ('GET /cart 503', '503')
    """
    for method, path, status in PLACES:
        if status in found:
            said = [_value(found, name) for name in (method, path, status)]
            if None not in said:
                return " ".join(str(one) for one in said), str(said[2])
    return None


def _value(found: dict[str, Any], name: str) -> Any:
    holder, _, key = name.rpartition(".")
    inside = found.get(holder) if holder else found
    value = inside.get(key) if isinstance(inside, dict) else None
    return value if isinstance(value, str | int) else None
