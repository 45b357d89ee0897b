"""Evidence: what one check found for or against one hypothesis, with the raw lines it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A raw line: where it stands and what it says."""

    source: str
    line: int
    text: str


@dataclass(frozen=True)
class Evidence:
    """What one check found.

    Attributes
    ----------
    check : str
        The check's name.
    statement : str
        One sentence for a person.
    weight : float
        Log-likelihood ratio in nats: how much likelier the finding is if the hypothesis holds than if it does not.
        Above 0 it speaks for, below 0 against.
    lines : tuple of Line
        Raw lines to look at; empty where the finding is an absence.
    """

    check: str
    statement: str
    weight: float
    lines: tuple[Line, ...] = ()
