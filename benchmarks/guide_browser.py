"""What each click of the guide costs in a browser: time, bytes that travel there, and what the page then holds."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, WebSocket

from tests.guide_page import GuidePage
from tests.lab_browser import NotebookPage, running_lab, write_cells
from triage.widgets.steps import STEPS

CELL = """import triage
incident = triage.load({logs!r}, changes={changes!r}, symptom={symptom!r})
guide = triage.guide(incident, folder=None)
guide"""
#: How long the logs may take to be read.
READING_MS = 900_000
#: Milliseconds for which the guide waits for the next key before it takes a symptom for typed; as in `page.js`.
PAUSE = 350
#: Milliseconds without a message from the kernel after which a click is taken for done.
SILENCE = 300
#: Watches a part of the guide from before a click on: the time from the click to when another text is on the screen.
WATCH = """selector => {
    const guide = document.querySelector('.triage-guide');
    const text = () => [...guide.querySelectorAll(selector)]
        .filter(node => node.checkVisibility()).map(node => node.textContent).join('\\n');
    const before = text();
    let acted = null;
    window.tookMs = null;
    const act = () => { acted = performance.now() };
    for (const name of ['pointerup', 'click', 'input']) document.addEventListener(name, act, { capture: true });
    const look = () => {
        const now = text();
        if (acted === null || !now || now === before) { requestAnimationFrame(look); return; }
        requestAnimationFrame(() => requestAnimationFrame(() => { window.tookMs = performance.now() - acted }));
        for (const name of ['pointerup', 'click', 'input']) document.removeEventListener(name, act, { capture: true });
    };
    look();
}"""
HELD = """() => {
    const count = selector => document.querySelectorAll(`.triage-guide ${selector}`).length;
    return { elements: count('*'), rows: count('tr'), marks: count('.triage-timeline svg *') };
}"""


@dataclass(frozen=True)
class Click:
    """Something that a person does again and again.

    Attributes
    ----------
    name : str
    act : callable
        Does it for the n-th time, so that something else is shown than before.
    watch : str
        A CSS selector: what shows another text when it is done.
    before : callable, optional
        What is done before the n-th time, which is not measured.
    less : int
        Milliseconds that the guide waits on purpose.
    """

    name: str
    act: Callable[[int], None]
    watch: str
    before: Callable[[int], None] = lambda _: None
    less: int = 0


class Traffic:
    """What came from the server through web sockets."""

    def __init__(self, notebook: NotebookPage) -> None:
        self.page, self.size = notebook.page, 0
        self.page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._came)

    def _came(self, payload: bytes | str) -> None:
        self.size += len(payload)

    def wait_for_silence(self) -> None:
        """Wait until nothing comes any more."""
        before = -1
        while self.size != before:
            before = self.size
            self.page.wait_for_timeout(SILENCE)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[GuidePage, Traffic]]:
    """The guide on an incident in JupyterLab, its logs read."""
    symptom = (folder / "symptom.txt").read_text(encoding="utf-8").strip()
    places = {"logs": str(folder / "logs"), "changes": str(folder / "changes.json")}
    with tempfile.TemporaryDirectory() as root, running_lab(Path(root)) as lab:
        write_cells(lab.root / "guide.ipynb", [CELL.format(**places, symptom=symptom)])
        notebook = NotebookPage(lab.browser, lab.server)
        notebook.page.set_default_timeout(READING_MS)
        traffic = Traffic(notebook)
        notebook.open("guide.ipynb")
        notebook.run_all()
        yield GuidePage(notebook, 0), traffic
        notebook.close()


def clicks(guide: GuidePage) -> list[Click]:
    """What is measured, in the order of one person's work."""
    return [*_steps(guide), *_patterns(guide), *_time(guide), *_people(guide)]


def _steps(guide: GuidePage) -> list[Click]:
    """Each step, come to from another one."""
    first, second = STEPS[0].name, STEPS[1].name
    return [
        Click(
            f"step {step.name}",
            lambda _, name=step.name: _step(guide, name).click(),  # type: ignore[misc]
            "h2",
            lambda _, name=step.name: guide.step(second if name == first else first),  # type: ignore[misc]
        )
        for step in STEPS
    ]


def _step(guide: GuidePage, name: str) -> Locator:
    return guide.root.locator("nav[aria-label=Steps]").get_by_role("button", name=name)


