"""How well templates agree with labels: of folders of labelled logs, or of a small generated set.

A folder is searched for CSV files that have a column Content and a column EventTemplate or EventId (in any case;
`template` and `event_id` will do). Per file:

GA    messages whose group is exactly the true one      FGA   F1 of groups
PA    messages whose template has exactly the true text  FTA   F1 of groups that are right and have the true text
rare  true templates seen fewer than 5 times whose group is exactly right

Texts are compared after every <NAME> was made a <*>, and neighbouring ones, with at most two marks between, one.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import triage

RARE = 5
MEASURES = ("ga", "fga", "pa", "fta", "rare")
CONTENT, TEXT, GROUP = ("content",), ("eventtemplate", "template"), ("eventid", "event_id")
KIND, NEIGHBOURS = re.compile(r"<[^<>\s]{1,40}>"), re.compile(r"<\*>(?:[\s.,:;/_#@=-]{0,2}<\*>)+")
SLOT = re.compile(r"\{(\w+)\}")


class Labelled(NamedTuple):
    """Messages, the true group of each, and the text of that group's template, if it is known."""

    name: str
    messages: list[str]
    groups: list[str]
    texts: list[str] | None


#: Invented systems: a line is one template, a name in braces a variable.
SYSTEMS = {
    "login": """Accepted password for {user} from {ip} port {number}
        Failed password for {user} from {ip} port {number}
        Failed password for unknown user {user} from {ip} port {number}
        session opened for {user}
        session closed for {user}
        {user} locked out after {number} failures
        {user} unlocked
        key {hex} of {user} rejected: expired
        key {hex} of {user} rejected: revoked
        listening on {ip} port {number}""",
    "store": """object {id} stored on {hosts} in {time}
        object {id} of {size} read by {user}
        object {id} deleted
        replicas of {id}: wanted={number} found={number} state={state}
        scrub of {disk} started
        scrub of {disk} finished, {number} errors
        disk {disk} failed
        disk {disk} added, {size} free
        rebalancing {path} to {host}
        {host} joined
        {host} left
        no space left for {path}""",
    "queue": """consumer {queue}-{number} lags {number} messages behind {queue}
        rebalancing {queue}: {hosts}
        retry {number} of "{queue}" in {time}
        retry {number} of "{queue}" in {time}, giving up
        {queue} purged by {user}
        {queue} is full
        leader of {queue} moved from {host} to {host}
        snapshot {path} ({size}) written in {time}
        heartbeat from {host} missed
        idle""",
    "meter": """sensor {number} reads {float} C
        sensor {number} does not answer
        battery={number} charging={bool} mode={state}
        link to {host} up
        link to {host} down
        firmware {version} -> {version} verified
        firmware {version} -> {version} failed: bad checksum at {hex}
        upload of {number} points to {url} took {time}
        clock set
        restart""",
}
NAMES = ["alder", "birch", "clove", "dill", "elm", "fern", "gorse", "holly", "iris", "juniper", "kale", "lilac"]
STATES = ["NEW", "RUNNING", "DONE", "LOST"]


def drawn(rng: Random, slot: str) -> str:
    """A value for a variable."""
    number, name = str(int(10 ** rng.uniform(0, 5))), rng.choice(NAMES)
    values = {
        "user": name,
        "host": f"{name}.example",
        "hosts": ",".join(f"{rng.choice(NAMES)}{rng.randrange(30)}" for _ in range(rng.choice((1, 2, 4)))),
        "queue": f"{name}_{rng.choice(NAMES)}" if rng.random() < 0.5 else name,
        "disk": rng.choice(("sda", "sdb", "sdc", "sdd")),
        "ip": f"10.{rng.randrange(9)}.{rng.randrange(256)}.{rng.randrange(256)}",
        "hex": f"{rng.getrandbits(64):016x}",
        "id": f"obj_{number}",
        "number": number,
        "float": f"{rng.uniform(-20, 40):.1f}",
        "size": f"{rng.uniform(1, 999):.1f} {rng.choice(('KB', 'MB', 'GB'))}",
        "time": f"{number}ms",
        "path": "/".join(["", "srv", name, f"{rng.choice(NAMES)}.dat"]),
        "url": f"https://{name}.example/{number}",
        "version": f"{rng.randrange(9)}.{rng.randrange(30)}.{rng.randrange(9)}",
        "state": rng.choice(STATES),
        "bool": rng.choice(("true", "false")),
    }
    return values[slot]


