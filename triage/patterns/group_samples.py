"""A few texts of each error template: its first and its last ones, and what kinds of failures they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from triage.patterns.signatures import MOST_CHARS, signatures_of

#: So many of the first records of a template, and as many of the last.
EACH_END = 2
MESSAGE_CHARS = 500


@dataclass(frozen=True)
class Samples:
    """Of each template some texts, and their signatures; where it has no text of a time, that of the template."""

    texts: Mapping[str, list[str]]
    signatures: Mapping[str, list[str | None]]


def edges() -> tuple[pl.Expr, pl.Expr]:
    """Of a template's records: until when the first ones were written, and since when the last ones."""
    time = pl.col("timestamp")
    return time.bottom_k(EACH_END).max().alias("early"), time.top_k(EACH_END).min().alias("late")


def find_samples(errors: pl.LazyFrame, templates: pl.DataFrame) -> Samples:
    """Texts of templates (see `sample_texts`) and their signatures."""
    texts = sample_texts(errors, templates)
    without = templates.join(texts, on="template_id", how="anti").select("template_id", text="template")
    every = pl.concat([texts, without])
    return Samples(_lists(texts, "text"), _lists(every.with_columns(signatures_of(every["text"]).alias("id")), "id"))


def _lists(frame: pl.DataFrame, column: str) -> dict[str, Any]:
    return dict(frame.group_by("template_id").agg(column).iter_rows())


def sample_texts(errors: pl.LazyFrame, templates: pl.DataFrame) -> pl.DataFrame:
    """The first and the last texts of templates.

    Parameters
    ----------
    errors : polars.LazyFrame
        Records with ``template_id``.
    templates : polars.DataFrame
        ``template_id``, ``early`` and ``late`` (see `edges`).

    Returns
    -------
    polars.DataFrame
        ``template_id`` and ``text``: the body, and the exception's message below it; in order of time.
    """
    time, order = pl.col("timestamp"), ["timestamp", "source", "line"]
    ends = templates.select("template_id", "early", "late").lazy()
    said = pl.concat_str(
        pl.col("body").str.slice(0, MOST_CHARS),
        pl.concat_str("exception_type", pl.col("exception_message").str.slice(0, MESSAGE_CHARS), separator=": "),
        separator="\n",
        ignore_nulls=True,
    )
    near = errors.join(ends, on="template_id").filter((time <= pl.col("early")) | (time >= pl.col("late")))
    found = near.select("template_id", *order, said.alias("text")).collect(engine="streaming").sort(*order)
    place, count = pl.int_range(pl.len()).over("template_id"), pl.len().over("template_id")
    return found.filter((place < EACH_END) | (place >= count - EACH_END)).select("template_id", "text")
