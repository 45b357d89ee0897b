"""How often what failing lines share is named, and how often something is that is not so, on simulated incidents.

A canary fails on one of several instances: is that instance what is named first of all places? Where a fault is on all
instances from one moment on, none is to be named. Only incidents count in which that can be told: the service has lines
of several sources, and its failing lines are at least `--least`.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

import polars as pl

from benchmarks.simulation.folder import draw_style
from benchmarks.simulation.incident import PARTS, Simulated, draw_incident, stream
from benchmarks.simulation.kinds import draw_kind
from benchmarks.simulation.scoring import rank
from triage.incident import Incident
from triage.patterns.keys import is_place

ONE, ALL = {"canary"}, {"share of users", "dependency", "load", "expired", "more errors", "new error"}
#: Changes that reach all instances at once, and no change.
AT_ONCE = {"flag", "config", "migration", "scale", "infrastructure", "none"}


def sources(drawn: Simulated) -> list[str]:
    """Sources of the service with the fault, by how many failing lines of the fault each has."""
    service, paths = drawn.services.index(drawn.service or ""), draw_style(drawn).paths
    bad = drawn.lines.filter(pl.col("service") == service, "effect", pl.col("level").is_in(["ERROR", "WARN"]))
    counts = Counter(paths[service, instance] for instance in bad["instance"])
    return [path for path, _ in counts.most_common()]


def named(incident: Incident, service: str | None) -> list[str]:
    """Places of a service that are named, in order."""
    rows = incident.shared.filter(pl.col("of").eq_missing(pl.lit(service, pl.String))).to_dicts()
    return [row["value"] for row in rows if is_place(row["key"])]


def measure(part: str, seed: int, number: int, least: int) -> str | None:
    """What became of one incident; None if it does not count."""
    kind, cause = draw_kind(stream(part, seed, number))
    if kind not in ONE | ALL or (kind in ALL and cause not in AT_ONCE):
        return None
    drawn = draw_incident(part, seed, number)
    if drawn.variant == "quiet" or drawn.service is None:
        return None
    service, style = drawn.services.index(drawn.service), draw_style(drawn)
    several = len({path for (owner, _), path in style.paths.items() if owner == service}) > 1
    bad = drawn.lines.filter(pl.col("service") == service, "effect", pl.col("level").is_in(["ERROR", "WARN"]))
    if not several or len(bad) < least:
        return None
    found = named(rank(drawn, files=False), drawn.service)
    if kind in ONE:
        return "one: right" if found[:1] == sources(drawn)[:1] else "one: wrong" if found else "one: nothing"
    return "all: wrong" if found else "all: nothing"


def main() -> int:
    """Print the counts and a line of figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=list(PARTS), default="fit", help="which incidents (default: %(default)s)")
    parser.add_argument("--count", type=int, default=400, help="how many are drawn from (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="number of the first (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--least", type=int, default=20, help="failing lines, at least (default: %(default)s)")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for number in range(options.first, options.first + options.count):
        outcome = measure(options.part, options.seed, number, options.least)
        if outcome:
            counts[outcome] += 1
    for name in sorted(counts):
        print(f"{name:15}{counts[name]:>6}")
    one, every = (max(1, sum(n for name, n in counts.items() if name.startswith(which))) for which in ("one", "all"))
    print(f"figures: named={counts['one: right'] / one:.3f} false={counts['all: wrong'] / every:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
