"""How fast logs of common formats are read, and in how much memory, beside two yardsticks measured in the same run.

The floor is `polars.read_lines` and one regular expression; the loop is what a person would write in plain Python: a
regular expression, `strptime` and a dictionary for each record. Each measurement is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from operator import itemgetter
from pathlib import Path
from random import Random

from benchmarks.processes import measure, report

BEGIN = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
PATHS = ("/cart", "/checkout", "/item/{}", "/api/v1/orders/{}", "/static/app.{}.js")
CLASSES = ("com.shop.Cart", "com.shop.Checkout", "com.shop.store.OrderStore", "org.http.Server")
TRACE = (
    "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available",
    *(f"\tat com.shop.store.OrderStore.step{n}(OrderStore.java:{40 + n})" for n in range(8)),
    "Caused by: java.net.SocketTimeoutException: Read timed out",
    "\t... 12 more",
)


@dataclass(frozen=True)
class Case:
    """One format: how to make its lines, and how a person would read them by hand."""

    lines: Callable[[], Iterator[str]]
    pattern: str
    time: str


def moments(step: float) -> Iterator[tuple[Random, datetime, int]]:
    """A random generator, a time that goes on and a running number, without end."""
    rng, now, number = Random(7), BEGIN, 0
    while True:
        now += timedelta(seconds=rng.expovariate(1 / step))
        number += 1
        yield rng, now, number


def nginx() -> Iterator[str]:
    """Access lines in the combined format."""
    for rng, now, number in moments(0.02):
        path = rng.choice(PATHS).format(rng.randrange(5000))
        status = rng.choices((200, 304, 404, 502), (90, 5, 3, 2))[0]
        yield (
            f"10.{number % 7}.{rng.randrange(256)}.{rng.randrange(256)} - - [{now:%d/%b/%Y:%H:%M:%S +0000}] "
            f'"GET {path} HTTP/1.1" {status} {rng.randrange(90000)} "-" "Mozilla/5.0 (X11; Linux x86_64)"'
        )


def json_lines() -> Iterator[str]:
    """JSON objects, as structured loggers write them."""
    for rng, now, number in moments(0.02):
        yield json.dumps(
            {
                "time": now.isoformat(timespec="milliseconds"),
                "level": rng.choice(("info", "info", "info", "warn", "error")),
                "msg": f"order {number} of customer {rng.randrange(9000)} stored",
                "service": "checkout",
                "trace_id": f"{rng.getrandbits(128):032x}",
                "duration_ms": rng.randrange(900),
            }
        )


def syslog() -> Iterator[str]:
    """Lines of RFC 3164, without a year."""
    for rng, now, number in moments(0.02):
        yield f"{now:%b %e %H:%M:%S} web{number % 3} sshd[{rng.randrange(30000)}]: session {number} opened for user ops"


def logback() -> Iterator[str]:
    """Java logging, with a stack trace now and then."""
    for rng, now, number in moments(0.02):
        level = rng.choices(("INFO ", "WARN ", "ERROR"), (94, 5, 1))[0]
        where = f"{now:%Y-%m-%d %H:%M:%S},{now.microsecond // 1000:03d} {level} [exec-{rng.randrange(16)}]"
        yield f"{where} {rng.choice(CLASSES)} - order {number} took {rng.randrange(900)} ms"
        if level == "ERROR":
            yield from TRACE


def postgres() -> Iterator[str]:
    """The server's own log, with DETAIL and STATEMENT below errors."""
    for rng, now, number in moments(0.02):
        head = f"{now:%Y-%m-%d %H:%M:%S}.{now.microsecond // 1000:03d} UTC [{rng.randrange(900, 999)}] shop@shop "
        if number % 40:
            yield f"{head}LOG:  duration: {rng.random() * 90:.3f} ms  statement: SELECT * FROM orders LIMIT {number}"
        else:
            yield f'{head}ERROR:  duplicate key value violates unique constraint "orders_pkey"'
            yield f"{head}DETAIL:  Key (id)=({number}) already exists."
            yield f"{head}STATEMENT:  INSERT INTO orders VALUES ({number})"


def docker() -> Iterator[str]:
    """Docker's json-file around JSON of the program inside."""
    for line in json_lines():
        yield json.dumps({"log": line + "\n", "stream": "stdout", "time": f"{json.loads(line)['time'][:23]}000000Z"})


