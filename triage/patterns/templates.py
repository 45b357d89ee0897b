"""Templates: Drain over unique shapes, in an order that does not depend on how the input was cut.

Drain is He et al., Drain: An Online Log Parsing Approach with Fixed Depth Tree, ICWS 2017.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from triage.patterns.drain import WILDCARD, IndexedDrain
from triage.patterns.merge import merge
from triage.patterns.refine import Skeleton, skeleton, split, template_of
from triage.patterns.shapes import SHAPE

SIMILARITY, DEPTH, CHILDREN = 0.6, 5, 100
EMPTY = "(empty message)"
#: Above so many unique shapes, words that stand in a single shape are taken for values and made wildcards first: else
#: a log of random words has as many templates as lines.
MANY_SHAPES = 10_000


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
        Unique ``shape`` and ``pinned`` (see `shapes.shapes_of`), in any order.

    Returns
    -------
    polars.DataFrame
        ``shape``, ``pinned``, ``template_id``, ``template``.
    """
    ordered = shapes.select(SHAPE).unique().sort("pinned", "shape")
    texts: list[str] = []
    for (pinned,), part in ordered.group_by("pinned", maintain_order=True):
        texts += [f"{text} {pinned}".strip() for text in _mine(part["shape"].to_list())]
    ids = {text: template_id(text) for text in set(texts)}
    return ordered.with_columns(
        pl.Series("template_id", [ids[text] for text in texts], dtype=pl.String),
        pl.Series("template", texts, dtype=pl.String),
    )


def _mine(shapes: Sequence[str]) -> list[str]:
    """Template text of each shape."""
    found = {shape: skeleton(shape) for shape in shapes}
    lines = sorted({one.line for one in found.values()})
    if len(lines) > MANY_SHAPES:
        kept = dict(zip(lines, _without_single_words(pl.Series(lines)), strict=True))
        found = {shape: one.reduced(kept[one.line].split()) for shape, one in found.items()}
    drain = IndexedDrain(depth=DEPTH, sim_th=SIMILARITY, max_children=CHILDREN)
    cluster_of = {line: drain.add_log_message(line)[0] for line in sorted({one.line for one in found.values()})}
    clusters: defaultdict[int, list[Skeleton]] = defaultdict(list)
    for one in sorted(set(found.values())):
        clusters[cluster_of[one.line].cluster_id].append(one)
    parts = merge([part for members in clusters.values() for part in split(members)])
    texts = {one: text for part in parts for text in [template_of(part)] for one in part}
    return [texts[found[shape]] or EMPTY for shape in shapes]


def _without_single_words(shapes: pl.Series) -> pl.Series:
    """Shapes with every word that only one of them holds replaced by a wildcard; the order of shapes is kept."""
    words = (
        pl.DataFrame({"word": shapes.str.split(" ")})
        .with_row_index("row")
        .explode("word")
        .with_columns((pl.col("row").n_unique().over("word") < 2).alias("single"))
    )
    kept = pl.when("single").then(pl.lit(WILDCARD)).otherwise(pl.col("word"))
    return words.group_by("row", maintain_order=True).agg(kept.str.join(" ").alias("shape"))["shape"]
