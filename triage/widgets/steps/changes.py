"""What changed: the recorded changes on the axis of the errors, and how long before the onset each came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.report.timeline import in_order
from triage.report.words import change_name, lag, moment, percent
from triage.widgets.markup import render
from triage.widgets.steps.on_timeline import OnTimeline
from triage.widgets.steps.step import Handler

#: Changes that are listed; those nearest to the onset are.
MOST = 100


class ChangesStep(OnTimeline):
    """The changes, in order of time."""

    name = "What changed"
    asks = "What changed, and when?"
    template = "changes"

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"around": self._around}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        summary = self.state.view.summary
        return {"count": len(summary["changes"]), "inside": len(self._inside), "onset": summary["incident_onset"]}

    def draw(self) -> None:
        """Show the timeline and the table below it."""
        summary, view = self.state.view.summary, self.state.view
        numbered = [(n, c) for n, c in enumerate(in_order(summary), 1) if view.holds(c["time"], c.get("end"))]
        self._inside = numbered
        super().draw()
        if len(numbered) > MOST:
            numbered = sorted(sorted(numbered, key=lambda one: self._distance(one[1]))[:MOST], key=lambda one: one[0])
        odds = {h["change_id"]: h for h in summary["hypotheses"] if h["change_id"]}
        rows = [self._row(number, change, odds.get(change["id"])) for number, change in numbered]
        versions = [row for row in summary["versions"] if view.holds(row["at"])]
        hidden = len(self._inside) - len(rows)
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
