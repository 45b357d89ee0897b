"""Requests that JSON access logs hold as fields, with no message or always the same one."""

from __future__ import annotations

import re
from typing import Any

#: Where servers and frameworks put method, path and status; a dot leads into an object (Caddy).
METHODS = ("method", "request_method", "http_method", "RequestMethod", "request.method")
PATHS = ("path", "request_uri", "uri", "url", "request_path", "RequestPath", "request.uri")
STATUSES = ("status", "status_code", "response_code", "http_status", "statusCode", "DownstreamStatus")
#: All of a request but its status, as nginx has it in one variable.
LINES = ("request", "request_line")
LINE = re.compile(r"([A-Z]{3,10} [^ ]{1,8000})(?: HTTP/[0-9.]{1,3})?")
STATUS = re.compile("[1-5][0-9][0-9]")
#: What they have for a message.
EMPTY = ("", "handled request", "NOP")


def request_of(found: dict[str, Any]) -> tuple[str, str] | None:
    """The request in a few words and its status, where an object is an entry of an access log; else None.

    Examples
    --------
    >>> request_of({"method": "GET", "path": "/cart", "response_code": 503})
    ('GET /cart 503', '503')
    >>> request_of({"request": "GET /cart HTTP/1.1", "status": "200"})
    ('GET /cart 200', '200')
    """
    status = next((text for name in STATUSES if name in found and (text := _status(found[name]))), None)
    if status is None:
        return None
    method, path = _first(found, METHODS), _first(found, PATHS)
    if method is not None and path is not None:
        return f"{method} {path} {status}", status
    lines = (LINE.fullmatch(line) for name in LINES if isinstance(line := found.get(name), str))
    whole = next((line for line in lines if line), None)
    return (f"{whole[1]} {status}", status) if whole else None


def _status(value: Any) -> str | None:
    text = str(value) if isinstance(value, str | int) else ""
    return text if STATUS.fullmatch(text) else None


def _first(found: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        holder, _, key = name.rpartition(".")
        inside = found.get(holder) if holder else found
        value = inside.get(key) if isinstance(inside, dict) else None
        if isinstance(value, str):
            return value
    return None
