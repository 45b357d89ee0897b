"""What each check says of the truth and of the rest, and which of them puts something else first."""

from __future__ import annotations

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
    columns = ["prior", *check_columns(terms)]
    of = terms.filter("visible").with_columns(pl.col(columns).fill_null(0.0))
    first = of.filter((pl.col("rank") == 1) & ~pl.col("right"))
    pairs = first.join(of.filter("right"), on="name", suffix=":truth")
    gains = [(pl.col(name) - pl.col(f"{name}:truth")).alias(name) for name in columns]
    gained = pairs.select("onset_found", "kind", "kind:truth", pl.concat_list(gains).list.arg_max().alias("most"))
    names = pl.Series([name.removeprefix(CHECK) for name in columns])
    because = pl.when("onset_found").then(pl.lit(names).gather(pl.col("most"))).otherwise(pl.lit("no onset found"))
    return (
        gained.select(because.alias("because"), pl.col("kind:truth").alias("truth"), pl.col("kind").alias("leads"))
        .group_by("because", "truth", "leads")
        .agg(pl.len().alias("n"))
        .sort("n", "because", "truth", descending=[True, False, False])
    )
