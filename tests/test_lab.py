"""`triage lab` fills in the user's logs without touching their files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.shop import write_incident
from triage.errors import ChangesError, InputError, UsageError
from triage.lab import QUIET, find_notebook, open_lab, quiet_environment, write_notebook


def _read(path: Path) -> nbformat.NotebookNode:
    found: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return found


def _last_cell_writes_to(notebook: nbformat.NotebookNode, report: Path) -> None:
    cell = next(cell for cell in notebook.cells if "incident.report(" in cell.source)
    cell.source = f"incident.report({str(report)!r})"


def test_own_logs_are_filled_in_and_run(tmp_path: Path) -> None:
    folder = write_incident(tmp_path / "it's mine")
    written = write_notebook(find_notebook(), tmp_path, [str(folder / "logs")], [str(folder / "changes.json")], None)
    notebook = _read(written)
    _last_cell_writes_to(notebook, tmp_path / "report.html")
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = json.dumps([cell.get("outputs", []) for cell in notebook.cells])
    assert "inventory 2.4.0" in shown
    assert "Not a diagnosis: a person decides." in shown


def test_a_notebook_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "triage.ipynb").write_text("mine")
    written = write_notebook(find_notebook(), tmp_path, ["app.log"], None, "slow")
    assert written.name == "triage-2.ipynb"
    assert (tmp_path / "triage.ipynb").read_text() == "mine"


def test_wrong_logs_are_told_before_a_browser_opens() -> None:
    with pytest.raises(InputError, match="no such file or directory"):
        open_lab(["/nonexistent/app.log"], None, None)


def test_what_a_notebook_cannot_read_is_told_before_a_browser_opens(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("2026-11-21T02:05:12Z INFO ready\n")
    with pytest.raises(UsageError, match="cannot read standard input"):
        open_lab(["-"], None, None)
    with pytest.raises(UsageError, match="go with logs"):
        open_lab([], ["changes.json"], None)
    with pytest.raises(ChangesError, match=r"missing\.json"):
        open_lab([str(tmp_path / "app.log")], [str(tmp_path / "missing.json")], None)


def test_jupyterlab_does_not_offer_news() -> None:
    code = (
        "from jupyterlab_server.config import get_page_config as get;"
        "from jupyter_core.paths import jupyter_config_path;"
        "print(get([path + '/labconfig' for path in jupyter_config_path()])['disabledExtensions'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=quiet_environment(os.environ), capture_output=True, text=True, check=True
    )
    assert "@jupyterlab/apputils-extension:announcements" in done.stdout


def test_jupyterlab_asks_nobody_for_news() -> None:
    from jupyterlab.handlers.announcements import NeverCheckForUpdate
    from jupyterlab.labapp import LabApp

    assert LabApp.class_traits()["news_url"].allow_none
    options = dict(option.removeprefix("--LabApp.").split("=", 1) for option in QUIET)
    assert set(options) <= set(LabApp.class_traits())
    assert options["check_for_updates_class"].endswith(NeverCheckForUpdate.__name__)
