"""Debian's Chromium for tests, and what a page does that none of ours should do."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, WebSocket, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine; in CI that is a failure"
)
#: What a laptop shows.
VIEWPORT = {"width": 1280, "height": 800}
#: A slow machine with two cores and other tests beside.
PATIENCE_MS = 120_000
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
SCREENSHOTS = Path(os.environ.get("TRIAGE_SCREENSHOTS") or Path(__file__).parents[1] / ".test-output")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        # Without a sandbox because containers give it no room; what it opens are pages of ours.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class WatchedPage:
    """A page of one server, which can reach nothing else, and everything about it that should not happen.

    Parameters
    ----------
    browser : Browser
        In which a window of its own is opened.
    home : str
        The server's address, with a slash at the end.
    """

    def __init__(self, browser: Browser, home: str, viewport: dict[str, int] | None = None) -> None:
        self.home = home
        self.amiss: list[str] = []
        self.harmless: tuple[str, ...] = ()  # patterns of what programs of others say of themselves
        self.context: BrowserContext = browser.new_context(viewport=viewport or VIEWPORT)  # type: ignore[arg-type]
        # A request to anywhere else fails; what is written into the page (data:, blob:) is no request.
        self.context.route(re.compile(f"^(?!{re.escape(home)})"), lambda route: route.abort("blockedbyclient"))
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("websocket", lambda socket: self._connected(socket))
        self.page.on("console", lambda message: self._said(message))
        self.page.on("pageerror", lambda error: self._note("page error", str(error)))
        self.page.on("dialog", lambda dialog: self._dialog(dialog))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.amiss.append(f"request to {url[:200]}")

    def _connected(self, socket: WebSocket) -> None:
        if urlsplit(socket.url).netloc != urlsplit(self.home).netloc:
            self.amiss.append(f"connection to {socket.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}", message.text)

    def _note(self, kind: str, text: str) -> None:
        if not any(re.fullmatch(pattern, text, re.DOTALL) for pattern in self.harmless):
            self.amiss.append(f"{kind}: {text[:500]}")

    def _dialog(self, dialog: Dialog) -> None:
        # A browser asks this before it leaves a page with changes; whoever reloads one in a test means to.
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        self.amiss.append(f"dialog: {dialog.message[:200]}")
        dialog.dismiss()

    def screenshot(self, name: str) -> Path:
        """What is on the screen, kept as ``NAME.png`` for people to look at."""
        path = SCREENSHOTS / f"{name}.png"
        self.page.evaluate(PAINTED)  # what was just scrolled to is drawn a moment later
        self.page.screenshot(path=path)
        return path

    def close(self) -> None:
        """Close the window."""
        self.context.close()
