"""What stands in a template's variable parts, record by record: found where it can be one thing only, never guessed.

A template is no pattern of its lines: masks merge words, a list is shown as one value, a name with a value in it may
have become a wildcard. But each of its words stands for one word of a line or more. So it is laid over a line word by
word, and where that does not fit, with values of several words. Each is tried twice: once with every value as long as
it can be, once as short. Where both find the same there is no third way, and where they do not, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from triage.patterns.shapes import SHAPE_CHARS
from triage.patterns.slot_patterns import KINDS, line_pattern
from triage.patterns.slots import Parsed, Slot

FITS = "fits"
#: Lines read at a time.
ROWS = 100_000
#: In front of a value of this kind its mask takes a mark or a space with it.
_MARKED = "IP"
#: Swaps the greed of every part of a pattern.
SHORTEST = "(?U)"


def slot_values(template: Parsed, bodies: pl.Series) -> pl.DataFrame:
    """Values of a template's slots in the bodies of its records.

    Parameters
    ----------
    template : Parsed
        See `slots.slots_of`.
    bodies : polars.Series of String
        Of records of this template.

    Returns
    -------
    polars.DataFrame
        A row a body: ``fits``, whether the template lies over its first line in one way, and a column of text for
        each slot, named ``s0``, ``s1`` and so on. Null where it does not fit, and in the last slot where the line is
        longer than what templates are made of.

    Examples
    --------
    >>> from triage.patterns.slots import slots_of
    >>> slot_values(slots_of("took <NUM> ms on <*>"), pl.Series(["took 12 ms on node-a", "took long"])).rows()
    [(True, '12', 'node-a'), (False, None, None)]
    """
    parts = [_values(template, bodies.slice(at, ROWS)) for at in range(0, max(len(bodies), 1), ROWS)]
    named = ((f"s{n}", slot) for n, slot in enumerate(template.slots))
    return pl.concat(parts).with_columns(_bare(pl.col(name), slot) for name, slot in named)


def _bare(value: pl.Expr, slot: Slot) -> pl.Expr:
    """A value without quotes, and without what its mask took with it."""
    if slot.kind == _MARKED:
        return value.str.replace(r"^[^\w:]", "")
    if slot.kind in KINDS:
        return value
    return value.str.replace(r'^"([^"]*)"$', "${1}").str.replace("^'([^']*)'$", "${1}")


def _values(template: Parsed, bodies: pl.Series) -> pl.DataFrame:
    first = pl.col("body").fill_null("").str.split_exact("\n", 1).struct.field("field_0").alias("line")
    lines = bodies.to_frame("body").select(first)["line"]
    cut = lines.str.len_chars() > SHAPE_CHARS
    found = _laid_over(template, lines.str.slice(0, SHAPE_CHARS))
    if template.slots and cut.any():
        last = f"s{len(template.slots) - 1}"
        found = found.with_columns(pl.when(~cut).then(last).alias(last))
    return found


def _laid_over(template: Parsed, lines: pl.Series) -> pl.DataFrame:
    """Values by the first pattern that matches a line at all, where it does so in one way."""
    left = lines.to_frame("line").with_row_index("row")
    values = dict.fromkeys((f"s{n}" for n in range(len(template.slots))), pl.String)
    parts = [pl.DataFrame(schema={"row": left["row"].dtype, FITS: pl.Boolean, **values})]
    for pattern in _patterns(template):
        found = _matched(left, pattern, len(template.slots))
        parts.append(found)
        left = left.join(found, on="row", how="anti", maintain_order="left")
        if not len(left):
            break
    parts.append(left.select("row", pl.lit(False).alias(FITS)))
    return pl.concat(parts, how="diagonal").sort("row").drop("row")


def _patterns(template: Parsed) -> Iterator[str]:
    """From the narrowest on; last those without the last word, which may be pinned and then is no part of the line."""
    _, words, slots = template
    yield line_pattern(words, slots, lists=False)
    yield line_pattern(words, slots, lists=True)
    if words and not words[-1].slots:
        yield line_pattern(words[:-1], slots, lists=False)
        yield line_pattern(words[:-1], slots, lists=True)


def _matched(lines: pl.DataFrame, pattern: str, slots: int) -> pl.DataFrame:
    """Of lines that a pattern matches, whether in one way only, and the values if so."""
    try:
        ways = [pl.col("line").str.extract_groups(greed + pattern).alias(f"way{greed}") for greed in ("", SHORTEST)]
    except pl.exceptions.ComputeError as error:
        if "size limit" not in str(error):
            raise
        # A template of hundreds of values makes a pattern too large: then none of its lines fits, and that is told.
        return lines.head(0).select("row", pl.lit(False).alias(FITS))
    long, short = pl.col("way"), pl.col(f"way{SHORTEST}")
    groups = {n: [name for name in (f"s{n}", f"r{n}") if f"(?P<{name}>" in pattern] for n in range(slots)}
    values = {n: pl.coalesce(long.struct.field(name) for name in names) for n, names in groups.items()}
    return (
        lines.lazy()
        .with_columns(ways)
        .filter(long.struct.field(FITS).is_not_null())
        .with_columns((long == short).alias(FITS))
        .select("row", FITS, *(pl.when(FITS).then(value).alias(f"s{n}") for n, value in values.items()))
        .collect()
    )
