"""Type, message and frames of the exceptions in records, as the usual languages print them."""

from __future__ import annotations

import polars as pl

from triage.ingest.attributes import as_attributes, joined
from triage.ingest.languages import LANGUAGES, NAMED, PHP, PYTHON, Language
from triage.ingest.levels import ERROR

#: The attribute that holds the frames: a list of texts, ``function (file:line)``, in the order they are printed.
FRAMES = "exception.frames"
#: The attribute that holds the type of the exception that all others in the text followed from.
CAUSE = "exception.cause"
#: Of more, the first and the last: where it was thrown stands at one end, and where a chain began at the other.
MOST_FRAMES = 100
#: Characters of a body in which an exception's name and its frames are looked for.
NAME_CHARS, FRAME_CHARS = 4000, 100_000
MESSAGE_CHARS, FUNCTION_CHARS = 2000, 300
PARTS = ("function", "file", "number")
#: How nearly all names end; and what stands in one line that shows an exception as its language does.
USUAL_END = r"(?:Exception|Error|Throwable)\b"
ONE_LINE = ["** (", ":in `", ":in '", "Uncaught "]
#: What a runtime prints when an exception ends the program, or a thread of it: it gives no level.
UNCAUGHT = (
    r"^(?:(?:  \+ Exception Group )?Traceback \(most recent call last\):|panic: |fatal error: "
    r"|thread '[^'\n]*' .*panicked at |Exception in thread \"|Unhandled [Ee]xception|Uncaught )"
)


def exceptions(records: pl.DataFrame) -> pl.DataFrame:
    """Fill ``exception_type`` and ``exception_message`` where no field gave them; put frames into ``attributes``.

    Parameters
    ----------
    records : polars.DataFrame
        With ``body``, ``exception_type``, ``exception_message`` and ``attributes``.
    """
    body = pl.col("body")
    rows = records.select("body").with_row_index("row")
    named = rows.filter(body.str.contains(USUAL_END))
    traced = rows.filter(body.str.contains("\n", literal=True))
    left = pl.concat([traced, named.filter(body.str.contains_any(ONE_LINE))]).unique("row", keep="first")
    done = []
    for language in LANGUAGES:
        chosen = left.filter(body.str.contains(language.marker))
        if len(chosen):
            done.append(_read(chosen, language))
            left = left.join(chosen, on="row", how="anti")
    rest = named.join(pl.concat(done), on="row", how="anti") if done else named
    if len(rest):
        done.append(_named(rest))
    return _with(records, pl.concat(done)) if done else records


def levelled(records: pl.DataFrame) -> pl.DataFrame:
    """Records that are nothing but an exception with the number of an error, where they say no level."""
    silent = pl.col("severity_number").is_null() & pl.col("exception_type").is_not_null()
    thrown = records.select(pl.when(silent).then("body").alias("body"))["body"].str.contains(UNCAUGHT).fill_null(False)
    if not thrown.any():
        return records
    number = pl.when(thrown).then(pl.lit(ERROR, pl.UInt8)).otherwise("severity_number")
    return records.with_columns(number.alias("severity_number"))


def _read(chosen: pl.DataFrame, language: Language) -> pl.DataFrame:
    """``row``, ``type``, ``message`` and ``frames`` of text that holds an exception of one language."""
    body = chosen["body"]
    # Python has the exception at the end, PHP what followed from it.
    text = body if language in (PYTHON, PHP) else body.str.slice(0, NAME_CHARS)
    heads = pl.concat([chosen.select("row"), _heads(text, language), _cause(body, language)], how="horizontal")
    return heads.join(_frames(chosen, language), on="row", how="left", maintain_order="left")


def _named(rest: pl.DataFrame) -> pl.DataFrame:
    """The same of text in which an exception is only named."""
    found = _heads(rest["body"].str.slice(0, NAME_CHARS), Language("", "", (NAMED,), ""))
    none = pl.lit(None, pl.String).alias("cause"), pl.lit(None, pl.List(pl.String)).alias("frames")
    return pl.concat([rest.select("row"), found], how="horizontal").with_columns(*none)


