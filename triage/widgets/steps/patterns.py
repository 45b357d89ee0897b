"""Patterns: the templates of the logs, to search, open and correct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from triage.escape import short
from triage.report.words import spark
from triage.widgets.corrections import Asked, asked_for
from triage.widgets.guarded import guarded
from triage.widgets.jobs import Job
from triage.widgets.markup import render
from triage.widgets.page import Act, Page
from triage.widgets.python_lines import shown_call
from triage.widgets.steps.step import Desk, Handler, Step
from triage.widgets.table import Table
from triage.widgets.times import Times
from triage.widgets.view import SPARK

#: Templates that go to the browser; a search reaches all. The table goes through all of its rows when one is chosen.
MOST = 1000
#: Characters of a template in the table.
CELL = 240
COLUMNS = ("records", "level", "template", "services", "first seen", "over time")
#: Records of a template that its parameters are worked out of while the reader waits.
AT_ONCE = 50_000


class PatternsStep(Step):
    """A table of templates, and the one that is chosen."""

    name = "Patterns"
    asks = "What do the logs say?"
    template = "patterns"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.table = Table(COLUMNS, self._select, wrapped="template", timed="first seen", drawn="over time")
        self.detail = Page(self.hear)
        self._asked: dict[str, str] = {"text": "", "level": "", "service": ""}
        self._ids: list[str] = []
        self._chosen: list[str] = []
        self._summary: pl.DataFrame | None = None
        self._filled: tuple[Any, ...] = ()

    @property
    def widgets(self) -> tuple[Any, ...]:
        """What is shown, from the top."""
        return (self.page, self.table, self.detail)

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page."""
        return {"find": self._find, "parameters": self._parameters, "correct": self._correct, "undo": self._undo}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        return {
            "asked": self._asked,
            "services": self._services(),
            "found": self._found,
            "shown": len(self._ids),
            "all": len(self.state.now.templates),
            "python": shown_call("find", **self._asked) if any(self._asked.values()) else "incident.templates",
        }

    def _services(self) -> list[str]:
        services = self.state.now.templates["services"].explode().drop_nulls().unique().sort()
        return [name for name in services if name]

    def draw(self) -> None:
        """Show the templates that are asked for, and the chosen ones."""
        if self._asked["service"] not in self._services():
            self._asked["service"] = ""  # gone, or never there, since the logs were read otherwise
        key = (self.state.view, tuple(self._asked.values()), self.state.zone)
        if self._filled != key:
            self._fill()
            self._filled = key
        super().draw()
        self._draw_detail()

    def _fill(self) -> None:
        incident, view = self.state.now, self.state.view
        asked = {name: value or None for name, value in self._asked.items()}
        found = incident.find(**asked) if any(asked.values()) else incident.templates
        here = pl.DataFrame(
            list(view.counts.items()), schema={"template_id": pl.String, "here": pl.Int64}, orient="row"
        )
        found = found.join(here.filter(pl.col("here") > 0), on="template_id", maintain_order="left")
        found = found.sort("failing", "here", descending=True, maintain_order=True)
        shown = found.head(MOST)
        self._found, self._ids = len(found), shown["template_id"].to_list()
        times = self.times
        self.table.fill([self._cells(row, times) for row in shown.iter_rows(named=True)])
        there = set(incident.templates["template_id"])
        self._chosen = [one for one in self._chosen if one in there]

    def _cells(self, row: dict[str, Any], times: Times) -> tuple[Any, ...]:
        return (
            f"{row['here']:,}",
            row["severity_text"] or "",
            short(("(muted) " if row["muted"] else "") + row["template"], CELL),
            short(", ".join(name for name in row["services"] if name), 60),
            times.text(row["first"]),
            spark(self.state.view.sparks.get(row["template_id"], []), SPARK),
        )

    def _select(self, rows: list[int]) -> None:
        guarded(self.state, lambda: self._choose(rows))

    def _choose(self, rows: list[int]) -> None:
        self._chosen = [self._ids[row] for row in rows if row < len(self._ids)]
        self._summary = None
        self._draw_detail()

    def _find(self, act: Act) -> None:
        self._asked = {name: act.text(name) for name in self._asked}
        self._chosen = []
        self.draw()

    def _draw_detail(self) -> None:
        incident = self.state.now
        facts: dict[str, Any] = {"corrections": list(incident.corrections), "chosen": len(self._chosen)}
        if len(self._chosen) == 1:
            found = incident.template(self._chosen[0])
            facts |= {"one": found, "muted": self._muted(found.id), "summary": self._rows(), "at_once": AT_ONCE}
            facts["values"] = self._summary is not None
        texts = dict(incident.templates.select("template_id", "template").iter_rows())
        facts["texts"] = [texts[one] for one in self._chosen]
        self.detail.html = render("pattern", **self.common(), **facts)

    def _muted(self, template: str) -> bool:
        own = self.state.now.templates.filter(pl.col("template_id") == template)
        return bool(own["muted"][0])

    def _parameters(self, act: Act) -> None:
        self._summary = self.state.now.parameter_summary(act.arg)
        self._draw_detail()

    def _rows(self) -> list[dict[str, Any]]:
        if self._summary is None:
            return []
        return [_parameter(row) for row in self._summary.iter_rows(named=True)]

    def _correct(self, act: Act) -> None:
        self._work(asked_for(act, self.state.now, self._chosen))

    def _undo(self, act: Act) -> None:
        rules = list(self.state.now.corrections)
        self._work(Asked.without(self.state.now.corrections, rules[int(act.arg)]))

    def _work(self, asked: Asked) -> None:
        incident = self.state.now
        self.desk.work(Job(asked.what, cancellable=True), lambda: incident.correct(asked.wanted), asked.line)


def _parameter(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the summary of parameters, in words."""
    top = ", ".join(f"{one['value']} ({one['count']:,})" for one in (row["top"] or [])[:5])
    numbers = [f"{name} {row[name]:,.6g}" for name in ("min", "p50", "p95", "max") if row[name] is not None]
    return {**row, "top": short(top, 300), "numbers": ", ".join(numbers)}
