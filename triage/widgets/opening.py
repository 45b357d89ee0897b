"""Opening the guide: again with the choices that were made before, in this kernel or in one that is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from triage.errors import UsageError
from triage.incident import Incident
from triage.ingest.formats import LineFormat
from triage.patterns import check_corrections
from triage.settings import Settings
from triage.widgets.autosave import FOLDER, Autosave, Kept, base_of, key_of, reading_of
from triage.widgets.frame import Guide
from triage.widgets.jobs import Job
from triage.widgets.python_lines import reading
from triage.widgets.reading import carried, read
from triage.widgets.state import State

#: The guide of each incident, by `key_of`, and of none: running a cell again gives the same one.
_OPEN: dict[str, Guide] = {}
#: How each was given.
_BASES: dict[str, dict[str, Any]] = {}


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
    base = base_of(incident) if incident is not None else {}
    open_one = _OPEN.get(key)
    if open_one is not None and (incident is None or _BASES[key] == base):
        return open_one
    made = _made(incident, Path(folder) if folder is not None else None, open_one)
    _OPEN[key], _BASES[key] = made, base
    return made


def _made(incident: Incident | None, folder: Path | None, before: Guide | None) -> Guide:
    autosave = Autosave(folder)
    if incident is None:
        return Guide(State(), autosave)
    autosave.begin(incident)
    if before is not None and before.incident is not None:
        # The caller gives it otherwise than before: that counts, and what people said stays.
        old = before.state
        incident = carried(incident, replace(before.incident, symptom=incident.symptom))
        state = State(incident, old.window, old.zone, old.by, old.step, old.script)
        return Guide(state, autosave)
    kept = autosave.read()
    if kept is None:
        return Guide(State(incident), autosave)
    return _restored(incident, kept, autosave)


def _restored(incident: Incident, kept: Kept, autosave: Autosave) -> Guide:
    """The guide as it was left; what takes a while is done in the background."""
    same = kept.base == base_of(incident)
    symptom = kept.symptom if same else incident.symptom
    found = carried(incident, replace(incident, symptom=symptom, verdicts=kept.verdicts, remarks=kept.remarks))
    window = kept.window if kept.window and kept.window[0] < found.window[1] else None
    guide = Guide(State(found, window, kept.zone, kept.by, kept.step, kept.script), autosave)
    wanted = _settings(found.settings, kept) if same else found.settings
    if reading_of(wanted) != reading_of(found.settings):
        job = Job("reading the logs again as they were set before", cancellable=True)
        logs = list(wanted.logs)
        guide.work(job, lambda: read(logs, found.changes, found.symptom, wanted, job), reading(wanted))
    elif wanted.corrections != found.settings.corrections:
        job = Job("correcting templates as before", cancellable=True)
        line = f"incident = incident.correct({kept.corrections!r})"
        guide.work(job, lambda: found.correct(wanted.corrections), line)
    return guide


def _settings(settings: Settings, kept: Kept) -> Settings:
    how = kept.reading
    return replace(
        settings,
        tz=how["tz"],
        services=how["services"],
        clock=how["clock"],
        read_as=how.get("read_as") or {},
        formats=tuple(LineFormat(**one) for one in how["formats"]),
        corrections=check_corrections(kept.corrections or None),
    )
