"""What the steps with the timeline have in common: it stands between a page above it and one below."""

from __future__ import annotations

from typing import Any

from triage.widgets.page import Act, Page
from triage.widgets.steps.step import Desk, Step


class OnTimeline(Step):
    """A step with the timeline; `below` is the page under it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.below = Page(self.hear)

    @property
    def widgets(self) -> tuple[Any, ...]:
        """What is shown, from the top."""
        return (self.page, self.desk.timeline, self.below)

    def _around(self, act: Act) -> None:
        self.desk.look_around(act.arg)
