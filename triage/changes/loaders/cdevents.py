"""CDEvents: services that are deployed, upgraded, rolled back or removed, and environments that change.

Fields and types as in the CDEvents specification ("context", "subject", and the vocabulary "Continuous Deployment
Events"), alone or as the data of a CloudEvent ("CloudEvents Binding").
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, unquote

from triage.changes.exports import Object, Told, dig, filled, left_out, numbered, objects, text

_TYPE = re.compile(r"dev\.cdevents\.(?P<subject>[a-z]+)\.(?P<predicate>[a-z]+)(?:\.\d.*)?", re.ASCII)
KINDS = {
    ("service", "deployed"): "deploy",
    ("service", "upgraded"): "deploy",
    ("service", "published"): "deploy",
    ("service", "rolledback"): "rollback",
    ("service", "removed"): "infrastructure",
    ("environment", "created"): "infrastructure",
    ("environment", "modified"): "infrastructure",
    ("environment", "deleted"): "infrastructure",
}


class CdEvents:
    """Events about services and environments; those about builds, tests and tickets change nothing that runs."""

    name = "CDEvents"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a list of events or of one."""
        found = [document] if isinstance(document, dict) else objects(document)
        if not found:
            return None
        events = [event for item in found if (event := _event(item)) is not None]
        if len(events) < len(found):
            return None
        types = [_type(event) for event in events]
        rows = [_row(event, *kind) for event, kind in zip(events, types, strict=True) if kind in KINDS]
        others = [".".join(kind) for kind in types if kind not in KINDS]
        return Told(numbered(rows), left_out(others, "event", "changing nothing that runs"))


def _event(item: Object) -> Object | None:
    """The event in an object: itself, or the data of a CloudEvent."""
    for found in (item, item.get("data")):
        if _TYPE.fullmatch(text(found, "context", "type")) and isinstance(dig(found, "subject"), dict):
            return dict(found) if isinstance(found, dict) else None
    return None


def _type(event: Object) -> tuple[str, str]:
    match = _TYPE.fullmatch(text(event, "context", "type"))
    return (match["subject"], match["predicate"]) if match else ("", "")


def _row(event: Object, subject: str, predicate: str) -> dict[str, Any]:
    content = dig(event, "subject", "content")
    artifact = text(content, "artifactId")
    service = text(event, "subject", "id").rpartition("/")[2] if subject == "service" else ""
    own = dig(event, "customData")
    return filled(
        id=text(event, "context", "id"),
        time=text(event, "context", "timestamp"),
        kind=KINDS[subject, predicate],
        service=service,
        version=version_of(artifact),
        summary=f"{subject} {predicate}" + (f": {text(content, 'name')}" if text(content, "name") else ""),
        environment=text(content, "environment", "id") or (text(event, "subject", "id") if not service else ""),
        artifact=artifact,
        custom=own if isinstance(own, dict) else None,
    )


def version_of(artifact: str) -> str:
    """The version in a package URL (``pkg:oci/cart@sha256:0b31?tag=2.4.1``) or in the name of an image.

    Examples
    --------
    >>> version_of("pkg:oci/cart@sha256%3A0b31b1c02ff458ad?tag=2.4.1"), version_of("pkg:generic/cart@1.1")
    ('2.4.1', '1.1')
    >>> version_of("cart:2"), version_of("pkg:oci/cart@sha256%3A0b31b1c02ff458ad"), version_of("cart")
    ('2', '0b31b1c02ff4', '')
    """
    url, _, query = artifact[:2000].partition("?")
    tag = parse_qs(query).get("tag", [""])[0]
    front, _, version = url.rpartition("@") if "@" in url else url.rpartition(":")
    version = unquote(version).partition("#")[0] if front and front != "pkg" else ""
    return tag or (version.rpartition(":")[2][:12] if version.startswith("sha") and ":" in version else version)
