"""What all steps of the guide have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from triage.incident import Incident
from triage.report.words import day_of
from triage.widgets.autosave import Kept
from triage.widgets.guarded import guarded
from triage.widgets.jobs import Job
from triage.widgets.markup import render
from triage.widgets.page import Act, Page
from triage.widgets.state import State
from triage.widgets.timeline import Timeline
from triage.widgets.times import Times

Handler = Callable[[Act], None]


class Desk(Protocol):
    """What a step may ask of the guide."""

    state: State

    @property
    def timeline(self) -> Timeline:
        """The timeline, which several steps show."""

    def work(self, job: Job, work: Callable[[], Incident], line: str, fresh: bool = False) -> None:
        """Have another incident made in the background; `line` does the same in Python. `fresh`: of other logs."""

    @property
    def kept_before(self) -> list[Kept]:
        """What was kept of logs that were read in the guide."""

    def look_around(self, time: str) -> None:
        """Choose a window around a time, in RFC 3339."""

    def open_lines(self, what: str) -> None:
        """Show raw lines, as `lines.Wanted.of` reads it."""


class Step:
    """One step: a page, and what is done on it.

    Attributes
    ----------
    name : str
        On its button.
    asks : str
        The question that the step answers.
    template : str
        Of its page.
    needs_incident : bool
        Whether there is anything to show before logs are read.
    """

    name: ClassVar[str]
    asks: ClassVar[str]
    template: ClassVar[str]
    needs_incident: ClassVar[bool] = True

    def __init__(self, desk: Desk) -> None:
        self.desk, self.state = desk, desk.state
        self.page = Page(self.hear)

    @property
    def widgets(self) -> tuple[Any, ...]:
        """What is shown, from the top."""
        return (self.page,)

    @property
    def acts(self) -> Mapping[str, Handler]:
        """What to do when something is done on the page, by its name."""
        return {}

    def facts(self) -> dict[str, Any]:
        """What its template shows."""
        return {}

    def draw(self) -> None:
        """Show the state as it is."""
        self.page.html = render(self.template, **self.common(), **self.facts())

    def common(self) -> dict[str, Any]:
        """What every template may show."""
        state = self.state
        return {"times": self.times, "window": state.window, "by": state.by, "asks": self.asks, "name": self.name}

    @property
    def times(self) -> Times:
        """How times are written."""
        return Times(self.state.zone, day_of(self.state.view.summary) if self.state.incident else "")

    def hear(self, act: Act) -> None:
        """Do what was asked for on the page."""

        def do() -> None:
            if act.name == "lines":
                self.desk.open_lines(act.arg)
            else:
                self.acts[act.name](act)

        guarded(self.state, do)
