"""Annotations of Grafana: what people and pipelines marked on dashboards.

Fields as in Grafana's HTTP API reference, "Annotations API", find annotations (``GET /api/annotations``).
"""

from __future__ import annotations

import re
from typing import Any

from triage.changes.exports import Object, Told, filled, listed, numbered, text
from triage.changes.loaders.tags import kind_in, tag_fields

_MARKUP = re.compile(r"<[^<>]{0,200}>")


class GrafanaAnnotations:
    """Each annotation is a change from ``time`` to ``timeEnd``, but for those of alerts: they tell of trouble."""

    name = "Grafana annotations"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a list of annotations."""
        found = listed(document, "time", "text", "tags")
        if found is None or not all(_is_annotation(item) for item in found):
            return None
        alerts = [item for item in found if _is_alert(item)]
        rows = [_row(item) for item in found if not _is_alert(item)]
        notes = (f"annotations of alerts left out, which tell of trouble and not of changes: {len(alerts)}",)
        return Told(numbered(rows), notes if alerts else ())


def _is_annotation(item: Object) -> bool:
    mark = isinstance(item["time"], int) and (item["tags"] is None or isinstance(item["tags"], list))
    return mark and not {"kind", "service", "type"} & item.keys()


def _is_alert(item: Object) -> bool:
    return text(item, "alertId") not in ("", "0") or bool(text(item, "newState") or text(item, "alertName"))


def _row(item: Object) -> dict[str, Any]:
    summary = " ".join(_MARKUP.sub(" ", text(item, "text")[:2000]).split())
    began, ended = item["time"], item.get("timeEnd")
    row = filled(
        id=f"grafana-{text(item, 'id')}" if text(item, "id") else None,
        time=began,
        end=ended if isinstance(ended, int) and ended > began else None,
        kind=kind_in(summary),
        summary=summary,
        dashboard=text(item, "dashboardUID"),
        by=text(item, "login") or text(item, "userName"),
    )
    return row | tag_fields(item["tags"] or [])
