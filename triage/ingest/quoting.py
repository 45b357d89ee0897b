"""Rows of separated values with quotes: which lines go on inside a quoted field, and the fields of a whole row.

Read as Python's ``csv`` reads them: a quote is one only where a field begins; inside, two stand for one.
"""

from __future__ import annotations

from bisect import bisect_left

import polars as pl

#: A quoted field over more lines than these is a quote that nobody closed.
LONGEST_FIELD = 10_000
#: Fields that one regex takes apart; with more of them its automaton grows out of the fast kind.
AT_ONCE = 16
#: A quoted field with text behind its closing quote.
TAILED = r'^"(?:[^"]|"")*"[^"]'


def _field(separator: str) -> str:
    other = rf'[^"\x{{{ord(separator):x}}}]'
    return rf'(?:"(?:[^"]|"")*"(?:{other}{_rest(separator)})?|{other}{_rest(separator)})?'


def _rest(separator: str) -> str:
    return rf"[^\x{{{ord(separator):x}}}]*"


def goes_on(text: pl.Series, line: pl.Series, separator: str, final: bool = True) -> tuple[pl.Series, int]:
    """For each of consecutive lines: does it begin inside a quoted field?

    Parameters
    ----------
    text : polars.Series of String
        The lines; the first of them begins a row.
    line : polars.Series of int
        Their numbers.
    final : bool
        Whether no more lines follow: then a quote that is still open opens nothing.

    Returns
    -------
    polars.Series of bool, int
        The second says how many of the lines are settled, whatever follows.
    """
    flags = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
    rows = pl.DataFrame({"text": text}).with_row_index("row").filter(pl.col("text").str.contains('"', literal=True))
    opened = rf'(?:{_field(separator)}\x{{{ord(separator):x}}})*"(?:[^"]|"")*$'
    opens = rows.filter(pl.col("text").str.contains(f"^{opened}"))["row"].to_list()
    if not opens:
        return flags, len(text)
    after = rf'(?:[^"\x{{{ord(separator):x}}}]{_rest(separator)})?\x{{{ord(separator):x}}}'
    stays = rf'^(?:[^"]|"")*(?:"{after}{opened})?$'
    closes = rows.filter(~pl.col("text").str.contains(stays))["row"].to_list()
    inside, settled = _inside(opens, closes, line.to_list(), final)
    return (flags.scatter(inside, True) if inside else flags), settled


def _inside(opens: list[int], closes: list[int], line: list[int], final: bool) -> tuple[list[int], int]:
    """Rows inside a field, from those that would open one and those that would close one."""
    inside: list[int] = []
    at = 0
    while (place := bisect_left(opens, at)) < len(opens):
        first = opens[place]
        end = bisect_left(closes, first + 1)
        last = closes[end] if end < len(closes) else None
        reach = line[last if last is not None else -1] - line[first]
        if last is not None and reach <= LONGEST_FIELD:
            inside.extend(range(first + 1, last + 1))
            at = last + 1
        elif final or reach > LONGEST_FIELD:
            at = first + 1
        else:
            return inside, first + 1
    return inside, len(line)


def fields_of(text: pl.Series, separator: str, count: int) -> pl.DataFrame:
    """The fields of rows, without their quotes.

    Parameters
    ----------
    text : polars.Series of String
        Whole rows.
    count : int
        Fields of a row. What a row has beyond them stays in the last one, as it is written.

    Returns
    -------
    polars.DataFrame
        ``field_0`` and so on; all null in a row with fewer.
    """
    rows = pl.DataFrame({"text": text}).with_row_index("row")
    quoted = pl.col("text").str.contains('"', literal=True).fill_null(False)
    names = [f"field_{i}" for i in range(count)]
    plain = rows.filter(~quoted)
    split = plain["text"].str.splitn(separator, count).struct.unnest().insert_column(0, plain["row"])
    split = split.filter(pl.col(names[-1]).is_not_null())
    hard = rows.filter(quoted)
    if len(hard):
        split = pl.concat([split, _extracted(hard, separator, count)])
    return rows.select("row").join(split, on="row", how="left", maintain_order="left").drop("row")


def _extracted(rows: pl.DataFrame, separator: str, count: int) -> pl.DataFrame:
    """Fields of rows that have quotes, a few at a time."""
    mark, field = rf"\x{{{ord(separator):x}}}", f"({_field(separator)})"
    done, rest = rows.select("row"), rows["text"]
    for begin in range(0, count, AT_ONCE):
        size = min(AT_ONCE, count - begin)
        more = mark + "(?s:(.*))"
        pattern = f"^{mark.join([field] * size)}{more if begin + size < count else f'(?:{more})?'}$"
        groups = rest.str.extract_groups(pattern).struct.unnest()
        done = done.with_columns(_bare(groups[:, i]).alias(f"field_{begin + i}") for i in range(size))
        rest = groups[:, size]
    last = f"field_{count - 1}"
    whole = done.with_columns(rest.alias("rest")).filter(pl.col(last).is_not_null())
    beyond = pl.concat_str(last, pl.lit(separator), "rest")
    return whole.with_columns(pl.coalesce(beyond, last).alias(last)).drop("rest")


def _bare(field: pl.Series) -> pl.Series:
    """Fields without their quotes; what stands behind a closing quote belongs to its field."""
    quoted = field.str.starts_with('"')
    if not quoted.any():
        return field
    inner = field.str.slice(1, field.str.len_chars() - 2).str.replace_all('""', '"', literal=True)
    if field.str.contains(TAILED).any():
        parts = field.str.extract_groups(r'^"((?:[^"]|"")*)"((?s:.*))$').struct
        inner = parts.field("1").str.replace_all('""', '"', literal=True) + parts.field("2")
    return pl.select(pl.when(quoted).then(inner).otherwise(field).alias("f"))["f"]
