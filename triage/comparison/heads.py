"""Sources whose lines were taken apart otherwise in A than in B: their messages differ for that alone.

In lines of no known format what stands in front of the message (a logger, an id) is learnt from each source by itself.
One that begins in the middle of an outage may show less of it than that of a quiet day.
"""

from __future__ import annotations

import polars as pl

from triage.comparison.given_names import bare_name

#: Lines of a source that are looked at, at most, and fewest that tell.
LINES, FEWEST = 5000, 20
#: Share of the records whose head has another number of words, from which on it is told.
LEAST_SHARE = 0.5
#: Sources that a note names.
SHOWN = 3


def other_heads(sets: tuple[pl.LazyFrame, pl.LazyFrame], given: tuple[tuple[str, ...], tuple[str, ...]]) -> list[str]:
    """A note on sources of the same name in both sets whose messages begin at another place of the line.

    Parameters
    ----------
    sets : pair of polars.LazyFrame
        Records of A and B: ``source``, ``line``, ``attributes``.
    given : pair of tuple of str
        What was named to read each.
    """
    a, b = (_shares(part, names) for part, names in zip(sets, given, strict=True))
    both = a.join(b, on=["name", "words"], how="full", coalesce=True, suffix="_b").fill_null(0.0)
    known = both.filter(pl.col("name").is_in(a["name"].implode()) & pl.col("name").is_in(b["name"].implode()))
    apart = known.group_by("name").agg(((pl.col("share") - pl.col("share_b")).abs().sum() / 2).alias("apart"))
    names = apart.filter(pl.col("apart") >= LEAST_SHARE)["name"].sort().to_list()
    if not names:
        return []
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    said = "messages begin at another place of the line in A than in B: some are new or gone for that alone"
    return [f"{', '.join(names[:SHOWN])}{more}: {said}"]


def _shares(part: pl.LazyFrame, given: tuple[str, ...]) -> pl.DataFrame:
    """How often the head of a source's lines has so many words: ``name``, ``words``, ``share``."""
    head = pl.col("attributes").str.json_path_match("$.head")
    words = head.str.count_matches(r"\S+").alias("words")
    first = part.filter(pl.col("line") <= LINES).select("source", words).drop_nulls().collect()
    bare = {source: bare_name(source, given) for source in first["source"].unique()}
    named = first.select(pl.col("source").replace(bare).alias("name"), "words")
    counted = named.group_by("name", "words").len().with_columns(pl.col("len").sum().over("name").alias("all"))
    enough = counted.filter(pl.col("all") >= FEWEST)
    return enough.select("name", "words", (pl.col("len") / pl.col("all")).alias("share"))
