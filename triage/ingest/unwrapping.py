"""The lines of a sample without the envelope that they have, if they have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats import ENVELOPES, LineFormat
from triage.ingest.formats.base import Envelope, Opened
from triage.ingest.read_as import AS_RECOGNISED, SetFormat

#: An envelope is taken off if so many lines have it, or any where it was set.
WRAPPED = 0.5
#: A share of pieces among lines that no program writes: there the mark means something else.
ALL_PIECES = 0.95


@dataclass(frozen=True)
class Unwrapped:
    """Lines without their envelope, pieces of one put together.

    Attributes
    ----------
    text : polars.Series of String
        The lines.
    dated : polars.Series of bool
        Whether its envelope gives a line its time.
    stream : polars.Series of String or None
        Whose line each is; None where there is no envelope.
    split : bool
        Whether the envelope marks pieces of lines.
    """

    text: pl.Series
    dated: pl.Series
    stream: pl.Series | None = None
    envelope: Envelope | None = None
    split: bool = False

    @classmethod
    def of(cls, text: pl.Series) -> Unwrapped:
        """Lines as they stand."""
        return cls(text, pl.repeat(False, len(text), eager=True, dtype=pl.Boolean))


def unwrapped(
    text: pl.Series, context: Context, own: Sequence[LineFormat] = (), told: SetFormat = AS_RECOGNISED
) -> Unwrapped:
    """The lines of a sample without the envelope that was set, or else that most of them have.

    Parameters
    ----------
    own : sequence of LineFormat
        The user's formats.
    told : SetFormat
        What the source was set to be read as. An envelope around nothing of its format is left on if lines as they
        stand are of it: then what looks like an envelope is a part of them.
    """
    for envelope in sorted(ENVELOPES, key=lambda one: one.name != told.envelope):
        opened = envelope.open(text, context)
        share = float(opened.reading.claimed.mean()) if len(text) else 0.0  # type: ignore[arg-type]
        named = envelope.name == told.envelope
        if not share or (share < WRAPPED and not named):
            continue
        # Where hardly a line has its end, none can be told to lack it.
        split = float(opened.partial.mean()) < ALL_PIECES  # type: ignore[arg-type]
        inside, dated, stream = _inside(text, opened, split)
        if named or told.reads(inside, context, own) or not told.reads(text, context, own):
            return Unwrapped(inside, dated, stream, envelope, split)
    return Unwrapped.of(text)


def _inside(text: pl.Series, opened: Opened, split: bool) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Lines without their envelope, the pieces of each put together; whether it dates them, and whose they are."""
    lines = pl.DataFrame({"text": opened.inner.fill_null(text), "stream": opened.stream, "partial": opened.partial})
    lines = lines.with_columns(opened.reading.fields["timestamp"].is_not_null().alias("dated"))
    if split and lines["partial"].any():
        above = pl.col("partial").shift(1, fill_value=False).over("stream").fill_null(False)
        whole = lines.with_columns((~above).cum_sum().over("stream").alias("whole"))
        lines = whole.group_by("stream", "whole", maintain_order=True).agg(
            pl.col("text").str.join(""), pl.col("dated").first()
        )
    lines = lines.filter(pl.col("text").str.contains(r"\S"))
    return lines["text"], lines["dated"], lines["stream"]
