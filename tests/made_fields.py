"""Logs of structured loggers whose message never changes: what goes wrong shows in their fields only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

BEGIN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ROUTES = {"/cart": 3.0, "/cart/items/{}": 2.5, "/search": 4.5, "/checkout": 5.0, "/login": 3.5}
COUNTRIES = ("DE", "FR", "GB", "US", "CN")


@dataclass(frozen=True)
class Request:
    """One request, as every logger is told of it."""

    at: datetime
    number: int
    method: str
    path: str
    status: int
    seconds: float
    size: int
    retries: int
    user: str
    address: str
    cached: bool
    error: str | None


def requests(count: int, place: int, fault: str | None, seed: int, every: float = 1.0) -> list[Request]:
    """Requests of traffic that wanders, in which a fault begins with the one at `place`."""
    rng, now, found, favourite = Random(seed), BEGIN, [], 0
    routes = list(ROUTES)
    for number in range(count):
        now += timedelta(seconds=rng.expovariate(1 / every))
        favourite = rng.randrange(len(routes)) if rng.random() < 0.02 else favourite
        route = routes[favourite] if rng.random() < 0.2 else rng.choice(routes)
        bad = number >= place
        failed = rng.random() < (0.6 if bad and fault == "errors" else 0.02)
        seconds = rng.lognormvariate(ROUTES[route] - 7.0, 0.5) * (8 if bad and fault == "slow" else 1)
        size = max(20, round(rng.lognormvariate(7, 0.6) * (0.1 if bad and fault == "small" else 1)))
        found.append(
            Request(
                now, number, rng.choice(("GET", "GET", "GET", "POST")), route.format(rng.randrange(9000)),
                (503 if rng.random() < 0.8 else 500) if failed else rng.choice((200, 200, 200, 201, 204, 304, 404)),
                seconds, size, min(4, int(rng.expovariate(1.5 if not bad or fault != "errors" else 0.7))),
                f"u{rng.randrange(400)}", f"10.0.{rng.randrange(9)}.{rng.randrange(250)}:{rng.randrange(30000, 60000)}",
                rng.random() < (0.1 if bad and fault == "cold" else 0.8), "upstream connect error" if failed else None,
            )
        )  # fmt: skip
    return found


def _json(fields: Mapping[str, Any]) -> str:
    return orjson.dumps({key: value for key, value in fields.items() if value is not None}).decode()


def pino(r: Request) -> str:
    """pino-http of Node, whose levels say nothing here."""
    request = {"id": r.number, "method": r.method, "url": r.path, "remoteAddress": r.address.split(":")[0]}
    fields = {"level": 30, "time": round(r.at.timestamp() * 1000), "pid": 71, "hostname": "web-1", "req": request}
    response = {"statusCode": r.status, "headers": {"content-length": r.size}}
    return _json(fields | {"res": response, "responseTime": round(1000 * r.seconds), "msg": "request completed"})


def zap(r: Request) -> str:
    """zap of Go, with durations in seconds, as its production settings have them."""
    return _json(
        {
            "level": "info", "ts": r.at.timestamp(), "caller": "http/log.go:71", "msg": "handled", "path": r.path,
            "http.status_code": r.status, "duration": round(r.seconds, 9), "bytes": r.size, "peer": r.address,
            "cache": "hit" if r.cached else "miss", "error": r.error, "retries": r.retries,
        }
    )  # fmt: skip


def logback(r: Request) -> str:
    """The JSON encoder of Logback, with everything in its MDC as text."""
    context = {"method": r.method, "uri": r.path, "outcome": "FAILURE" if r.error else "SUCCESS", "userId": r.user}
    context |= {"elapsed_ms": str(round(1000 * r.seconds)), "cached": str(r.cached).lower(), "size": str(r.size)}
    told = {"@timestamp": r.at.isoformat(timespec="milliseconds"), "@version": "1", "message": "Request processed"}
    place = {"logger_name": "com.shop.Filter", "thread_name": f"exec-{r.number % 8}", "level": "INFO"}
    return _json({**told, **place, "level_value": 20000, **context})


def structlog(r: Request) -> str:
    """structlog of Python, with an OpenTelemetry name beside its own."""
    named = {"http.server.request.duration": round(r.seconds, 6), "success": r.error is None, "response_bytes": r.size}
    told = {"timestamp": r.at.isoformat(), "level": "info", "event": "request_finished", "request_id": f"r-{r.number}"}
    return _json({**told, "code": r.status, "route": r.path, "cache_hit": r.cached, **named})


def logfmt(r: Request) -> str:
    """logfmt, as of Go's log/slog and Heroku's router."""
    status = f"status={r.status} bytes={r.size} cache={'hit' if r.cached else 'miss'}"
    took = f"{1000 * r.seconds:.2f}ms" if r.seconds < 1 else f"{r.seconds:.3f}s"
    return f'time={r.at.isoformat()} level=INFO msg="request done" method={r.method} path={r.path} {status} took={took}'


LOGGERS: Mapping[str, Callable[[Request], str]] = {
    "pino": pino, "zap": zap, "logback": logback, "structlog": structlog, "logfmt": logfmt,
}  # fmt: skip
