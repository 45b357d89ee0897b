"""Templates: Drain over unique shapes, in an order that does not depend on how the input was cut.

Drain is He et al., Drain: An Online Log Parsing Approach with Fixed Depth Tree, ICWS 2017.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from triage.patterns.drain import WILDCARD, IndexedDrain
from triage.patterns.merge import merge
from triage.patterns.refine import Skeleton, skeleton, split, template_of
from triage.patterns.shapes import SHAPE

SIMILARITY, DEPTH, CHILDREN = 0.6, 5, 100
EMPTY = "(empty message)"
#: Above so many unique shapes, words that stand in a single shape are taken for values and made wildcards first, unless
#: it has many records: else a log of random words has as many templates as lines. Where more than the second number
#: would be left, so are words that stand in few, as few as will do.
MANY_SHAPES, MOST_SHAPES, FREQUENT = 10_000, 100_000, 100


def template_id(text: str) -> str:
    """The id of a template: a hash of its final text, the same on every machine.

    Examples
    --------
    >>> template_id("connection refused by <IP>")
    'tee0a59ff4c'
    """
    return "t" + hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()


def find_templates(shapes: pl.DataFrame) -> pl.DataFrame:
    """The template of each unique shape.

    Parameters
    ----------
    shapes : polars.DataFrame
        Unique ``shape`` and ``pinned`` (see `shapes.shapes_of`) and, if known, ``count``, in any order.

    Returns
    -------
    polars.DataFrame
        ``shape``, ``pinned``, ``template_id``, ``template``.
    """
    count = pl.col("count").sum() if "count" in shapes.columns else pl.len()
    ordered = shapes.group_by(SHAPE).agg(count.alias("count")).sort("pinned", "shape")
    texts: list[str] = []
    for (pinned,), part in ordered.group_by("pinned", maintain_order=True):
        texts += [f"{text} {pinned}".strip() for text in _mine(dict(part.select("shape", "count").iter_rows()))]
    ids = {text: template_id(text) for text in set(texts)}
    return ordered.select(
        *SHAPE,
        pl.Series("template_id", [ids[text] for text in texts], dtype=pl.String),
        pl.Series("template", texts, dtype=pl.String),
    )


def _mine(counts: Mapping[str, int]) -> list[str]:
    """Template text of each shape, of which there are so many records."""
    found = {shape: skeleton(shape) for shape in counts}
    lines: defaultdict[str, int] = defaultdict(int)
    for shape, one in found.items():
        lines[one.line] += counts[shape]
    if len(lines) > MANY_SHAPES:
        kept = _without_rare_words(pl.DataFrame({"line": list(lines), "count": list(lines.values())}).sort("line"))
        found = {shape: one.reduced(kept[one.line].split()) for shape, one in found.items()}
    drain = IndexedDrain(depth=DEPTH, sim_th=SIMILARITY, max_children=CHILDREN)
    cluster_of = {line: drain.add_log_message(line)[0] for line in sorted({one.line for one in found.values()})}
    clusters: defaultdict[int, list[Skeleton]] = defaultdict(list)
    for one in sorted(set(found.values())):
        clusters[cluster_of[one.line].cluster_id].append(one)
    parts = merge([part for members in clusters.values() for part in split(members)])
    texts = {one: text for part in parts for text in [template_of(part)] for one in part}
    return [texts[found[shape]] or EMPTY for shape in counts]


def _without_rare_words(lines: pl.DataFrame) -> dict[str, str]:
    """Lines with words that one of them holds replaced by a wildcard; that few hold, where too many would be left."""
    words = lines.with_row_index("row").with_columns(pl.col("line").str.split(" ").alias("word")).explode("word")
    words = words.with_columns(
        pl.col("row").n_unique().over("word").alias("holders"), pl.col("count").sum().over("word").alias("records")
    )
    few = 2
    while True:
        rare = (pl.col("holders") < few) & ((pl.col("records") < FREQUENT) | (few > 2))
        kept = pl.when(rare).then(pl.lit(WILDCARD)).otherwise("word")
        left = words.group_by("row", maintain_order=True).agg(kept.str.join(" ").alias("left"))["left"]
        if left.n_unique() <= MOST_SHAPES:
            return dict(zip(lines["line"], left, strict=True))
        few *= 2
