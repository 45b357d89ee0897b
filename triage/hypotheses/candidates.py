"""Candidates: each recorded change in reach, and `unrecorded`, which is none of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from triage.changes import Change
from triage.hypotheses.facts import Facts
from triage.hypotheses.signs import Sign, leading_signature
from triage.hypotheses.words import change_phrase, clock


@dataclass(frozen=True)
class Candidate:
    """Something that may have set off the trouble.

    Attributes
    ----------
    kind : str
        ``change``, ``unrecorded``, or what the logs suggest (see `suggestions`).
    sign : Sign or None
        What suggests it.
    """

    id: str
    kind: str
    claim: str
    change: Change | None = None
    sign: Sign | None = None

    @property
    def service(self) -> str | None:
        """The service concerned, if known."""
        about = self.change or self.sign
        return about.service if about else None


def find_candidates(facts: Facts) -> tuple[Candidate, ...]:
    """All candidates, `unrecorded` first and then the changes by time."""
    return (_unrecorded(facts), *(_change(change, facts) for change in facts.near))


def out_of_reach(facts: Facts) -> int:
    """How many recorded changes are no candidates, because of their time."""
    return len(facts.changes) - len(facts.near)


def _unrecorded(facts: Facts) -> Candidate:
    if facts.onset is None:
        return Candidate(
            "unrecorded",
            "unrecorded",
            "None of the recorded changes: the logs show no onset of trouble",
        )
    if not facts.onset.sure:
        sign = f"a sign of one at {clock(facts.onset.at)}"
        claim = f"None of the recorded changes: the logs show no sure onset of trouble, only {sign}"
        return Candidate("unrecorded", "unrecorded", claim)
    claim = f"None of the recorded changes set off the trouble that began about {clock(facts.onset.at)}"
    if told := leading_signature(facts):
        claim += f"; its first failing lines tell of “{told[0].title}”"
    return Candidate("unrecorded", "unrecorded", claim)


def name_of(change: Change) -> str:
    """A change in a few words."""
    return change_phrase(
        change.kind_shown,
        change.service,
        change.version,
        change.id,
        canary=change.canary,
        share=change.share,
        instances=change.instances,
    )


def _change(change: Change, facts: Facts) -> Candidate:
    begun = (
        f" that {'began' if facts.sure_onset else 'may have begun'} about {clock(facts.onset.at)}"
        if facts.onset
        else ""
    )
    claim = f"The {name_of(change)} at {_when(change.time, facts)} set off the trouble{begun}"
    return Candidate(f"change-{change.id}", "change", claim, change)


def _when(at: datetime, facts: Facts) -> str:
    """The time of a change, with its date where that is not the onset's."""
    day = (facts.onset.at if facts.onset else facts.start).date()
    return clock(at) if at.date() == day else f"{at:%Y-%m-%d} {clock(at)}"
