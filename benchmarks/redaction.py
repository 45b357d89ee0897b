"""How many megabytes of logs a second are redacted, by how many different addresses are in them."""

from __future__ import annotations

import argparse
import io
import random
import resource
import sys
from time import perf_counter, process_time

from triage.redaction import Redactor, redact_file


def access_log(lines: int, addresses: int, seed: int) -> bytes:
    """Lines of a web server, each from one of so many addresses."""
    rng = random.Random(seed)
    known = [f"81.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}" for _ in range(addresses)]
    return "".join(
        f"{rng.choice(known)} - - [21/Nov/2026:04:{n // 60 % 60:02d}:{n % 60:02d} +0000] "
        f'"GET /api/items/SKU-{rng.randrange(10**5):05d}?page=2 HTTP/1.1" 200 {rng.randrange(10**4)} '
        f'"https://shop.example/cart" "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.0.0" rt=0.{n % 1000:03d}\n'
        for n in range(lines)
    ).encode()


def application_log(lines: int) -> bytes:
    """Lines without anything to replace."""
    return "".join(
        f"2026-11-21T04:{n // 60 % 60:02d}:{n % 60:02d}.123Z INFO order {n} stored in {n % 300} ms trace_id={n:016x}\n"
        for n in range(lines)
    ).encode()


def main() -> int:
    """Print a row for each log."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--lines", type=int, default=300_000, help="of each log (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")
    options = parser.parse_args()
    logs = {"nothing to replace": application_log(options.lines)}
    for addresses in (100, 5_000, 100_000):
        logs[f"{addresses:,} addresses"] = access_log(options.lines, addresses, options.seed)
    for name, data in logs.items():
        redactor = Redactor()
        begin, begin_cpu = perf_counter(), process_time()
        redact_file(io.BytesIO(data), "a.log", redactor, io.BytesIO())
        took, cpu = perf_counter() - begin, process_time() - begin_cpu
        size = len(data) / 1e6
        print(f"{name:<20} {size:6.1f} MB {size / took:6.1f} MB/s {size / cpu:6.1f} MB a CPU second", end="  ")
        print(f"{redactor.tally.count:,} replaced")
    print(f"largest memory in use: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
