"""How often the right hypothesis leads on recorded incidents, beside rules that look at nothing but time.

Each incident is ranked from its files in a process of its own, and compared with its truth.json: which hypothesis leads
and with what odds, the place of the true change among the changes, how far the claimed onset is from the true one (0 if
their intervals meet), which service is named first. Beside it stand the newest change before the largest jump of errors
and warnings, the newest before the true onset, which nobody knows when it counts, and chance. Of an incident with
several problems the first is the truth; the others are only asked for their onsets.

Where the truth does not lead, or the onset or the origin is wrong, a sentence says what made it so.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from benchmarks.labelled.figures import figures
from benchmarks.labelled.folders import LOGS, OF_MACHINE, TRUTH, incident_folders, score_folder
from benchmarks.labelled.outcome import Row
from benchmarks.labelled.page import frame_of, onset_words, render, terms_of
from benchmarks.processes import answer
from triage.escape import terminal_line
from triage.hypotheses.weights import known_weights

MODULE = "benchmarks.incidents"
ROOT = Path(__file__).parents[1]
SAMPLES, README, KEPT = ROOT / "sample_logs", ROOT / "README.md", Path(__file__).with_suffix(".json")
#: Between these lines of the README stands what is written there.
BEGIN = f"<!-- incidents: written by `python -m {MODULE} --update-readme` from {KEPT.relative_to(ROOT).as_posix()} -->"
END = "<!-- incidents: end -->"


def ranked(folders: Sequence[Path], jobs: int) -> Iterator[Row]:
    """A row an incident, in order; one whose process ends early says so in its row."""
    cores = max(1, (os.cpu_count() or 1) // jobs)
    os.environ.setdefault("POLARS_MAX_THREADS", str(cores))
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(_in_a_process, folders)


def _in_a_process(folder: Path) -> Row:
    try:
        row: Row = answer(MODULE, str(folder))
    except subprocess.CalledProcessError as error:
        return {"name": folder.name, "problem": f"ranking it ended with exit code {error.returncode}; see above"}
    return row


def line_of(row: Row) -> str:
    """An incident in a line for the terminal."""
    name = f"{row['name']:24}"
    if row["problem"]:
        return terminal_line(f"{name} not ranked: {row['problem']}")
    place = f"{row['rank']} of {row['changes']}" if row["rank"] else "-"
    naive = "/".join(str(row.get(key) or "-") for key in ("jump_rank", "oracle_rank"))
    return terminal_line(
        f"{name} {row['lines']:9,} lines  {'right' if row['right'] else 'wrong'} {row['variant']:10} "
        f"leads {row['said']:4.0%} {row['first']:40.40}  truth {row['p_truth']:4.0%} {place:8} "
        f"onset {onset_words(row)}; origin {row.get('origin') or '-'}; naive {naive}; "
        f"{'decided' if row['conclusive'] else 'not decided'}; {row['seconds']:.1f} s, {row['mib']} MiB"
    )


def pace(rows: Sequence[Row]) -> str:
    """Quartiles of what a million lines take, as the clock has it and in time of the processor.

    What a run takes however few lines there are is in it, so that small incidents look slow.
    """
    known = frame_of(rows).filter(pl.col("lines") > 0, pl.col("seconds").is_not_null())
    if known.is_empty():
        return "no incident was ranked"
    parts = []
    for name, unit in (("seconds", "s"), ("cpu_s", "s of the processor")):
        taken = known[name] / known["lines"] * 1e6
        quartiles = [taken.quantile(part, "linear") for part in (0.25, 0.5, 0.75)]
        parts.append(", ".join(f"{each:.1f}" for each in quartiles) + f" {unit}")
    return f"a million lines, quartiles: {'; '.join(parts)}"


def kept(rows: Sequence[Row]) -> str:
    """The text of the file that the README's part is made from: nothing in it is of this machine."""
    plain = [{key: value for key, value in row.items() if key not in OF_MACHINE} for row in rows]
    return json.dumps({"weights": known_weights().mark, "incidents": plain}, indent=1, ensure_ascii=False) + "\n"


def with_part(readme: str, part: str) -> str:
    """The README with another part between the marks.

    Raises
    ------
    ValueError
        If the marks are not there.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{part}\n{END}{after}"


def main() -> int:
    """Rank incidents and print what came of it; 1 if some could not be ranked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folders", nargs="*", type=Path, help="incidents, or folders of incidents (default: sample_logs)"
    )
    parser.add_argument("--jobs", type=int, default=2, help="incidents at a time (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rows and figures")
    parser.add_argument("--markdown", action="store_true", help="print what the README would say, and nothing else")
    parser.add_argument("--update-readme", action="store_true", help=f"write {KEPT.name} and the README's part anew")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(score_folder(options.folders[0])))
        return 0
    if options.update_readme and options.folders:
        parser.error("the README tells of all recorded incidents: --update-readme goes without folders")
    for each in options.folders:
        if not incident_folders([each]):
            parser.error(f"{each}: neither it nor a folder in it has {LOGS}/ or {TRUTH}")
    if options.json and not options.json.parent.is_dir():
        parser.error(f"--json {options.json}: there is no folder {options.json.parent}")
    folders = incident_folders(options.folders or [SAMPLES])
    return report(folders, options)


def report(folders: Sequence[Path], options: argparse.Namespace) -> int:
    """Rank, print and write what was asked for."""
    rows = []
    for row in ranked(folders, max(1, options.jobs)):
        rows.append(row)
        print(line_of(row), file=sys.stderr if options.markdown else sys.stdout, flush=True)
    failed = sum(bool(row["problem"]) for row in rows)
    found = figures(frame_of(rows), terms_of(rows))
    if options.json:
        told = {
            "incidents": rows,
            "figures": {key: None if math.isnan(value) else value for key, value in found.items()},
        }
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"\n{render(rows)}" if not options.markdown else render(rows))
    if not options.markdown:
        print(pace(rows))
        print("figures: " + " ".join(f"{key}={value:.3f}" for key, value in found.items()))
    if options.update_readme:
        if failed:
            sys.exit(f"error: nothing is written: {failed} of {len(rows)} incidents could not be ranked")
        KEPT.write_text(kept(rows), encoding="utf-8")
        README.write_text(with_part(README.read_text(encoding="utf-8"), render(rows)), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