def _heads(text: pl.Series, language: Language) -> pl.DataFrame:
    """``type`` and ``message`` by the first of a language's heads that is found."""
    kind, message = pl.lit(None, pl.String), pl.lit(None, pl.String)
    for head in language.heads:
        found = pl.col("text").str.extract_groups(head).struct
        groups = pl.Series([""]).str.extract_groups(head).struct.fields
        said = found.field("message") if "message" in groups else pl.lit(None, pl.String)
        name = found.field("type") if "type" in groups else pl.when(said.is_not_null()).then(pl.lit(language.kind))
        message = pl.when(kind.is_null()).then(said).otherwise(message)
        kind = pl.coalesce(kind, name)
    kind = _one_backslash(kind.replace(dict(language.aliases)))
    return text.to_frame("text").select(
        kind.str.strip_prefix("\\").alias("type"),
        message.str.strip_chars_end().str.slice(0, MESSAGE_CHARS).alias("message"),
    )


def _cause(body: pl.Series, language: Language) -> pl.DataFrame:
    """``cause``: the type of the exception that the others followed from; null where there is but one."""
    text = body.str.slice(0, FRAME_CHARS).to_frame("text")
    found = [pl.col("text").str.extract_groups(cause).struct.field("type") for cause in language.causes]
    cause = pl.coalesce(*found, pl.lit(None, pl.String))
    return text.with_columns(_one_backslash(cause).str.strip_prefix("\\").alias("cause")).select("cause")


def _one_backslash(name: pl.Expr) -> pl.Expr:
    """Names of PHP as they are where they stand inside JSON."""
    return name.str.replace_all(r"\\", "\\", literal=True)


def _frames(chosen: pl.DataFrame, language: Language) -> pl.DataFrame:
    """``row`` and ``frames``, a list of ``function (file:line)``, of the rows that have any."""
    text = pl.col("body").str.slice(0, FRAME_CHARS)
    text = text.str.replace(language.others, "${1}") if language.others else text
    found = chosen.select("row", text.str.extract_all(language.frame).alias("frame"))
    half, frame = MOST_FRAMES // 2, pl.col("frame")
    ends = pl.concat_list(frame.list.head(half), frame.list.tail(half))
    few = pl.when(frame.list.len() > MOST_FRAMES).then(ends).otherwise(frame).alias("frame")
    each = found.select("row", few).explode("frame").drop_nulls()
    groups = each["frame"].str.extract_groups(language.frame).struct.unnest()
    parts = {name: pl.col(name) if name in groups.columns else pl.lit(None, pl.String) for name in PARTS}
    where = pl.concat_str(parts["file"], parts["number"], separator=":", ignore_nulls=True)
    function = _one_backslash(parts["function"].str.strip_chars().str.slice(0, FUNCTION_CHARS))
    shown = pl.coalesce(pl.format("{} ({})", function, where.replace("", None)), function, where)
    lists = pl.concat([each.select("row"), groups.select(shown.alias("frames"))], how="horizontal")
    return lists.group_by("row", maintain_order=True).agg("frames")


def _with(records: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Records with what was found in them."""
    framed = found.filter(pl.col("frames").is_not_null())
    told = framed.select("row", pl.col("frames").alias(FRAMES), pl.col("cause").alias(CAUSE))
    objects = told.select("row", as_attributes(told, [FRAMES, CAUSE]).alias("frames"))
    rows = records.with_row_index("row").join(
        found.drop("frames", "cause"), on="row", how="left", maintain_order="left"
    )
    rows = rows.join(objects, on="row", how="left", maintain_order="left") if len(objects) else rows
    # A field's message belongs to the type that a field names.
    untold = pl.col("exception_type").is_null()
    rows = rows.with_columns(
        pl.coalesce("exception_type", "type").alias("exception_type"),
        pl.coalesce("exception_message", pl.when(untold).then("message")).alias("exception_message"),
    )
    if len(objects):
        own = pl.col("attributes")
        # Records that come back as a frame have them already.
        taken = own.str.contains(f'"{FRAMES}":', literal=True) | ~own.str.starts_with("{")
        added = pl.when(taken.fill_null(False)).then(own).otherwise(joined(own, pl.col("frames")))
        rows = rows.with_columns(added.alias("attributes"))
    return rows.select(records.columns)
