"""What each check says of the truth and of the rest, and which of them puts something else first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

CHECK = "check:"


def check_columns(terms: pl.DataFrame) -> list[str]:
    """Columns with weights."""
    return sorted(name for name in terms.columns if name.startswith(CHECK))


def by_check(terms: pl.DataFrame) -> pl.DataFrame:
    """How often a check speaks, and its mean weight, for what is right and for what is not.

    Parameters
    ----------
    terms : polars.DataFrame
        A row a candidate, as `scoring.terms` gives them; only incidents with an onset count.
    """
    found = terms.filter("onset_found")
    rows = []
    for kind in ("change", "unrecorded"):
        for name in check_columns(terms):
            parts = [found.filter(kind=kind, right=right)[name] for right in (True, False)]
            spoken = [part.drop_nulls().cast(pl.Float64) for part in parts]
            if not any(len(part) for part in spoken):
                continue
            shares = [len(s) / len(p) if len(p) else None for s, p in zip(spoken, parts, strict=True)]
            means = [s.mean() for s in spoken]
            rows.append((name.removeprefix(CHECK), kind, *shares, *means))
    columns = ["check", "of", "spoke_right", "spoke_wrong", "weight_right", "weight_wrong"]
    schema = dict.fromkeys(columns[:2], pl.String) | dict.fromkeys(columns[2:], pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(columns[2:]).round(2))


def misled(terms: pl.DataFrame) -> pl.DataFrame:
    """Why something else leads where the fault is visible: the term that gives it most over the truth, counted.

    Parameters
    ----------
    terms : polars.DataFrame
        A row a candidate.

    Returns
    -------
    polars.DataFrame
        ``because`` (a check, the prior, or that no onset was found), ``truth`` and ``leads`` (kinds), ``n``.
    """
    firsts = terms.filter("visible", pl.col("rank") == 1, ~pl.col("right")).to_dicts()
    truths = {row["name"]: row for row in terms.filter("right").to_dicts()}
    pairs = [(first, truths[first["name"]]) for first in firsts if first["name"] in truths]
    found = [
        (most_gained(first, truth) if first["onset_found"] else "no onset found", truth["kind"], first["kind"])
        for first, truth in pairs
    ]
    columns = ["because", "truth", "leads"]
    return (
        pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String), orient="row")
        .group_by(columns)
        .agg(pl.len().alias("n"))
        .sort("n", *columns, descending=[True, False, False, False])
    )


def most_gained(first: Mapping[str, Any], truth: Mapping[str, Any]) -> str:
    """The check, or ``prior``, by which a candidate gains most over the true one.

    Examples
    --------
    >>> most_gained({"prior": -2.0, "check:timing": 1.0}, {"prior": -2.0, "check:timing": 0.5, "check:named": -0.8})
    'named'
    """
    names = ["prior", *sorted({name for name in (*first, *truth) if name.startswith(CHECK)})]
    return max(names, key=lambda name: (first.get(name) or 0.0) - (truth.get(name) or 0.0)).removeprefix(CHECK)
