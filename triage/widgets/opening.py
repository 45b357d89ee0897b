"""Opening the guide: again with the choices that were made before, in this kernel or in one that is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from triage.errors import UsageError
from triage.incident import Incident
from triage.widgets.autosave import FOLDER, Autosave, Kept, base_of, kept_of, key_of
from triage.widgets.frame import Guide
from triage.widgets.state import State

#: The guide of each incident, by `key_of`, and of none: running a cell again gives the same one.
_OPEN: dict[str, Guide] = {}
#: How each was given, and the folder.
_BASES: dict[str, tuple[dict[str, Any], Path | None]] = {}


def guide(incident: Incident | None = None, *, folder: str | Path | None = FOLDER) -> Guide:
    """Guide from a dump to a verdict and a write-up, in a notebook.

    Parameters
    ----------
    incident : Incident, optional
        What `triage.load` gives. Without one, logs are chosen in the guide.
    folder : path or None
        Where choices, decisions and notes are kept: running the cell again, in this kernel or a new one, takes them up.
        None keeps them in this kernel only.

    Returns
    -------
    Guide
        Shown where it is the last line of a cell; its `incident` is always the current one, and `script` has the
        lines of Python that do the same.

    Raises
    ------
    UsageError
        For something that is no incident.
    IncidentError
        If what was kept of this incident is damaged.
    """
    given: object = incident
    if given is not None and not isinstance(given, Incident):
        raise UsageError(f"guide: got {type(given).__name__}, wanted what triage.load gives, or nothing")
    key = key_of(incident) if incident is not None else ""
    given_as = base_of(incident) if incident is not None else {}, Path(folder) if folder is not None else None
    before = _OPEN.get(key)
    if before is not None and _BASES[key] == given_as:
        return before
    kept = None
    if before is not None and before.incident is not None:
        # Something is given otherwise than before: that counts, and the rest stays.
        kept = kept_of(before.state, _BASES[key][0])
    made = _made(incident, Autosave(given_as[1]), kept)
    _OPEN[key], _BASES[key] = made, given_as
    return made


def _made(incident: Incident | None, autosave: Autosave, kept: Kept | None) -> Guide:
    if incident is None:
        return Guide(State(), autosave)
    autosave.begin(incident)
    kept = kept or autosave.read()
    made = Guide(State(incident), autosave)
    if kept is not None:
        made.restore(kept)
    return made
