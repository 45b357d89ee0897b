"""The audit log of LaunchDarkly: flags, segments and environments that people or machines edited.

Fields as in LaunchDarkly's REST API reference, "List audit log entries" (``items[]``: ``_id``, ``date``, ``kind``,
``name``, ``titleVerb``, ``title``, ``description``, ``comment``, ``member``, ``target.resources``).
"""

from __future__ import annotations

import re
from typing import Any

from triage.changes.exports import Object, Told, dig, filled, left_out, numbered, objects, text

KINDS = {
    "flag": "flag", "segment": "flag", "experiment": "flag", "environment": "config", "project": "config",
    "release-pipeline": "config", "ai-config": "config",
}  # fmt: skip
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()]{0,500}\)")
_RESOURCE = re.compile(r"proj/(?P<project>[^:]+)(?::env/(?P<environment>[^:]+))?(?::.*)?")


class LaunchDarklyAudit:
    """Each entry about a flag is a flag change, whether it went on, off or to a share of users."""

    name = "LaunchDarkly audit log"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of an answer of the API, of several pages, or of their ``items``."""
        found = objects(document, "items")
        if not found or not all({"_id", "date", "kind"} <= item.keys() for item in found):
            return None
        rows = [_row(item) for item in found if text(item, "kind") in KINDS]
        others = [text(item, "kind") for item in found if text(item, "kind") not in KINDS]
        return Told(numbered(rows), left_out(others, "item", "changing nothing that runs"))


def _row(item: Object) -> dict[str, Any]:
    title = _LINK.sub(r"\1", text(item, "title")[:2000]).replace("\\", "")
    resource = _RESOURCE.fullmatch(text(item, "target", "resources", 0)[:500])
    kind, name = text(item, "kind"), text(item, "name")
    said = f"{text(item, 'titleVerb')} {name}".strip() if text(item, "titleVerb") else title or name
    more = [text(item, field) for field in ("description", "comment") if text(item, field)]
    member = item.get("member")
    return filled(
        id=text(item, "_id"),
        time=item["date"],
        kind=KINDS[kind],
        summary=": ".join([said, *more])[:2000],
        flag=name if kind == "flag" else None,
        project=resource["project"] if resource else None,
        environment=resource["environment"] if resource else None,
        action=text(item, "accesses", 0, "action"),
        by=text(member, "email") or text(dig(item, "token"), "name"),
    )
