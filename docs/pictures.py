"""Makes the pictures that the README shows, of the recorded incident: its report, and the guide in JupyterLab."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

import triage
from tests.chromium import PAINTED, launched
from tests.guide_page import GuidePage
from tests.lab_browser import ROOT, running_lab, write_cells

DOCS = Path(__file__).parent
SAMPLE = Path("sample_logs/checkout-5xx")
SIZE = {"width": 1100, "height": 1120}
CELL = f"""import triage

incident = triage.load("{SAMPLE}/logs", changes="{SAMPLE}/changes.json")
guide = triage.guide(incident)
guide"""


def take(page: Page, path: Path) -> None:
    """What a page shows, once it is drawn, as a PNG file."""
    page.evaluate(PAINTED)
    page.screenshot(path=path)


def symptom() -> str:
    """What was seen in the incident, in a sentence."""
    return (ROOT / SAMPLE / "symptom.txt").read_text(encoding="utf-8").strip()


def picture_report(path: Path) -> None:
    """The top of the report."""
    incident = triage.load(ROOT / SAMPLE / "logs", changes=ROOT / SAMPLE / "changes.json", symptom=symptom())
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        report = incident.report(Path(folder) / "report.html")
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.goto(report.as_uri())
        take(page, path)


def picture_guide(path: Path) -> None:
    """The guide at the step that all others lead to: what may explain the trouble, and what speaks for and against."""
    with tempfile.TemporaryDirectory() as folder, running_lab(Path(folder)) as lab:
        (lab.root / "sample_logs").symlink_to(ROOT / "sample_logs")
        write_cells(lab.root / "incident.ipynb", [CELL])
        with lab.open_notebook("incident.ipynb", viewport=SIZE) as notebook:
            notebook.command("application:toggle-left-area")
            notebook.run_all()
            guide = GuidePage(notebook, 0)
            guide.root.get_by_label("What was seen").fill(symptom())
            guide.last_line("incident.with_symptom(")
            guide.step("Hypotheses")
            take(notebook.page, path)


PICTURES = {"report": picture_report, "guide": picture_guide}


def main() -> int:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DOCS, help="the folder for them (default: that of this script)")
    options = parser.parse_args()
    for name, picture in PICTURES.items():
        path = options.out / f"{name}.png"
        picture(path)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
