"""Which lines belong to the one above where each bears a prefix: as without it, and what only such lines have."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from triage.ingest import traces

#: PostgreSQL's numbers in syslog: of the message, and of its piece, of which the second and further ones go on.
PIECE = r"^\[([0-9]+)-(?:[2-9]|[1-9][0-9]+)\] "
NUMBER = r"^\[([0-9]+)-[0-9]+\] "
#: What Android writes above an exception that ended an app, a line each.
HEADS = r"^(?:FATAL EXCEPTION: |Process: [A-Za-z][^ ]*, PID: [0-9]+$)"
BLANK = r"^\s*$"
#: A tab, as daemons of syslog spell it out.
TAB = r"^#011"


def attached(body: pl.Series) -> pl.Series:
    """For each of consecutive lines of one sender: does it belong to the line above? Those without text do."""
    return _as_if_there_were_no_blank_lines(body.str.replace(TAB, "\t"), _attached, True)


def _attached(body: pl.Series) -> pl.Series:
    above = body.str.contains(HEADS).fill_null(False).shift(1, fill_value=False)
    number = body.str.extract(NUMBER, 1)
    piece = body.str.contains(PIECE) & (number == number.shift(1))
    return traces.attached(body) | above | piece.fill_null(False)


def may_go_on(body: pl.Series) -> pl.Series:
    """For each line, taken alone: is it or the next one part of what stands above, in any order of the lines?"""
    return traces.may_go_on(body) | body.str.contains(rf"{PIECE}|{HEADS}|{BLANK}|{TAB}").fill_null(False)


def alone(body: pl.Series) -> pl.Series:
    """For each of consecutive lines: does it surely begin something, whatever stood above the first of them?"""
    return _as_if_there_were_no_blank_lines(body.str.replace(TAB, "\t"), _alone, False)


def _alone(body: pl.Series) -> pl.Series:
    above = body.str.contains(HEADS).fill_null(False).shift(1, fill_value=True)
    return traces.alone(body) & ~above & ~body.str.contains(PIECE).fill_null(False)


def _as_if_there_were_no_blank_lines(
    body: pl.Series, asked: Callable[[pl.Series], pl.Series], blank: bool
) -> pl.Series:
    """The answers for lines with a text, which those without do not part; `blank` for the others."""
    empty = body.str.contains(BLANK).fill_null(False)
    if not empty.any():
        return asked(body)
    answers = pl.repeat(blank, len(body), eager=True, dtype=pl.Boolean)
    return answers.scatter((~empty).arg_true(), asked(body.filter(~empty)))


def bare(body: pl.Series) -> pl.Series:
    """Lines that go on without their numbers, and with the tab that is spelled out."""
    return body.str.replace(PIECE, "").str.replace(TAB, "\t")
