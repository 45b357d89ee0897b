"""Hypotheses: cards with what speaks for and against each, and what to check next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from triage.errors import UsageError
from triage.report.words import by_chance, decided, hypothesis_lag, hypothesis_name, percent, ratio, signed, strength
from triage.widgets.jobs import Job
from triage.widgets.page import Act
from triage.widgets.python_lines import reading
from triage.widgets.reading import read_again
from triage.widgets.steps.step import Handler, Step

#: Cards at first and when all are asked for, and raw lines of a piece of evidence.
FIRST, MOST, LINES = 12, 200, 8


class HypothesesStep(Step):
    """The ranked hypotheses."""

    name = "Hypotheses"
    asks = "What may explain it?"
    template = "hypotheses"
    _most = FIRST

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"check": self._check, "result": self._result, "alone": self._alone, "more": self._more}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        summary = self.state.view.summary
        found = summary["hypotheses"]
        return {
            "rows": [self._row(one) for one in found[: self._most]],
            "hidden": max(0, len(found) - self._most),
            "more_there": self._most < min(MOST, len(found)),
            "conclusive": summary["conclusive"],
            "undecided": summary["undecided"],
            "needs": [need["statement"] for need in summary["needs"][:3]],
            "onset": summary["incident_onset"],
            "frame": self.state.now.settings.logs == ("frame",),
            "python": f"incident.hypotheses[0].evidence  # {len(found)} hypotheses",
        }

    def _row(self, one: dict[str, Any]) -> dict[str, Any]:
        summary, done = self.state.view.summary, self.state.now.remarks.checks
        return {
            **one,
            "name": hypothesis_name(one, summary),
            "decided": decided(one, summary),
            "lag": hypothesis_lag(one, summary),
            "odds": percent(one["probability"]),
            "before": percent(one["prior"]),
            "chance": by_chance(one["chance"]),
            "pro": [_evidence(found, self.state.view.folder) for found in one["for"]],
            "con": [_evidence(found, self.state.view.folder) for found in one["against"]],
            "checks": [(place, check, done.get((one["id"], check))) for place, check in enumerate(one["next_checks"])],
            "lines": sum(len(found["lines"]) for found in (*one["for"], *one["against"])),
        }

    def _more(self, act: Act) -> None:
        self._most = MOST
        self.draw()

    def _alone(self, act: Act) -> None:
        """Read what lies in the window, and rank by that."""
        incident, window = self.state.now, self.state.window
        if window is None:
            raise UsageError("no window is chosen: choose one on the timeline of the step When first")
        settings = replace(incident.settings, since=window[0], until=window[1])
        job = Job("reading the window alone", cancellable=True)
        self.desk.work(job, read_again(incident, settings, job), reading(settings, incident.own_checks))

    def _of(self, arg: str) -> tuple[str, str]:
        """The hypothesis and the check that an act is about: ``PLACE:ID``."""
        place, _, hypothesis = arg.partition(":")
        found = next(one for one in self.state.now.hypotheses if one.id == hypothesis)
        return hypothesis, found.next_checks[int(place)]

    def _check(self, act: Act) -> None:
        about, check = self._of(act.arg)
        self.state.do("check_off", check, by=self.state.signed, about=about, done=bool(act.value))

    def _result(self, act: Act) -> None:
        about, check = self._of(act.arg)
        self.state.do("check_off", check, by=self.state.signed, about=about, result=act.text("result"))


def _evidence(found: dict[str, Any], folder: str) -> dict[str, Any]:
    weight = found["weight"]
    return {
        **found,
        "strength": strength(weight),
        "weight": signed(weight),
        "ratio": ratio(weight),
        "lines": [_line(line, folder) for line in found["lines"][:LINES]],
        "more": max(0, len(found["lines"]) - LINES),
    }


def _line(line: dict[str, Any], folder: str) -> dict[str, Any]:
    return {**line, "place": f"{line['source'].removeprefix(folder)}:{line['line']}"}
