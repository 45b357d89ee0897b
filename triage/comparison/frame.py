"""Differences as tables, the most interesting first."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from triage.comparison.parameters import ParameterTest
from triage.comparison.rates import Rates
from triage.onset.bins import Floats

_TYPES: tuple[tuple[str, Any], ...] = (
    ("template_id template kind severity_text", pl.String()),
    ("failing", pl.Boolean()),
    ("services", pl.List(pl.String())),
    ("count_a count_b", pl.Int64()),
    ("rate_a rate_b minutes_a minutes_b ratio ratio_low ratio_high", pl.Float64()),
    ("parameter statistic", pl.String()),
    ("value_a value_b p_value q_value", pl.Float64()),
    ("first_b last_a", pl.String()),
)
DIFFERENCES = pl.Schema({name: dtype for names, dtype in _TYPES for name in names.split()})
TESTS = pl.Schema(
    {
        **dict.fromkeys(("template_id", "service_name", "parameter"), pl.String()),
        **dict.fromkeys(("count_a", "count_b"), pl.Int64()),
        **dict.fromkeys(("ratio", "p_value", "q_value"), pl.Float64()),
    }
)
MINUTE = 60.0


def rate_columns(rates: Rates) -> dict[str, Floats]:
    """Lines, rates, times and ratios of units."""
    minutes = rates.seconds / MINUTE
    per_minute = rates.lines / np.maximum(minutes, 1 / MINUTE)
    both = {"count": rates.lines, "rate": per_minute, "minutes": minutes}
    columns = {f"{name}_{side}": values[:, k] for name, values in both.items() for k, side in enumerate("ab")}
    return {**columns, "ratio": rates.ratio, "ratio_low": rates.low, "ratio_high": rates.high}


def rate_table(rates: Rates, p: Floats, q: Floats) -> pl.DataFrame:
    """A row a unit: ``unit``, ``template_id``, ``service_name``, its rates, ``p_value`` and ``q_value``."""
    columns = {**rate_columns(rates), "p_value": p, "q_value": q}
    named = rates.rows.units.select("template_id", "service_name").with_row_index("unit")
    counts = [pl.col(name).cast(pl.Int64) for name in ("count_a", "count_b")]
    return named.with_columns(**{name: pl.Series(values) for name, values in columns.items()}).with_columns(counts)


def parameter_table(tests: tuple[ParameterTest, ...], p: Floats, q: Floats) -> pl.DataFrame:
    """A row a parameter: ``unit``, ``parameter``, ``statistic``, its values, ratio and bounds, p and q."""
    columns = {
        "unit": pl.Series([test.unit for test in tests], dtype=pl.UInt32),
        "parameter": pl.Series([test.parameter.name for test in tests], dtype=pl.String),
        "statistic": pl.Series([test.shift.statistic for test in tests], dtype=pl.String),
    }
    numbers = {"value_a": "a", "value_b": "b", "ratio": "ratio", "ratio_low": "low", "ratio_high": "high"}
    for column, name in numbers.items():
        columns[column] = pl.Series([getattr(test.shift, name) for test in tests], dtype=pl.Float64)
    return pl.DataFrame(
        {**columns, "p_value": pl.Series(p, dtype=pl.Float64), "q_value": pl.Series(q, dtype=pl.Float64)}
    )


def differences(rates: pl.DataFrame, parameters: pl.DataFrame, templates: pl.DataFrame) -> pl.DataFrame:
    """What is to be told, in order.

    Errors stand before the rest; then comes what differs most, by the bound of the ratio that is nearer to 1.

    Parameters
    ----------
    rates : polars.DataFrame
        Rows of `rate_table` that are to be told, with ``kind``.
    parameters : polars.DataFrame
        Rows of `parameter_table` that are to be told, joined to the rates of their units.
    templates : polars.DataFrame
        ``template_id``, ``template``, ``severity_text``, ``failing``.
    """
    both = pl.concat([rates.drop("unit"), parameters.drop("unit")], how="diagonal")
    told = both.join(
        templates.select("template_id", "template", "severity_text", "failing"), on="template_id", how="left"
    )
    nearer = (
        pl.when(pl.col("ratio") >= 1)
        .then(pl.col("ratio_low").log())
        .otherwise(-pl.col("ratio_high").log())
        .alias("nearer")
    )
    listed = pl.concat_list("service_name").list.drop_nulls().alias("services")
    order = ["failing", "nearer", "count_b", "template_id", "service_name", "parameter"]
    down = [True, True, True, False, False, False]
    found = told.with_columns(nearer, listed).sort(order, descending=down, nulls_last=True)
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in DIFFERENCES.items() if name not in found.columns]
    return found.with_columns(missing).select(DIFFERENCES.names()).cast(DIFFERENCES)


def all_tests(rates: pl.DataFrame, parameters: pl.DataFrame) -> pl.DataFrame:
    """Every test, in order of template, service and parameter."""
    units = rates.select("unit", "template_id", "service_name", "count_a", "count_b")
    tried = parameters.join(units, on="unit", how="left")
    both = pl.concat([rates.with_columns(pl.lit(None, pl.String).alias("parameter")), tried], how="diagonal")
    ordered = both.select(TESTS.names()).cast(TESTS)
    return ordered.sort("template_id", "service_name", "parameter", maintain_order=True)


def kinds(seen: tuple[pl.Series, pl.Series]) -> pl.Expr:
    """New, where set A has no line of the template at all; gone, where B has none; else a change of rate."""
    in_a, in_b = (pl.col("template_id").is_in(ids.implode()) for ids in seen)
    return pl.when(~in_a).then(pl.lit("new")).when(~in_b).then(pl.lit("gone")).otherwise(pl.lit("rate")).alias("kind")
