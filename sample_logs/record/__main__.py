"""The command: `python -m sample_logs.record [NAME …] [--out DIR] [--seed N] [--minutes M] [--busy F] [--jobs N]`."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from triage.errors import TriageError

from .incidents import INCIDENTS
from .programs import RecorderError
from .recording import record
from .scenario import Scenario

SAMPLES = Path(__file__).parents[1]
INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, and give the exit status: 0, 2 if it cannot be done, 130 if it was interrupted."""
    told = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):  # end as Ctrl-C does, with every program stopped
        signal.signal(number, signal.default_int_handler)
    try:
        chosen = [_chosen(name, told) for name in dict.fromkeys(told.names or INCIDENTS)]
        if len(chosen) == 1:
            record(chosen[0], told.out / chosen[0].name, say=lambda text: print(text, flush=True))
            return 0
        return _several(chosen, told)
    except TriageError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; every program was stopped, and nothing unfinished was written", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sample_logs.record",
        description="Record incidents from nginx, PostgreSQL, Redis and a small shop, all on loopback.",
        epilog=f"incidents: {', '.join(INCIDENTS)}",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which incidents (default: all)")
    parser.add_argument("--out", type=Path, default=SAMPLES, help="where their folders go (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="decides what the customers do (default: the incident's own)")
    parser.add_argument(
        "--minutes", type=float, help="length of the window, in real time (default: the incident's own)"
    )
    parser.add_argument("--busy", type=float, default=1.0, help="so many times as many customers (default: 1)")
    parser.add_argument("--jobs", type=int, default=3, help="so many at once (default: %(default)s)")
    return parser


def _chosen(name: str, told: argparse.Namespace) -> Scenario:
    if name not in INCIDENTS:
        raise RecorderError(f"no incident {name!r}; there are {', '.join(INCIDENTS)}")
    if not 0 < told.busy <= 10:
        raise RecorderError(f"--busy {told.busy:g}: wanted a number up to 10, such as 2 for twice as many customers")
    one = INCIDENTS[name]
    customers = replace(one.customers, sessions=one.customers.sessions * told.busy)
    minutes = one.minutes if told.minutes is None else told.minutes
    seed = one.seed if told.seed is None else told.seed
    return replace(one, minutes=minutes, seed=seed, customers=customers)


def _several(chosen: Sequence[Scenario], told: argparse.Namespace) -> int:
    """Record each in a process of its own, and give the worst of their exit statuses."""
    minutes = sum(one.minutes for one in chosen) / max(1, told.jobs)
    print(f"{len(chosen)} incidents, {told.jobs} at once: about {minutes + 1:.0f} minutes", flush=True)

    def run(one: Scenario) -> int:
        options = ["--out", str(told.out), "--seed", str(one.seed), "--minutes", f"{one.minutes:g}"]
        command = [sys.executable, "-m", "sample_logs.record", one.name, *options, "--busy", f"{told.busy:g}"]
        pipe = subprocess.PIPE
        # In a session of its own, for a second signal, while it stops its programs, would leave some of them running.
        with subprocess.Popen(
            command, cwd=SAMPLES.parent, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        ) as child:
            running.append(child)
            printed, complained = child.communicate()
        said = (complained or printed).strip() or f"ended with {child.returncode}"
        print(f"{one.name}: {said.splitlines()[-1]}", flush=True)
        return child.returncode

    running: list[subprocess.Popen[str]] = []
    with ThreadPoolExecutor(max(1, told.jobs)) as pool:
        recordings = [pool.submit(run, one) for one in sorted(chosen, key=lambda one: -one.minutes)]
        try:
            return max(recording.result() for recording in recordings)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in running:
                child.terminate()
            raise


if __name__ == "__main__":
    sys.exit(main())