ISO = r"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3})"
CASES = {
    "nginx": Case(
        nginx,
        r'^(?P<host>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<body>[^"]*)" (?P<level>\d{3}) ',
        "%d/%b/%Y:%H:%M:%S %z",
    ),
    "json": Case(json_lines, r'"time": "(?P<time>[^"]+)".*"level": "(?P<level>\w+)", "msg": "(?P<body>[^"]*)"', "json"),
    "syslog": Case(
        syslog,
        r"^(?P<time>\w{3} [ \d]\d \d\d:\d\d:\d\d) (?P<host>\S+) (?P<level>\w+)\[\d+\]: (?P<body>.*)",
        "%b %d %H:%M:%S",
    ),
    "logback": Case(logback, rf"^{ISO} (?P<level>\w+) +\[(?P<host>[^\]]+)\] (?P<body>.*)", "%Y-%m-%d %H:%M:%S,%f"),
    "postgres": Case(
        postgres, rf"^{ISO} UTC \[(?P<host>\d+)\] \S+ (?P<level>[A-Z]+): +(?P<body>.*)", "%Y-%m-%d %H:%M:%S.%f"
    ),
    "docker": Case(docker, r'"log": "(?P<body>.*)", "stream": "(?P<level>\w+)", "time": "(?P<time>[^"]+)"', "docker"),
}


def toolkit(path: Path, case: Case) -> int:
    """Read with this library."""
    from triage.ingest.read import read_logs

    found = read_logs(path)
    assert found.ledger.lines == found.ledger.records + found.ledger.continuations, "lines are missing"
    return len(found.records)


def floor(path: Path, case: Case) -> int:
    """Read lines with polars and apply one regular expression."""
    import polars as pl

    text = pl.read_lines(path).to_series()
    return len(text.str.extract_groups(case.pattern).struct.unnest())


def loop(path: Path, case: Case) -> int:
    """Read as one would by hand: line by line, into a list of dictionaries, and a table at the end."""
    import polars as pl

    read = _json_record if case.time in ("json", "docker") else _matched(case)
    records: list[dict[str, object]] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = read(line)
            if record:
                records.append(record)
            elif records:
                records[-1]["body"] = f"{records[-1]['body']}\n{line.rstrip()}"
    return len(pl.DataFrame(records))


def _matched(case: Case) -> Callable[[str], dict[str, object] | None]:
    pattern = re.compile(case.pattern)

    def read(line: str) -> dict[str, object] | None:
        match = pattern.match(line)
        if match is None:
            return None
        record: dict[str, object] = {**match.groupdict()}
        moment = datetime.strptime(match["time"], case.time)
        record["time"] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return record

    return read


def _json_record(line: str) -> dict[str, object] | None:
    found = json.loads(line)
    outer = found["time"]
    if "log" in found:
        found = json.loads(found["log"])
    return {"time": datetime.fromisoformat(outer), "level": found["level"], "body": found["msg"], "attributes": line}


SECONDS = itemgetter("seconds")
WAYS: dict[str, Callable[[Path, Case], int]] = {"toolkit": toolkit, "floor": floor, "loop": loop}


def child(way: str, name: str, path: Path) -> None:
    """Do one reading and print what it took; imports are not counted."""
    import polars as pl

    import triage.ingest.read  # noqa: F401 - here, so that its time is not counted

    pl.select(pl.lit("warm").str.extract_groups("(w)"))
    report(lambda: WAYS[way](path, CASES[name]))


def main() -> int:
    """Print a table, a row a format, and a line of figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of each format (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="of each, the fastest counts (default: %(default)s)")
    parser.add_argument("--formats", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--child", nargs=3, metavar=("WAY", "FORMAT", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], options.child[1], Path(options.child[2]))
        return 0
    print(f"{options.lines} lines a format; lines/s, peak MiB above the imports, and how often the yardstick's time")
    print(f"{'format':10}{'lines/s':>12}{'MiB':>8}{'file MiB':>10}{'x floor':>10}{'loop x':>10}")
    figures = []
    for name in options.formats:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.log"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(f"{line}\n" for line in islice(CASES[name].lines(), options.lines))
            best = {
                way: min((measure("benchmarks.read", way, name, str(path)) for _ in range(options.runs)), key=SECONDS)
                for way in WAYS
            }
            size = path.stat().st_size / 2**20
        own = best["toolkit"]["seconds"]
        over, under = own / best["floor"]["seconds"], best["loop"]["seconds"] / own
        row = f"{options.lines / own:12,.0f}{best['toolkit']['mib']:8.0f}{size:10.0f}{over:10.1f}{under:10.1f}"
        print(f"{name:10}{row}", flush=True)
        figures += [f"{name}_floor={over:.1f}", f"{name}_loop={under:.1f}"]
    print("figures:", *figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
