"""Keys and values that lines bear: in attributes, in their text as ``key=value``, as variable parts with a name."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
import polars as pl

from triage.patterns.keys import VAGUE, kind_of
from triage.patterns.slot_names import name_of, unit_behind
from triage.patterns.slot_values import slot_values
from triage.patterns.slots import Parsed, slots_of

#: JSON's strings, and what else a value may be.
_STRING = r'"(?:[^"\\]|\\.)*"'
_PAIR = rf"{_STRING}\s*:\s*(?:{_STRING}|[^\s,{{}}\[\]\"]+)"
_SPLIT = rf"(?s)^({_STRING})\s*:\s*(.*)$"
#: An object in an object that holds no other, with its key; so many levels are looked into.
_INNER, LEVELS = rf'({_STRING})\s*:\s*(\{{(?:[^{{}}"]|{_STRING})*\}})', 2
_TEXT = r"[A-Za-z_][\w.-]{0,40}=(?:\"[^\"]{1,200}\"|[^\s,;&)\]}\"'(\[{]{1,200})"
#: Characters of a text that are looked at, and of a key and a value that are kept.
HEAD_CHARS, KEY_CHARS, VALUE_CHARS = 1000, 80, 200
#: Templates whose variable parts are looked at, the most frequent of the lines; each with so many lines at least.
MOST_TEMPLATES, FEWEST_LINES = 40, 8
SCHEMA = {"row": pl.UInt32, "key": pl.String, "value": pl.String}


def pairs_of(lines: pl.DataFrame, templates: Mapping[str, str]) -> pl.DataFrame:
    """Keys and values of lines.

    Parameters
    ----------
    lines : polars.DataFrame
        ``row``, ``body``, ``attributes``, ``template_id``, ``host_name``, ``source``, ``service_name`` and
        ``exception_type``.
    templates : mapping
        Texts of templates by id.

    Returns
    -------
    polars.DataFrame
        ``row``, ``key``, ``value``, each once.
    """
    text = lines.select("row", pl.col("body").str.slice(0, HEAD_CHARS).str.extract_all(_TEXT).alias("pair"))
    parts = [
        _columns(lines),
        _attributes(lines.select("row", pl.col("attributes").alias("text")).drop_nulls()),
        _split(text, r"(?s)^([^=]+)=\"?(.*?)\"?$"),
        _slots(lines, templates),
    ]
    found = pl.concat(parts).select(
        "row", pl.col("key").str.slice(0, KEY_CHARS), pl.col("value").str.slice(0, VALUE_CHARS)
    )
    keys = found["key"].unique()
    told = keys.filter(pl.Series([kind_of(key) is not None for key in keys], dtype=pl.Boolean))
    said = pl.col("key").is_in(told.implode()) & ~pl.col("value").is_in(["", "-", "null", "None"])
    return found.filter(said).unique(maintain_order=True)


def _columns(lines: pl.DataFrame) -> pl.DataFrame:
    """Host, source and type of exception. A source counts where it is one of several with the same kinds of lines."""
    by = ["service_name", "template_id"]
    several = lines.filter(pl.col("source").n_unique().over(by) > 1).select("source").unique()
    values = [
        lines.select("row", pl.lit("host").alias("key"), pl.col("host_name").alias("value")),
        lines.join(several, on="source", how="semi").select(
            "row", pl.lit("source").alias("key"), pl.col("source").alias("value")
        ),
        lines.select("row", pl.lit("exception").alias("key"), pl.col("exception_type").alias("value")),
    ]
    return pl.concat(values).drop_nulls().cast(SCHEMA)  # type: ignore[arg-type]


def _attributes(lines: pl.DataFrame) -> pl.DataFrame:
    """Pairs of JSON objects. Of an object in another the key is ``outer.inner``; no list is looked into."""
    parts = []
    nested = lines.filter(pl.col("text").str.slice(1).str.contains("{", literal=True))
    for _ in range(LEVELS):
        if not len(nested):
            break
        inner = nested.select("row", pl.col("text").str.extract_all(_INNER).alias("inner")).explode("inner")
        groups = pl.col("inner").str.extract_groups(rf"(?s)^{_INNER}$")
        inner = inner.drop_nulls().select(
            "row", groups.struct.field("1").alias("outer"), groups.struct.field("2").alias("text")
        )
        own = inner.select("row", "outer", pl.col("text").str.extract_all(_PAIR).alias("pair")).explode("pair")
        split = pl.col("pair").str.extract_groups(_SPLIT)
        named = pl.concat_str(
            pl.col("outer").str.slice(0, pl.col("outer").str.len_chars() - 1), pl.lit("."),
            split.struct.field("1").str.slice(1),
        )  # fmt: skip
        parts.append(own.drop_nulls().select("row", named.alias("key"), split.struct.field("2").alias("value")))
        rest = nested.with_columns(pl.col("text").str.replace_all(_INNER, "${1}:null"))
        lines = pl.concat([lines.join(rest.select("row"), on="row", how="anti"), rest])
        nested = rest.filter(pl.col("text").str.slice(1).str.contains("{", literal=True))
    flat = lines.select("row", pl.col("text").str.extract_all(_PAIR).alias("pair"))
    parts.append(_split(flat, _SPLIT))
    found = pl.concat(parts)
    texts = pl.concat([found["key"], found["value"]]).unique().to_list()
    plain = [_plain(text) for text in texts]
    new = pl.DataFrame({"text": texts, "plain": plain}, schema={"text": pl.String, "plain": pl.String})
    for name in ("key", "value"):
        found = found.join(new, left_on=name, right_on="text", how="left").drop(name).rename({"plain": name})
    return found.select("row", "key", "value").drop_nulls()


def _split(pairs: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Rows with lists of texts as one row a text, taken apart into key and value."""
    groups = pl.col("pair").str.extract_groups(pattern)
    named = [groups.struct.field(str(n)).alias(name) for n, name in enumerate(("key", "value"), 1)]
    return (
        pairs.lazy().explode("pair").drop_nulls().select(pl.col("row").cast(pl.UInt32), *named).drop_nulls().collect()
    )


