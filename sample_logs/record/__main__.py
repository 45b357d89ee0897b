"""The command: `python -m sample_logs.record [--out DIR] [--seed N] [--minutes M]`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from triage.errors import TriageError

from .recording import record

OUT = Path(__file__).parents[1] / "checkout-5xx"
MINUTES = 24.0
INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, and give the exit status: 0, 2 if it cannot be done, 130 if it was interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m sample_logs.record",
        description="Record an incident from nginx, PostgreSQL, Redis and a small shop, all on loopback.",
    )
    parser.add_argument("--out", type=Path, default=OUT, help="the incident folder to write (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="decides what the customers do (default: %(default)s)")
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help="length of the window, in real time (default: %(default)s)"
    )
    told = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):  # end as Ctrl-C does, with every program stopped
        signal.signal(number, signal.default_int_handler)
    try:
        record(told.out, seed=told.seed, minutes=told.minutes, say=lambda text: print(text, flush=True))
    except TriageError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; every program was stopped, nothing was written", file=sys.stderr)
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
