"""Templates of bare messages, for use without logs around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from triage.errors import UsageError
from triage.patterns.corrected import Outcome, corrected_templates
from triage.patterns.correction_files import check_corrections
from triage.patterns.corrections import Given
from triage.patterns.shapes import shapes_of


@dataclass(frozen=True)
class Mined:
    """Templates of messages.

    Attributes
    ----------
    ids : list of str
        The template id of each message, in order.
    templates : frame
        ``template_id``, ``template``, ``count``, the most frequent first; polars, or pandas if the messages came
        from pandas.
    corrected : tuple of Outcome
        What became of each correction.
    """

    ids: list[str]
    templates: Any
    corrected: tuple[Outcome, ...] = ()


def mine(messages: Iterable[str | None], corrections: Given = None) -> Mined:
    """Group messages into templates.

    Parameters
    ----------
    messages : iterable of str
        One text a record; a list, or a polars or pandas column. None is an empty message.
    corrections : path of a TOML file, mapping, or Corrections, optional
        What to correct in the templates.

    Raises
    ------
    UsageError
        For one text: its characters would be taken for messages. For corrections that cannot be used.

    Examples
    --------
    >>> mined = mine(["took 12 ms", "took 7 ms", "started"])
    >>> mined.templates["template"].to_list()
    ['took <NUM> ms', 'started']
    >>> mined.ids[0] == mined.ids[1]
    True
    """
    if isinstance(messages, str):
        raise UsageError(f"messages: got one text ({messages[:40]!r}), wanted a list or column of them; try [text]")
    # A missing value of pandas is a number that is not itself.
    body = pl.Series("body", [None if m is None or m != m else str(m) for m in messages], dtype=pl.String)
    empty = pl.lit(None, pl.String)
    records = body.to_frame().with_columns(empty.alias("pinned"), empty.alias("exception_type"))
    own = check_corrections(corrections).by_text()
    place, shapes = shapes_of(records, own)
    found, outcomes = corrected_templates(shapes, own)
    keys = shapes.drop("count").columns
    ids = shapes.join(found, on=keys, how="left", maintain_order="left")[place]
    table = (
        ids.group_by("template_id", "template")
        .agg(pl.len().alias("count"))
        .sort(["count", "template"], descending=[True, False])
    )
    from_pandas = type(messages).__module__.startswith("pandas")
    return Mined(ids["template_id"].to_list(), table.to_pandas() if from_pandas else table, outcomes)
