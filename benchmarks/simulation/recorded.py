"""A baseline of real lines: the quiet part of the recorded sample, in blocks of time that are drawn again and again.

The services get other names, also within their lines. Who calls whom is known; which request a line without an id
belongs to is taken from the nearest line of its caller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.simulation import vocabulary as words
from benchmarks.simulation.lines import Template
from benchmarks.simulation.pace import Numbers, Rng, Times, log_uniform
from benchmarks.simulation.world import World, draw_service
from triage.ingest import read_logs
from triage.ingest.levels import ERROR, WARN

SAMPLE = Path(__file__).parents[2] / "sample_logs" / "checkout-5xx" / "logs"
#: The quiet part: after all services have started, and before the release that later fails.
QUIET = ("2026-11-21T03:48:30Z", "2026-11-21T03:57:30Z")
#: The services, each with those that it calls, and where lines without a request get theirs from.
CALLS = {"nginx": (1,), "checkout": (2, 3, 5), "inventory": (4,), "payments": (4,), "postgresql": (), "redis": ()}
LENDERS = {0: (1,), 4: (2, 3)}
#: A line belongs to a request whose line is this near, in seconds.
NEAR = 1.0
#: Attributes that say nothing of what happened.
BORING = (
    "logger",
    "instance",
    "process",
    "role",
    "session",
    "ident",
    "user",
    "head",
    "client",
    "rest",
    "request",
    "size",
)
MASK = r"[0-9a-f]{8,}|\d+|(?:q|sku)=\S+"
#: What is written only when something starts.
STARTS = r"(?i)\b(?:starting|started|listening|shutting|ready to)\b"


@dataclass(frozen=True, eq=False)
class Recording:
    """Lines in order of time; `time` in seconds from the first.

    Attributes
    ----------
    time, service, request, template : ndarray
    text : ndarray of object
    templates : list of Template
        Their texts are masked: they are names of kinds of lines here.
    """

    time: Times
    service: Numbers
    request: Numbers
    template: Numbers
    text: npt.NDArray[np.object_]
    templates: list[Template]

    @property
    def seconds(self) -> float:
        """Length."""
        return float(self.time[-1])


@cache
def recording() -> Recording:
    """The quiet part of the sample; read once in a process."""
    start, end = (pl.lit(time).str.to_datetime(time_unit="ns", time_zone="UTC") for time in QUIET)
    fields = (
        pl.col("attributes")
        .str.extract_all(r'"\w+"\s*:\s*(?:"[^"]*"|[\d.]+)')
        .list.eval(
            pl.element()
            .filter(~pl.element().str.contains(rf'^"(?:{"|".join(BORING)})"'))
            .str.replace_all('"', "")
            .str.replace(r"\s*:\s*", "=")
        )
    )
    # A statement may be of several lines; what is logged about it follows with a time of its own.
    body = pl.col("body").str.replace(r"(?s)\n\d{4}-\d\d-\d\d .*", "").str.replace_all(r"\s+", " ")
    number = pl.col("severity_number")
    rows = (
        read_logs(SAMPLE)
        .records.filter(pl.col("timestamp").is_between(start, end), ~pl.col("body").str.contains(STARTS))
        .select(
            ((pl.col("timestamp") - start).dt.total_microseconds() / 1e6).alias("time"),
            pl.col("service_name").replace_strict({name: n for n, name in enumerate(CALLS)}).alias("service"),
            pl.col("trace_id").rank("dense").cast(pl.Int64).fill_null(-1).alias("request"),
            pl.when(number >= ERROR).then(pl.lit("ERROR")).when(number >= WARN).then(pl.lit("WARN"))
            .otherwise(pl.lit("INFO")).alias("level"),
            pl.concat_str([body, fields.list.join(" ").fill_null("")], separator=" ").str.strip_chars().alias("text"),
        )
        .sort("time", "service", "text")
        .with_columns(pl.col("text").str.replace_all(MASK, "#").alias("mask"))
    )  # fmt: skip
    kinds = rows.select("service", "level", "mask").unique().sort("service", "level", "mask").with_row_index("template")
    rows = rows.join(kinds, on=["service", "level", "mask"], how="left", maintain_order="left")
    templates = [Template(service, level, _bare(mask)) for service, level, mask in kinds.drop("template").iter_rows()]
    columns = (rows[name].to_numpy().astype(np.int64) for name in ("service", "request", "template"))
    time, (service, request, template) = rows["time"].to_numpy(), columns
    text = np.array(rows["text"].to_list(), dtype=object)
    return Recording(time, service, _lent(time, service, request), template, text, templates)


def _bare(text: str) -> str:
    """Without braces, which would be slots."""
    return text.replace("{", "(").replace("}", ")")


def _lent(time: Times, service: Numbers, request: Numbers) -> Numbers:
    """Requests, also of lines that do not tell theirs."""
    found = request.copy()
    for borrower, lenders in LENDERS.items():
        able = np.flatnonzero(np.isin(service, lenders) & (request >= 0))
        want = np.flatnonzero((service == borrower) & (request < 0))
        after = np.clip(np.searchsorted(time[able], time[want]), 1, len(able) - 1)
        nearest = np.where(time[want] - time[able[after - 1]] < time[able[after]] - time[want], after - 1, after)
        near = np.abs(time[able[nearest]] - time[want]) < NEAR
        found[want[near]] = request[able[nearest]][near]
    return found


@dataclass(frozen=True, eq=False)
class Drawn:
    """Lines drawn from a recording: which of its lines, when, and for which request."""

    line: Numbers
    time: Times
    request: Numbers


def draw_lines(rng: Rng, seconds: float, target: float) -> Drawn:
    """Blocks of the recording one after the other; of its requests as many as make `target` lines in all."""
    source = recording()
    length = max(log_uniform(rng, 4, 60), seconds / 800)
    length = min(length, source.seconds / 2)
    keep = min(1.0, target * source.seconds / len(source.time) / seconds)
    parts = []
    for number, begin in enumerate(np.arange(0, seconds, length)):
        first = rng.uniform(0, source.seconds - length)
        low, high = np.searchsorted(source.time, (first, first + min(length, seconds - begin)))
        lines = np.arange(low, high)
        request = source.request[low:high]
        # A request is kept whole; a line apart from requests by itself.
        chance = rng.random(int(source.request.max()) + 2)[request]
        chosen = np.where(request >= 0, chance, rng.random(len(lines))) < keep
        named = np.where(request >= 0, request + (number + 1) * 1_000_003, -1)
        parts.append((lines[chosen], source.time[low:high][chosen] - first + begin, named[chosen]))
    line, time, request = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.argsort(time, kind="stable")
    return Drawn(line[order], time[order], request[order])


def recorded_world(rng: Rng) -> World:
    """The services of the recording under other names."""
    names = [str(name) for name in rng.choice(words.SERVICES, len(CALLS), replace=False)]
    names[0] = str(rng.choice([*words.FRONTS, "nginx"]))
    names[4:] = [
        name if rng.random() < 0.5 else old for name, old in zip(names[4:], ("postgres", "redis"), strict=True)
    ]
    services = tuple(
        replace(draw_service(rng, number, names, callees), instances=1, jobs=(), background=())
        for number, callees in enumerate(CALLS.values())
    )
    return World(services, (), 0.0, tuple(str(noun) for noun in rng.choice(words.NOUNS, 6, replace=False)))


def renamed(texts: list[str], world: World) -> list[str]:
    """Texts with the services' present names."""
    for old, service in zip(CALLS, world.services, strict=True):
        texts = [text.replace(old, service.name) for text in texts] if old != service.name else texts
    return texts