def _patterns(guide: GuidePage) -> list[Click]:
    root, words = guide.root, ("pool", "timed out", "request", "retry", "cache", "order")
    rows, chosen = "table.dataTable tbody", "section[aria-label='The chosen template'] h3"
    lines = "section[aria-label='Raw lines'] h3"

    def choose(n: int) -> None:
        root.locator(f"{rows} tr").nth(n % 10).click()

    def find(n: int) -> None:
        root.get_by_label("Find in templates").fill(words[n % len(words)])
        root.get_by_role("button", name="Find", exact=True).click()

    def chosen_one(n: int) -> None:
        choose(n)
        guide.page.wait_for_timeout(SILENCE)

    def lines_open(n: int) -> None:
        chosen_one(n)
        guide.press("Raw lines")
        guide.page.wait_for_timeout(SILENCE)

    return [
        Click("choose a template", choose, chosen, lambda n: guide.step("Patterns")),
        Click("its raw lines", lambda _: guide.press("Raw lines"), lines, chosen_one),
        Click("a line in context", lambda _: guide.press("in context"), lines, lines_open),
        Click("sort the table", lambda n: root.locator("table.dataTable thead th").nth(n % 3).click(), rows),
        Click("next page of the table", lambda _: root.locator("button.dt-paging-button.next").click(), rows),
        Click("find templates", find, rows),
    ]


def _time(guide: GuidePage) -> list[Click]:
    def brush(n: int) -> None:
        guide.brush(0.5 + n / 50, 0.8 + n / 50)

    def whole(_: int) -> None:
        guide.root.locator(".windowed button").click()

    def windowed(step: str) -> Callable[[int], None]:
        def prepare(n: int) -> None:
            guide.step("When")
            brush(n)
            guide.page.wait_for_timeout(SILENCE)
            guide.step(step)

        return prepare

    def to(step: str) -> Click:
        return Click(f"step {step} in a window", lambda _: _step(guide, step).click(), "h2", windowed("Trust"))

    return [
        Click("brush a window", brush, ".windowed b", lambda _: guide.step("When")),
        to("Patterns"),
        to("Errors"),
        Click("whole time", whole, ".card .odds", windowed("Errors")),
    ]


def _people(guide: GuidePage) -> list[Click]:
    root, line = guide.root, "p.python"

    def type_symptom(n: int) -> None:
        root.get_by_label("What was seen").fill(f"payments time out, seen {n} times")

    def decide(n: int) -> None:
        guide.fill("Why", f"reason {n}")
        guide.press("Record the decision")

    def name_oneself(_: int) -> None:
        guide.step("Hypotheses")
        root.get_by_label("Your name").first.fill("ana")
        root.get_by_label("Your name").first.press("Tab")

    return [
        Click("symptom typed", type_symptom, line, lambda _: guide.step("Hypotheses"), less=PAUSE),
        Click("tick a check", lambda _: root.locator(".checks input[type=checkbox]").first.click(), line, name_oneself),
        Click("record a decision", decide, line, lambda _: guide.step("Verdict")),
    ]


def measure(guide: GuidePage, traffic: Traffic, click: Click, repeats: int) -> dict[str, Any]:
    """Milliseconds of the first time, and the median of so many later ones; then kB, and what the page holds."""
    took, sizes = [], []
    for number in range(repeats + 1):
        click.before(number)
        traffic.wait_for_silence()
        guide.page.evaluate(WATCH, click.watch)
        before = traffic.size
        click.act(number)
        took.append(guide.page.wait_for_function("window.tookMs").json_value() - click.less)
        traffic.wait_for_silence()
        sizes.append((traffic.size - before) / 1000)
    held: dict[str, int] = guide.page.evaluate(HELD)
    return {"first": took[0], "then": statistics.median(took[1:]), "kb": max(sizes), **held}


def measure_all(folder: Path, repeats: int, target: int) -> list[str]:
    """Print a row for each click; those that took longer than the target."""
    with opened(folder) as (guide, traffic):
        print(f"{'click':28}{'first ms':>10}{'then ms':>10}{'kB':>8}{'elements':>10}{'rows':>6}{'marks':>7}")
        late = []
        for click in clicks(guide):
            found = measure(guide, traffic, click, repeats)
            late += [click.name] * (max(found["first"], found["then"]) > target)
            row = f"{click.name:28}{found['first']:>10.0f}{found['then']:>10.0f}{found['kb']:>8.0f}"
            row += f"{found['elements']:>10}{found['rows']:>6}{found['marks']:>7}"
            print(f"{row}{f'  over {target}' if click.name in late else ''}", flush=True)
        for error in guide.notebook.errors():
            print(error)
    return late
