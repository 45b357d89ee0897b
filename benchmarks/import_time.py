"""Time `import triage` in fresh interpreters, beside an interpreter that imports nothing."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from time import perf_counter

LIMIT_SECONDS = 0.3


def seconds(code: str) -> float:
    """Run `code` in a fresh interpreter and give the wall time in seconds, start-up included."""
    begin = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return perf_counter() - begin


def median_seconds(code: str, runs: int) -> float:
    """Give the median of `runs` timings after one that is not counted: it fills the file cache."""
    seconds(code)
    return statistics.median(seconds(code) for _ in range(runs))


def main() -> int:
    """Print both medians and their difference; exit 1 where the difference is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--runs", type=int, default=10, help="timed runs of each (default: %(default)s)")
    parser.add_argument("--limit", type=float, default=LIMIT_SECONDS, help="seconds it may take (default: %(default)s)")
    options = parser.parse_args()
    bare = median_seconds("pass", options.runs)
    loaded = median_seconds("import triage", options.runs)
    print(f"bare interpreter     {bare * 1000:6.0f} ms")
    print(f"with import triage   {loaded * 1000:6.0f} ms")
    print(f"the import itself    {(loaded - bare) * 1000:6.0f} ms   (limit {options.limit * 1000:.0f} ms)")
    return int(loaded - bare > options.limit)


if __name__ == "__main__":
    sys.exit(main())