def _plain(text: str) -> str | None:
    """What a JSON string says; other values as they are; None for what is no JSON."""
    if not text.startswith('"'):
        return text
    if "\\" not in text:
        return text[1:-1]
    try:
        return str(orjson.loads(text))
    except orjson.JSONDecodeError:
        return None


def _slots(lines: pl.DataFrame, templates: Mapping[str, str]) -> pl.DataFrame:
    """Variable parts that the text beside them names."""
    often = lines.group_by("template_id").len().filter(pl.col("len") >= FEWEST_LINES)
    parts, read = [pl.DataFrame(schema=SCHEMA)], 0
    for template in often.sort(["len", "template_id"], descending=[True, False])["template_id"]:
        parsed = slots_of(templates.get(template, ""))
        names = _names(parsed)
        if not names:
            continue
        own = lines.filter(pl.col("template_id") == template)
        values = slot_values(parsed, own["body"]).hstack(own.select("row"))
        parts += [
            values.select("row", pl.lit(name).alias("key"), pl.col(f"s{slot}").alias("value")).drop_nulls()
            for slot, name in names.items()
        ]
        read += 1
        if read == MOST_TEMPLATES:
            break
    return pl.concat(parts)


def _names(parsed: Parsed) -> dict[int, str]:
    """The slots that have a name, but for quantities; of two with the same name the first."""
    found: dict[str, int] = {}
    for number, slot in enumerate(parsed.slots):
        name = name_of(slot)
        if unit_behind(slot) is None and name not in VAGUE and slot.kind not in ("DURATION", "SIZE"):
            found.setdefault(name, number)
    return {number: name for name, number in found.items()}
