"""Candidates: each recorded change in reach, and `unrecorded`, which is none of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from triage.changes import Change
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import change_phrase, clock

#: Changes longer ago than this before the logs begin are not considered one by one.
REACH_BACK = timedelta(hours=48)


@dataclass(frozen=True)
class Candidate:
    """Something that may have set off the trouble.

    Attributes
    ----------
    kind : str
        ``change`` or ``unrecorded``.
    """

    id: str
    kind: str
    claim: str
    change: Change | None = None

    @property
    def service(self) -> str | None:
        """The service concerned, if known."""
        return self.change.service if self.change else None


def find_candidates(facts: Facts) -> tuple[Candidate, ...]:
    """All candidates, `unrecorded` first and then the changes by time."""
    near = [c for c in facts.changes if c.time >= facts.start - REACH_BACK and c.time <= facts.end]
    return (_unrecorded(facts), *(_change(change, facts) for change in near))


def out_of_reach(facts: Facts) -> int:
    """How many recorded changes are no candidates, because of their time."""
    return len(facts.changes) - len(find_candidates(facts)) + 1


def _unrecorded(facts: Facts) -> Candidate:
    if facts.onset is None:
        return Candidate(
            "unrecorded", "unrecorded", "No recorded change is to blame: the logs show no onset of trouble"
        )
    claim = f"None of the recorded changes set off the trouble that began about {clock(facts.onset.at)}"
    return Candidate("unrecorded", "unrecorded", claim)


def name_of(change: Change) -> str:
    """A change in a few words."""
    return change_phrase(change.kind, change.service, change.version, change.id)


def _change(change: Change, facts: Facts) -> Candidate:
    begun = f" that began about {clock(facts.onset.at)}" if facts.onset else ""
    claim = f"The {name_of(change)} at {clock(change.time)} set off the trouble{begun}"
    return Candidate(f"change-{change.id}", "change", claim, change)
