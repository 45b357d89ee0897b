"""The report as a notebook: valid, unrun, with the words of the Markdown report, and it runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import triage
from tests.people_said import decided
from tests.shop import write_incident
from triage.report.markdown import render_markdown
from triage.report.notebook import NO_FORMULAS, render_notebook

GOLDEN = Path(__file__).parent / "golden" / "report"
ROOT = Path(__file__).parents[1]


def load(*names: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for name in names:
        whole |= json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return whole


def cells_of(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["cells"]
    return found


@pytest.mark.parametrize("names", [("summary",), ("summary", "people"), ("hostile",)])
def test_it_is_a_valid_notebook_that_nobody_ran(names: tuple[str, ...]) -> None:
    text = render_notebook(load(*names))
    nbformat.validate(nbformat.reads(text, as_version=4))  # type: ignore[no-untyped-call]
    code = [cell for cell in cells_of(text) if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in code] == ["calls", "plot", "lines"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_it_has_the_words_of_the_markdown_report() -> None:
    summary = load("summary", "people")
    cells = cells_of(render_notebook(summary))
    [calls] = [cell["source"] for cell in cells if cell["id"] == "calls"]
    before, after = NO_FORMULAS.split("{}")
    said = [
        cell["source"].removeprefix(before).removesuffix(after) for cell in cells if cell["cell_type"] == "markdown"
    ]
    place = [cell["id"] for cell in cells if cell["cell_type"] == "markdown"].index("blanks")
    blocks = [*said[:place], f"```python\n{calls}\n```", *said[place:]]
    assert "\n\n".join(blocks) + "\n" == render_markdown(summary)


def test_without_calls_there_is_no_code() -> None:
    summary = load("summary") | {"reproduce": None}
    assert {cell["cell_type"] for cell in cells_of(render_notebook(summary))} == {"markdown"}


def run(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return [dict(cell) for cell in notebook.cells if cell.cell_type == "code"]


def test_the_write_up_of_a_sample_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    folder = Path("sample_logs") / "checkout-5xx"
    symptom = (folder / "symptom.txt").read_text(encoding="utf-8")
    incident = decided(triage.load(folder / "logs", folder / "changes.json", symptom))
    path = incident.report(tmp_path / "postmortem.ipynb")
    _, plot, lines = run(path, ROOT, monkeypatch)
    assert "application/vnd.plotly.v1+json" in plot["outputs"][0]["data"]
    assert "ERROR" in lines["outputs"][0]["data"]["text/plain"]


def test_the_calls_come_to_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_incident(tmp_path)
    monkeypatch.chdir(folder)
    loaded = triage.load(
        "logs", "changes.json", "checkout fails",
        tz={"*payments*": "Europe/Paris", "*": "UTC"}, clock={"*payments*": "+2s"},
        read_as={"*payments*": "generic"}, since="2026-11-21T02:01:00Z",
        corrections={"mute": ["slow query took <*> ms"]},
    )  # fmt: skip
    incident = decided(loaded)
    path = incident.report("one.ipynb")
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    [calls] = [cell for cell in notebook.cells if cell.id == "calls"]
    calls.source += "\nincident.report('again.ipynb')\nincident.report('again.md', redact=False)"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    run(path, folder, monkeypatch)
    assert Path("again.ipynb").read_bytes() == incident.report("one.ipynb").read_bytes()
    assert Path("again.md").read_bytes() == incident.report("one.md", redact=False).read_bytes()
