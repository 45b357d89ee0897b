"""Open the notebook with the user's logs, in JupyterLab or as a page. Nothing is fetched and nothing is sent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from triage.changes.load import load_changes
from triage.errors import UsageError
from triage.ingest.remote import is_url
from triage.ingest.sources import find_sources

NAME = "01_triage.ipynb"
#: No news; and messages of widgets in the order of cells: in threads of their own, which JupyterLab 4.6 asks for, some
#: were sent to one that the kernel did not know any more after the page was loaded again, and clicks were lost.
CONFIG = Path(__file__).parent / "lab_config"
#: Holds a template for Voilà that fetches nothing.
DATA = Path(__file__).parent / "lab_data"
#: Where the notebook is: beside the package in a checkout, inside it in an installed wheel.
PLACES = (Path(__file__).parent.parent / "notebooks", Path(__file__).parent / "notebooks")
#: JupyterLab asks for news and newer versions when it starts, unless told not to.
QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)
PAGE = ("--template=triage",)


def open_lab(logs: list[str], changes: list[str] | None, symptom: str | None, *, page: bool = False) -> int:
    """Run JupyterLab, or Voilà, until the user stops it; its exit code.

    Parameters
    ----------
    logs : list of str
        With none, the notebook shows its sample incident; else a copy with these logs is written to the current
        directory as ``triage.ipynb`` (never over an existing file).
    page : bool
        Only what the cells show, without their code: a page that Voilà serves.

    Raises
    ------
    UsageError
        If JupyterLab or Voilà is not installed, the logs do not exist, the changes cannot be read, or there is nothing
        that a notebook could read again, as with standard input.
    """
    if find_spec("jupyterlab") is None:
        raise UsageError("JupyterLab is not installed: install the extra 'lab', or run make lab")
    if page and find_spec("voila") is None:
        raise UsageError("Voilà is not installed: install the extra 'voila'")
    if "-" in logs:
        raise UsageError("the notebook cannot read standard input: write it to a file, and name that")
    if not logs and (changes or symptom):
        raise UsageError("--changes and --symptom go with logs, and none are named: triage lab LOGS... --changes F")
    notebook = find_notebook()
    if logs:
        find_sources(logs)  # a wrong path is told here, not in a browser
        load_changes(changes)
        notebook = write_notebook(notebook, Path.cwd(), logs, changes, symptom)
    program = ("voila", *PAGE) if page else ("jupyterlab", *QUIET)
    command = [sys.executable, "-m", *program, str(notebook)]
    return subprocess.run(command, check=False, env=quiet_environment(os.environ)).returncode


def quiet_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The environment with our settings for JupyterLab first, and our template for Voilà: neither fetches anything."""
    ours = {"JUPYTER_CONFIG_PATH": CONFIG, "JUPYTER_PATH": DATA}
    paths = {name: os.pathsep.join([str(own), *filter(None, [env.get(name)])]) for name, own in ours.items()}
    return {**env, **paths}


def find_notebook() -> Path:
    """The notebook that comes with the library."""
    for place in PLACES:
        if (place / NAME).is_file():
            return place / NAME
    raise UsageError(f"the notebook {NAME} is missing from this installation: install it again")


def write_notebook(source: Path, folder: Path, logs: list[str], changes: list[str] | None, symptom: str | None) -> Path:
    """A copy of `source` whose ``parameters`` cell names the user's logs, under the first free name in `folder`."""
    notebook: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    absolute = [log if is_url(log) else str(Path(log).absolute()) for log in logs]
    places = [one if one.startswith("git:") else str(Path(one).absolute()) for one in changes or []]
    known = places[0] if len(places) == 1 else places or None
    cell = next(c for c in notebook["cells"] if "parameters" in c.get("metadata", {}).get("tags", ()))
    cell["source"] = [f"LOGS = {absolute!r}\n", f"CHANGES = {known!r}\n", f"SYMPTOM = {symptom!r}\n", 'TZ = "UTC"']
    names = ["triage.ipynb", *(f"triage-{n}.ipynb" for n in range(2, 1000))]
    target = next(folder / name for name in names if not (folder / name).exists())
    target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target
