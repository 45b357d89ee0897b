"""Made-up records of a service behind another one, in which a part of the requests fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import orjson
import polars as pl

from triage.hypotheses import Facts
from triage.ingest.held import Records
from triage.ingest.schema import RECORDS, conform
from triage.patterns import ErrorGroup

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEMPLATES = {"t-in": "request of tenant <*> for <PATH>", "t-work": "reserved <NUM>", "t-bad": "no stock left"}
PODS, TENANTS, PATHS = (
    ("pod-a", "pod-b", "pod-c", "pod-d"),
    ("acme", "blue", "coop", "dune", "east"),
    ("/cart", "/pay", "/list"),
)


@dataclass(frozen=True)
class Made:
    """Records and what follows from them."""

    facts: Facts
    groups: tuple[ErrorGroup, ...]
    templates: pl.DataFrame


def made(
    seed: int,
    fails: dict[str, str],
    *,
    requests: int = 600,
    traced: bool = True,
    chance: float = 0.9,
    noise: float = 0.0,
) -> Made:
    """Requests over 20 minutes; from the middle on those with all values of `fails` fail with a chance.

    The front bears tenant and path, the store behind it neither: its lines bear the pod alone.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = []
    seconds = np.sort(rng.uniform(0, 1200, requests))
    for number, second in enumerate(seconds):
        values = {"pod": str(rng.choice(PODS)), "tenant": str(rng.choice(TENANTS)), "path": str(rng.choice(PATHS))}
        hit = second > 600 and all(values[key] == value for key, value in fails.items())
        bad = (hit and rng.random() < chance) or rng.random() < noise
        at, trace = START + timedelta(seconds=float(second)), f"{seed:08x}{number:08x}" if traced else None
        front = (at, "front", f"request of tenant {values['tenant']} for {values['path']}", "t-in", None, 9)
        later = at + timedelta(milliseconds=5)
        about = orjson.dumps({"pod": values["pod"]}).decode()
        text, template, level = ("no stock left", "t-bad", 17) if bad else (f"reserved {number}", "t-work", 9)
        for row in (front, (later, "store", text, template, about, level)):
            rows.append((*row, trace, "app.log", len(rows) + 1))
    names = [
        "timestamp",
        "service_name",
        "body",
        "template_id",
        "attributes",
        "severity_number",
        "trace_id",
        "source",
        "line",
    ]
    table = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    table = table.with_columns(pl.col("body").alias("raw"), pl.col("attributes").cast(pl.String))
    return assembled(conform(table, RECORDS).with_columns(table["template_id"]))


def assembled(records: pl.DataFrame, bad: tuple[str, ...] = ("t-bad",), service: str = "store") -> Made:
    """Records with their one error group, without any onset."""
    own = records.filter(pl.col("template_id").is_in(bad))
    group = ErrorGroup("g1", bad[0], len(own), None, None, (service,), bad)
    troubles = pl.DataFrame(
        schema={"template_id": pl.String, "service_name": pl.String, "adverse": pl.Boolean, "kind": pl.String}
    )
    facts = Facts(
        start=START, end=START + timedelta(minutes=20), onset=None, troubles=troubles, origins=(), changes=(),
        records=Records(records),
    )  # fmt: skip
    templates = pl.DataFrame({"template_id": list(TEMPLATES), "template": list(TEMPLATES.values())})
    return Made(facts, (group,), templates)
