"""The timeline in a real browser: it draws, a window can be chosen, and log text stays text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import launched, needs_chromium
from triage.widgets.timeline import STATIC, timeline_javascript
from triage.widgets.timeline_data import timeline_data

GOLDEN = Path(__file__).parent / "golden" / "report"
pytestmark = needs_chromium

PAGE = "<!doctype html><meta charset='utf-8'><style>body{margin:0}</style><div id='here'></div>"
#: Loads the module as anywidget does, with a model that keeps what is saved.
START = """async ([code, style, state]) => {
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const { default: widget } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const heard = new Map();
  window.saved = [];
  window.heard = heard;
  window.model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; heard.get(`change:${name}`)?.(); },
    save_changes() { window.saved.push(JSON.parse(JSON.stringify([state.window, state.picked]))); },
    on: (name, handler) => heard.set(name, handler),
    off: (name) => heard.delete(name),
  };
  window.leave = widget.render({ model: window.model, el: document.getElementById("here") });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


class Shown:
    """A timeline in a page, with everything that should not happen."""

    def __init__(self, page: Page, data: dict[str, Any], **traits: Any) -> None:
        self.page, self.data, self.amiss = page, data, list[str]()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: None if request.url.startswith("blob:") else self.amiss.append(request.url))
        page.on("console", lambda message: self.amiss.append(message.text[:300]))
        page.on("pageerror", lambda error: self.amiss.append(str(error)[:300]))
        page.set_content(PAGE)
        state = {"data": data, "window": [], "picked": {}, "zone": "UTC", "height": 400, **traits}
        style = (STATIC / "timeline.css").read_text(encoding="utf-8")
        page.evaluate(START, [timeline_javascript(), style, state])

    @property
    def saved(self) -> list[Any]:
        found: list[Any] = self.page.evaluate("window.saved")
        return found

    def set(self, name: str, value: Any) -> None:
        self.page.evaluate("([name, value]) => window.model.set(name, value)", [name, value])

    def place(self, bin_: float, part: float = 0.05) -> tuple[float, float]:
        """Where a bin is in the page, and how far down the bars."""
        box = self.page.locator(".tl-surface").bounding_box()
        assert box
        return box["x"] + box["width"] * bin_ / len(self.data["lines"]), box["y"] + box["height"] * part

    def drag(self, start: float, end: float, part: float = 0.05) -> None:
        self.page.mouse.move(*self.place(start, part))
        self.page.mouse.down()
        self.page.mouse.move(*self.place((start + end) / 2, part))
        self.page.mouse.move(*self.place(end, part))

    def window(self, first: int, last: int) -> list[int]:
        return [self.data["from"] + place * self.data["bin_ms"] for place in (first, last)]


def data_of(name: str = "summary") -> dict[str, Any]:
    summary = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    summary["onsets"][0]["trouble"] = 20.0
    note = {"kind": "note", "by": "ana <b>", "text": "paged the owner", "at": "2026-11-20T02:20:00Z"}
    return timeline_data(summary | {"remarks": [note]})


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 700})
    yield context.new_page()
    context.close()


def test_it_draws_every_lane_and_nothing_else_happens(page: Page) -> None:
    shown = Shown(page, data_of())
    expect(page.locator(".tl-title")).to_have_text(shown.data["title"])
    assert page.locator("svg path[fill]").count() == len(shown.data["groups"]) + 1
    assert page.locator(".tl-change").count() == 6
    assert page.locator(".tl-leads .tl-label").text_content() == "deploy of inventory 2.4.0, 5 min 12 s before"
    assert (page.locator(".tl-begin").count(), page.locator(".tl-trouble").count()) == (6, 1)
    assert page.get_by_role("button", name="ana <b>: paged the owner, 02:20:00 UTC").count() == 1
    assert page.locator(".tl-strong").text_content() == "onset 02:14:07, within 02:14:03 to 02:14:11"
    assert page.locator(".tl-tick").all_text_contents()[:2] == ["20 Nov 01:40", "01:45"]
    assert page.get_by_role(
        "button", name="deploy of inventory 2.4.0, 02:08:55 UTC, 5 min 12 s before the onset"
    ).count()
    assert shown.amiss == []


def test_dragging_chooses_whole_bins_and_saves_once(page: Page) -> None:
    shown = Shown(page, data_of())
    shown.drag(20.4, 29.5)
    assert shown.saved == []
    page.mouse.up()
    assert shown.saved == [[shown.window(20, 30), {}]]
    expect(page.get_by_role("status")).to_have_text(
        "Window 01:50:00 to 01:55:00 UTC, 5 min: 13 errors in 6,801 records."
    )
    assert [int(text) for text in page.locator(".tl-count").all_text_contents()] == [
        *(sum(group["counts"][20:30]) for group in shown.data["groups"]),
        sum(shown.data["others"][20:30]),
    ]
    assert shown.amiss == []


