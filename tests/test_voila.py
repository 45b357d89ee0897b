"""The notebook as a page that Voilà serves: widgets work in it, and nothing is fetched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium import WatchedPage, launched, needs_chromium
from tests.guide_page import GuideOnPage
from tests.lab_browser import ROOT, own_environment, started, wait_until, write_cells
from tests.shop import write_incident
from triage.errors import UsageError
from triage.lab import DATA, PAGE, find_notebook, open_lab, quiet_environment, write_notebook

SAMPLE = ROOT / "sample_logs" / "checkout-5xx"
ADDRESS = re.compile(r"running at:\s+(http://\S+:\d+/)\s")
#: Voilà's own libraries are older than those that extensions of JupyterLab were built with, and those say so.
OLDER = (r"(Unsatisfied|No satisfying) version .* of shared (singleton )?module @jupyterlab/.*",)
#: The plot is to be kept in the notebook as a picture too, which Voilà has no place for.
NO_PICTURE = r"\w+\.setData is not a function"
WIDGETS = '''
import anywidget, ipywidgets, traitlets
from IPython.display import display

label = ipywidgets.Label("pressed 0")
button = ipywidgets.Button(description="press", icon="check")
button.on_click(lambda _: setattr(label, "value", "pressed 1"))

class Counter(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
        const button = document.createElement("button");
        const show = () => { button.textContent = `counted ${model.get("value")}`; };
        button.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
        model.on("change:value", show);
        show();
        el.append(button);
    }
    export default { render };
    """
    value = traitlets.Int(0).tag(sync=True)

counter, seen = Counter(), ipywidgets.Label("kernel has 0")
counter.observe(lambda change: setattr(seen, "value", f"kernel has {change.new}"), "value")
display(button, label, counter, seen)
'''


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@contextmanager
def served(notebook: Path, folder: Path, browser: Browser) -> Iterator[WatchedPage]:
    """The page of a notebook, opened."""
    env = {**own_environment(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "voila", *PAGE, str(notebook), "--no-browser"]
    with started(command, folder, env) as process:
        log = folder / "log"
        wait_until(lambda: process.poll() is not None or ADDRESS.search(log.read_text()), log)
        found = ADDRESS.search(log.read_text())
        assert found, log.read_text()
        page = WatchedPage(browser, found[1])
        page.harmless = OLDER
        page.page.goto(found[1])
        yield page
        page.close()


@needs_chromium
def test_widgets_work(browser: Browser, tmp_path: Path) -> None:
    notebook = tmp_path / "widgets.ipynb"
    write_cells(notebook, [WIDGETS])
    with served(notebook, tmp_path / "voila", browser) as watched:
        page = watched.page
        page.get_by_role("button", name="press").click()
        expect(page.get_by_text("pressed 1")).to_be_visible()
        page.get_by_role("button", name="counted 0").click()
        expect(page.get_by_role("button", name="counted 1")).to_be_visible()
        expect(page.get_by_text("kernel has 1")).to_be_visible()
        watched.screenshot("voila-widgets")
        assert watched.amiss == []


@needs_chromium
def test_the_notebook_is_a_page(browser: Browser, tmp_path: Path) -> None:
    symptom = (SAMPLE / "symptom.txt").read_text(encoding="utf-8").strip()
    places = [str(SAMPLE / "logs")], [str(SAMPLE / "changes.json")]
    notebook = write_notebook(find_notebook(), tmp_path, *places, symptom)
    with served(notebook, tmp_path / "voila", browser) as watched:
        watched.harmless = (*OLDER, NO_PICTURE)
        watched.page.wait_for_selector(".js-plotly-plot .barlayer .point", state="attached")
        expect(watched.page.get_by_text("Not a diagnosis: a person decides.").first).to_be_visible()
        watched.screenshot("voila-01")
        assert watched.amiss == []


@needs_chromium
def test_the_guide_is_worked_with(browser: Browser, tmp_path: Path) -> None:
    folder = write_incident(tmp_path / "incident")
    load = f"triage.load({str(folder / 'logs')!r}, changes={str(folder / 'changes.json')!r})"
    notebook = tmp_path / "guide.ipynb"
    write_cells(notebook, [f"import triage\nguide = triage.guide({load}, folder=None)\nguide"])
    with served(notebook, tmp_path / "voila", browser) as watched:
        guide = GuideOnPage(watched, watched.page.locator("body"))
        guide.step("Patterns")
        guide.root.locator("table.dataTable tbody tr").filter(has_text="no connection within").click()
        guide.says("Split at wildcard number")
        watched.screenshot("voila-guide-patterns")
        guide.step("When")
        expect(guide.root.locator(".triage-timeline svg .tl-change").first).to_be_visible()
        guide.brush(0.4, 0.6)
        guide.says("is counted")
        watched.screenshot("voila-guide-when")
        guide.step("Hypotheses")
        guide.says("deploy of inventory 2.4.0")
        watched.screenshot("voila-guide-hypotheses")
        assert watched.amiss == []


def test_page_starts_voila_with_our_template(monkeypatch: pytest.MonkeyPatch) -> None:
    started_with: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        started_with.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("triage.lab.subprocess.run", run)
    assert open_lab([], None, None, page=True) == 0
    assert started_with == [[sys.executable, "-m", "voila", "--template=triage", str(find_notebook())]]


def test_voila_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.lab.find_spec", lambda name: None if name == "voila" else find_spec(name))
    with pytest.raises(UsageError, match="install the extra 'voila'"):
        open_lab([], None, None, page=True)


def test_what_the_user_has_in_the_paths_stays() -> None:
    env = quiet_environment({"JUPYTER_PATH": "mine", "LANG": "C"})
    assert env["JUPYTER_PATH"].split(os.pathsep) == [str(DATA), "mine"]
    assert env["LANG"] == "C"
