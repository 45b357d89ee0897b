"""What Docker keeps beside a container's log: ``config.v2.json``, read as data and never as a log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

CONFIG = "config.v2.json"
#: Such a file is a few thousand bytes; a larger one is something else.
MOST_BYTES = 1 << 20
#: Longest name that is taken from it.
MOST_CHARS = 253


@dataclass(frozen=True)
class ContainerFacts:
    """The names of a container; those of Kubernetes where it made the container."""

    container: str | None
    service: str | None
    image: str | None
    pod: str | None
    namespace: str | None


def container_facts(folder: Path) -> ContainerFacts | None:
    """The names that a container's folder holds; None if there is no such file or it is not Docker's."""
    path = folder / CONFIG
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        found = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None  # the log is read all the same, under the container's id
    if not isinstance(found, dict):
        return None
    config = _dict(found.get("Config"))
    labels = _dict(config.get("Labels"))
    name = _text(found.get("Name"))
    return ContainerFacts(
        container=_text(labels.get("io.kubernetes.container.name")) or (name.lstrip("/") if name else None) or None,
        service=_text(labels.get("com.docker.compose.service")) or _text(labels.get("com.docker.swarm.service.name")),
        image=_text(config.get("Image")),
        pod=_text(labels.get("io.kubernetes.pod.name")),
        namespace=_text(labels.get("io.kubernetes.pod.namespace")),
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value[:MOST_CHARS] if isinstance(value, str) and value.strip() else None
