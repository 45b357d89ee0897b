"""What changed: the recorded changes on the axis of the errors, and how long before the onset each came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.report.timeline import in_order
from triage.report.words import change_name, lag, moment, percent
from triage.widgets.markup import render
from triage.widgets.page import Act, Page
from triage.widgets.steps.step import Desk, Handler, Step

#: Changes that are listed; those nearest to the onset are.
MOST = 100


class ChangesStep(Step):
    """The changes, in order of time."""

    name = "What changed"
    asks = "What changed, and when?"
    template = "changes"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.below = Page(self.hear)

    @property
    def widgets(self) -> tuple[Any, ...]:
        """What is shown, from the top."""
        return (self.page, self.desk.timeline, self.below)

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"around": self._around}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        changes = self.state.now.changes
        inside = [c for c in changes.to_dicts() if self.state.view.holds(c["time"], c.get("end"))]
        return {"count": len(changes), "inside": len(inside), "onset": self.state.view.summary["incident_onset"]}

    def draw(self) -> None:
        """Show the timeline and the table below it."""
        super().draw()
        summary, view = self.state.view.summary, self.state.view
        numbered = [(n, c) for n, c in enumerate(in_order(summary), 1) if view.holds(c["time"], c.get("end"))]
        if len(numbered) > MOST:
            numbered = sorted(sorted(numbered, key=lambda one: self._distance(one[1]))[:MOST], key=lambda one: one[0])
        odds = {h["change_id"]: h for h in summary["hypotheses"] if h["change_id"]}
        rows = [self._row(number, change, odds.get(change["id"])) for number, change in numbered]
        versions = [row for row in summary["versions"] if view.holds(row["at"])]
        hidden = self.facts()["inside"] - len(rows)
        self.below.html = render("change_table", **self.common(), rows=rows, hidden=hidden, versions=versions)

    def _distance(self, change: Mapping[str, Any]) -> float:
        incident = self.state.now
        near = incident.incident_onset.at if incident.incident_onset else incident.window[1]
        return abs((moment(change["time"]) - near).total_seconds())

    def _row(self, number: int, change: Mapping[str, Any], hypothesis: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "number": number,
            "picked": self.desk.timeline.picked == {"kind": "change", "id": change["id"]},
            "name": change_name(change),
            "change": change,
            "end": change.get("end"),
            "lag": lag(change["time"], self.state.view.summary["incident_onset"]),
            "odds": percent(hypothesis["probability"]) if hypothesis else "",
            "summary": change.get("summary") or "",
        }

    def _around(self, act: Act) -> None:
        self.desk.look_around(act.arg)
