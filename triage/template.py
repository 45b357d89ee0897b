"""One template: what it says, who says it and when, and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from triage.display import facts, table, wrapped
from triage.ingest.levels import class_name, numbers
from triage.patterns.parameters import Parameters
from triage.patterns.slot_values import ROWS
from triage.template_rows import TemplateRows

#: Services, hosts and top values that are shown; the tables have all.
SHOWN = 5
QUANTILES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


@dataclass(frozen=True)
class Seen:
    """Records of a template by one service or host; its name is None where the records say none."""

    name: str | None
    count: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, repr=False)
class Template:
    """A template of an incident.

    Attributes
    ----------
    id, text : str
        Its id, and its text, in which ``<*>`` and ``<NAME>`` are variable.
    count : int
        Its records.
    level : str or None
        The level that most of them have, and behind “to” the highest, where that is another.
    first, last : datetime or None
        Its first and last record, in UTC.
    services, hosts : tuple of Seen
        Who wrote them, the most frequent first.
    parameters : tuple of str
        The names of its variable parts: columns of `Incident.parameters`.
    """

    id: str
    text: str
    count: int
    level: str | None
    first: datetime | None
    last: datetime | None
    services: tuple[Seen, ...]
    hosts: tuple[Seen, ...]
    parameters: tuple[str, ...]

    def _facts(self) -> list[tuple[str, object]]:
        return [
            ("records", f"{self.count:,}"),
            ("level", self.level or "none"),
            ("first", _moment(self.first)),
            ("last", _moment(self.last)),
            ("services", _listed(self.services)),
            ("hosts", _listed(self.hosts)),
            ("parameters", ", ".join(self.parameters) or "none"),
        ]

    def __repr__(self) -> str:
        """A few lines for terminals; notebooks show `_repr_html_`."""
        return "\n".join([*wrapped(f"Template {self.id}: {self.text}"), *facts(self._facts())])

    def _repr_html_(self) -> str:
        return table(["", self.text], self._facts(), f"Template {self.id}")


def _moment(at: datetime | None) -> str:
    return at.isoformat().replace("+00:00", "Z") if at else "no time"


def _listed(seen: tuple[Seen, ...]) -> str:
    named = [f"{one.name} ({one.count:,})" for one in seen if one.name is not None]
    more = [f"and {len(named) - SHOWN:,} more"] if len(named) > SHOWN else []
    return ", ".join([*named[:SHOWN], *more]) or "none named"


def level_span(word: str | None, highest: int | None) -> str | None:
    """A template's level, the one that most of its records have, and the highest, where that is graver.

    Examples
    --------
    >>> level_span("INFO", 9), level_span("info", 17), level_span(None, 13), level_span(None, None)
    ('INFO', 'info to ERROR', 'WARN', None)
    """
    usual = pl.select(numbers(pl.lit(word or "", pl.String))).item()
    top = class_name(highest)
    if word is None or top is None or usual is None or class_name(usual) == top:
        return word or top
    return f"{word} to {top}"


def describe(row: dict[str, Any], rows: TemplateRows) -> Template:
    """A template from its row of `Incident.templates`."""
    seen = rows.seen(row["template_id"])
    return Template(
        id=row["template_id"],
        text=row["template"],
        count=int(row["count"]),
        level=level_span(row["severity_text"], row["severity_number"]),
        first=row["first"],
        last=row["last"],
        services=_by(seen, "service_name"),
        hosts=_by(seen, "host_name"),
        parameters=tuple(one.name for one in parameters_of(row, rows).columns),
    )


def _by(seen: pl.DataFrame, column: str) -> tuple[Seen, ...]:
    sums = seen.group_by(column).agg(pl.col("count").sum(), pl.col("first").min(), pl.col("last").max())
    ordered = sums.sort("count", column, descending=[True, False], nulls_last=True)
    return tuple(Seen(*one) for one in ordered.iter_rows())


def parameters_of(row: dict[str, Any], rows: TemplateRows) -> Parameters:
    """The parameters of a template, as a sample of its records from its first to its last tells them."""
    return Parameters.of(row["template"], rows.gather(rows.sample(row["template_id"]), "body")["body"])


def parameter_table(row: dict[str, Any], rows: TemplateRows, limit: int | None) -> pl.DataFrame:
    """One row a record, the earliest first: ``timestamp``, ``source``, ``line``, ``fits`` and the parameters."""
    places = rows.rows(row["template_id"])
    records = rows.gather(places if limit is None else places.head(limit), "timestamp", "source", "line", "body")
    return records.drop("body").hstack(parameters_of(row, rows).table(records["body"]))


def parameter_summary(row: dict[str, Any], rows: TemplateRows, top: int = SHOWN) -> pl.DataFrame:
    """One row a parameter: what its values are, how many differ, which are the most frequent, and how they spread."""
    found = parameters_of(row, rows)
    places = rows.rows(row["template_id"]).sort()  # as they stand on disk: a part is read once
    parts = (places.slice(at, ROWS) for at in range(0, max(len(places), 1), ROWS))
    values = pl.concat([found.table(rows.gather(part, "body")["body"]) for part in parts])
    rows_of = [
        {"name": one.name, "kind": one.kind, "unit": one.unit, **_summed_up(values[one.name], top)}
        for one in found.columns
    ]
    return pl.DataFrame(rows_of, schema=SUMMARY)


#: The columns of a summary of parameters.
SUMMARY: dict[str, Any] = {
    "name": pl.String,
    "kind": pl.String,
    "unit": pl.String,
    "records": pl.UInt64,
    "missing": pl.UInt64,
    "distinct": pl.UInt64,
    "top": pl.List(pl.Struct({"value": pl.String, "count": pl.UInt64})),
    **dict.fromkeys(("min", *QUANTILES, "max"), pl.Float64),
}


def _summed_up(values: pl.Series, top: int) -> dict[str, Any]:
    held = values.drop_nulls().alias("value")
    counts = held.value_counts(name="count").sort("count", "value", descending=[True, False])
    facts = {"records": len(held), "missing": values.null_count(), "distinct": len(counts)}
    first = [{"value": _shown(value), "count": count} for value, count in counts.head(top).iter_rows()]
    if values.dtype != pl.Float64:
        return {**facts, "top": first}
    spread = {name: held.quantile(at, "linear") for name, at in QUANTILES.items()}
    return {**facts, "top": first, "min": held.min(), **spread, "max": held.max()}


def _shown(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
