"""A quick look at which kinds of lines may say something else than before, so that only those are taken apart.

The largest deviation of a running sum of standardised numbers, over the root of their count, exceeds `SUSPECT` in one
of six series of independent values without any change (Kolmogorov's distribution). What it passes is tested properly.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from triage.onset.bins import Floats

#: Numbers of a line that are looked at, and characters of it; the same of its end, where there are more: long lines of
#: servers end with how long it took.
PLACES, HEAD, LAST, TAIL = 6, 300, 3, 60
#: Deviation from which a series of numbers is suspect, and how far a single value counts, in standard deviations.
SUSPECT, FARTHEST = 1.1, 3.0
_NUMBER = r"(?:^|[^\w.])[0-9]+(?:\.[0-9]+)?"
_DIGITS = r"([0-9]+(?:\.[0-9]+)?)"


def suspects(lines: pl.DataFrame) -> set[int]:
    """Units whose numbers seem to change with time.

    Parameters
    ----------
    lines : polars.DataFrame
        ``unit`` and ``body``, in order of time.

    Examples
    --------
    >>> bodies = [f"took {1 if number < 30 else 90} ms" for number in range(60)] + ["took 7 ms"] * 60
    >>> suspects(pl.DataFrame({"unit": [1] * 60 + [2] * 60, "body": bodies}))
    {1}
    """
    head = pl.col("body").str.slice(0, HEAD).str.extract_all(_NUMBER).alias("head")
    long = pl.col("body").str.len_bytes() > HEAD
    table = lines.lazy().select("unit", "body", head, long.alias("long")).collect()
    more = table["long"] | (table["head"].list.len() > PLACES)
    number = [pl.col("head").list.get(place, null_on_oob=True) for place in range(PLACES)]
    if more.any():
        tail = pl.when(more).then(pl.col("body").str.tail(TAIL)).str.extract_all(_NUMBER)
        table = table.with_columns(tail.alias("tail"))
        number += [pl.col("tail").list.get(-1 - place, null_on_oob=True) for place in range(LAST)]
    digits = [each.str.extract(_DIGITS).cast(pl.Float64, strict=False).log1p() for each in number]
    values = table.lazy().select("unit", *(each.alias(f"{place}") for place, each in enumerate(digits)))
    names = [f"{place}" for place in range(len(number))]
    spread = [(pl.col(name) - pl.col(name).mean()) / pl.col(name).std() for name in names]
    clipped = [each.clip(-FARTHEST, FARTHEST) for each in spread]
    centred = [(each - each.mean()).fill_null(0.0).fill_nan(0.0) for each in clipped]
    deviation = [
        (each.cum_sum().abs().max() / pl.col(name).count().cast(pl.Float64).sqrt()).fill_nan(0.0).alias(name)
        for each, name in zip(centred, names, strict=True)
    ]
    worst = values.group_by("unit").agg(deviation).collect()
    return set(worst.filter(pl.max_horizontal(names) > SUSPECT)["unit"].to_list())


def moves(values: Floats) -> bool:
    """Whether numbers, or ones and zeros, seem to change with time.

    Examples
    --------
    >>> moves(np.repeat([1.0, 90.0], 30)), moves(np.tile([1.0, 90.0], 30))
    (True, False)
    """
    middle = float(np.median(np.abs(values))) or 1.0
    scaled = np.arcsinh(values / (middle / 10))
    spread = float(scaled.std())
    if not spread > 0:
        return False
    clipped = np.clip((scaled - scaled.mean()) / spread, -FARTHEST, FARTHEST)
    return bool(np.abs(np.cumsum(clipped - clipped.mean())).max() > SUSPECT * np.sqrt(len(values)))
