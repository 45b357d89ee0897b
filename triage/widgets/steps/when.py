"""When: the timeline, the onsets, and the notes of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.ingest.moments import moment
from triage.report.onset_words import kind_words, sides, step_words
from triage.report.words import day_of, lag, number, sureness
from triage.widgets.markup import render
from triage.widgets.page import Act
from triage.widgets.steps.on_timeline import OnTimeline
from triage.widgets.steps.step import Handler

#: Onsets that are listed, and those of them that are listed at once.
MOST, FIRST = 60, 10


class WhenStep(OnTimeline):
    """The timeline with what began when; a part of it can be chosen, and everything follows."""

    name = "When"
    asks = "When did it begin?"
    template = "when"

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"note": self._note, "whole": self._whole, "around": self._around}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        summary = self.state.view.summary
        return {
            "onset": summary["incident_onset"],
            "others": summary["other_onsets"],
            "linked": summary["linked_onsets"],
        }

    def draw(self) -> None:
        """Show the timeline and what stands below it."""
        super().draw()
        view = self.state.view
        there = [row for row in view.summary["onsets"] if view.holds(row["at"])]
        remarks = self.state.now.remarks.of("note")
        self.below.html = render(
            "onsets",
            **self.common(),
            rows=[self._row(row) for row in there[:MOST]],
            first=FIRST,
            example=self.state.now.window[1].strftime("%Y-%m-%d %H:%M"),
            hidden=max(0, len(there) - MOST),
            sure=sureness(view.summary)[0],
            remarks=sorted(remarks, key=lambda one: one.at or one.written),
        )

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        summary = self.state.view.summary
        day = day_of(summary)
        before, after = sides(row)
        return {
            **row,
            "kind": kind_words(row, day),
            "lag": lag(row["at"], summary["incident_onset"]),
            "before": before,
            "after": after,
            "step": step_words(row),
            "q_value": number(row["q_value"]),
        }

    def _note(self, act: Act) -> None:
        by = act.text("by")
        self.state.by = by or self.state.by
        # In UTC, as times are shown here, whatever the zone of the logs.
        at = moment(act.text("at"), "When", "UTC") if act.text("at") else None
        self.state.do("remark", act.text("text"), by=by, at=at)

    def _whole(self, act: Act) -> None:
        self.state.choose(window=None)