def test_a_window_is_moved_and_its_ends_are_dragged(page: Page) -> None:
    shown = Shown(page, data_of(), window=[1_795_139_400_000, 1_795_139_700_000])
    shown.drag(25, 31)
    page.mouse.up()
    assert shown.saved[-1][0] == shown.window(26, 36)
    box = page.locator(".tl-handle[data-side=to]").bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(*shown.place(50.5))
    page.mouse.up()
    assert shown.saved[-1][0] == shown.window(26, 51)
    shown.drag(40, 200)
    page.mouse.up()
    assert shown.saved[-1][0] == shown.window(65, 90)


def test_the_whole_time_comes_back(page: Page) -> None:
    shown = Shown(page, data_of(), window=[1_795_139_400_000, 1_795_139_700_000])
    page.get_by_role("button", name="Whole time").click()
    assert shown.saved[-1][0] == []
    assert not page.locator(".tl-whole").is_visible()
    shown.drag(10, 20)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert page.locator(".tl-handle").count() == 0
    assert len(shown.saved) == 1


def test_arrow_keys_move_and_resize_the_window(page: Page) -> None:
    shown = Shown(page, data_of())
    page.get_by_role("slider").focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowLeft", "PageUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    found = [(window[0] - shown.data["from"]) // 30_000 for window, _ in shown.saved]
    assert found == [63, 64, 64, 63, 53, 53]
    assert [(window[1] - window[0]) // 30_000 for window, _ in shown.saved] == [10, 10, 11, 11, 11, 10]
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuenow", "53")
    page.keyboard.press("Escape")
    assert shown.saved[-1][0] == []


def test_keys_that_are_held_save_when_let_go(page: Page) -> None:
    shown = Shown(page, data_of(), window=[1_795_139_400_000, 1_795_139_700_000])
    page.get_by_role("slider").focus()
    for _ in range(5):
        page.keyboard.down("ArrowRight")
    assert shown.saved == []
    page.keyboard.up("ArrowRight")
    assert shown.saved == [[shown.window(25, 35), {}]]


def test_marks_are_picked_by_mouse_and_keyboard(page: Page) -> None:
    shown = Shown(page, data_of())
    page.locator(".tl-leads circle").click()
    page.locator(".tl-change").nth(3).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".tl-trouble path").click()
    page.locator(".tl-note path").click()
    page.keyboard.press("Enter")
    assert [picked for _, picked in shown.saved] == [
        {"kind": "change", "id": "c-103"},
        {"kind": "change", "id": "c-105"},
        {"kind": "onset", "id": "t-5de001"},
        {"kind": "note", "id": "0"},
        {},
    ]


def test_groups_are_picked_in_the_legend_and_on_the_bars(page: Page) -> None:
    shown = Shown(page, data_of())
    page.locator(".tl-legend button").nth(1).click()
    expect(page.locator(".tl-legend button").nth(1)).to_have_attribute("aria-pressed", "true")
    assert page.locator("path.tl-dim").count() == len(shown.data["groups"])
    letter = page.locator(".tl-letter").first.bounding_box()
    assert letter
    page.mouse.click(letter["x"] + letter["width"] / 2, letter["y"] + letter["height"] / 2)
    ids = [group["id"] for group in shown.data["groups"]]
    assert [picked["id"] for _, picked in shown.saved] == [ids[1], ids[0]]
    assert all(window == [] for window, _ in shown.saved)


def test_each_lane_is_one_stop_of_the_tab_key(page: Page) -> None:
    Shown(page, data_of(), window=[1_795_139_400_000, 1_795_139_700_000])
    stops = []
    for _ in range(11):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("document.activeElement.getAttribute('class') ?? document.activeElement.dataset.key")
        )
    marks = ["tl-surface", "tl-mark tl-change", "tl-mark tl-begin", "tl-mark tl-note"]
    assert sorted(stops[:4]) == sorted(marks)
    assert [stop.split()[0] for stop in stops[4:]] == ["group"] * 6 + ["tl-whole"]


def test_hostile_text_stays_text(page: Page) -> None:
    shown = Shown(page, data_of("hostile"))
    names = page.locator(".tl-legend .tl-name").all_text_contents()
    assert names[:2] == ["<script>alert(1)</script>", "<img src=x onerror=alert(1)> | `"]
    assert names[3] == "«ESC»[31mred«U+202E»"
    page.mouse.move(*shown.place(75, 0.6))
    assert "<script>alert(1)</script>" in page.locator(".tl-tip").inner_text()
    page.locator(".tl-change").first.focus()
    assert "<b>deploy</b> of inv|entory` 2«U+202E».4.0" in page.locator(".tl-tip").inner_text()
    assert page.locator("#here :is(script, img, a, b)").count() == 0
    assert shown.amiss == []


