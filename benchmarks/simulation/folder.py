"""An incident as a folder (logs, changes, symptom, truth), or as the table of records that reading its logs gives."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.simulation.history import Step
from benchmarks.simulation.incident import Simulated
from benchmarks.simulation.log_formats import FORMS, Event
from benchmarks.simulation.pace import Rng

NANO = 10**9
#: Paths of logs: a folder a service, a file named as an orchestrator names pods, one file a service.
LAYOUTS = ("{service}/{service}-{instance}.log", "{service}-{hash}-{pod}.log", "{service}.log")


@dataclass(frozen=True)
class Style:
    """How an incident's logs are written.

    Attributes
    ----------
    forms : tuple of str
        Name of the line format of each service.
    paths : dict
        From (service, instance) to a path below ``logs``.
    traced : bool
        Whether lines bear the request they belong to.
    """

    forms: tuple[str, ...]
    paths: dict[tuple[int, int], str]
    traced: bool


def draw_style(incident: Simulated) -> Style:
    """The style, which depends on nothing but the incident."""
    rng = np.random.default_rng(np.random.SeedSequence([incident.epoch, len(incident.lines)]))
    house = _form(rng) if rng.random() < 0.6 else None
    layout = LAYOUTS[int(rng.choice(3, p=[0.45, 0.35, 0.2]))]
    ending = ".gz" if rng.random() < 0.3 else ""
    traced = bool(rng.random() < 0.5)
    forms = tuple(house or _form(rng) for _ in incident.services)
    paths = {}
    for service, instance in incident.lines.select("service", "instance").unique().sort("service", "instance").rows():
        name, (one, two) = incident.services[service], rng.integers(1 << 28, 1 << 32, 2)
        paths[service, instance] = ending.join(
            [layout.format(service=name, instance=instance + 1, hash=f"{one:x}", pod=f"{two:x}"[:5]), ""]
        )
    return Style(forms, paths, traced)


def _form(rng: Rng) -> str:
    names = list(FORMS)
    return names[int(rng.choice(len(names), p=[FORMS[name].share for name in names]))]


def write_folder(incident: Simulated, folder: Path) -> Path:
    """Write an incident; the same incident gives the same bytes."""
    for path, text in log_files(incident).items():
        target = folder / "logs" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode()
        target.write_bytes(gzip.compress(data, 3, mtime=0) if path.endswith(".gz") else data)
    (folder / "changes.json").write_text(json.dumps(change_rows(incident), indent=1) + "\n", encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(truth(incident), indent=1) + "\n", encoding="utf-8")
    if incident.symptom:
        (folder / "symptom.txt").write_text(incident.symptom + "\n", encoding="utf-8")
    return folder


def log_files(incident: Simulated) -> dict[str, str]:
    """Texts of the log files by their paths below ``logs``."""
    style = draw_style(incident)
    texts: dict[str, list[str]] = {path: [] for path in style.paths.values()}
    columns = ("time", "service", "level", "message", "logger", "stack", "instance", "request")
    for time, number, level, message, logger, stack, instance, request in incident.lines.select(columns).iter_rows():
        service = incident.services[number]
        event = Event(
            incident.epoch * NANO + int(time * 1e6) * 1000, level, message, logger, stack, service,
            f"{service}-{instance + 1}", f"{request:016x}" if style.traced and request >= 0 else "",
        )  # fmt: skip
        texts[style.paths[number, instance]].append(FORMS[style.forms[number]].write(event))
    return {path: "".join(line + "\n" for line in lines) for path, lines in texts.items()}


def log_frame(incident: Simulated) -> pl.DataFrame:
    """What the log files hold, as records: levels and fractions of seconds are missing where the files have none."""
    style = draw_style(incident)
    forms = [FORMS[name] for name in style.forms]
    number = pl.col("service")
    unit = number.replace_strict(range(len(forms)), [10 ** (9 - form.digits) for form in forms], return_dtype=pl.Int64)
    nanos = incident.epoch * NANO + (pl.col("time") * 1e6).cast(pl.Int64) * 1000
    levelled = [n for n, form in enumerate(forms) if form.level]
    stacked = [n for n, form in enumerate(forms) if form.stack]
    places = pl.DataFrame(
        [(service, instance, path) for (service, instance), path in style.paths.items()],
        schema={"service": pl.Int64, "instance": pl.Int64, "source": pl.String}, orient="row",
    )  # fmt: skip
    body = pl.when((pl.col("stack") != "") & number.is_in(stacked)).then(
        pl.concat_str("message", pl.lit("\n"), "stack")
    )
    trace = pl.when((pl.col("request") >= 0) & style.traced).then(pl.col("request").cast(pl.String))
    rows = incident.lines.join(places, on=["service", "instance"], how="left", maintain_order="left")
    return rows.select(
        (nanos // unit * unit).cast(pl.Datetime("ns", "UTC")).alias("timestamp"),
        number.replace_strict(range(len(forms)), incident.services, return_dtype=pl.String).alias("service_name"),
        pl.when(number.is_in(levelled)).then("level").alias("severity_text"),
        body.otherwise("message").alias("body"),
        trace.alias("trace_id"),
        "source",
    )


def iso(incident: Simulated, time: float) -> str:
    """A time in RFC 3339, to the millisecond."""
    at = datetime.fromtimestamp(incident.epoch + round(time, 3), UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def change_rows(incident: Simulated) -> list[dict[str, Any]]:
    """The list in ``changes.json``."""
    return [_change_row(step, incident) for step in incident.changes]


def _change_row(step: Step, incident: Simulated) -> dict[str, Any]:
    row: dict[str, Any] = {"id": step.id, "time": iso(incident, step.time)}
    if step.end - step.time >= 1:
        row["end"] = iso(incident, step.end)
    row["kind"] = step.kind
    row["service"] = step.told
    if step.kind in {"deploy", "rollback"} and step.version:
        row["version"] = step.version
    return row | ({"summary": step.summary} if step.summary else {})


def true_onset(incident: Simulated) -> tuple[float, float] | None:
    """From when the fault acts to the first line that shows it, as the logs tell the time: clocks may be off."""
    if incident.sight is None:
        return None
    sight = incident.sight
    coarse = any(FORMS[name].digits == 0 for name in draw_style(incident).forms)
    unit = 1.0 if coarse else 0.001
    times = (sight.earliest + min(*incident.skews, 0.0), sight.latest + max(*incident.skews, 0.0))
    low, high = (float(np.floor(time / unit) * unit) for time in times)
    return low, high + 0.001


def truth(incident: Simulated) -> dict[str, Any]:
    """The object of ``truth.json``."""
    sight, onset, cause = incident.sight, true_onset(incident), incident.recorded_cause
    visible = sight is not None and sight.visible
    return {
        "cause": "change" if cause else "unrecorded",
        "change_id": cause.id if cause else None,
        "service": incident.service,
        "onset": {"earliest": iso(incident, onset[0]), "latest": iso(incident, onset[1])} if onset else None,
        "variant": incident.variant,
        "fault": incident.fault,
        "visible": visible,
        "seen_in": "logs" if visible else "none",
        "strength": sight.strength if sight else 0.0,
        "lines": sight.lines if sight else 0,
        "baseline": incident.baseline,
        "notes": f"Simulated: {incident.fault}, brought by {incident.cause.kind if incident.cause else 'no change'}.",
    }
