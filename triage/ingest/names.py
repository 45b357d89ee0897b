"""Service and host from a source's path, for lines that do not name them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

#: File names that say what kind of lines these are, not whose: the directory above names the service.
KINDS = {
    "access", "error", "errors", "stdout", "stderr", "out", "err", "log", "logs", "output", "console", "messages",
    "current", "main", "0", "1", "app", "application", "server", "debug", "info", "json", "containers", "pods", "var",
}  # fmt: skip
SUFFIX = re.compile(
    r"(?:\.(?:log|txt|out|err|json|jsonl|ndjson|csv|tsv|parquet|gz|zst|zstd|bz2|xz|\d{1,4}))+$", re.IGNORECASE
)
DATE = re.compile(r"[-_.]?\d{4}[-_]?\d\d[-_]?\d\d(?:[-_T]?\d{2,6})?$")
#: What a Deployment or StatefulSet adds to make a pod's name.
POD = re.compile(
    r"-(?:[a-f0-9]{6,10}-[a-z0-9]{5}|[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5})$"
)


def service_of(source: str) -> str | None:
    """The service that a path names; None for standard input or a path that names none.

    Examples
    --------
    >>> service_of("logs/nginx/access.log.gz"), service_of("logs/checkout-2026-11-21.log")
    ('nginx', 'checkout')
    >>> service_of("logs/ts-food-service-f5756978c-k8vqf.log.gz")
    'ts-food-service'
    """
    if source == "-":
        return None
    path = PurePosixPath(source.replace("\\", "/"))
    for part in (path.name, *(parent.name for parent in path.parents[:2])):
        name = _bare(part)
        if name and name.lower() not in KINDS:
            return name
    return None


def _bare(name: str) -> str:
    name = SUFFIX.sub("", name)
    name = DATE.sub("", name)
    return POD.sub("", name)


def pod_of(source: str) -> str | None:
    """The pod's full name, where the file name looks like one.

    Examples
    --------
    >>> pod_of("logs/ts-food-service-f5756978c-k8vqf.log.gz")
    'ts-food-service-f5756978c-k8vqf'
    """
    name = SUFFIX.sub("", PurePosixPath(source).name)
    return name if POD.search(name) else None
