"""Values that are quantities: numbers, durations and sizes, from how they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

#: What a duration's unit is called, and milliseconds in it. A day has 24 hours.
DURATIONS: dict[str, tuple[tuple[str, ...], float]] = {
    "d": (("d", "day", "days"), 86_400_000.0),
    "h": (("h", "hr", "hrs", "hour", "hours"), 3_600_000.0),
    "min": (("m", "min", "mins", "minute", "minutes"), 60_000.0),
    "s": (("s", "sec", "secs", "second", "seconds"), 1000.0),
    "ms": (("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"), 1.0),
    "us": (("us", "µs", "μs", "usec", "usecs", "micros", "microsecond", "microseconds"), 1e-3),
    "ns": (("ns", "nsec", "nsecs", "nanos", "nanosecond", "nanoseconds"), 1e-6),
}
#: Milliseconds in each of the words for a unit of time.
MILLISECONDS = {word: factor for words, factor in DURATIONS.values() for word in words}
#: Bytes in a unit, by SI and IEC: a kB has 1000 and a KiB 1024. A small b may be bits and says nothing sure.
SIZES: dict[str, float] = {
    "B": 1.0,
    **{f"{letter}B": 1000.0**power for power, letter in enumerate("KMGT", 1)},
    **{f"{letter}iB": 1024.0**power for power, letter in enumerate("KMGT", 1)},
    "kB": 1000.0,
}
_UNSIGNED = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_NUMBER = rf"^[-+]?{_UNSIGNED}(?:[eE][-+]?[0-9]{{1,2}})?$"
#: What is written with a zero in front, or with more digits than a quantity has, is the name of a thing: it stays text.
_CODE = r"^[-+]?0[0-9]"
MOST_DIGITS = 15


def number(text: pl.Series) -> pl.Series:
    """Numbers (Float64) of texts such as ``1,234.5``; null for what is no number, or a code or an id of digits.

    Examples
    --------
    >>> number(pl.Series(["12", "-1,234.5", "4e-05", "007", "1,5", "x"])).to_list()
    [12.0, -1234.5, 4e-05, None, None, None]
    """
    one = pl.col("text")
    plain = one.str.contains(_NUMBER) & ~one.str.contains(_CODE) & (one.str.count_matches("[0-9]") <= MOST_DIGITS)
    return _read(text, pl.when(plain).then(_as_float(one)))


def milliseconds(text: pl.Series) -> pl.Series:
    """Durations in ms (Float64) of texts such as ``1.2s``, ``1m30s`` or ``350 µs``; null for what says no unit.

    Examples
    --------
    >>> milliseconds(pl.Series(["12ms", "1.2s", "1h2m3.5s", "-2 min", "12"])).to_list()
    [12.0, 1200.0, 3723500.0, -120000.0, None]
    """
    parts = [rf"(?:(?P<{unit}>{_UNSIGNED}) ?(?:{'|'.join(names)}))?" for unit, (names, _) in DURATIONS.items()]
    groups = text.str.extract_groups(f"^(?P<sign>[-+])?{''.join(parts)}$").struct.unnest()
    values = [_as_float(pl.col(unit)) * step for unit, (_, step) in DURATIONS.items()]
    signed = pl.when(pl.col("sign") == "-").then(-pl.sum_horizontal(values)).otherwise(pl.sum_horizontal(values))
    known = pl.any_horizontal(pl.col(unit).is_not_null() for unit in DURATIONS)
    return groups.lazy().select(pl.when(known).then(signed).alias("value")).collect()["value"]


def bytes_of(text: pl.Series) -> pl.Series:
    """Sizes in bytes (Float64) of texts such as ``4.2 KB``; null for what says no unit.

    Examples
    --------
    >>> bytes_of(pl.Series(["312 B", "4.2 KB", "1KiB", "5 Mb"])).to_list()
    [312.0, 4200.0, 1024.0, None]
    """
    groups = text.str.extract_groups(rf"^(?P<size>[-+]?{_UNSIGNED}) ?(?P<unit>{'|'.join(SIZES)})$").struct.unnest()
    factor = pl.col("unit").replace_strict(SIZES, default=None, return_dtype=pl.Float64)
    return groups.lazy().select((_as_float(pl.col("size")) * factor).alias("value")).collect()["value"]


def _as_float(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[,+]", "").cast(pl.Float64, strict=False)


def _read(text: pl.Series, value: pl.Expr) -> pl.Series:
    return text.to_frame("text").lazy().select(value.alias("value")).collect()["value"]


#: Quantities by kind; text that fits the first of them in every record of a sample is read as that.
QUANTITIES: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    "number": number,
    "duration": milliseconds,
    "size": bytes_of,
}


def quantity_of(sample: pl.Series) -> str | None:
    """The kind of quantity that every value of a sample is; None where one is none, or there are no values."""
    values = sample.drop_nulls().unique()
    kinds = (kind for kind, read in QUANTITIES.items() if not read(values).null_count())
    return next(kinds, None) if len(values) else None
