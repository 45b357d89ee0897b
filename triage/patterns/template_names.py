"""Which template is meant: by its text, by its id, or by its text as a terminal or a table shows it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from triage.escape import CUT, SHOWN, terminal
from triage.patterns.rule_checks import is_id
from triage.patterns.rules import Mute
from triage.patterns.templates import template_id


def is_muted(mutes: Iterable[Mute], texts: pl.Series) -> pl.Expr:
    """Whether the ``template`` of a row, one of `texts`, is muted."""
    return pl.col("template").is_in([meant(rule.template, texts) or rule.template for rule in mutes])


def as_shown(text: str) -> str:
    r"""A template's text as it is printed, its words one space apart.

    Examples
    --------
    >>> as_shown("red \x07 alert")
    'red «BEL» alert'
    """
    return " ".join(terminal(text).split())


def meant(name: str, texts: pl.Series) -> str | None:
    r"""The text of the template that a name is for; None if there is none, or more than one.

    Parameters
    ----------
    name : str
        Its text; its id; its text as it is printed, also where it was cut.
    texts : polars.Series of str
        The templates there are.

    Examples
    --------
    >>> texts = pl.Series(["took <NUM> ms", "red \x07 alert", "red sky"])
    >>> meant("t0000000000", texts), meant("red «BEL» alert", texts), meant("took…", texts), meant("red…", texts)
    (None, 'red \x07 alert', 'took <NUM> ms', None)
    """
    if (texts == name).any():
        return name
    known = texts.unique()
    if is_id(name):
        return next((text for text in known if template_id(text) == name), None)
    head = name.removesuffix(CUT)
    if head == name and SHOWN not in name:
        return None  # printed as it is
    shown = {text: as_shown(text) for text in known}
    found = [text for text, line in shown.items() if line == name]
    if not found and head != name and head:
        found = [text for text, line in shown.items() if line.startswith(head.rstrip())]
    return found[0] if len(found) == 1 else None
