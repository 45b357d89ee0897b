"""The timeline of an incident as a widget: what began when, beside the changes, and a window to choose."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from triage.errors import UsageError
from triage.ingest.zones import check_zone

STATIC = Path(__file__).parent / "static"
#: A widget is one module, which can import nothing without a network: its parts are joined in this order.
PARTS = ("timeline_text.js", "timeline_lanes.js", "timeline_marks.js", "timeline_window.js", "timeline.js")
#: What can be picked.
KINDS = ("change", "onset", "group", "note")
LOWEST = 260


def timeline_javascript() -> str:
    """The module that draws the timeline in a browser."""
    return "\n".join((STATIC / part).read_text(encoding="utf-8") for part in PARTS)


class Timeline(anywidget.AnyWidget):
    """Errors of each group over time, with the onset, the changes and notes, and a window to choose with the mouse.

    Parameters
    ----------
    data : dict
        What `triage.widgets.timeline_data.timeline_data` gives.
    window : list of int
        The chosen window, ``[from, to]`` in milliseconds since 1970 (UTC); empty for the whole time. Set when the
        mouse button or the key is let go, not on the way.
    picked : dict
        The mark that was clicked, or picked with Enter: its ``kind`` ("change", "onset", "group" or "note") and its
        ``id``; empty for none.
    zone : str
        IANA name of a zone whose times stand below those of UTC.
    height : int
        Pixels of the drawing.

    Raises
    ------
    traitlets.TraitError
        For a window that is not two increasing times, something picked that has no kind and id, and an unknown zone.

    Examples
    --------
    >>> Timeline(window=[5, 2])
    Traceback (most recent call last):
    ...
    traitlets.traitlets.TraitError: window: got [5, 2], wanted [from, to] in milliseconds with from < to, or []
    """

    _esm = timeline_javascript()
    _css = STATIC / "timeline.css"
    data = traitlets.Dict().tag(sync=True)
    window: traitlets.List[int] = traitlets.List().tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)
    zone = traitlets.Unicode("UTC").tag(sync=True)
    height = traitlets.Int(400, min=LOWEST).tag(sync=True)

    # Only a TraitError is rolled back where the value came from a browser.
    @traitlets.validate("window")
    def _window(self, proposal: dict[str, Any]) -> list[int]:
        window = proposal["value"]
        numbers = [one for one in window if type(one) in (int, float) and math.isfinite(one)]
        if window and (len(numbers) != len(window) or len(window) != 2 or window[0] >= window[1]):
            wanted = "wanted [from, to] in milliseconds with from < to, or []"
            raise traitlets.TraitError(f"window: got {str(window)[:60]}, {wanted}")
        return [round(one) for one in numbers]

    @traitlets.validate("picked")
    def _picked(self, proposal: dict[str, Any]) -> dict[str, str]:
        picked: dict[str, str] = proposal["value"]
        if picked and (picked.keys() != {"kind", "id"} or picked["kind"] not in KINDS):
            wanted = f"wanted {{}} or a kind ({', '.join(KINDS)}) and an id"
            raise traitlets.TraitError(f"picked: got {str(picked)[:60]}, {wanted}")
        return picked

    @traitlets.validate("zone")
    def _zone(self, proposal: dict[str, Any]) -> str:
        try:
            return check_zone(proposal["value"])
        except UsageError as error:
            raise traitlets.TraitError(str(error)) from None
