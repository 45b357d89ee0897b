"""What two sets of logs differ in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from triage.display import facts, wrapped

if TYPE_CHECKING:
    from triage.comparison.enough import Enough
    from triage.ingest import Ledger
    from triage.patterns import Outcome

#: Differences that a notebook shows at once.
SHOWN = 15


@dataclass(frozen=True)
class Side:
    """One of the two sets.

    Attributes
    ----------
    name : str
        What it is called on screen: the names of its logs, or its times.
    start, end : datetime
        From the first to the last record compared, or the window that was asked for as far as the logs go.
    seconds : int
        Time covered: without holes.
    records, untimed : int
        Records compared, and those left out because they carry no time.
    ledger : Ledger or None
        What became of every input line; None for a window of an incident, whose ledger says it.
    """

    name: str
    start: datetime
    end: datetime
    seconds: int
    records: int
    untimed: int = 0
    ledger: Ledger | None = None


@dataclass(frozen=True, repr=False)
class Comparison:
    """Differences between a set of logs A (the baseline) and a set B.

    Make one with `triage.compare`, or `Incident.compare`.

    Attributes
    ----------
    frame : polars.DataFrame
        A row a difference, the most interesting first: ``template_id``, ``template``, ``kind`` (``new``, ``gone``,
        ``rate``, ``parameter``), ``severity_text``, ``failing``, ``services``; ``count_a``, ``count_b``, ``rate_a``,
        ``rate_b`` (lines per minute of covered time), ``minutes_a``, ``minutes_b``; ``ratio``, ``ratio_low``,
        ``ratio_high`` (B to A, with bounds of 90 %; of the rate, or of the parameter); ``parameter``, ``statistic``,
        ``value_a``, ``value_b`` (null unless the kind is ``parameter``); ``p_value``, ``q_value``; ``first_b``,
        ``last_a`` (``source:line``).
    stops : polars.DataFrame
        What fell silent, a row each: ``kind`` (``service``, ``host``, ``source``), ``name``, ``services``, ``count_a``,
        ``count_b``, ``silent_seconds`` up to the end of B, without gaps, ``last`` (when the last line came), ``place``
        of that line, ``p_value``, ``q_value``. A host or source is left out where its services tell it, or where as
        many of the same service began.
    services : polars.DataFrame
        A row a service: its lines and covered minutes in both sets, ``ratio`` with bounds, ``q_value``, and whether it
        ``changed`` as a whole: templates that only went along are then not listed.
    tests : polars.DataFrame
        All tests: ``template_id``, ``service_name``, ``parameter`` (null for a rate), ``count_a``, ``count_b``,
        ``ratio``, ``p_value``, ``q_value``.
    a, b : Side
        The two sets.
    max_q : float
        Largest false discovery rate of what is listed.
    enough : Enough
        How many lines a template must have to be told; ``enough.tells`` is false where none has so many, and nothing
        can be said.
    traffic : float
        How many times the lines a minute most templates have in B; 1 where too few tell.
    shared : int
        Records of B that stand in A as well.
    notes : tuple of str
        What was left out, or holds with a reserve.
    corrected : tuple of Outcome
        What became of each correction of the templates.
    """

    frame: pl.DataFrame
    stops: pl.DataFrame
    services: pl.DataFrame
    tests: pl.DataFrame
    a: Side
    b: Side
    max_q: float
    enough: Enough
    traffic: float = 1.0
    shared: int = 0
    notes: tuple[str, ...] = ()
    corrected: tuple[Outcome, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether nothing changed by more than chance brings, as far as `enough` lets it be told."""
        return not (len(self.frame) or len(self.stops) or self.services["changed"].any())

    @property
    def tested(self) -> int:
        """How many rates and parameters were tested."""
        return len(self.tests)

    @property
    def expected_false(self) -> float:
        """How many of the differences are false alarms, to be expected: at most `max_q` of them."""
        return self.max_q * (len(self.frame) + len(self.stops) + int(self.services["changed"].sum()))

    def summary(self) -> dict[str, Any]:
        """Everything a report shows, as a plain dict (schema ``triage.compare/1``)."""
        from triage.report.comparison import summarise_comparison

        return summarise_comparison(self)

    def report(self, path: str | Path) -> Path:
        """Write a report: ``.html``, ``.md`` or ``.json`` by the path's suffix."""
        from triage.report.comparison import write_comparison

        return write_comparison(self.summary(), path)

    def _repr_html_(self) -> str:
        from triage.report.comparison import comparison_html

        return comparison_html(self.summary(), SHOWN)

    def __repr__(self) -> str:
        """A few lines for terminals; notebooks show `_repr_html_`."""
        from triage.report.comparison_words import headline

        head = headline(self.summary()).rstrip(".")
        names = facts((side, of.name) for side, of in (("A", self.a), ("B", self.b)))
        return "\n".join([*wrapped(f"Comparison: {head} ({self.tested} tests)"), *names])
