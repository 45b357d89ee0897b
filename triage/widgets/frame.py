"""The guide: from a dump to a verdict and a write-up, step by step."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import cached_property
from typing import Any

import ipywidgets

from triage.errors import IncidentError, UsageError
from triage.incident import Incident
from triage.ingest.zones import check_zone
from triage.report.headline import headline
from triage.widgets.ahead import work_ahead
from triage.widgets.autosave import Autosave, Kept, reading_of
from triage.widgets.axis import Axis
from triage.widgets.guarded import guarded, told
from triage.widgets.jobs import Job, Jobs
from triage.widgets.lines import Wanted, lines_html
from triage.widgets.markup import render
from triage.widgets.page import Act, Page
from triage.widgets.python_lines import correcting, reading
from triage.widgets.reading import carried, read_again, warmed
from triage.widgets.restoring import restore, wanted_settings
from triage.widgets.state import State, Topic
from triage.widgets.steps import STEPS
from triage.widgets.steps.changes import ChangesStep
from triage.widgets.steps.when import WhenStep
from triage.widgets.timeline import Timeline

#: Lines of Python that are listed.
SCRIPT = 60


class Guide:
    """What `triage.guide` shows; `incident` is always the current one.

    Parameters
    ----------
    state : State
    autosave : Autosave
        Where choices are kept.
    """

    def __init__(self, state: State, autosave: Autosave) -> None:
        self.state = state
        self._autosave = autosave
        self._jobs = Jobs(state.lock, self._show_job, lambda error: self._failed(error))
        self._head, self._drawer, self._busy, self._foot = (Page(self._hear) for _ in range(4))
        self._wanted: Wanted | None = None
        self._body = ipywidgets.VBox()
        self._steps = {step.name: step(self) for step in STEPS}
        if state.step not in self._steps:
            state.step = self._first
        if state.incident is not None:
            warmed(state.incident)
        state.listen(self._changed)
        self.widget = ipywidgets.VBox([self._head, self._body, self._drawer, self._busy, self._foot])
        self.widget.add_class("triage-guide")
        self._draw()
        self._work_ahead()

    @property
    def incident(self) -> Incident | None:
        """The current incident, with all that was decided, written and corrected; None until logs are read."""
        return self.state.incident

    @property
    def _first(self) -> str:
        """The step to begin with."""
        return STEPS[0].name if self.state.incident is None else STEPS[1].name

    @property
    def kept_before(self) -> list[Kept]:
        """What was kept of logs that were read in the guide."""
        return self._autosave.others()

    @property
    def script(self) -> str:
        """The lines of Python that do what was done in the guide."""
        return "\n".join(self.state.script)

    @cached_property
    def _axis(self) -> Axis:
        return Axis(self.state, self.open_lines, lambda: self.go(ChangesStep.name))

    @property
    def timeline(self) -> Timeline:
        """The timeline, which several steps show."""
        return self._axis.widget

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for what is done in the background; whether it came to its end. For scripts."""
        return self._jobs.wait(timeout)

    def go(self, step: str) -> None:
        """Show a step, by the name on its button.

        Raises
        ------
        UsageError
            If there is no such step.
        """
        if step not in self._steps:
            raise UsageError(f"step: got {step[:40]!r}, wanted one of {', '.join(self._steps)}")
        self._wanted = None
        self.state.choose(step=step)

    def work(self, job: Job, work: Callable[[], Incident], line: str, fresh: bool = False) -> None:
        """Have another incident made in the background; `line` does the same in Python. `fresh`: of other logs."""

        def done(found: Incident) -> None:
            self.state.error = ""
            if fresh:
                self._begin(found, line)
            else:
                self.state.take(carried(found, self.state.now), line)
            self._work_ahead()

        self._jobs.run(job, lambda: warmed(work()), done)

    def _begin(self, found: Incident, line: str) -> None:
        """Go on with other logs than before, and with what was kept of them."""
        self.state.window = self._wanted = None
        self._autosave.begin(found)
        try:
            kept = self._autosave.read()
        except IncidentError:
            self.state.take(found, line)
            raise
        if kept is None:
            self.state.take(found, line)
        else:
            self.state.incident = found
            self.restore(kept, line)

    def restore(self, kept: Kept, line: str = "") -> None:
        """Take up what was kept; what takes a while of it is done in the background. `line` read the logs."""
        state = self.state
        given = state.now
        restore(state, kept, line)
        if state.step not in self._steps:
            state.step = self._first
        state.tell("incident")
        wanted = wanted_settings(given.settings, kept)
        if reading_of(wanted) != reading_of(given.settings):
            job = Job("reading the logs again as they were set before", cancellable=True)
            self.work(job, read_again(state.now, wanted, job), reading(wanted, state.now.own_checks))
        elif wanted.corrections != given.settings.corrections:
            job = Job("correcting templates as before", cancellable=True)
            self.work(job, lambda: given.correct(wanted.corrections), correcting(wanted.corrections))

    def _work_ahead(self) -> None:
        if self.state.incident is not None:
            work_ahead(self.state.view, self._failed)

    def open_lines(self, what: str) -> None:
        """Show raw lines."""
        self._wanted = Wanted.of(what)
        self._draw_drawer()

    def look_around(self, time: str) -> None:
        """Choose a window around a time, in RFC 3339."""
        self.state.choose(window=self.state.view.around(time))

    def _hear(self, act: Act) -> None:
        acts: dict[str, Callable[[], None]] = {
            "step": lambda: self.go(act.arg),
            "symptom": lambda: self._symptom(act.value),
            "zone": lambda: self.state.choose(zone=check_zone(act.value or "UTC")),
            "by": lambda: self.state.choose(by=act.value.strip()),
            "whole": lambda: self.state.choose(window=None),
            "lines": lambda: self.open_lines(act.arg),
            "close": self._close,
            "cancel": self._cancel,
        }
        guarded(self.state, lambda: acts[act.name]())

    def _symptom(self, text: str) -> None:
        wanted = text.strip() or None
        if self.state.incident is not None and wanted != self.state.incident.symptom:
            self.state.do("with_symptom", wanted)

    def _close(self) -> None:
        self._wanted = None
        self._draw_drawer()

    def _cancel(self) -> None:
        if self._jobs.job:
            self._jobs.job.cancel()
            self._show_job(self._jobs.job)

    def _failed(self, error: BaseException) -> None:
        with self.state.lock:
            self.state.fail(told(error))

    def _changed(self, topic: Topic) -> None:
        if topic == "error":
            self._draw_foot()
            return
        self._autosave.keep(self.state)
        self._draw()

    def _draw(self) -> None:
        state = self.state
        if state.incident is not None and "_axis" in self.__dict__:
            self._axis.follow()
        step = self._steps[state.step]
        missing = step.needs_incident and state.incident is None
        if not missing:
            if isinstance(step, WhenStep | ChangesStep):
                self._axis.follow()
            step.draw()
        self._head.html = render("head", **self._head_facts())
        wanted = (Page(self._hear, html=render("missing")),) if missing else step.widgets
        if self._body.children != wanted:
            self._body.children = wanted
        try:
            self._draw_drawer()
        except UsageError:  # what it showed is gone: by a correction, or since the logs were read otherwise
            self._close()
        self._draw_foot()

    def _head_facts(self) -> dict[str, Any]:
        state, step = self.state, self._steps[self.state.step]
        times = step.times
        return {
            "steps": list(self._steps),
            "now": state.step,
            "headline": headline(state.view.summary) if state.incident else "No logs are read yet.",
            "symptom": (state.incident.symptom or "") if state.incident else "",
            "loaded": state.incident is not None,
            "zone": state.zone,
            "by": state.by,
            "window": times.span(*state.window, utc=True) if state.window else "",
            "times": times,
        }

    def _draw_drawer(self) -> None:
        shown = self._wanted is not None and self.state.incident is not None
        self._drawer.html = lines_html(self.state, self._wanted) if shown and self._wanted else ""

    def _draw_foot(self) -> None:
        names = list(self._steps)
        place = names.index(self.state.step)
        self._foot.html = render(
            "foot",
            error=self.state.error,
            job=self._jobs.job,
            back=names[place - 1] if place else "",
            on=names[place + 1] if place + 1 < len(names) else "",
            script=self.state.script[-SCRIPT:],
            hidden=max(0, len(self.state.script) - SCRIPT),
            saved=self._autosave.told,
        )

    def _show_job(self, _job: Job | None) -> None:
        with self.state.lock:
            self._busy.html = render("busy", job=self._jobs.job)
            self._draw_foot()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        shown = self.widget._repr_mimebundle_(**options)
        bundle = dict(shown[0] if isinstance(shown, tuple) else shown or {})
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = self._still()
        return bundle

    def _still(self) -> str:
        """What pages without a kernel show in its place."""
        if self.state.incident is None:
            return "<p>The guide needs a running kernel.</p>"
        found = self.state.incident._repr_html_()
        return f"{found}<p><i>{html.escape('The guide itself needs a running kernel.')}</i></p>"

    def __repr__(self) -> str:
        """Where it stands, in a line, and what it works on."""
        return f"Guide at {self.state.step}\n{self.state.incident!r}"
