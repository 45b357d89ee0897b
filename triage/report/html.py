"""The report as one HTML file that needs nothing else: no network, no other file, no time of day."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from triage.escape import WRITTEN, clip, script_json, visible
from triage.report.layout import page_of
from triage.report.page import COUNTS
from triage.report.plots import CONFIG, plotly_javascript, timeline_figure
from triage.report.words import Summary

#: Hypotheses that are open when the report is opened.
OPEN = 1


def render_html(summary: Summary, plot: bool = True) -> str:
    """The report as HTML; the same summary gives the same bytes.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    plot : bool
        False leaves out the plot, and with it some megabytes: the table beside it has the same counts.

    Returns
    -------
    str
        A whole document, plotly.js included. Its content security policy allows its own scripts, by their
        digests, and no request of any kind.
    """
    page = page_of(summary)
    drawn = plot and bool(page.timeline)
    scripts = [plotly_javascript(), _part("timeline.js")] if drawn else []
    template = _environment().get_template("report.html.j2")
    return template.render(
        page=page,
        counts=COUNTS,
        open=OPEN,
        css=Markup(_part("report.css")),
        policy=_policy(scripts),
        scripts=[Markup(script) for script in scripts],
        plot=Markup(script_json(_plot(summary))) if drawn else None,
    )


def _plot(summary: Summary) -> dict[str, Any]:
    return {**timeline_figure(summary).to_plotly_json(), "config": CONFIG}


def _policy(scripts: list[str]) -> str:
    """What a browser may do with the page: run these scripts and show what is in the file."""
    digests = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
    # plotly.js adds a style element of its own and makes its PNG from blobs.
    return (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


@cache
def _environment() -> Environment:
    loader = PackageLoader("triage.report", "templates")
    made = Environment(
        autoescape=True, finalize=_shown, loader=loader, lstrip_blocks=True, trim_blocks=True, undefined=StrictUndefined
    )
    made.filters["written"] = _written
    return made


def _shown(value: Any) -> Any:
    """Every value on its way into the page: bounded, and with nothing invisible in it."""
    if isinstance(value, Markup):
        return value  # only this module makes one
    return visible(clip(value)) if isinstance(value, str) else value


def _written(text: str) -> Markup:
    """What a person wrote: longer than a field, and its lines are kept by the style of where it stands."""
    return escape(visible(clip(text, WRITTEN)))


@cache
def _part(name: str) -> str:
    return (files("triage.report") / "templates" / name).read_text(encoding="utf-8")
