"""A report's page: what it shows, in reading order, as words; every renderer sets this and no more.

Texts are as they came: each renderer escapes them for its own place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from triage.report.rows import (
    Blank,
    CheckRow,
    Diagnosis,
    EventRow,
    OperationRow,
    OwnRow,
    Reproduction,
    ServiceRow,
)

T = TypeVar("T", covariant=True)

#: Counts of a source, in the order of `SourceRow.counts`.
COUNTS = ("lines", "records", "continuations", "blank", "undecodable", "untimed")


@dataclass(frozen=True)
class Shown(Generic[T]):
    """The first rows of a list, and how many more there are."""

    rows: tuple[T, ...]
    hidden: int = 0


@dataclass(frozen=True)
class Reference:
    """A raw line: ``source:line``, and what it says where that is known."""

    place: str
    text: str | None


@dataclass(frozen=True)
class Evidence:
    """One finding: its weight in words (``strong``, ``+2.71``, ``15 : 1``) and the lines it stands on."""

    check: str
    statement: str
    strength: str
    weight: str
    ratio: str
    lines: Shown[Reference]


@dataclass(frozen=True)
class Ranked:
    """One hypothesis; `share` is its probability, `prior`, `chance` and `decision` are empty where there is none."""

    rank: int
    name: str
    claim: str
    share: float
    odds: str
    prior: str
    when: str
    supporting: tuple[Evidence, ...]
    opposing: tuple[Evidence, ...]
    next_checks: tuple[str, ...]
    chance: str = ""
    decision: str = ""


@dataclass(frozen=True)
class NextStep:
    """Something a person can check, and the hypothesis it is about."""

    step: str
    about: str


@dataclass(frozen=True)
class ChangeRow:
    """One recorded change; `number` is its label in the timeline."""

    number: int
    time: str
    when: str
    name: str
    summary: str
    odds: str


@dataclass(frozen=True)
class VersionRow:
    """Another version of a service, as lines show it, and the recorded change that it is."""

    time: str
    when: str
    name: str
    before: str
    change: str
    place: str


@dataclass(frozen=True)
class GroupRow:
    """One error group; `spark` draws its count over time, `exception` and `frames` are its main stack trace.

    `links` says which other groups belong to it, `template` is its most frequent one where the title is another text.
    """

    title: str
    count: str
    first: str
    last: str
    services: str
    spark: str
    exception: str = ""
    frames: tuple[str, ...] = ()
    template: str = ""
    links: tuple[str, ...] = ()
    next_check: str = ""


@dataclass(frozen=True)
class ShareRow:
    """A value that failing lines share; `ratio` is how many times as often as others, `also` what tells the same."""

    statement: str
    also: str
    ratio: str
    q_value: str
    lines: tuple[Reference, ...]


@dataclass(frozen=True)
class OnsetRow:
    """One onset: its interval, lines per minute before and after (or what `step` says), and its q-value."""

    at: str
    interval: str
    when: str
    kind: str
    before: str
    after: str
    q_value: str
    services: str
    template: str
    step: str


@dataclass(frozen=True)
class SourceRow:
    """What became of the lines of one source; `span` is its time range."""

    source: str
    format: str
    sureness: str
    zone: str
    encoding: str
    counts: tuple[str, ...]
    span: str
    notes: str


@dataclass(frozen=True)
class CorrectionRow:
    """One correction of the templates, and how many records it is about; `told`: the page's notes speak of it."""

    kind: str
    correction: str
    records: str
    told: bool = False


@dataclass(frozen=True)
class VerdictRow:
    """One decision of a person."""

    at: str
    by: str
    decision: str
    about: str
    note: str


@dataclass(frozen=True)
class TimeRow:
    """A stretch of the timeline; `marks` says what else lies in it: the onset, changes."""

    time: str
    lines: str
    errors: str
    marks: str


@dataclass(frozen=True)
class Page:
    """A whole report.

    Attributes
    ----------
    needs : tuple of str
        Which data would help most, first; `undecided` is why the data does not decide. Both empty where it does.
    strip : tuple of str
        The timeline in a few lines of equally wide characters.
    folder : str
        What all sources lie in, left out before their names elsewhere; empty where there is nothing to leave out.
    impact : tuple of (str, str)
        Figures above the tables of `services` and `operations`; `impact_notes` says what they were counted from.
    impact_compared : bool
        Whether there was an onset, and so a time before it.
    redacted : tuple of str or None
        What was replaced, a line a kind; None where nothing was looked for.
    """

    headline: str
    day: str
    symptom: str
    facts: tuple[tuple[str, str], ...]
    next_steps: tuple[NextStep, ...]
    hypotheses: Shown[Ranked]
    timeline: tuple[TimeRow, ...]
    strip: tuple[str, ...]
    changes: Shown[ChangeRow]
    groups: Shown[GroupRow]
    origins: str
    onsets: Shown[OnsetRow]
    sureness: tuple[str, ...]
    ledger: str
    folder: str
    sources: Shown[SourceRow]
    assumptions: Shown[str]
    notes: Shown[str]
    verdict: str
    verdicts: tuple[VerdictRow, ...]
    made_by: str
    corrections: Shown[CorrectionRow] = Shown(())
    shared: Shown[ShareRow] = Shown(())
    alike: tuple[str, ...] = ()
    versions: Shown[VersionRow] = Shown(())
    needs: tuple[str, ...] = ()
    undecided: str = ""
    diagnosis: Diagnosis | None = None
    impact: tuple[tuple[str, str], ...] = ()
    services: Shown[ServiceRow] = Shown(())
    operations: Shown[OperationRow] = Shown(())
    impact_notes: tuple[str, ...] = ()
    impact_compared: bool = True
    events: Shown[EventRow] = Shown(())
    own: tuple[OwnRow, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    limits: tuple[str, ...] = ()
    reproduction: Reproduction | None = None
    redacted: tuple[str, ...] | None = None
    blanks: tuple[Blank, ...] = ()
