"""The guide in a notebook in JupyterLab, and what a person does with it in the browser."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.chromium import PATIENCE_MS, WatchedPage
from tests.lab_browser import NotebookPage

expect.set_options(timeout=PATIENCE_MS / 2)


class GuideOnPage:
    """The guide wherever it is shown.

    Parameters
    ----------
    watched : WatchedPage
        The page that it is on.
    within : Locator
        The part of the page that holds it.
    """

    def __init__(self, watched: WatchedPage, within: Locator) -> None:
        self.page: Page = watched.page
        self.root: Locator = within.locator(".triage-guide").first
        expect(self.root.locator("nav[aria-label=Steps]")).to_be_visible()

    def step(self, name: str) -> None:
        """Go to a step by its button."""
        self.root.locator("nav[aria-label=Steps]").get_by_role("button", name=name).click()
        expect(self.root.locator("nav[aria-label=Steps] [aria-current]")).to_contain_text(name)

    def says(self, text: str) -> None:
        """Wait until a text is there."""
        expect(self.root).to_contain_text(text)

    def last_line(self, text: str) -> None:
        """What the guide shows as the last line of Python."""
        expect(self.root.locator("p.python", has_text="The same in Python").last).to_contain_text(text)

    def fill(self, label: str, text: str, within: str = "form") -> None:
        """Type into a field of a form."""
        self.root.locator(within).get_by_label(label, exact=False).first.fill(text)

    def press(self, name: str) -> None:
        """Press the first button of a name."""
        self.root.get_by_role("button", name=name, exact=True).first.click()

    def brush(self, begin: float, end: float) -> None:
        """Drag over the timeline, from one part of its width to another."""
        surface = self.root.locator(".tl-surface")
        surface.scroll_into_view_if_needed()
        box = surface.bounding_box()
        assert box
        mouse, y = self.page.mouse, box["y"] + box["height"] / 2
        mouse.move(box["x"] + box["width"] * begin, y)
        mouse.down()
        mouse.move(box["x"] + box["width"] * end, y, steps=5)
        mouse.up()


class GuidePage(GuideOnPage):
    """The guide in a cell of a notebook."""

    def __init__(self, notebook: NotebookPage, cell: int) -> None:
        self.notebook = notebook
        super().__init__(notebook, notebook.cell(cell))

    def amiss(self) -> list[str]:
        """What should not have happened, and what has to be scrolled sideways."""
        return [*self.notebook.errors(), *self.notebook.too_wide()]
