"""The whole way from a log dump to an `Incident`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from triage.changes import Changes, load_changes
from triage.changes.fit import fit_notes
from triage.clocks import put_right
from triage.errors import InputError, UsageError
from triage.hypotheses import Facts, find_origins, rank_hypotheses
from triage.hypotheses.restarts import find_restarts
from triage.hypotheses.versions import find_versions
from triage.hypotheses.words import service_key
from triage.incident import Incident
from triage.ingest import Ledger
from triage.ingest.clock import Shift
from triage.ingest.format_files import Formats
from triage.ingest.held import HELD_BYTES, Records
from triage.ingest.options import Progress
from triage.ingest.zones import Zones
from triage.onset.already import already_failing, already_notes
from triage.onset.cycles import cycle_notes
from triage.onset.families import find_onsets_by_family
from triage.onset.find import Onsets
from triage.onset.gaps import find_gaps, gap_notes, in_gaps
from triage.onset.incident_onset import find_incident_onset
from triage.onset.series import Series, Window, count_series
from triage.onset.timeouts import before_the_wait
from triage.onset.trouble import with_trouble
from triage.patterns import group_errors
from triage.patterns.corrections import Given
from triage.reading import Gathered, describe_templates
from triage.settings import Moment, Settings, make_settings, named_logs


def load(
    logs: Any,
    changes: Any = None,
    symptom: str | None = None,
    *,
    tz: Zones = "UTC",
    services: Mapping[str, str] | None = None,
    clock: Mapping[str, Shift] | None = None,
    read_as: Mapping[str, str] | None = None,
    since: Moment = None,
    until: Moment = None,
    baseline: tuple[Moment, Moment] | None = None,
    formats: Formats = None,
    corrections: Given = None,
    engine: Any = None,
    progress: Progress | None = None,
    columns: Mapping[str, str] | None = None,
    memory: int = HELD_BYTES,
) -> Incident:
    """Read logs and changes and rank hypotheses.

    Parameters
    ----------
    logs : path, glob, directory, list of them, or a pandas, polars or Arrow frame
        What to read; ``-`` is standard input.
    changes : path, ``git:PATH``, what a tool exports, a list of these, of dicts or of Change, or a frame, optional
        What was deployed, flipped or edited. Without it only `unrecorded` can be ranked.
    symptom : str, optional
        What the engineer or a user saw, in their words.
    tz : str or mapping
        IANA zone of times that carry none, or a mapping from source patterns to zones.
    services : mapping, optional
        From source patterns to the name of the service whose lines these are, whatever path and lines say.
    clock : mapping, optional
        From source patterns to what to add to their times (``"-90s"``, ``"+02:00"``), for a clock that was wrong. Of
        files that no pattern names, those that ids of requests show to be off are put right, and a note says so.
    read_as : mapping, optional
        From source patterns to the name of the format that they are read as, whatever is recognised: that of a built-in
        format as the ledger shows it (``"logfmt"``, ``"docker/logfmt"``), of one of `formats`, or ``"plain"``, for
        lines that are of none. Lines that do not fit it are read as usual.
    since, until : str or datetime, optional
        Only records in between are analysed. The ledger counts all lines.
    baseline : pair of str or datetime, optional
        A time known to be normal; onsets are looked for after it.
    formats : path of a TOML file, LineFormat, or a list of them, optional
        Line formats of your own, tried before the built-in ones.
    corrections : path of a TOML file, mapping, or Corrections, optional
        What to correct in the templates (see `Corrections`).
    engine : Engine, distributed.Client, DaskEngine or str, optional
        Where chunks are read: a Dask cluster, by its client or as ``dask://HOST:PORT?folder=PATH`` (see `DaskEngine`),
        or an object with ``.map``. A thread for each processor if not given.
    progress : callable, optional
        Called with a source's name and the bytes and lines read of it so far; what it raises ends the reading.
    columns : mapping, optional
        Where a frame, a Parquet file or a CSV has what: from fields (``timestamp``, ``body``, ``severity_text``,
        ``service_name`` and so on, also ``time``, ``message``, ``level``, ``service``) to names of columns. Columns
        that are not named are found by the names that loggers and log stores use.
    memory : int
        Bytes of records that are held in memory. Where they are more, they are written to files in the system's folder
        for such (which the variable ``TMPDIR`` names), and what is asked of them is read from there.

    Returns
    -------
    Incident

    Raises
    ------
    TriageError
        One line that says what arrived, what was wanted and what to try.
    """
    logs = named_logs(logs)
    if not isinstance(symptom, str | None):
        raise UsageError(f"symptom: got {str(symptom)[:40]!r}, wanted a sentence of text, or None")
    if type(memory) is not int or memory < 0:
        raise UsageError(f"memory: got {memory!r:.40}, wanted a number of bytes, such as {HELD_BYTES}")
    settings = make_settings(logs, tz, since, until, baseline, services, clock, columns, formats, corrections, read_as)
    known = load_changes(changes, tz=settings.zone)
    gathered = Gathered(settings, only_timed=True, limit=memory)
    ledger = gathered.read(logs, engine, progress)
    right, told = put_right(settings, ledger)
    if told:  # what was read in the meantime is dropped
        settings, gathered = right, Gathered(right, only_timed=True, limit=memory)
        ledger = gathered.read(logs, engine, progress)
    notes = [*told, *_left_out(gathered), *gathered.notes]
    records, templates = gathered.patterns()
    incident = analyse(ledger, records, templates, known, symptom, settings, notes)
    return replace(incident, corrected=gathered.corrected)


def _left_out(gathered: Gathered) -> list[str]:
    """Notes on records that are left out.

    Raises
    ------
    InputError
        If none with a time is left.
    """
    if not gathered.timed:
        hint = "give logs whose lines begin with a date and time, or a frame with a timestamp column"
        raise InputError(f"none of the {gathered.count} records has a timestamp, so nothing can be dated: {hint}")
    if not gathered.inside:
        low, high = gathered.times.min(), gathered.times.max()
        raise InputError(f"no record lies between since and until: the logs span {_iso(low)} to {_iso(high)}")
    notes = []
    if gathered.timed < gathered.count:
        notes.append(f"{gathered.count - gathered.timed} records carry no time and take no part in onsets")
    if gathered.inside < gathered.timed:
        notes.append(f"{gathered.timed - gathered.inside} records lie outside since and until and were left out")
    return notes


def _iso(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def analyse(
    ledger: Ledger,
    records: Records,
    texts: pl.DataFrame,
    changes: Changes,
    symptom: str | None,
    settings: Settings,
    notes: list[str],
) -> Incident:
    """Onsets, error groups and hypotheses of records that have their templates."""
    lazy = records.lazy()
    templates = describe_templates(lazy, texts, settings.corrections)
    series = count_series(lazy)
    window = Window.of(series)
    services = frozenset(service_key(s) for s in series.extent["service_name"].drop_nulls().unique())
    muted = templates.filter("muted")["template_id"]
    if len(muted):
        heard = ~pl.col("template_id").is_in(muted.implode())
        lazy, series = lazy.filter(heard), Series(series.counts.filter(heard), series.extent.filter(heard))
    normal = Window.between(*settings.baseline) if settings.baseline else None
    onsets = find_onsets_by_family(lazy, series, window, templates, normal)
    gaps = find_gaps(lazy, window)
    troubles = with_trouble(onsets.frame, templates, in_gaps(onsets.frame, gaps, lazy))
    found = find_incident_onset(troubles)
    onset = before_the_wait(found, lazy, window.start) if found else None
    sure = onset if onset and onset.sure else None
    facts = Facts(
        start=window.start,
        end=window.end,
        onset=onset,
        troubles=troubles,
        origins=find_origins(troubles, onset, lazy),
        changes=tuple(changes),
        records=records,
        muted=tuple(muted),
        restarts=find_restarts(lazy, window.start),
        versions=find_versions(lazy, window.start, window.end),
        symptom=symptom,
        services=services,
    )
    before = [] if sure else already_notes(already_failing(series, window, templates, onsets.frame))
    notes += [*_about(onsets, gaps), *before, *_about_changes(changes, window)]
    return Incident(
        ledger=replace(ledger, notes=(*ledger.notes, *changes.notes)),
        table=records,
        templates=templates,
        error_groups=group_errors(lazy, templates),
        onset_table=onsets,
        troubles=troubles,
        incident_onset=sure,
        changes=changes,
        hypotheses=rank_hypotheses(facts),
        origins=facts.origins,
        facts=facts,
        symptom=symptom,
        settings=settings,
        notes=tuple(notes),
    )


def _about(onsets: Onsets, gaps: pl.DataFrame) -> list[str]:
    return [*cycle_notes(onsets.followed, onsets.weekends), *gap_notes(gaps)]


def _about_changes(changes: Changes, window: Window) -> list[str]:
    none = [] if len(changes) else ["no changes were given: only “none of the recorded changes” can be ranked"]
    return [*none, *fit_notes(changes.changes, window.start, window.end)]
