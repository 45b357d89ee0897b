"""The HTML report in a real browser: it draws, it runs nothing of what logs say, and it asks for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.chromium import launched, needs_chromium
from triage.report.write import write_report

GOLDEN = Path(__file__).parent / "golden" / "report"
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    names = ("summary", "hostile")
    read = {name: json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8")) for name in names}
    return {name: write_report(summary, folder / f"{name}.html") for name, summary in read.items()}


def opened(browser: Browser, path: Path, **context: Any) -> tuple[Page, list[str]]:
    """The page, and everything about it that should not happen: requests, errors, dialogs."""
    page = browser.new_context(**context).new_page()
    page.set_default_timeout(15_000)
    amiss: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        amiss.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("request", lambda request: None if request.url == path.as_uri() else amiss.append(request.url[:100]))
    page.on("console", lambda message: amiss.append(message.text[:300]))
    page.on("pageerror", lambda error: amiss.append(str(error)[:300]))
    page.on("dialog", dismissed)
    page.goto(path.as_uri())
    return page, amiss


@pytest.mark.parametrize(("name", "scheme"), [("summary", "light"), ("hostile", "dark")])
def test_it_draws_and_nothing_else_happens(browser: Browser, reports: dict[str, Path], name: str, scheme: str) -> None:
    page, amiss = opened(browser, reports[name], color_scheme=scheme)
    page.wait_for_selector("#timeline .barlayer .point", state="attached")
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.locator("#timeline .nsewdrag").first.hover()
    page.wait_for_selector("#timeline .hoverlayer .legend")
    assert page.locator("#timeline .modebar-btn").count() == 4
    assert page.locator("#timeline a[href], #timeline a[*|href]:not([href])").count() == 0
    assert amiss == []
    page.context.close()


def test_labels_of_the_plot_are_the_text_of_the_log(browser: Browser, reports: dict[str, Path]) -> None:
    page, _ = opened(browser, reports["hostile"])
    page.wait_for_selector("#timeline .legendtext")
    labels = page.locator("#timeline .legend .legendtext").all_text_contents()
    assert labels[:4] == [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)> | `",
        "$\\LaTeX$ <a href='http://evil.example'>x</a> %{y}",
        "«ESC»[31mred«U+202E»",
    ]
    page.context.close()


@pytest.mark.parametrize("name", ["summary", "hostile"])
def test_a_phone_needs_no_scrolling_sideways(browser: Browser, reports: dict[str, Path], name: str) -> None:
    page, _ = opened(browser, reports[name], viewport={"width": 390, "height": 800})
    page.wait_for_selector("#timeline .barlayer .point", state="attached")
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.context.close()


def test_a_change_of_the_colour_scheme_repaints_the_plot(browser: Browser, reports: dict[str, Path]) -> None:
    page, _ = opened(browser, reports["summary"], color_scheme="light")
    tick = page.locator("#timeline .xtick text").first
    expect(tick).to_have_css("fill", "rgb(29, 33, 38)")
    page.emulate_media(color_scheme="dark")
    expect(tick).to_have_css("fill", "rgb(230, 233, 236)")
    page.context.close()


def test_evidence_opens_from_the_keyboard(browser: Browser, reports: dict[str, Path]) -> None:
    page, _ = opened(browser, reports["summary"])
    finding = page.locator(".evidence details").first
    assert not finding.locator("pre").first.is_visible()
    finding.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "PoolTimeout: no free connection after 2.0 s" in finding.locator("pre").first.inner_text()
    page.context.close()


def test_paper_has_everything_open_and_the_screen_gets_its_state_back(
    browser: Browser, reports: dict[str, Path]
) -> None:
    page, _ = opened(browser, reports["summary"])
    closed = page.locator("details:not([open]):not(.aside)").count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open]):not(.aside)").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open]):not(.aside)").count() == closed > 0
    page.context.close()


def test_without_scripts_everything_but_the_plot_is_there(browser: Browser, reports: dict[str, Path]) -> None:
    page, _ = opened(browser, reports["summary"], java_script_enabled=False)
    assert page.locator("noscript").is_visible()
    assert not page.locator("#timeline").is_visible()
    page.locator("#time details summary").click()
    assert page.locator("#time details tbody tr").count() == 30
    page.context.close()