@pytest.mark.parametrize("width", [600, 640, 900, 1280])
@pytest.mark.parametrize("name", ["summary", "hostile"])
def test_nothing_is_wider_than_the_page(page: Page, name: str, width: int) -> None:
    shown = Shown(page, data_of(name), zone="America/Argentina/Buenos_Aires")
    page.set_viewport_size({"width": width, "height": 700})
    expect(page.locator("svg")).to_have_attribute("width", str(width - 24 - (286 if width >= 1000 else 0)))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    cut = """() => [...document.querySelectorAll("svg text")].filter((text) => {
      const [own, all] = [text.getBoundingClientRect(), document.querySelector("svg").getBoundingClientRect()];
      return own.left < all.left - 1 || own.right > all.right + 1 || own.bottom > all.bottom + 1;
    }).map((text) => text.textContent)"""
    assert page.evaluate(cut) == []
    assert shown.amiss == []


def test_many_bins_are_drawn_together_and_lose_no_error(page: Page) -> None:
    bins = 1440
    data = data_of() | {"lines": [9] * bins, "others": [1] * bins, "bin_ms": 60_000}
    data["groups"] = [{"id": "g", "title": "g", "counts": [place % 3 for place in range(bins)]}]
    shown = Shown(page, data)
    drawn = page.locator("svg path[fill]").first.get_attribute("d")
    assert drawn and 200 < drawn.count("M") < 500
    expect(page.get_by_role("status")).to_contain_text("2,880 errors in 12,960 records")
    shown.drag(0.2, 1439.8)
    page.mouse.up()
    assert shown.saved[-1][0] == shown.window(0, bins)


def test_onsets_that_find_no_room_are_counted(page: Page) -> None:
    data = data_of()
    shown = Shown(page, data | {"onsets": [data["onsets"][0] | {"id": f"t{place}"} for place in range(9)]})
    assert page.locator(".tl-begin").count() == 4
    assert page.locator(".tl-lane", has_text="5 more").count() == 1
    assert shown.amiss == []


def test_a_zone_stands_below_utc(page: Page) -> None:
    shown = Shown(page, data_of(), zone="Asia/Kolkata")
    ticks = page.locator(".tl-tick").all_text_contents()
    assert [tick for tick in ticks if "Nov" in tick] == ["20 Nov 01:40", "20 Nov 07:10"]
    assert page.locator(".tl-lane", has_text="Kolkata").count() == 1
    shown.set("zone", "Mars/Olympus")
    assert page.locator(".tl-tick").count() == len(ticks) // 2
    assert shown.amiss == []


def test_what_python_sets_is_shown(page: Page) -> None:
    shown = Shown(page, data_of())
    page.locator(".tl-leads").focus()
    shown.set("window", shown.window(10, 20))
    assert page.locator(".tl-handle").count() == 2
    shown.set("picked", {"kind": "change", "id": "c-104"})
    expect(page.locator('[data-key="change c-104"]')).to_have_attribute("aria-pressed", "true")
    shown.set("data", shown.data | {"title": "Another"})
    expect(page.locator(".tl-title")).to_have_text("Another")
    assert page.evaluate("document.activeElement.dataset.key") == "change c-103"
    assert shown.saved == []


def test_without_bins_there_is_a_title_and_no_drawing(page: Page) -> None:
    empty = {"lines": [], "title": "No record has a time, so there is no timeline"}
    shown = Shown(page, empty)
    assert page.locator(".tl-title").inner_text() == empty["title"]
    assert not page.locator("svg").is_visible()
    shown.set("window", [1, 2])
    shown.set("data", data_of() | {"onset": None, "changes": [], "onsets": [], "notes": []})
    assert page.locator("svg").is_visible()
    assert shown.amiss == []


def test_a_view_that_leaves_hears_no_more(page: Page) -> None:
    Shown(page, data_of())
    assert page.evaluate("window.heard.size") == 5
    page.evaluate("window.leave()")
    assert page.evaluate("window.heard.size") == 0


@pytest.mark.parametrize(("scheme", "ink"), [("light", "rgb(29, 33, 38)"), ("dark", "rgb(230, 233, 236)")])
def test_pages_without_a_theme_follow_the_colour_scheme(page: Page, scheme: Any, ink: str) -> None:
    page.emulate_media(color_scheme=scheme)
    Shown(page, data_of())
    expect(page.locator(".tl-strong")).to_have_css("fill", ink)


def test_the_theme_of_jupyterlab_comes_first(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    Shown(page, data_of())
    page.add_style_tag(content=":root { --jp-ui-font-color1: rgb(1, 2, 3) }")
    expect(page.locator(".tl-strong")).to_have_css("fill", "rgb(1, 2, 3)")
