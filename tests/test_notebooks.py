"""Each notebook runs from top to bottom in a kernel of its own, and what it shows needs no kernel and no network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page

from tests.chromium import launched, needs_chromium

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_BYTES = 3_000_000
#: What the README says for a page that asks for nothing.
QUIET = {"require_js_url": "", "mathjax_url": ""}
PLOT = {"application/vnd.plotly.v1+json", "image/svg+xml"}
REPORT = re.compile(r"\.report\(\"([^\"]+)\"")
#: What is wider than the page, of what the library itself shows.
WIDE = """() => [...document.querySelectorAll('.jp-OutputArea-output table:not(.dataframe), .jp-OutputArea-output svg')]
    .filter(shown => shown.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map(shown => shown.textContent.slice(0, 80))"""


class Executed(NamedTuple):
    """A notebook with its outputs, and the folder that it ran in."""

    name: str
    notebook: Any
    folder: Path

    @property
    def outputs(self) -> list[Any]:
        return [output for cell in self.notebook.cells for output in cell.get("outputs", [])]

    @property
    def bundles(self) -> list[dict[str, Any]]:
        return [output["data"] for output in self.outputs if "data" in output]

    @property
    def code(self) -> str:
        return "\n".join(cell.source for cell in self.notebook.cells if cell.cell_type == "code")


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Executed:
    """A copy, beside the samples as in the checkout: what it writes stays out of that."""
    place = tmp_path_factory.mktemp("checkout")
    (place / "sample_logs").symlink_to(ROOT / "sample_logs")
    path = place / "notebooks" / request.param.name
    path.parent.mkdir()
    shutil.copy(request.param, path)
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    return Executed(request.param.stem, notebook, path.parent)


def test_it_runs_and_complains_of_nothing(executed: Executed) -> None:
    assert [output for output in executed.outputs if output.output_type == "error"] == []
    assert [output.text for output in executed.outputs if output.get("name") == "stderr"] == []
    assert executed.bundles


def test_it_shows_tables_and_plots_that_need_no_widget(executed: Executed) -> None:
    assert any("<table>" in bundle.get("text/html", "") for bundle in executed.bundles)
    plots = [bundle for bundle in executed.bundles if PLOT & bundle.keys()]
    assert [PLOT - bundle.keys() for bundle in plots] == [set()] * executed.code.count(".plot()")


def test_it_stays_small(executed: Executed) -> None:
    assert len(nbformat.writes(executed.notebook).encode()) < MOST_BYTES  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


def converted(executed: Executed, browser: Browser, page: Path, **options: str) -> tuple[Page, list[str]]:
    """The notebook as HTML in a browser that has no network, as wide as a laptop's, and what the page asks for.

    Without the state of widgets, as JupyterLab saves it, and other programs if they are told so.
    """
    bare = deepcopy(executed.notebook)
    bare.metadata.pop("widgets", None)
    html, _ = HTMLExporter(**options).from_notebook_node(bare)  # type: ignore[no-untyped-call]
    page.write_text(html, encoding="utf-8")
    shown = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}).new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url[:100]) if request.url.startswith("http") else None)
    shown.goto(page.as_uri())
    return shown, asked


@needs_chromium
def test_as_html_it_shows_all_without_a_kernel_and_a_network(
    executed: Executed, browser: Browser, tmp_path: Path
) -> None:
    page, asked = converted(executed, browser, tmp_path / "quiet.html", **QUIET)
    assert asked == []
    tables = sum(bundle.get("text/html", "").count("<table") for bundle in executed.bundles)
    assert page.locator(".jp-OutputArea-output table").count() == tables
    assert page.locator(".jp-OutputArea-output table").first.is_visible()
    drawn = page.locator(".jp-OutputArea-output svg, .jp-OutputArea-output img[src^='data:image/svg']")
    assert drawn.count() == executed.code.count(".plot()")
    assert all(part.is_visible() for part in drawn.all())
    assert page.evaluate(WIDE) == []
    page.set_viewport_size({"width": 980, "height": 900})  # the cell of a JupyterLab with its file browser, at 1280
    assert page.evaluate(WIDE) == []
    plain, _ = converted(executed, browser, tmp_path / "plain.html")
    assert plain.locator(".jp-OutputArea-output table").count() == tables


def test_a_report_that_it_names_is_written(executed: Executed) -> None:
    written = {
        path.name
        for path in executed.folder.iterdir()
        if path.suffix in (".html", ".md", ".ipynb") and path.stat().st_size and path.stem != executed.name
    }
    assert written == set(REPORT.findall(executed.code))
