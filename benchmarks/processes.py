"""Each measurement in a process of its own, so that none warms up another and its peak memory is its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any


def answer(module: str, *arguments: str) -> Any:
    """The object in the last line that a fresh process prints, which runs ``module --child ARGUMENTS``.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails; what it says of that goes to standard error.
    """
    command = [sys.executable, "-m", module, "--child", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(module: str, *arguments: str) -> dict[str, float]:
    """What `report` printed in a fresh process that runs ``module --child ARGUMENTS``."""
    found: dict[str, float] = answer(module, *arguments)
    return found


def report(work: Callable[[], int]) -> None:
    """Print the seconds that `work` takes, the MiB it adds to the peak, and the number that it returns."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = perf_counter()
    count = work()
    seconds = perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "mib": (peak - before) / 1024, "count": count}))


def run(command: Sequence[str]) -> dict[str, float]:
    """Seconds and peak MiB of a program; its output is thrown away."""
    begin = perf_counter()
    watched = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)"
    told = f"{watched}; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", told, *command], check=True, stdout=subprocess.PIPE, text=True)
    return {"seconds": perf_counter() - begin, "mib": int(done.stdout) / 1024}
