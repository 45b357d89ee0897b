"""The incident: one immutable object that the notebook, a script and the command line all read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from triage.changes import Changes
from triage.hypotheses import Facts, Hypothesis, Need, Origin, needs_of, rank_hypotheses, undecided
from triage.hypotheses.own_checks import MISSING, OwnChecks, check_own_checks, with_own
from triage.ingest import Ledger
from triage.ingest.held import Records
from triage.line_verbs import LineVerbs
from triage.onset.find import Onsets
from triage.onset.incident_onset import IncidentOnset
from triage.onset.other_events import other_events
from triage.patterns import Corrections, ErrorGroup, Outcome
from triage.patterns.corrections import Given
from triage.person_verbs import PersonVerbs
from triage.remarks import Remarks
from triage.replacing import replace_keeping
from triage.settings import Settings
from triage.share_verbs import ShareVerbs
from triage.verdicts import Verdicts

if TYPE_CHECKING:
    from triage.comparison import Comparison
    from triage.settings import Moment


@dataclass(frozen=True, repr=False)
class Incident(LineVerbs, ShareVerbs, PersonVerbs):
    """Everything the logs and the changes say, and what people decided.

    Make one with `triage.load`, or `triage.open` for a saved one.

    Attributes
    ----------
    ledger : Ledger
        What became of every input line.
    table : Records
        One row a record, with ``template_id``: in memory, or in files where they are more than that should hold.
    templates : polars.DataFrame
        ``template_id``, ``template``, ``count``, ``severity_number``, ``severity_text``, ``failing``, ``services``,
        ``first``, ``last``, ``muted``; the most frequent first.
    error_groups : tuple of ErrorGroup
        Templates that are one problem, the largest first.
    onset_table : Onsets
        All onsets and how many series were tested.
    incident_onset : IncidentOnset or None
        When the trouble began; None where the logs show no onset of trouble.
    changes : Changes
        What was deployed, flipped or edited.
    hypotheses : tuple of Hypothesis
        The likeliest first; their probabilities sum to 1.
    origins : tuple of Origin
        Services by where the trouble began.
    verdicts : Verdicts
        What people decided, in order.
    remarks : Remarks
        What else people wrote down: notes, checks done, hypotheses of their own, the diagnosis.
    corrected : tuple of Outcome
        What became of each correction of the templates.
    own_checks : mapping
        Checks of the user's own that the hypotheses were ranked with, by name.
    """

    ledger: Ledger
    table: Records
    templates: pl.DataFrame
    error_groups: tuple[ErrorGroup, ...]
    onset_table: Onsets
    troubles: pl.DataFrame
    incident_onset: IncidentOnset | None
    changes: Changes
    hypotheses: tuple[Hypothesis, ...]
    origins: tuple[Origin, ...]
    facts: Facts
    symptom: str | None = None
    verdicts: Verdicts = field(default_factory=Verdicts)
    remarks: Remarks = field(default_factory=Remarks)
    settings: Settings = field(default_factory=Settings)
    notes: tuple[str, ...] = ()
    corrected: tuple[Outcome, ...] = ()
    own_checks: OwnChecks = field(default_factory=dict)

    @property
    def records(self) -> pl.DataFrame:
        """One row a record, with ``template_id``. Of logs larger than memory ask `scan` instead."""
        return self.table.frame()

    @property
    def onsets(self) -> pl.DataFrame:
        """One row an onset, in order of time."""
        return self.onset_table.frame

    @property
    def other_onsets(self) -> tuple[IncidentOnset, ...]:
        """Onsets of other trouble in the window, apart from the incident's, in order of time."""
        return self._events[0]

    @property
    def linked_onsets(self) -> tuple[IncidentOnset, ...]:
        """Onsets at another time than the incident's, of the requests that fail in it or of one exception's causes."""
        return self._events[1]

    @cached_property
    def _events(self) -> tuple[tuple[IncidentOnset, ...], tuple[IncidentOnset, ...]]:
        return other_events(self.troubles, self.incident_onset, self.error_groups)

    @property
    def window(self) -> tuple[datetime, datetime]:
        """From the first to the last timed record."""
        return self.facts.start, self.facts.end

    @property
    def conclusive(self) -> bool:
        """Whether the data decides between the hypotheses."""
        return not self.undecided

    @property
    def undecided(self) -> tuple[str, ...]:
        """Why the data does not decide between the hypotheses; empty where it does."""
        return undecided(self.hypotheses, self.facts)

    @property
    def needs(self) -> tuple[Need, ...]:
        """The data that would help most, first; empty where what is there decides."""
        return needs_of(self.hypotheses, self.facts, self.ledger) if self.undecided else ()

    @property
    def corrections(self) -> Corrections:
        """What was corrected in the templates; its methods give further ones for `correct`."""
        return self.settings.corrections

    def with_symptom(self, symptom: str | None) -> Incident:
        """The same incident ranked again with another symptom."""
        facts = self.facts.with_symptom(symptom)
        ranked = rank_hypotheses(facts, with_own(self.own_checks))
        return replace_keeping(self, symptom=symptom, facts=facts, hypotheses=ranked)

    def with_checks(self, checks: OwnChecks) -> Incident:
        """The same incident ranked again with checks of your own beside the built-in ones.

        No log is read again. They stay with what `with_symptom` and `correct` give. A saved incident keeps their names,
        but not what they do: after `triage.open`, give them again.

        Parameters
        ----------
        checks : mapping
            From names to callables, in place of those that the incident has; empty for none. Each is asked of every
            hypothesis, with a `Candidate` (``id``, ``kind``, ``claim``, ``service``, and ``change``, which is None
            for all but changes) and the `Facts` (``onset``, ``troubles``, ``changes``, ``records`` and so on). It
            gives `triage.Evidence`, or None where it has nothing to say. Its weight, in nats, is how much likelier
            the finding is if the hypothesis holds than if it does not: log 2 for twice as likely, below 0 against, at
            most 8 either way. It counts in full, or by half where the onset is not sure. What the evidence calls its
            check is set to the name.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Raises
        ------
        UsageError
            For a name that a built-in check has, a check that fails, or what is no evidence; it names the check.

        Examples
        --------
        >>> import polars as pl, triage
        >>> logs = pl.DataFrame({"timestamp": ["2026-11-21T02:05:03Z"], "message": ["ready"]})
        >>> late = lambda candidate, facts: triage.Evidence("late", "Nobody deploys at night", 0.5)
        >>> triage.load(logs).with_checks({"late": late}).hypotheses[0].evidence[-1]
        Evidence(check='late', statement='Nobody deploys at night', weight=0.25, lines=())
        """
        own = check_own_checks(checks)
        notes = tuple(note for note in self.notes if not note.startswith(MISSING))
        return replace_keeping(self, own_checks=own, notes=notes, hypotheses=rank_hypotheses(self.facts, with_own(own)))

    def correct(self, corrections: Given) -> Incident:
        """The same incident with these corrections of the templates, in place of those it has.

        Templates and all that follows from them are worked out anew, from the records; no log is read again.

        Parameters
        ----------
        corrections : path of a TOML file, mapping, or Corrections
            Begin with `corrections` to keep those there are. Templates may be named by text or by id.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Raises
        ------
        UsageError
            For corrections that cannot be used, or an id that this incident does not have.
        """
        from triage.correcting import correct

        return correct(self, corrections)

    def compare(self, baseline: tuple[Moment, Moment], window: tuple[Moment, Moment]) -> Comparison:
        """What a window of the logs has that a baseline has not, and the other way about.

        Parameters
        ----------
        baseline, window : pair of str or datetime
            From, and up to but not including. They may be of different length, and do not overlap.

        Returns
        -------
        Comparison
            New, gone, changed in rate, changed in the values of a parameter, and what fell silent; empty where nothing
            changed by more than chance brings.

        Raises
        ------
        UsageError
            For what is no pair of times, for windows that overlap, or one without records.
        """
        from triage.comparison import compare_windows

        return compare_windows(self.scan(), self.templates, baseline, window, self.settings.zone, self.corrected)

    def save(self, path: str | Path) -> Path:
        """Write the incident to a directory as Parquet and JSON; `triage.open` reads it."""
        from triage.store import save

        return save(self, Path(path))

    def report(self, path: str | Path, redact: bool | None = None) -> Path:
        """Write a report: ``.html``, ``.md``, ``.ipynb`` or ``.json`` by the path's suffix.

        Parameters
        ----------
        path : str or Path
            A file that is there is replaced.
        redact : bool, optional
            Whether addresses, e-mail, keys, tokens, account numbers and ids of users are replaced, the same value by
            the same words everywhere: if not given, in all reports but JSON, for those are made to be shared.

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        UsageError
            For another suffix, or a place that cannot be written to.
        """
        from triage.report import write_incident_report

        return write_incident_report(self, Path(path), redact)

    def summary(self) -> dict[str, Any]:
        """Everything a report shows, as a plain dict (the JSON contract and what renderers need besides)."""
        from triage.report.summary import summarise

        return summarise(self)

    def plot(self) -> Any:
        """The timeline: errors over time, the onset's interval and the changes; `.figure` is the plotly figure."""
        from triage.report.offline_plot import timeline_plot

        return timeline_plot(self)

    def _repr_html_(self) -> str:
        from triage.report.incident_view import incident_html

        return incident_html(self)

    def __repr__(self) -> str:
        """A few lines for terminals; notebooks show `_repr_html_`."""
        from triage.report.incident_view import incident_text

        return incident_text(self)