def generated(count: int = 400) -> Iterator[Labelled]:
    """The invented systems: some templates in most messages, many in few."""
    for name, lines in SYSTEMS.items():
        rng = Random(name)
        templates = [line.strip() for line in lines.splitlines()]
        rng.shuffle(templates)
        weights = [1 / (place + 1) ** 3 for place in range(len(templates))]
        chosen = templates + rng.choices(templates, weights, k=count - len(templates))
        rng.shuffle(chosen)
        texts = [SLOT.sub("<*>", line) for line in chosen]
        messages = [SLOT.sub(lambda found: drawn(rng, found[1]), line) for line in chosen]  # noqa: B023
        yield Labelled(name, messages, texts, texts)


def read(folder: Path) -> Iterator[Labelled]:
    """The labelled logs in a folder and below it."""
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            rows = csv.DictReader(file)
            columns = {column.lower(): column for column in rows.fieldnames or ()}
            content, text, group = (
                next((columns[name] for name in names if name in columns), None) for names in (CONTENT, TEXT, GROUP)
            )
            if content is None or (text or group) is None:
                continue
            held = list(rows)
        texts = [row[text] for row in held] if text else None
        yield Labelled(path.stem, [row[content] for row in held], texts or [row[group] for row in held if group], texts)


def plain(text: str) -> str:
    """A template's text as it is compared."""
    return NEIGHBOURS.sub("<*>", KIND.sub("<*>", " ".join(text.split())))


def scores(log: Labelled) -> dict[str, float]:
    """Each measure for a labelled log."""
    mined = triage.mine(log.messages)
    text_of = dict(zip(mined.templates["template_id"], mined.templates["template"], strict=True))
    found, true = _rows(mined.ids), _rows(log.groups)
    right = {group for group, rows in found.items() if rows == true[log.groups[rows[0]]]}
    told = {log.groups[found[group][0]] for group in right}
    rare = [group for group, rows in true.items() if len(rows) < RARE]
    measured = {
        "ga": sum(len(found[group]) for group in right) / len(log.messages),
        "fga": 2 * len(right) / (len(found) + len(true)),
        "rare": sum(group in told for group in rare) / len(rare) if rare else math.nan,
        "pa": math.nan,
        "fta": math.nan,
    }
    if log.texts:
        have = {group: plain(text_of[group]) for group in found}
        want = [plain(text) for text in log.texts]
        measured["pa"] = sum(have[id_] == text for id_, text in zip(mined.ids, want, strict=True)) / len(want)
        exact = sum(have[group] == want[found[group][0]] for group in right)
        measured["fta"] = 2 * exact / (len(found) + len(true))
    return measured


def _rows(groups: Sequence[str]) -> dict[str, list[int]]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    return rows


def main() -> int:
    """Print a row for each log, and a line of figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of labelled logs (default: the generated set)")
    options = parser.parse_args()
    logs = [log for folder in options.folders for log in read(folder)] if options.folders else list(generated())
    logs = [log for log in logs if log.messages]
    if not logs:
        parser.error("no CSV file with a column Content and a column EventTemplate or EventId in the folders")
    print(f"{'log':24}" + "".join(f"{name:>7}" for name in MEASURES))
    table = [scores(log) for log in logs]
    for log, row in zip(logs, table, strict=True):
        print(f"{log.name:24}" + "".join(f"{row[measure]:7.3f}" for measure in MEASURES))
    figures = [f"systems={len(table)}"]
    for measure in MEASURES:
        known = [row[measure] for row in table if not math.isnan(row[measure])]
        figures.append(f"{measure}={sum(known) / len(known) if known else math.nan:.3f}")
    lowest = min(row["ga"] for row in table)
    print("figures:", *figures, f"lowest_ga={lowest:.3f}", f"under_0.70={sum(r['ga'] < 0.7 for r in table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
