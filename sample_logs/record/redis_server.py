"""Redis, for carts, cached pages, counters and flags."""

from __future__ import annotations

from pathlib import Path

import redis

from .programs import Command, Programs, free_port, listens, path_of


def start(programs: Programs, directory: Path, log: Path) -> int:
    """Start Redis and give its port."""
    port, data = free_port(), directory / "redis"
    data.mkdir()
    saving = ["--save", "60 100", "--dir", str(data)]
    arguments = [path_of("redis-server"), "--bind", "127.0.0.1", "--port", str(port), *saving]
    programs.start(Command("Redis", arguments, log, data), listens(port))
    return port


def set_flag(port: int, name: str, state: str) -> None:
    """Flip a feature flag of the shop: on, off, or for a share of those who ask, such as 25%."""
    with redis.Redis(host="127.0.0.1", port=port) as connection:
        connection.hset("flags", name, state)


def leave_room(port: int, kilobytes: int) -> None:
    """Let Redis have so much more memory than it has now, and not one byte beyond."""
    with redis.Redis(host="127.0.0.1", port=port) as connection:
        used: int = connection.info("memory")["used_memory"]
        connection.config_set("maxmemory", used + 1024 * kilobytes)
