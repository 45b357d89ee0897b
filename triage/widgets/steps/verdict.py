"""Verdict: what people decide, hypotheses of their own, and the diagnosis that only they write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.report.words import hypothesis_name, percent
from triage.widgets.page import Act
from triage.widgets.steps.step import Handler, Step

#: Hypotheses at first and when all are asked for, beside those that somebody decided upon before.
FIRST, MOST = 12, 1000


class VerdictStep(Step):
    """Confirm, reject, leave open; with name and reason."""

    name = "Verdict"
    asks = "What do you decide?"
    template = "verdict"
    _most = FIRST

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"decide": self._decide, "suppose": self._suppose, "diagnose": self._diagnose, "more": self._more}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        incident, summary = self.state.now, self.state.view.summary
        standing = incident.verdicts.by_hypothesis()
        found = [one for n, one in enumerate(summary["hypotheses"]) if n < self._most or one["id"] in standing]
        rows = [
            {"id": one["id"], "name": hypothesis_name(one, summary), "odds": percent(one["probability"]), "why": ""}
            for one in found
        ]
        rows += [
            {"id": name, "name": own.text, "odds": f"by {own.by}", "why": own.detail}
            for name, own in incident.own_hypotheses.items()
        ]
        names = {row["id"]: row["name"] for row in rows}
        return {
            "rows": [row | {"standing": standing.get(row["id"])} for row in rows],
            "record": [(one, names.get(one.hypothesis_id, one.hypothesis_id)) for one in incident.verdicts],
            "diagnosis": incident.diagnosis,
            "hidden": len(summary["hypotheses"]) - len(found),
            "more_there": self._most == FIRST and len(found) < len(summary["hypotheses"]),
        }

    def _more(self, act: Act) -> None:
        self._most = MOST
        self.draw()

    def _decide(self, act: Act) -> None:
        by = self._name(act)
        self.state.do("decide", act.text("about"), act.text("decision"), by=by, note=act.text("note"))

    def _suppose(self, act: Act) -> None:
        self.state.do("suppose", act.text("claim"), by=self._name(act), why=act.text("why"))

    def _diagnose(self, act: Act) -> None:
        self.state.do("diagnose", act.text("text"), by=self._name(act))

    def _name(self, act: Act) -> str:
        by = act.text("by")
        self.state.by = by or self.state.by
        return by
