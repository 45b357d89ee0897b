"""The guide in JupyterLab in a real browser: from load to exported write-up, as a person goes through it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.chromium import needs_chromium
from tests.guide_page import GuidePage
from tests.lab_browser import DARK, ROOT, Lab, NotebookPage, running_lab, write_cells

SAMPLE = ROOT / "sample_logs" / "checkout-5xx"
#: The kernel imports what the server's environment names.
LOADED = f"""import triage
sample = {str(SAMPLE)!r}
incident = triage.load(
    sample + "/logs", changes=sample + "/changes.json", symptom="errors"
)"""
GUIDE = "guide = triage.guide(incident)\nguide"
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as found:
        yield found


def notebook_with(lab: Lab, name: str, cells: list[str]) -> str:
    write_cells(lab.root / f"{name}.ipynb", cells)
    return f"{name}.ipynb"


def value_of(notebook: NotebookPage, cell: int) -> Any:
    """What a cell printed as JSON."""
    assert notebook.re_run(cell), notebook.errors()
    return json.loads(notebook.cell(cell).locator(".jp-OutputArea-output pre").inner_text())


@pytest.fixture(scope="module")
def opened(lab: Lab) -> Iterator[GuidePage]:
    told = """import json
found = guide.incident
told = {"symptom": found.symptom, "step": guide.state.step}
told |= {"verdicts": found.verdicts.to_json(), "remarks": found.remarks.to_json()}
print(json.dumps(told))"""
    name = notebook_with(lab, "guide", [LOADED, GUIDE, told])
    with lab.open_notebook(name) as notebook:
        assert notebook.run_all(), notebook.errors()
        yield GuidePage(notebook, 1)


def test_from_load_to_an_exported_write_up(opened: GuidePage, lab: Lab) -> None:
    guide, notebook = opened, opened.notebook
    guide.step("Load")
    guide.says("88,453 lines")
    guide.step("Trust")
    guide.says("0 unaccounted for")
    notebook.screenshot("guide-2-trust")

    guide.step("Patterns")
    rows = guide.root.locator("table.dataTable tbody tr")
    guide.root.locator("table.dataTable th", has_text="services").first.click()  # sorted otherwise than it came
    expect(rows.first).to_contain_text("checkout")
    opened_one = rows.nth(3).locator("td").nth(2).inner_text()
    rows.nth(3).click()
    expect(guide.root.locator(".drawer h3").first).to_have_text(opened_one)
    guide.fill("Find in templates", "stock check failed")
    guide.press("Find")
    expect(rows).to_have_count(1)
    rows.first.click()
    guide.says("Split at wildcard number")
    guide.press("Raw lines")
    guide.says("Lines: template: stock check failed")
    expect(guide.root.locator(".raw pre").first).to_be_in_viewport()
    notebook.screenshot("guide-3-patterns")

    guide.step("Errors")
    guide.says("connection pool exhausted")
    notebook.screenshot("guide-4-errors")

    guide.step("When")
    guide.brush(0.6, 0.8)
    guide.says("is counted")
    notebook.screenshot("guide-5-when")
    guide.step("Errors")
    expect(guide.root.locator(".card").first).to_contain_text("in the window")
    guide.press("Whole time")
    expect(guide.root.locator(".windowed")).to_have_count(0)

    guide.step("What changed")
    guide.says("deploy of inventory 2.4.0")
    notebook.screenshot("guide-6-what-changed")

    guide.root.get_by_label("What was seen").fill("stock is gone and orders fail")
    guide.last_line("incident.with_symptom('stock is gone and orders fail')")
    guide.root.get_by_label("Your name").first.fill("ana")
    guide.root.get_by_label("Your name").first.press("Tab")

    guide.step("Hypotheses")
    guide.root.locator(".evidence summary").first.click()
    guide.root.locator(".evidence").get_by_role("button", name="in context").first.click()
    guide.says("Lines: around line")
    guide.press("Close")
    guide.root.locator(".checks input").first.check()
    guide.last_line("incident.check_off(")
    guide.fill("What it showed", "only new ones fail", ".checks form")
    guide.press("Keep")
    guide.last_line("result='only new ones fail'")
    notebook.screenshot("guide-7-hypotheses")

    guide.step("Verdict")
    guide.root.get_by_label("none of the recorded changes", exact=True).check()
    guide.root.get_by_label("Rejected").check()
    guide.fill("Why", "the version fits")
    guide.press("Record the decision")
    guide.says("rejected by ana: the version fits")
    guide.root.locator("#diagnosis").fill("The pool runs dry.\nSince 2.4.0.")
    guide.press("Record the diagnosis")
    guide.last_line("incident.diagnose(")
    notebook.screenshot("guide-8-verdict")

    guide.step("Write-up")
    preview = guide.root.frame_locator("iframe")
    expect(preview.locator("body")).to_contain_text("The pool runs dry.")
    guide.press("Write the file")
    guide.says("Written:")
    notebook.screenshot("guide-9-write-up")
    assert "Since 2.4.0." in (lab.root / "postmortem.md").read_text(encoding="utf-8")
    assert guide.amiss() == []


def test_a_cell_that_runs_again_and_a_page_that_is_loaded_again_keep_it(opened: GuidePage) -> None:
    notebook = opened.notebook
    opened.step("Verdict")
    before = value_of(notebook, 2)
    assert before["symptom"] == "stock is gone and orders fail"
    assert notebook.re_run(0)
    assert notebook.re_run(1)
    assert value_of(notebook, 2) == before
    notebook.reload()
    again = GuidePage(notebook, 1)  # the widgets are those of the kernel, which runs on
    expect(again.root.locator("nav[aria-label=Steps] [aria-current]")).to_contain_text("Verdict")
    again.says("rejected by ana")
    again.step("Errors")
    again.says("connection pool exhausted")
    assert notebook.errors() == []


def test_a_new_kernel_takes_it_up_from_the_folder(opened: GuidePage) -> None:
    notebook = opened.notebook
    before = value_of(notebook, 2)
    notebook.restart_kernel()
    assert notebook.run_all(), notebook.errors()
    assert value_of(notebook, 2) == before
    GuidePage(notebook, 1).says("Rejected: none of the recorded changes (by ana)")


def test_dark_is_legible(opened: GuidePage) -> None:
    notebook = opened.notebook
    notebook.set_theme(DARK)
    guide = GuidePage(notebook, 1)
    for step in ("When", "Hypotheses", "Patterns"):
        guide.step(step)
        notebook.screenshot(f"guide-dark-{step.lower()}")
        faint = notebook.page.evaluate(FAINT)
        assert faint == [], step
    assert guide.amiss() == []


#: Texts whose contrast against what is behind them is below 4.5 to 1 (WCAG AA), but for disabled ones and pictures.
FAINT = """() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
    const behind = node => {
        for (let at = node; at; at = at.parentElement) {
            const colour = parts(getComputedStyle(at).backgroundColor);
            if (colour.length < 4 || colour[3] > 0.99) return colour;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('.triage-page *')].filter(node => {
        const own = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
        if (!own || !node.checkVisibility() || node.closest('svg, :disabled, option')) return false;
        const [a, b] = [light(parts(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05) < 4.5;
    }).map(node => node.textContent.trim().slice(0, 60));
}"""


def test_it_is_worked_with_the_keyboard_alone(lab: Lab) -> None:
    name = notebook_with(lab, "keys", [LOADED, GUIDE.replace("(incident)", "(incident, folder=None)")])
    with lab.open_notebook(name) as notebook:
        assert notebook.run_all()
        guide, keys = GuidePage(notebook, 1), notebook.page.keyboard
        guide.root.get_by_label("What was seen").focus()
        keys.press("Control+A")
        keys.type("dd stock gone")  # letters that are commands of the notebook elsewhere
        guide.last_line("with_symptom('dd stock gone')")
        assert notebook.page.locator(".jp-Cell").count() == 2
        guide.root.locator("nav[aria-label=Steps]").get_by_role("button", name="Hypotheses").focus()
        keys.press("Enter")
        guide.says("What may explain it?")
        expect(guide.root.locator("nav[aria-label=Steps] [aria-current]")).to_be_focused()
        guide.root.locator(".evidence summary").first.focus()
        keys.press("Enter")
        keys.press("Tab")
        keys.press("Enter")
        guide.says("Lines: around line")
        guide.root.locator("nav[aria-label=Steps]").get_by_role("button", name="Patterns").focus()
        keys.press("Enter")
        guide.root.get_by_label("Find in templates").fill("stock check")
        keys.press("Enter")
        expect(guide.root.locator("table.dataTable tbody tr")).to_have_count(1)
        rows = guide.root.locator("table.dataTable tbody tr")
        rows.first.focus()
        keys.press("Enter")
        guide.says("Split at wildcard number")
        guide.root.get_by_label("Find in templates").fill("")
        guide.root.get_by_label("Find in templates").press("Enter")
        expect(rows).to_have_count(15)
        rows.first.focus()
        keys.press("ArrowDown")  # which is a command of the notebook as well
        expect(rows.nth(1)).to_be_focused()
        assert notebook.errors() == []


def test_what_is_typed_and_not_sent_stays(lab: Lab) -> None:
    name = notebook_with(lab, "drafts", [LOADED, GUIDE.replace("(incident)", "(incident, folder=None)")])
    with lab.open_notebook(name) as notebook:
        assert notebook.run_all()
        guide = GuidePage(notebook, 1)
        guide.step("Verdict")
        third = guide.root.locator("#about-3")
        third.check()
        guide.root.get_by_label("Rejected").check()
        guide.root.locator("#diagnosis").fill("half a sentence")
        guide.root.get_by_label("Your name").first.fill("ana")  # draws all again
        guide.root.get_by_label("Your name").first.press("Tab")
        guide.root.locator("nav[aria-label=Steps]").get_by_role("button", name="Hypotheses").click()
        card = guide.root.locator("details.card").nth(1)
        card.locator("summary").first.click()
        expect(card).to_have_attribute("open", "")
        guide.step("Verdict")
        expect(guide.root.locator("#about-3")).to_be_checked()
        expect(guide.root.get_by_label("Rejected")).to_be_checked()
        expect(guide.root.locator("#diagnosis")).to_have_value("half a sentence")
        guide.step("Hypotheses")
        expect(guide.root.locator("details.card").nth(1)).to_have_attribute("open", "")
        notebook.reload()
        again = GuidePage(notebook, 1)
        again.step("Verdict")
        expect(again.root.locator("#diagnosis")).to_have_value("half a sentence")
        again.press("Record the diagnosis")
        again.last_line("incident.diagnose('half a sentence', by='ana')")
        expect(again.root.locator("#diagnosis")).to_have_value("")
        assert notebook.errors() == []


#: A job that goes on until it is told to end.
ENDLESS = """from time import sleep
from triage.widgets.jobs import Job
job = Job("waiting for the reader", cancellable=True)

def wait():
    while True:
        job.tick()
        job.said = f"{job.seconds:.1f}"
        sleep(0.05)

guide.work(job, wait, "")"""


def test_what_is_under_the_fingers_stays(lab: Lab) -> None:
    cells = [LOADED, GUIDE.replace("(incident)", "(incident, folder=None)"), ENDLESS]
    with lab.open_notebook(notebook_with(lab, "fingers", cells)) as notebook:
        assert notebook.re_run(0)
        assert notebook.re_run(1)
        guide, page = GuidePage(notebook, 1), notebook.page
        symptom = guide.root.get_by_label("What was seen")
        symptom.fill("")
        symptom.press_sequentially("stock ")  # and a pause after the blank
        guide.last_line("with_symptom('stock')")
        page.keyboard.type("gone")
        guide.last_line("with_symptom('stock gone')")
        expect(symptom).to_have_value("stock gone")

        assert notebook.re_run(2)
        cancel = guide.root.get_by_role("button", name="Cancel")
        cancel.focus()
        said = guide.root.locator(".busy").inner_text()
        expect(guide.root.locator(".busy")).not_to_have_text(said)
        expect(cancel).to_be_focused()
        cancel.hover()
        page.mouse.down()
        page.wait_for_timeout(800)  # some of its steps later
        page.mouse.up()
        expect(guide.root.locator(".busy")).to_have_count(0)
        assert notebook.errors() == []


def test_the_table_is_sorted_by_the_whole_header(opened: GuidePage) -> None:
    opened.step("Patterns")
    opened.root.locator("thead th").filter(has_text="template").click()
    texts = opened.root.locator("table.dataTable tbody tr td:nth-child(3)")
    expect(opened.root.locator("thead th[aria-sort=ascending]")).to_contain_text("template")
    shown = [text.lower() for text in texts.all_inner_texts()]
    assert shown == sorted(shown)
    opened.root.locator("thead th").filter(has_text="records").click(click_count=2, delay=50)
    expect(opened.root.locator("thead th[aria-sort=descending]")).to_contain_text("records")
    counts = opened.root.locator("table.dataTable tbody tr td:nth-child(1)").all_inner_texts()
    assert int(counts[0].replace(",", "")) > 1000 > int(counts[-1].replace(",", "")) > 0
    assert opened.notebook.errors() == []


def test_a_page_that_is_loaded_again_during_a_job_reaches_it(lab: Lab) -> None:
    cells = [LOADED, GUIDE.replace("(incident)", "(incident, folder=None)"), ENDLESS]
    with lab.open_notebook(notebook_with(lab, "reloaded", cells)) as notebook:
        assert all(notebook.re_run(cell) for cell in range(3))
        expect(notebook.page.locator(".triage-page .busy")).to_contain_text("waiting for the reader")
        notebook.reload()
        guide = GuidePage(notebook, 1)
        guide.step("Errors")
        guide.root.get_by_role("button", name="Cancel").click()
        expect(guide.root.locator(".busy")).to_have_count(0)


def test_a_hostile_log_stays_text(lab: Lab, tmp_path: Path) -> None:
    bad = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(2)>",
        "\x1b[31mred \u202egnp",
        "*b* [l](http://e) $x$",
    ]
    fine = [f"2026-11-21T02:{n // 60:02}:{n % 60:02}Z INFO fine\n" for n in range(1200)]
    worse = [f"2026-11-21T02:{20 + n // 60:02}:{n % 60:02}Z ERROR {bad[n % 4]} failed\n" for n in range(600)]
    log = tmp_path / "app<b>.log"
    log.write_text("".join([*fine, *worse]))
    changes = [{"id": "1", "time": "2026-11-21T02:18:00Z", "kind": "deploy", "service": "<svg onload=alert(3)>"}]
    load = f"import triage\nincident = triage.load({str(log)!r}, changes={changes!r}, symptom='<u>fails')"
    name = notebook_with(lab, "hostile", [load, "guide = triage.guide(incident, folder=None)\nguide"])
    with lab.open_notebook(name) as notebook:
        assert notebook.run_all()
        guide = GuidePage(notebook, 1)
        for step in ("Trust", "Errors", "When", "What changed", "Hypotheses", "Verdict", "Patterns"):
            guide.step(step)
            expect(guide.root.locator("img, u, script")).to_have_count(0)
        guide.says("<img src=x onerror=alert(<NUM>)> failed")
        guide.root.locator("table.dataTable tbody tr").first.click()
        guide.press("Raw lines")
        expect(guide.root.locator(".raw pre").first).to_contain_text("failed")
        notebook.screenshot("guide-hostile")
        guide.step("Write-up")
        expect(guide.root.frame_locator("iframe").locator("body")).to_contain_text("onerror=alert(2)")
        assert guide.amiss() == []


def test_logs_are_chosen_from_a_folder_and_errors_are_shown(lab: Lab, tmp_path: Path) -> None:
    with lab.open_notebook(notebook_with(lab, "nothing", ["import triage\nguide = triage.guide()\nguide"])) as notebook:
        assert notebook.run_all()
        guide = GuidePage(notebook, 0)
        guide.press("Read the logs")
        expect(guide.root.get_by_role("alert")).to_contain_text("no logs are named")
        guide.root.get_by_label("Logs: files, folders or globs").fill(str(SAMPLE / "logs"))
        guide.root.get_by_label("Changes:").fill(str(SAMPLE / "changes.json"))
        guide.press("Read the logs")
        expect(guide.root.get_by_role("status")).to_be_visible()
        guide.says("Trouble began on 2026-11-21")
        expect(guide.root.get_by_role("alert")).to_have_count(0)
        guide.step("Hypotheses")
        guide.says("deploy of inventory 2.4.0")
        assert guide.amiss() == []
