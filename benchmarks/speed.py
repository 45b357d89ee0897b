"""How fast messages become templates and logs a ranking, beside plain Drain3 and a bare look at the file in one run.

The generated log is that of one service with 60 kinds of messages, and 20 more near its end. The recorded one is the
sample incident, its files repeated as often as is needed. Drain3 runs with its defaults and five usual masks on as many
messages as `--drain` says: its time a line does not fall with more of them.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.processes import measure, report, run

SAMPLE = Path(__file__).parent.parent / "sample_logs" / "checkout-5xx" / "logs"
BEGIN = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
NOUNS = ("order", "session", "invoice", "basket", "worker", "lease", "partition", "replica", "upload", "ticket")
VERBS = ("stored", "opened", "expired", "moved", "retried", "claimed")
FORMS = (
    "{noun} {n} of customer {n} {verb} in {d}.{n} ms",
    "{verb} {noun} {u} for 10.{b}.{b}.{b}:{n}",
    "{noun} {verb}: key=session:{h} size={n}",
    "{noun} queue at {n} of {n}, oldest {verb} {d} s ago",
    'request "{u}" {verb} by {noun}-{d}',
    "{verb} {noun}",
)
FAILURES = ("{noun} {n} could not be {verb}: connection refused by 10.{b}.{b}.{b}", "{noun} {u} timed out after {n} ms")
#: The masks that Drain3's users set, by name.
MASKS = {
    "IP": r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])",
    "UUID": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "HEX": r"0x[0-9a-fA-F]+",
    "ID": r"(?<!\w)[0-9a-f]{12,}(?!\w)",
    "NUM": r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])",
}


def messages(lines: int) -> Iterator[tuple[str, str]]:
    """Level and text of each message."""
    rng = Random(7)
    for number in range(lines):
        failing = number > 0.8 * lines and rng.random() < 0.05
        form = rng.choice(FAILURES if failing else FORMS)
        text = form.replace("{noun}", rng.choice(NOUNS)).replace("{verb}", rng.choice(VERBS))
        text = text.replace("{u}", f"{rng.getrandbits(32):08x}-0a1b-4c2d-8e3f-{rng.getrandbits(48):012x}")
        text = text.replace("{h}", f"{rng.getrandbits(64):016x}").replace("{d}", str(rng.randrange(10)))
        for mark, most in (("{n}", 100_000), ("{b}", 256)):
            while mark in text:
                text = text.replace(mark, str(rng.randrange(most)), 1)
        yield "ERROR" if failing else "INFO", text


def generated(folder: Path, lines: int) -> None:
    """Write the log, and its messages alone."""
    with (folder / "app.log").open("w") as log, (folder.parent / "messages").open("w") as alone:
        for number, (level, text) in enumerate(messages(lines)):
            now = BEGIN + timedelta(milliseconds=2 * number)
            log.write(f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z {level} {text}\n")
            alone.write(f"{text}\n")


def recorded(folder: Path, lines: int) -> None:
    """Repeat the sample's files until there are so many lines, and write the first lines of its messages alone."""
    from triage.ingest import read_logs
    from triage.ingest.compression import FEED
    from triage.ingest.sources import find_sources
    from triage.ingest.streams import open_streams

    sources = find_sources(SAMPLE)[0]
    whole = [(stream.name, b"".join(stream.blocks)) for source in sources for stream in open_streams(source, FEED)]
    times = math.ceil(lines / sum(data.count(b"\n") for _, data in whole))
    for name, data in whole:
        path = (folder / Path(name).relative_to(SAMPLE)).with_suffix(".log")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data * times)
    bodies = read_logs(SAMPLE).records["body"].to_list()
    text = "".join(f"{body.split(chr(10))[0]}\n" for body in bodies)
    (folder.parent / "messages").write_text(text * times)


def drain3(path: Path, most: int) -> int:
    """Mine with plain Drain3."""
    from drain3 import TemplateMiner
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig

    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, name) for name, pattern in MASKS.items()]
    miner = TemplateMiner(config=config)
    texts = path.read_text().split("\n")[:most]
    report(lambda: len([miner.add_log_message(text) for text in texts]))
    return len(miner.drain.clusters)


def mine(path: Path) -> None:
    """Mine with this library: a template for each message."""
    import polars as pl

    from triage.ingest.schema import RECORDS, conform
    from triage.reading import Gathered
    from triage.settings import Settings

    records = conform(pl.read_lines(path).rename({"line": "body"}), RECORDS)

    def find() -> int:
        gathered = Gathered(Settings())
        gathered.add(records)
        return len(gathered.patterns()[0])

    report(find)


def floor(folder: Path) -> list[str]:
    """The command that counts lines."""
    found = shutil.which("rg")
    return [found, "-c", "", str(folder)] if found else ["grep", "-rc", "", str(folder)]


def measured(kind: str, lines: int, drain: int) -> list[str]:
    """Make a log, measure all ways, print a row for each, and give the figures."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "logs"
        folder.mkdir()
        (generated if kind == "generated" else recorded)(folder, lines)
        texts = folder.parent / "messages"
        count = sum(1 for _ in texts.open("rb"))
        found = {
            "drain3": measure("benchmarks.speed", "drain3", str(texts), str(drain)),
            "mine": measure("benchmarks.speed", "mine", str(texts)),
            "rank": run([sys.executable, "-m", "triage", "rank", str(folder), "--format", "json"]),
            "floor": run(floor(folder)),
        }
    rate = {way: found[way].get("count", count) / found[way]["seconds"] for way in found}
    for way, speed in rate.items():
        print(f"{kind:10}{way:8}{count:>12,}{speed:>14,.0f}{found[way]['mib']:>8.0f}{speed / rate['drain3']:>10.1f}")
    return [f"{kind}_{lines}_{way}={rate[way] / rate['drain3']:.1f}" for way in ("mine", "rank")] + [
        f"{kind}_{lines}_mib={found['rank']['mib']:.0f}",
        f"{kind}_{lines}_seconds={found['rank']['seconds']:.1f}",
    ]


def main() -> int:
    """Print a table and a line of figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--lines", type=int, nargs="+", default=[1_000_000], help="lines of each log (default: one million)"
    )
    parser.add_argument("--kinds", nargs="+", choices=("generated", "recorded"), default=["generated", "recorded"])
    parser.add_argument("--drain", type=int, default=200_000, help="messages for plain Drain3 (default: %(default)s)")
    parser.add_argument("--child", nargs="+", metavar="ARGUMENT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        way, path, *most = options.child
        drain3(Path(path), int(most[0])) if way == "drain3" else mine(Path(path))
        return 0
    print("messages/s for drain3 and mine, else lines/s; peak MiB, for the first two above what was there before")
    print(f"{'log':10}{'way':8}{'lines':>12}{'lines/s':>14}{'MiB':>8}{'x drain3':>10}")
    figures = []
    for lines in options.lines:
        for kind in options.kinds:
            figures += measured(kind, lines, options.drain)
    print("figures:", *figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
