"""The README is true: the ranking it shows is printed, and its script runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from docs.pictures import DOCS, PICTURES
from tests.shop import write_incident

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INCIDENT = "sample_logs/checkout-5xx"
#: Of a picture: whoever looks at the README fetches all.
MOST_BYTES = 250_000


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_its_pictures_are_there_and_small() -> None:
    shown = {ROOT / path for path in re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", README)}
    assert shown == {DOCS / f"{name}.png" for name in PICTURES}
    for path in shown:
        assert path.read_bytes().startswith(b"\x89PNG"), path
        assert path.stat().st_size < MOST_BYTES, path


def test_the_ranking_is_what_is_printed() -> None:
    symptom = (ROOT / INCIDENT / "symptom.txt").read_text(encoding="utf-8").strip()
    command = [sys.executable, "-m", "triage.cli", "rank", f"{INCIDENT}/logs", "--changes", f"{INCIDENT}/changes.json"]
    env = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        [*command, "--symptom", symptom], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    shown = [line.rstrip() for line in _block("text").splitlines()]
    assert shown == printed[: len(shown)]


def test_the_comparison_runs(tmp_path: Path) -> None:
    for name, seed in (("yesterday", 1), ("today", 2)):
        write_incident(tmp_path / name, trouble=False, seed=seed)
    script = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[1]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    code = f"import triage\n{script}\nassert differences.quiet"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, env=env, check=True)


def test_the_script_runs(tmp_path: Path) -> None:
    (tmp_path / "sample_logs").symlink_to(ROOT / "sample_logs")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-W", "error", "-c", _block("python")], cwd=tmp_path, env=env, check=True)
    assert "was never rolled out" in (tmp_path / "write-up.md").read_text(encoding="utf-8")
    assert (tmp_path / "kept-incident").is_dir()
