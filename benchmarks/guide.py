"""What each click of the guide costs on a large incident, against what a person takes for at once.

In Python alone, or with --browser in JupyterLab in Chromium, which needs the extra `test`. The clicks follow one
another as in one person's work, after a load with a first summary, for which the guide shows its progress. For each the
first time, which may find what later ones use again, and the middle one of the times after it; in Python a decision is
recorded before each of these.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import polars as pl

import triage
from benchmarks.guide_incident import write_incident
from triage.incident import Incident

#: Milliseconds in which a click is to be answered. What takes longer by its nature runs beside the guide.
TARGET = 300
BESIDE = {"correct(mute)", "save", "report .html"}

Click = Callable[[Incident], object]


def clicks(incident: Incident, folder: Path) -> dict[str, Click]:
    """What a person does, by name."""
    often, seldom = incident.templates["template_id"][0], incident.templates["template_id"][-1]
    failing = incident.templates.filter("failing")["template_id"][0]
    group, first = incident.error_groups[0].id, incident.hypotheses[0].id
    start, end = incident.window
    middle, hour = start + (end - start) / 2, timedelta(hours=1)
    return {
        "summary": lambda i: i.summary(),
        "_repr_html_": lambda i: i._repr_html_(),
        "plot": lambda i: i.plot(),
        "with_symptom": lambda i: i.with_symptom("payments time out"),
        "lines(template) frequent": lambda i: i.lines(template=often),
        "lines(template) rare": lambda i: i.lines(template=seldom),
        "lines(error_group)": lambda i: i.lines(error_group=group),
        "lines(hypothesis)": lambda i: i.lines(hypothesis=first),
        "lines()": lambda i: i.lines(),
        "lines around one": lambda i: around(i, group),
        "template": lambda i: i.template(often),
        "parameters": lambda i: i.parameters(often),
        "parameter_summary": lambda i: i.parameter_summary(failing),
        "find text": lambda i: i.find("connection"),
        "find regex": lambda i: i.find(regex="(?i)pool|timed? out", level="error"),
        "counts in a window": lambda i: counts(i, middle, middle + hour),
        "traces": lambda i: i.traces,
        "shared": lambda i: i.shared,
        "decide": lambda i: i.decide(first, "open", by="a person"),
        "remark": lambda i: i.remark("looked at the pool", by="a person"),
        "correct(mute)": lambda i: i.correct(i.corrections.mute(seldom)),
        "save": lambda i: i.save(folder / "saved"),
        "report .html": lambda i: i.report(folder / "report.html"),
    }


def around(incident: Incident, group: str) -> pl.DataFrame:
    """The lines of a source around the first one of an error group."""
    line = incident.lines(error_group=group, limit=1).row(0, named=True)
    near = (pl.col("source") == line["source"]) & pl.col("line").is_between(line["line"] - 10, line["line"] + 10)
    return incident.scan().filter(near).collect()


def counts(incident: Incident, since: object, until: object) -> pl.DataFrame:
    """The records of each template in a window."""
    inside = pl.col("timestamp").is_between(pl.lit(since), pl.lit(until), closed="left")
    return incident.scan().filter(inside).group_by("template_id").len().collect()


def cost(click: Click, incident: Incident, repeats: int) -> tuple[float, float]:
    """Milliseconds of the first call, and the median of so many later ones."""
    took = []
    for number in range(repeats + 1):
        begin = perf_counter()
        click(incident)
        took.append((perf_counter() - begin) * 1000)
        incident = incident.decide(incident.hypotheses[0].id, "open", by="a person", note=str(number))
    return took[0], statistics.median(took[1:])


def loaded(folder: Path) -> Incident:
    """The incident in a folder; it prints how long that took."""
    begin = perf_counter()
    symptom = (folder / "symptom.txt").read_text(encoding="utf-8").strip()
    incident = triage.load(folder / "logs", changes=folder / "changes.json", symptom=symptom)
    loaded_by = perf_counter()
    incident.summary()
    print(f"{incident.ledger.lines:,} lines, {len(incident.templates):,} templates")
    print(f"load: {loaded_by - begin:.1f} s, first summary: {perf_counter() - loaded_by:.1f} s")
    return incident


def main() -> int:
    """Print a row for each click, and a line of figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="an incident; a large one is made if not given")
    parser.add_argument("--lines", type=int, default=1_000_000, help="of the one that is made (default: %(default)s)")
    parser.add_argument("--templates", type=int, default=5_000, help="of the one that is made (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="calls after the first (default: %(default)s)")
    parser.add_argument("--browser", action="store_true", help="in JupyterLab in Chromium")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or write_incident(Path(made) / "incident", options.lines, options.templates)
        if options.browser:
            from benchmarks.guide_browser import measure_all  # what drives a browser is in the extra `test` only

            slow = measure_all(folder, options.repeats, TARGET)
        else:
            slow = measure_python(folder, Path(made), options.repeats)
    print(f"figures: slow={len(slow)}")
    return 0


def measure_python(folder: Path, made: Path, repeats: int) -> list[str]:
    """Print a row for each click; those that took longer than the target."""
    incident = loaded(folder)
    print(f"{'click':28}{'first ms':>10}{'then ms':>10}")
    slow = []
    for name, click in clicks(incident, made).items():
        first, then = cost(click, incident, 1 if name in BESIDE else repeats)
        late = max(first, then) > TARGET and name not in BESIDE
        slow += [name] * late
        print(f"{name:28}{first:>10.0f}{then:>10.0f}{'  over ' + str(TARGET) if late else ''}", flush=True)
    return slow


if __name__ == "__main__":
    sys.exit(main())
