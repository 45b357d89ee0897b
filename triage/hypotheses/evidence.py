"""Evidence: what one check found for or against one hypothesis, with the raw lines it stands on."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.escape import CUT

#: Characters of a raw line that evidence carries along.
LINE_CHARS = 400


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


def raw_begin() -> pl.Expr:
    """The column ``raw`` as a `Line` has it: cut to `LINE_CHARS`, with a mark behind what was cut."""
    raw, begin = pl.col("raw"), pl.col("raw").str.slice(0, LINE_CHARS)
    return pl.when(raw.str.len_bytes() > begin.str.len_bytes()).then(begin + CUT).otherwise(begin).alias("raw")
