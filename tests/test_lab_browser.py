"""The guided notebook in JupyterLab in a real browser: it runs, it is legible, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

import triage
from tests.chromium import needs_chromium
from tests.lab_browser import DARK, ROOT, Lab, NotebookPage, running_lab, write_cells
from triage.lab import find_notebook, write_notebook

SAMPLE = ROOT / "sample_logs" / "checkout-5xx"
PLOT = "incident.plot()"
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture(scope="module")
def run(lab: Lab) -> Iterator[NotebookPage]:
    """The notebook on the sample incident, after all its cells ran."""
    symptom = (SAMPLE / "symptom.txt").read_text(encoding="utf-8").strip()
    places = [str(SAMPLE / "logs")], [str(SAMPLE / "changes.json")]
    written = write_notebook(find_notebook(), lab.root, *places, symptom)
    with lab.open_notebook(written.name) as notebook:
        assert notebook.run_all(), notebook.errors()
        yield notebook


def test_it_shows_tables_and_a_plot_and_nothing_else_happens(run: NotebookPage) -> None:
    page = run.page
    page.wait_for_selector(".js-plotly-plot .barlayer .point", state="attached")
    expect(page.get_by_text("Not a diagnosis: a person decides.").first).to_be_attached()
    assert page.locator(".jp-OutputArea-output table").count() >= 5
    run.cell(run.number_of(PLOT))
    run.screenshot("lab-01-light")
    assert run.errors() == []


def test_a_laptop_needs_no_scrolling_sideways(run: NotebookPage) -> None:
    assert run.too_wide() == []


def test_the_plot_takes_the_width_there_is_and_keeps_its_height(run: NotebookPage) -> None:
    plot = run.cell(run.number_of(PLOT)).locator(".js-plotly-plot .main-svg").first
    before = run.page.evaluate("part => part.clientWidth", plot.element_handle())
    run.command("application:toggle-left-area")
    run.page.wait_for_function(
        "([part, before]) => part.clientWidth > before + 100", arg=[plot.element_handle(), before]
    )
    assert run.page.evaluate("part => part.clientHeight", plot.element_handle()) > 400
    run.command("application:toggle-left-area")
    run.page.wait_for_function("([part, before]) => part.clientWidth === before", arg=[plot.element_handle(), before])
    assert run.page.evaluate("part => part.clientHeight", plot.element_handle()) > 400


def test_dark_is_dark(run: NotebookPage) -> None:
    run.set_theme(DARK)
    panel = run.page.locator(".jp-Notebook").first
    expect(panel).to_have_css("color-scheme", "dark")
    run.cell(run.number_of(PLOT))
    run.screenshot("lab-01-dark")
    assert run.errors() == []


def test_outputs_are_there_after_a_reload_and_the_kernel_knows_what_ran(run: NotebookPage) -> None:
    run.reload()
    # The plot is a picture of itself until somebody points at it.
    expect(run.cell(run.number_of(PLOT)).locator(".jp-RenderedPlotly :is(img, .js-plotly-plot)").first).to_be_visible()
    ledger = run.number_of("incident.ledger")
    assert run.re_run(ledger)
    expect(run.cell(ledger).locator("table").first).to_be_visible()
    assert run.errors() == []


def test_what_should_not_happen_is_told(lab: Lab) -> None:
    cells = [
        "from IPython.display import HTML, Javascript, display\n"
        "display(HTML('<img src=\"https://elsewhere.example/a.png\">'))",
        'display(Javascript(\'console.error("loud"); new WebSocket("wss://elsewhere.example/socket")\'))',
        "display(HTML('<table><td style=\"min-width:3000px\">wide</table>'))",
        "1 / 0",
    ]
    write_cells(lab.root / "amiss.ipynb", cells)
    with lab.open_notebook("amiss.ipynb") as notebook:
        assert not notebook.run_all()
        expect(notebook.cell(2).locator("table")).to_be_visible()
        told = "\n".join(notebook.errors())
        for wanted in ("request to https://elsewhere.example/a.png", "console error: loud", "wss://elsewhere.example"):
            assert wanted in told
        assert "cell 3: ZeroDivisionError division by zero" in told
        assert [text[:7] for text in notebook.too_wide()] == ["cell 2:"]


def test_a_restarted_kernel_knows_nothing(lab: Lab) -> None:
    write_cells(lab.root / "restart.ipynb", ["value = 7", "value"])
    with lab.open_notebook("restart.ipynb") as notebook:
        assert notebook.run_all()
        notebook.restart_kernel()
        assert not notebook.re_run(1)
        assert [text.split(":")[1].split()[0] for text in notebook.errors()] == ["NameError"]


def test_what_looks_like_a_formula_stays_text(lab: Lab, tmp_path: Path) -> None:
    hostile = r"$x^2$ and \(y^2\) of $$z$$"
    log = tmp_path / "app.log"
    log.write_text(f"2026-11-21T02:00:00Z ERROR {hostile}\n")
    incident = triage.load(log).remark(hostile, by="ana")
    incident.report(lab.root / "postmortem.ipynb")
    kept = incident.save(tmp_path / "kept")
    write_cells(lab.root / "formulas.ipynb", [f"import triage\ntriage.open({str(kept)!r}).remarks", "'$w$'"])
    write_cells(lab.root / "formula.ipynb", ["from IPython.display import HTML\nHTML('<p>$w$</p>')"])
    with lab.open_notebook("formula.ipynb") as notebook:
        assert notebook.run_all()
        expect(notebook.page.locator("mjx-container")).to_have_count(1)
    with lab.open_notebook("formulas.ipynb") as notebook:
        assert notebook.run_all()
        expect(notebook.cell(0).locator("table")).to_contain_text(hostile)
        notebook.page.wait_for_timeout(1000)
        expect(notebook.page.locator("mjx-container")).to_have_count(0)
    with lab.open_notebook("postmortem.ipynb") as notebook:
        expect(notebook.cell(0)).to_contain_text("No onset found")
        notebook.cell(notebook.number_of("## Timeline"))
        expect(notebook.page.get_by_text("$x^2$").first).to_be_visible()
        notebook.page.wait_for_timeout(1000)
        expect(notebook.page.locator("mjx-container")).to_have_count(0)
