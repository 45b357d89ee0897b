"""The engine that a caller means: an object with ``.map``, a client of a Dask cluster, or the address of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from triage.errors import UsageError
from triage.ingest.engine import Engine

WANTED = "wanted dask://HOST:PORT of a scheduler, with ?folder=PATH for a folder that it shares with this machine"
#: Seconds to wait for a scheduler.
CONNECT = 10


@contextmanager
def opened(engine: Any) -> Iterator[Engine | None]:
    """The engine that is meant; a connection made for it is closed at the end.

    Parameters
    ----------
    engine : Engine, distributed.Client, str or None
        A text is an address, such as ``dask://10.0.0.7:8786?folder=/mnt/shared``.

    Raises
    ------
    UsageError
        For anything else, and where `distributed` is needed and not installed.
    EngineError
        If no scheduler answers.
    """
    if isinstance(engine, str):
        with _connected(engine) as made:
            yield made
    elif is_client(engine):
        yield _of(engine, None)
    elif engine is None or callable(getattr(engine, "map", None)):
        yield engine
    else:
        raise UsageError(
            f"engine: got {type(engine).__name__}, wanted a Dask client, an object with .map, or an address such as "
            "dask://HOST:PORT"
        )


def is_client(engine: Any) -> bool:
    """Whether it is a client of Dask. Its ``map`` is another thing than an engine's."""
    kinds = type(engine).__mro__
    return any(kind.__name__ == "Client" and kind.__module__.partition(".")[0] == "distributed" for kind in kinds)


def check_address(address: str) -> tuple[str, str | None]:
    """The address of a scheduler and the folder in a text such as ``dask://host:8786?folder=/mnt/shared``.

    Raises
    ------
    UsageError
        If it is none.

    Examples
    --------
    >>> check_address("dask://10.0.0.7:8786?folder=/mnt/shared")
    ('tcp://10.0.0.7:8786', '/mnt/shared')
    """
    refused = UsageError(f"engine: got {address[:80]!r}, {WANTED}")
    try:
        parts = urlsplit(address)
        port = parts.port
        asked = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query), keep_blank_values=True))
    except ValueError as error:
        raise refused from error
    folder = asked.pop("folder", None)
    whole = parts.scheme == "dask" and parts.hostname and port and parts.path in ("", "/") and parts.username is None
    if not whole or asked or parts.fragment or folder == "":
        raise refused
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"tcp://{host}:{port}", folder


@contextmanager
def _connected(text: str) -> Iterator[Engine]:
    address, folder = check_address(text)
    from triage.ingest.dask_tasks import connected

    with connected(address, CONNECT) as client:
        yield _of(client, folder)


def _of(client: Any, folder: str | None) -> Engine:
    from triage.ingest.dask_engine import DaskEngine  # reads more than most need

    return DaskEngine(client, folder)
