"""Stack traces that are one problem: by the exception, what caused it, and the application's frames."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl

from triage.ingest.exceptions import CAUSE, FRAMES
from triage.patterns.frames import frame_names
from triage.patterns.libraries import APPLICATION

#: Where a stack has no frame of the application, so many of the innermost others stand for it.
INNERMOST = 5
#: Addresses and numbers of three digits and more tell no frames apart: records are counted without them, so that there
#: are about as many kinds of stacks as places in the code.
LONG_NUMBERS = (r"0x[0-9A-Fa-f]+", "0x0"), (r"[0-9]{3,}", "000")
#: A letter of a text as JSON, by its number: no half of a pair.
_NUMBERED = (
    r"\\u(?:[0-9a-cefA-CEF][0-9a-fA-F]{3}"
    r"|[dD](?:[0-7][0-9a-fA-F]{2}|[89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))"
)
_TEXT = rf'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|{_NUMBERED})*"'
#: A list of texts as JSON; attributes may be anybody's, and polars refuses a column for one that is none.
TEXTS = rf"^\[{_TEXT}(?:,{_TEXT})*\]$"
#: Frames of Python: alone among the usual languages it prints the innermost last.
INNERMOST_LAST = r"\.py[xw]?(?::[0-9]+)?\)$|<(?:string|stdin|ipython-input[^>]*)>(?::[0-9]+)?\)$"
#: What Go says of a panic of its own, which has no other type, up to the values.
GO_ERROR = r"^runtime error: [a-z][a-z -]*[a-z]"
#: What a stack is known by in the records.
KEY = ("exception_type", "cause", "stack")
WHOSE = ("template_id", "service_name")


@dataclass(frozen=True)
class StackTraces:
    """The stack traces of records.

    Attributes
    ----------
    table : polars.DataFrame
        ``id``, ``exception_type``, ``cause`` (the innermost, null where there is none), ``frames`` (a list, from where
        it was thrown outwards), ``in_app`` (whether they are the application's), ``count``, ``first``, ``last``,
        ``services``, ``template_ids``; the most frequent first.
    by_template : polars.DataFrame
        ``id``, ``template_id``, ``count``.
    kinds : polars.DataFrame
        ``id`` of each kind of stack in the records.
    """

    table: pl.DataFrame
    by_template: pl.DataFrame
    kinds: pl.DataFrame


def has_trace() -> pl.Expr:
    """Whether a record's attributes may hold a stack trace."""
    return pl.col("attributes").str.contains(f'"{FRAMES}":', literal=True)


def traced(records: pl.LazyFrame) -> pl.LazyFrame:
    """The records that hold a stack trace, with `KEY`."""
    attributes = pl.col("attributes")
    told = records.filter(has_trace())
    stack, cause = (attributes.str.json_path_match(f"$['{name}']").alias(name) for name in (FRAMES, CAUSE))
    found = told.with_columns(stack.alias("stack"), cause.alias("cause"))
    found = found.filter(pl.col("stack").str.contains(TEXTS))
    stack = pl.col("stack").str.json_decode(pl.List(pl.String)).list.join("\n")
    for pattern, left in LONG_NUMBERS:
        stack = stack.str.replace_all(pattern, left)
    said = pl.col("exception_message").str.extract(f"({GO_ERROR})", 1)
    kind = pl.coalesce(
        pl.when(pl.col("exception_type") == "panic").then(pl.format("panic: {}", said)), "exception_type"
    )
    return found.with_columns(stack, kind.alias("exception_type"))


def find_traces(records: pl.LazyFrame) -> StackTraces:
    """The stack traces of records that have templates.

    Two of one problem have one id, whatever the build they come from, the line numbers, addresses and generated names.

    Parameters
    ----------
    records : polars.LazyFrame
        With ``template_id``.
    """
    counted = (
        traced(records)
        .group_by(*KEY, *WHOSE)
        .agg(
            pl.len().cast(pl.UInt64).alias("count"),
            pl.col("timestamp").min().alias("first"),
            pl.col("timestamp").max().alias("last"),
        )
    )
    every = counted.collect(engine="streaming")
    kinds = _kinds(every.select(KEY).unique())
    every = every.join(kinds, on=KEY, nulls_equal=True)
    by_template = every.group_by("id", "template_id").agg(pl.col("count").sum())
    by_template = by_template.sort("id", "count", "template_id", descending=[False, True, False])
    ids = by_template.group_by("id", maintain_order=True).agg(pl.col("template_id").alias("template_ids"))
    facts = every.group_by("id").agg(
        pl.col("exception_type", "cause", "frames", "in_app").first(),  # the same in all: they make the id
        pl.col("count").sum(),
        pl.col("first").min(),
        pl.col("last").max(),
        pl.col("service_name").drop_nulls().unique().sort().alias("services"),
    )
    table = facts.join(ids, on="id").sort("count", "id", descending=[True, False])
    return StackTraces(table, by_template, kinds.select(*KEY, "id"))


def _kinds(keys: pl.DataFrame) -> pl.DataFrame:
    """Keys with ``frames``, ``in_app`` and ``id``."""
    stacks = keys.select("stack").unique()
    told = stacks.with_columns(_application_frames(stacks["stack"]))
    found = keys.join(told.unnest("told"), on="stack")
    rows = found.select("exception_type", "cause", "frames").rows()
    return found.with_columns(pl.Series("id", [_id(*row) for row in rows], dtype=pl.String))


def _id(kind: str | None, cause: str | None, frames: list[str]) -> str:
    text = "\n".join([kind or "", cause or "", *frames])
    return "s" + hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()


def _application_frames(stacks: pl.Series) -> pl.Series:
    """Of each stack, a frame a line, the ``frames`` that tell it from others, the innermost first, and ``in_app``."""
    lists = stacks.str.split("\n").alias("frame").to_frame().with_row_index("row")
    each = lists.explode("frame").with_columns(pl.int_range(pl.len()).over("row").alias("place"))
    unique = each["frame"].unique()
    each = each.join(unique.to_frame().hstack(frame_names(unique)), on="frame", nulls_equal=True)
    last = pl.col("frame").str.contains(INNERMOST_LAST).any().over("row")
    each = each.with_columns(pl.when(last).then(-pl.col("place")).otherwise("place").alias("place"))
    # Recursion repeats frames, as often as the stack is deep.
    best = each.filter(pl.col("origin") == pl.col("origin").max().over("row")).sort("row", "place")
    best = best.unique(["row", "name"], keep="first", maintain_order=True)
    said = best.group_by("row", maintain_order=True).agg(
        pl.col("name").alias("frames"), (pl.col("origin").first() == APPLICATION).alias("in_app")
    )
    frames = pl.when("in_app").then("frames").otherwise(pl.col("frames").list.head(INNERMOST)).alias("frames")
    ordered = lists.select("row").join(said, on="row", how="left", maintain_order="left")
    return ordered.select(pl.struct(frames, "in_app").alias("told"))["told"]


def records_of(records: pl.LazyFrame, kinds: pl.DataFrame) -> pl.LazyFrame:
    """The records whose stacks are of these kinds (rows of `StackTraces.kinds`)."""
    return traced(records).join(kinds.lazy(), on=KEY, how="semi", nulls_equal=True)
