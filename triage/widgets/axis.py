"""The timeline of the guide, which several steps show: it follows the state, and the state what is done on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from triage.widgets.guarded import guarded
from triage.widgets.state import State
from triage.widgets.timeline import Timeline
from triage.widgets.timeline_data import timeline_data

#: What lines a mark stands for, by its kind.
LINES_OF = {"onset": "template", "group": "error_group"}


class Axis:
    """The timeline.

    Parameters
    ----------
    state : State
    lines, changes : callable
        What shows raw lines, as `lines.Wanted.of` reads it, and what shows the table of changes.
    """

    def __init__(self, state: State, lines: Callable[[str], None], changes: Callable[[], None]) -> None:
        self._state, self._lines, self._changes = state, lines, changes
        self.widget = Timeline(data={})
        self.widget.observe(lambda change: guarded(state, lambda: self._brushed(change["new"])), "window")
        self.widget.observe(lambda change: guarded(state, lambda: self._picked(change["new"])), "picked")

    def follow(self) -> None:
        """Show the state as it is."""
        state, timeline = self._state, self.widget
        window = [round(time.timestamp() * 1000) for time in state.window] if state.window else []
        with timeline.hold_sync():
            data = timeline_data(state.view.summary)
            if timeline.data != data:
                timeline.data = data
            timeline.zone = state.zone
            if list(timeline.window) != window:
                timeline.window = window

    def _brushed(self, window: list[int]) -> None:
        times = [datetime.fromtimestamp(ms / 1000, UTC) for ms in window]
        wanted = (times[0], times[1]) if times else None
        if wanted != self._state.window:
            self._state.choose(window=wanted)

    def _picked(self, picked: dict[str, str]) -> None:
        """Show what a mark stands for: the lines of an onset or a group, or the row of a change."""
        kind = picked.get("kind")
        if kind in LINES_OF:
            self._lines(f"{LINES_OF[kind]}:{picked['id']}")
        elif kind == "change":
            self._changes()
