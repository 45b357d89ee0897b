"""What the guide works on: the current incident, what is chosen, and who is told when it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, Literal

from triage.errors import UsageError
from triage.incident import Incident
from triage.widgets.python_lines import call
from triage.widgets.view import View

Topic = Literal["incident", "choice", "error"]
Window = tuple[datetime, datetime]


@dataclass
class State:
    """The one thing in the guide that changes.

    Attributes
    ----------
    incident : Incident or None
        The current one; None until logs are read.
    window : pair of datetime or None
        What is looked at; None for all.
    zone : str
        In which times are shown besides UTC.
    by : str
        The name under which decisions and remarks are recorded.
    step : str
        Name of the step that is shown.
    script : list of str
        The lines of Python that did the same as what was done so far, in order.
    asked : dict
        What was filled in where the logs were read; empty where a caller gave the incident.
    error : str
        What went wrong last; empty where nothing did since.
    lock : RLock
        Held by whoever changes the state: callbacks and the end of a job come from different threads.
    """

    incident: Incident | None = None
    window: Window | None = None
    zone: str = "UTC"
    by: str = ""
    step: str = ""
    script: list[str] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    error: str = ""
    lock: RLock = field(default_factory=RLock, repr=False)
    _told: list[Callable[[Topic], None]] = field(default_factory=list)
    _view: View | None = None

    def listen(self, listener: Callable[[Topic], None]) -> None:
        """Have `listener` called after each change, with what changed."""
        self._told.append(listener)

    def tell(self, topic: Topic) -> None:
        """Tell all listeners."""
        for listener in self._told:
            listener(topic)

    @property
    def now(self) -> Incident:
        """The incident; for what is only reached when there is one."""
        if self.incident is None:
            raise RuntimeError("no incident is loaded")
        return self.incident

    @property
    def view(self) -> View:
        """What the steps show of the incident in the window, worked out once for each."""
        if self._view is None or self._view.incident is not self.now or self._view.window != self.window:
            self._view = View(self.now, self.window, self._view)
        return self._view

    @property
    def signed(self) -> str:
        """The name under which something is recorded.

        Raises
        ------
        UsageError
            If none is given.
        """
        if not self.by.strip():
            raise UsageError("nobody is named: fill in your name at the top, so that others know whom to ask")
        return self.by

    def take(self, incident: Incident, *lines: str) -> None:
        """Have another incident, and remember the lines of Python that gave it."""
        self.incident = incident
        self.script += lines
        self.tell("incident")

    def do(self, verb: str, *given: Any, **named: Any) -> None:
        """Do a verb of the incident that gives another incident."""
        self.take(getattr(self.now, verb)(*given, **named), call(verb, *given, **named))

    def choose(self, **choices: Any) -> None:
        """Set `window`, `zone`, `by` or `step`."""
        for name, value in choices.items():
            setattr(self, name, value)
        self.tell("choice")

    def fail(self, error: str) -> None:
        """Say what went wrong."""
        self.error = error
        self.tell("error")
