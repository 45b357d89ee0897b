"""Events of Datadog, of both versions of its API.

Fields as in Datadog's API reference, "Events": version 1 (``events[]``: ``date_happened``, ``title``, ``text``,
``tags``, ``alert_type``, ``source_type_name``, ``host``) and version 2 (``data[].attributes``, whose ``attributes``
hold ``title``, ``service``, ``monitor_id``, and of change events ``changed_resource``, ``impacted_resources``).
"""

from __future__ import annotations

from typing import Any

from triage.changes.exports import Object, Told, dig, filled, numbered, objects, text
from triage.changes.loaders.tags import kind_in, tag_fields

#: What a monitor or a check reports is trouble, and no change.
TROUBLE = ("error", "warning", "recovery", "success")


class DatadogEvents:
    """Each event is a change, but for those of monitors: they tell of trouble."""

    name = "Datadog events"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of an answer of the API, or of several pages."""
        first, second = objects(document, "events"), objects(document, "data")
        if first and all("date_happened" in item for item in first):
            return _kept([(item, _of_first(item)) for item in first], _first_is_alert)
        if second and all(_is_second(item) for item in second):
            return _kept([(item, _of_second(item)) for item in second], _second_is_alert)
        return None


def _kept(rows: list[tuple[Object, dict[str, Any]]], is_alert: Any) -> Told:
    kept = [row for item, row in rows if not is_alert(item)]
    note = f"events of monitors left out, which tell of trouble and not of changes: {len(rows) - len(kept)}"
    return Told(numbered(kept), (note,) if len(kept) < len(rows) else ())


def _first_is_alert(item: Object) -> bool:
    return "monitor" in text(item, "source_type_name").lower() or (
        text(item, "alert_type") in TROUBLE[:2] and kind_in(text(item, "title")) == "other"
    )


def _of_first(item: Object) -> dict[str, Any]:
    title, body = text(item, "title"), text(item, "text")
    row = filled(
        id=f"datadog-{text(item, 'id_str') or text(item, 'id')}",
        time=item["date_happened"],
        kind=kind_in(title),
        summary=title or body,
        text=body if title else None,
        instances=[text(item, "host")] if text(item, "host") else None,
        from_tool=text(item, "source_type_name"),
    )
    return row | tag_fields(objects_of(item.get("tags")))


def _is_second(item: Object) -> bool:
    return text(item, "type") == "event" and isinstance(dig(item, "attributes", "timestamp"), str | int)


def _second_is_alert(item: Object) -> bool:
    inner = dig(item, "attributes", "attributes")
    return bool(text(inner, "monitor_id") or isinstance(dig(inner, "monitor"), dict))


def _of_second(item: Object) -> dict[str, Any]:
    outer, inner = item["attributes"], dig(item, "attributes", "attributes")
    title, changed = text(inner, "title"), dig(inner, "changed_resource")
    impacted = [text(one, "name") for one in objects(dig(inner, "impacted_resources")) or []]
    sort = {"feature_flag": "flag", "configuration": "config"}.get(text(changed, "type"), "")
    row = filled(
        id=f"datadog-{text(item, 'id')}",
        time=outer["timestamp"],
        kind=sort or kind_in(title or text(outer, "message")),
        summary=title or text(changed, "name") or text(outer, "message")[:500],
        changed=text(changed, "name"),
        impacted=impacted,
        instances=[text(inner, "hostname")] if text(inner, "hostname") else None,
        before=dig(inner, "prev_value"),
        after=dig(inner, "new_value"),
        by=text(inner, "author", "name"),
    )
    tags = tag_fields([*objects_of(outer.get("tags")), *objects_of(dig(inner, "tags"))])
    if sort:
        tags.pop("kind", None)
    service = text(inner, "service") or (impacted or [""])[0]
    return row | tags | ({"service": service} if service and service != "undefined" else {})


def objects_of(value: Any) -> list[Any]:
    """The things in a list; none for anything else."""
    return value if isinstance(value, list) else []
