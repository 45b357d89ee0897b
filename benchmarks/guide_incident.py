"""Writes an incident as large as the guide is to stay quick on: a million lines of some five thousand templates.

Twenty services write logs in the usual pattern of Java's loggers. In the last quarter one of them fails from a deploy
on, and two others fail with it as they call it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.simulation import vocabulary as words
from benchmarks.simulation.log_formats import Event, logback

BEGIN, HOURS = datetime(2026, 11, 20, 20, 0, tzinfo=UTC), 6
#: When the fault begins, as a part of the whole time, and how long before it its change is.
FAULT_AT, LAG = 0.75, timedelta(seconds=40)
#: Templates of the fault: of the service that fails, and of each that calls it.
OWN, CALLERS = 24, 6
#: The part of the lines in the last quarter that tells of the fault.
FAILING = 0.08
LEVELS = (("INFO", words.WORK, 0.9), ("WARN", words.WARNINGS, 0.07), ("ERROR", words.ERRORS, 0.03))
#: What comes behind a text, so that each is a template of its own.
TAILS = ("; {noun} {verb}", " ({noun} of {noun2} {verb})", ", {noun} by {noun2}", ": {noun2} {noun} was {verb}", "")
#: How many sets of values lines are drawn from.
VALUES = 20_000


@dataclass(frozen=True)
class Kind:
    """A template before its values are in it: who writes it, how bad it is, the text with its slots."""

    service: str
    level: str
    logger: str
    text: str


def fill(rng: Random, text: str) -> str:
    """A text with its words drawn; slots for values stay."""
    noun, noun2 = rng.sample(words.NOUNS, 2)
    drawn = {"noun": noun, "noun2": noun2, "verb": rng.choice(words.VERBS)}
    for slot, word in drawn.items():
        text = text.replace("{" + slot + "}", word)
    return text


def draw_kinds(rng: Random, services: list[str], count: int) -> list[Kind]:
    """So many templates of ordinary lines, all different."""
    found: dict[str, Kind] = {}
    while len(found) < count:
        level, texts, _ = rng.choices(LEVELS, [share for *_, share in LEVELS])[0]
        text = fill(rng, rng.choice(texts)) + fill(rng, rng.choice(TAILS))
        found.setdefault(text, Kind(rng.choice(services), level, rng.choice(words.NOUNS), text))
    return list(found.values())


def draw_fault(rng: Random, services: list[str]) -> list[Kind]:
    """Templates of the fault: the first service runs out of connections, and two others of answers from it."""
    broken, *callers = services[:3]
    forms = [(broken, words.BROKEN["pool"], OWN)]
    forms += [(caller, [*words.TIMED_OUT, *words.ANSWERED], CALLERS) for caller in callers]
    return [
        Kind(service, "ERROR", rng.choice(words.NOUNS), fill(rng, rng.choice(texts)).replace("{peer}", broken))
        for service, texts, count in forms
        for _ in range(count)
    ]


def draw_values(rng: Random) -> dict[str, str]:
    """A value for each slot of a text."""
    return {
        "id": f"{rng.getrandbits(40):010x}",
        "n": str(rng.randrange(10_000)),
        "ms": str(rng.randrange(1, 30_000)),
        "user": f"u-{rng.randrange(100_000)}",
        "ip": f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}",
        "amount": f"{rng.randrange(1, 50_000) / 100:.2f}",
    }


def events(lines: int, templates: int, seed: int, services: list[str]) -> Iterator[Event]:
    """All lines, in order of time."""
    rng, numbers = Random(seed), np.random.default_rng(seed)
    fault = draw_fault(rng, services)
    usual = draw_kinds(rng, services, templates - len(fault))
    # As with words, few are very frequent and most are rare, but every one is there some dozens of times.
    weights = 1 / (np.arange(len(usual)) + 0.01 * len(usual))
    places = numbers.choice(len(usual), lines, p=weights / weights.sum())
    parts = np.sort(numbers.random(lines))
    failing = (parts > FAULT_AT) & (numbers.random(lines) < FAILING)
    places[failing] = len(usual) + numbers.integers(0, len(fault), int(failing.sum()))
    times = int(BEGIN.timestamp()) * 10**9 + (parts * HOURS * 3600 * 1e9).astype(np.int64)
    values: list[Mapping[str, str]] = [draw_values(rng) for _ in range(VALUES)]
    kinds = [*usual, *fault]
    for at, place in zip(times.tolist(), places.tolist(), strict=True):
        kind = kinds[place]
        text = kind.text.format_map(values[rng.getrandbits(32) % VALUES])
        yield Event(at, kind.level, text, kind.logger, "", kind.service, "1", f"{rng.getrandbits(64):016x}")


def draw_changes(seed: int, services: list[str]) -> list[dict[str, str]]:
    """A change every half hour or so, and the one before the fault."""
    rng = Random(seed)
    fault = BEGIN + FAULT_AT * timedelta(hours=HOURS)
    times = [BEGIN + timedelta(minutes=30 * n, seconds=rng.randrange(900)) for n in range(2 * HOURS)]
    drawn = [(at, rng.choice(("deploy", "flag", "config")), rng.choice(services)) for at in times]
    return [
        {
            "id": f"CHG-{number}",
            "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "kind": kind,
            "service": service,
            "summary": fill(rng, rng.choice([one for one in words.SUMMARIES[kind] if one])),
            **({"version": f"{rng.randrange(1, 9)}.{number}.0"} if kind == "deploy" else {}),
        }
        for number, (at, kind, service) in enumerate(sorted([*drawn, (fault - LAG, "deploy", services[0])]), 1)
    ]


def write_incident(folder: Path, lines: int = 1_000_000, templates: int = 5_000, seed: int = 1) -> Path:
    """Write logs, changes, symptom and truth, as the sample incidents have them; the folder."""
    services = Random(seed).sample(words.SERVICES, 20)
    (folder / "logs").mkdir(parents=True)
    files = {name: (folder / "logs" / f"{name}.log").open("w", encoding="utf-8") for name in services}
    for event in events(lines, templates, seed, services):
        files[event.service].write(f"{logback(event)}\n")
    for file in files.values():
        file.close()
    changes = draw_changes(seed, services)
    fault = BEGIN + FAULT_AT * timedelta(hours=HOURS)
    cause = next(c for c in changes if c["time"] == f"{fault - LAG:%Y-%m-%dT%H:%M:%SZ}")
    onset = {"earliest": f"{fault:%Y-%m-%dT%H:%M:%SZ}", "latest": f"{fault + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"}
    truth = {"cause": "change", "change_id": cause["id"], "service": services[0], "onset": onset, "notes": "simulated"}
    (folder / "changes.json").write_text(json.dumps(changes, indent=1), encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
    (folder / "symptom.txt").write_text(f"{services[1]} answers with errors since a while\n", encoding="utf-8")
    return folder


def main() -> int:
    """Write the incident."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where to; it is made, and must not hold an incident yet")
    parser.add_argument("--lines", type=int, default=1_000_000, help="(default: %(default)s)")
    parser.add_argument("--templates", type=int, default=5_000, help="(default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")
    options = parser.parse_args()
    print(write_incident(options.folder, options.lines, options.templates, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
