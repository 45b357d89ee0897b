"""A plot as notebooks show it, with plotly and without."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from triage.incident import Incident
from triage.report.plots import CONFIG, timeline_figure
from triage.report.summary import summarise_timeline
from triage.report.timeline_svg import timeline_svg


@dataclass(frozen=True, repr=False)
class OfflinePlot:
    """A figure that notebooks show with `CONFIG`, from the plotly.js of the installed JupyterLab extension.

    Attributes
    ----------
    figure : plotly.graph_objects.Figure
        The figure itself; shown on its own it would have a button that uploads it.
    svg : str
        The same as a still picture, which is shown where no plotly is.
    """

    figure: Any
    svg: str

    def __repr__(self) -> str:
        """Say what a terminal cannot show."""
        return "Timeline (a notebook shows it; .figure is the plotly figure, .svg a still picture)"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        # JupyterLab tells a plot of its new size; one that watches for that too loses its height at the first change.
        shown = {**json.loads(self.figure.to_json()), "config": {**CONFIG, "responsive": False}}
        return {"application/vnd.plotly.v1+json": shown, "image/svg+xml": self.svg, "text/plain": repr(self)}


def timeline_plot(incident: Incident) -> OfflinePlot:
    """The timeline of an incident."""
    summary = summarise_timeline(incident)
    return OfflinePlot(timeline_figure(summary), timeline_svg(summary))
