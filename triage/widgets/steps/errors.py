"""Errors: groups of templates that are one problem."""

from __future__ import annotations

from typing import Any, ClassVar

from triage.report.shared import share_row, told_once
from triage.widgets.steps.step import Step

#: Groups that are listed, and shared values of each.
MOST, SHARED = 40, 4


class ErrorsStep(Step):
    """The error groups, and what their lines share."""

    name: ClassVar[str] = "Errors"
    asks = "Which errors are there?"
    template = "errors"

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        view = self.state.view
        groups = view.summary["error_groups"]
        rows = [group | {"count": view.of_group(group["template_ids"])} for group in groups]
        rows = [row for row in rows if row["count"]]
        self._titles = {group["id"]: group["title"] for group in groups}
        self._texts = dict(self.state.now.templates.select("template_id", "template").iter_rows())
        self._shared: dict[str | None, list[dict[str, Any]]] = {}
        for row in told_once(view.summary["shared"]):
            told = {"statement": share_row(row).statement, "lines": row["lines"][:1]}
            self._shared.setdefault(row["error_group"], []).append(told)
        return {
            "rows": [self._row(row) for row in rows[:MOST]],
            "hidden": max(0, len(rows) - MOST),
            "shared": self._shared.get(None, [])[:SHARED],
            "outside": len(groups) - len(rows),
        }

    def _row(self, group: dict[str, Any]) -> dict[str, Any]:
        view, titles, texts = self.state.view, self._titles, self._texts
        parts = [view.sparks.get(one, []) for one in group["template_ids"]]
        return {
            **group,
            "spark": [sum(counts) for counts in zip(*(part for part in parts if part), strict=True)],
            "cause": titles.get(group["caused_by"] or ""),
            "beside": [titles[one] for one in group["seen_with"] if one in titles],
            "templates": [(one, texts.get(one, ""), view.errors.get(one, 0)) for one in group["template_ids"][:10]],
            "more_templates": max(0, len(group["template_ids"]) - 10),
            "shared": self._shared.get(group["id"], [])[:SHARED],
        }
