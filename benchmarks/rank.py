"""How long onsets and hypotheses take, from records that are read and counted, by templates, minutes and changes.

Records are drawn from a seed: templates with rates of a heavy tail (a few write most lines), in twenty services, some
of them in requests that share an id. In the last quarter three services fail: a fortieth of the templates, beside them
errors that name a neighbour. Changes are drawn over the window and a day before it, as many on each service.

Each case runs in a process of its own. `onsets` is from the series to the onset of the incident, `origins` what follows
from it and the records, `hypotheses` the odds, with their chance rates; `total` is the sum of the three, and what
is to stay under 3 s for 5,000 templates, 1,440 minutes and 50 changes on two cores. Counting the records beforehand is
shown beside it. `cpu` is what the processors spent, for on a busy machine the time itself says little; `each` is that
over the first row's, by the factor of what was changed: at most 1 where it is linear.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time

import numpy as np
import polars as pl

from triage.changes import Change
from triage.hypotheses import Facts, find_origins, rank_hypotheses
from triage.hypotheses.restarts import find_restarts
from triage.hypotheses.words import service_key
from triage.ingest.held import Records
from triage.ingest.schema import RECORDS, conform
from triage.onset.families import find_onsets_by_family
from triage.onset.gaps import find_gaps, in_gaps
from triage.onset.incident_onset import find_incident_onset
from triage.onset.series import Window, count_series
from triage.onset.trouble import with_trouble

BEGIN = datetime(2026, 11, 20, tzinfo=UTC)
SERVICES = [f"worker{number:02d}" for number in range(20)]
FAILING = SERVICES[:3]
KINDS = ("deploy", "config", "flag", "scale", "rollback")
#: Part of the templates that only the failing services write, and only in the last part of the window.
BAD, LAST = 1 / 40, 0.25


@dataclass(frozen=True)
class Size:
    """What is ranked."""

    templates: int = 5_000
    minutes: int = 1_440
    changes: int = 50
    lines: int = 1_000_000


def draw(size: Size, seed: int = 1) -> pl.DataFrame:
    """The records, in order of time, with their templates."""
    rng = np.random.default_rng(seed)
    bad = max(1, round(BAD * size.templates))
    share = rng.pareto(1.0, size.templates) + 0.2
    share[:bad] = share.mean() / 4
    template = rng.choice(size.templates, size.lines, p=share / share.sum())
    service = np.where(template < bad, template % len(FAILING), template % len(SERVICES))
    seconds = size.minutes * 60
    begin = np.where(template < bad, (1 - LAST) * seconds, 0.0)
    at = begin + rng.random(size.lines) * (seconds - begin)
    order = np.argsort(at, kind="stable")
    template, service, at = template[order], service[order], at[order]
    named = pl.Series(SERVICES)
    frame = pl.DataFrame({"number": template, "service": service, "request": rng.integers(0, size.lines, size.lines)})
    frame = frame.with_columns(
        pl.Series("timestamp", BEGIN.timestamp() * 1e9 + at * 1e9).cast(pl.Int64).cast(pl.Datetime("ns", "UTC")),
        named.gather(frame["service"]).alias("service_name"),
        named.gather((frame["service"] + 1) % len(SERVICES)).alias("other"),
        pl.format("t{}", pl.col("number").cast(pl.String).str.zfill(6)).alias("template_id"),
        pl.lit("app.log").alias("source"),
        pl.int_range(1, pl.len() + 1).alias("line"),
    )
    text = (
        pl.when(pl.col("number") < bad)
        .then(pl.format("call {} to {} failed: connection refused", "number", "other"))
        .otherwise(pl.format("step {} of request {} done", "number", "request"))
    )
    made = frame.with_columns(
        text.alias("body"),
        text.alias("raw"),
        pl.when(pl.col("number") < bad).then(17).otherwise(9).alias("severity_number"),
        pl.when(pl.col("number") % 3 == 0).then(pl.format("req-{}", "request")).alias("trace_id"),
    )
    return conform(made.select(pl.exclude("number", "service", "other", "request")), RECORDS).with_columns(
        made["template_id"]
    )


def changes_of(size: Size, seed: int = 2) -> tuple[Change, ...]:
    """Changes over the window and a day before it."""
    rng = np.random.default_rng(seed)
    seconds = rng.uniform(-86_400, size.minutes * 60, size.changes)
    return tuple(
        Change(
            id=f"c{number}",
            time=BEGIN + timedelta(seconds=float(at)),
            kind=KINDS[number % len(KINDS)],
            service=SERVICES[number // len(KINDS) % len(SERVICES)],
            version=f"1.{number}",
            summary=f"version {number}: connection pools of {SERVICES[number % len(SERVICES)]}",
        )
        for number, at in enumerate(seconds)
    )


def templates_of(records: pl.DataFrame) -> pl.DataFrame:
    """What onsets are told of templates."""
    return records.group_by("template_id").agg(
        pl.col("body").first().alias("template"),
        pl.col("severity_number").max(),
        (pl.col("severity_number").max() >= 17).alias("failing"),
    )


def measured(size: Size) -> dict[str, float]:
    """Seconds of each step, the peak memory in MiB, and how many hypotheses came of it."""
    records, changes = draw(size), changes_of(size)
    templates, spent = templates_of(records), dict[str, float]()

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        begin = perf_counter()
        yield
        spent[name] = spent.get(name, 0.0) + perf_counter() - begin

    with timed("series"):
        series = count_series(records.lazy())
    started = process_time()
    with timed("onsets"):
        window = Window.of(series)
        found = find_onsets_by_family(records.lazy(), series, window, templates)
        gaps = find_gaps(records.lazy(), window)
        troubles = with_trouble(found.frame, templates, in_gaps(found.frame, gaps, records.lazy()))
        onset = find_incident_onset(troubles)
    with timed("origins"):
        origins = find_origins(troubles, onset, records.lazy())
        restarts = find_restarts(records.lazy(), window.start)
    services = frozenset(map(service_key, SERVICES))
    facts = Facts(
        window.start, window.end, onset, troubles, origins, changes, Records(records), restarts, services=services
    )
    with timed("hypotheses"):
        ranked = rank_hypotheses(facts)
    spent["total"] = spent["onsets"] + spent["origins"] + spent["hypotheses"]
    spent["cpu"] = process_time() - started
    spent["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return spent | {"onset": float(onset is not None), "hypotheses_ranked": float(len(ranked))}


def alone(size: Size, repeat: int) -> dict[str, float]:
    """The fastest of some runs, each in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.rank", "--child", json.dumps(asdict(size))]
    runs = [subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout for _ in range(repeat)]
    found: list[dict[str, float]] = [json.loads(run) for run in runs]
    return min(found, key=lambda run: run["total"])


def cases(base: Size, options: argparse.Namespace) -> Iterator[tuple[str, float, Size]]:
    """What is measured: its name, by what factor it is larger than the base, and its size."""
    yield "base", 1.0, base
    for count in options.changes[1:]:
        yield f"{count:,} changes", count / base.changes, replace(base, changes=count)
    for count in options.templates[1:]:
        yield f"{count:,} templates", count / base.templates, replace(base, templates=count)
    for count in options.minutes[1:]:
        yield f"{count:,} minutes", count / base.minutes, replace(base, minutes=count)
    for count in options.lines[1:]:
        yield f"{count:,} lines", count / base.lines, replace(base, lines=count)


def main() -> int:
    """Print a table and a line of figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    several = "the first is the base, each further one a row (default: %(default)s)"
    parser.add_argument("--templates", type=int, nargs="+", default=[5_000, 20_000], help=several)
    parser.add_argument("--minutes", type=int, nargs="+", default=[1_440, 5_760], help=several)
    parser.add_argument("--changes", type=int, nargs="+", default=[50, 1_000, 10_000], help=several)
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000_000, 4_000_000], help=several)
    parser.add_argument(
        "--repeat", type=int, default=1, help="runs, of which the fastest counts (default: %(default)s)"
    )
    parser.add_argument("--child", metavar="SIZE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measured(Size(**json.loads(options.child)))))
        return 0
    base = Size(options.templates[0], options.minutes[0], options.changes[0], options.lines[0])
    steps = ("series", "onsets", "origins", "hypotheses", "total")
    print(f"seconds for {base.templates:,} templates, {base.minutes:,} minutes, {base.changes:,} changes, ", end="")
    print(f"{base.lines:,} lines, and for more of one of them")
    print(f"{'':18}" + "".join(f"{name:>12}" for name in (*steps, "cpu", "MiB", "each")))
    figures, first = [], 0.0
    for name, factor, size in cases(base, options):
        found = alone(size, options.repeat)
        first = first or found["cpu"]
        row = "".join(f"{found[step]:>12.2f}" for step in steps)
        print(f"{name:18}{row}{found['cpu']:>12.2f}{found['mib']:>12.0f}{found['cpu'] / first / factor:>12.2f}")
        named = name.replace(",", "").replace(" ", "_")
        figures += [f"{named}={found['total']:.2f}", f"{named}_cpu={found['cpu']:.2f}"]
    print("figures:", *figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
