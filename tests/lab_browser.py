"""A real JupyterLab with a real kernel, and a notebook in it as a person has it before them in a browser."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Locator

from tests.chromium import PATIENCE_MS, WatchedPage, launched
from triage.lab import QUIET, quiet_environment

ROOT = Path(__file__).parents[1]
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
#: The notebook in front, and whether it can be worked with.
NOTEBOOK = "window.jupyterapp?.shell?.currentWidget"
LOADED = f"{NOTEBOOK}?.context?.isReady && {NOTEBOOK}.sessionContext?.isReady"
IDLE = f"{LOADED} && {NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'"
#: Starts a promise; `_DONE` tells when it is kept. So the waiting has an end, which that of an evaluation has not.
START = """([name, options]) => {
    window.commandDone = null;
    jupyterapp.commands.execute(name, options).then(
        value => { window.commandDone = {ok: value !== false} },
        error => { window.commandDone = {ok: false, error: String(error)} },
    );
}"""
#: What JupyterLab itself says when a kernel is restarted: its debugger asked the old one, and the page connects anew.
OF_A_RESTART = (
    "Could not restore the debugger state: Canceled future for debug_request message before replies were done",
    "Connection lost, reconnecting in 0 seconds\\.",
)
#: And when a page is loaded again: it looks for widgets before the kernel has said which it has, and then once more.
OF_A_RELOAD = (r"Error: widget model not found\s.*",)
RESTART = """() => {
    window.commandDone = null;
    jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(
        () => { window.commandDone = {ok: true} },
        error => { window.commandDone = {ok: false, error: String(error)} },
    );
}"""
#: Per cell the outermost element that reaches beyond it, or that would have to be scrolled sideways; not in its code,
#: where a line may be as long as a path is.
TOO_WIDE = """() => jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, number) => {
    const edge = cell.node.getBoundingClientRect().right + 1;
    const scrolls = part => part.scrollWidth > part.clientWidth + 1
        && ['auto', 'scroll'].includes(getComputedStyle(part).overflowX);
    const parts = [...cell.node.querySelectorAll('*')]
        .filter(part => part.clientWidth > 1 && !part.closest('.jp-InputArea-editor'));
    const wide = parts.find(part => part.getBoundingClientRect().right > edge || scrolls(part));
    return wide ? [`cell ${number}: <${wide.localName} class="${wide.getAttribute('class') ?? ''}"> `
        + `${wide.scrollWidth} px in ${cell.node.clientWidth} px`] : [];
})"""
FAILED = """() => jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, number) =>
    (cell.model.outputs?.toJSON() ?? [])
        .filter(output => output.output_type === 'error' || output.name === 'stderr')
        .map(output => `cell ${number}: ${output.ename ?? ''} ${output.evalue ?? output.text}`))"""


@dataclass(frozen=True)
class Server:
    """A server for notebooks: its address with a slash at the end, its token, and the folder it shows."""

    url: str
    token: str
    root: Path


def own_environment(folder: Path) -> dict[str, str]:
    """An environment in which Jupyter reads nothing of the machine's settings and leaves nothing there."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "VOILA"))}
    places = {
        "HOME": "home",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    for name in places.values():
        (folder / name).mkdir(parents=True)
    # The kernel is to import this checkout, whatever is installed.
    return quiet_environment(
        {**env, **{name: str(folder / to) for name, to in places.items()}, "PYTHONPATH": str(ROOT)}
    )


@contextmanager
def started(command: Sequence[str], folder: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs in the background, its words in a file, until the end."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.terminate()  # a server stops its kernels then
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answering(process: subprocess.Popen[bytes], log: Path, url: str) -> bool:
    """Whether a server answers yet.

    Raises
    ------
    RuntimeError
        If it is not running any more.
    """
    if process.poll() is not None:
        raise RuntimeError(f"the server stopped: {log.read_text(errors='replace')[-2000:]}")
    try:
        with urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, TimeoutError, ConnectionError):
        return False


def wait_until(ready: Any, log: Path) -> None:
    """Ask again until something is so.

    Raises
    ------
    TimeoutError
        If it takes too long.
    """
    end = time.monotonic() + PATIENCE_MS / 1000
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(log.read_text(errors="replace")[-2000:])
        time.sleep(0.1)


@contextmanager
def lab_server(folder: Path) -> Iterator[Server]:
    """JupyterLab as `triage lab` starts it, on a port that is free; it shows the folder ``root`` in this one."""
    root, env, token = folder / "root", own_environment(folder), secrets.token_hex(16)
    root.mkdir()
    options = ("--no-browser", "--allow-root", "--ServerApp.port=0", f"--ServerApp.root_dir={root}")
    # The page's commands are then within reach: they tell when they are done, which a click does not.
    command = [sys.executable, "-m", "jupyterlab", *QUIET, *options, "--LabApp.expose_app_in_browser=True"]
    with started(command, folder, {**env, "JUPYTER_TOKEN": token}) as process:
        about = folder / "runtime" / f"jpserver-{process.pid}.json"
        wait_until(lambda: process.poll() is not None or about.is_file(), folder / "log")
        wait_until(lambda: answering(process, folder / "log", f"{_address(about)}api"), folder / "log")
        yield Server(_address(about), token, root)


def _address(about: Path) -> str:
    """Where a server says that it is; nowhere if it has not said so to the end."""
    try:
        return str(json.loads(about.read_text())["url"])
    except (OSError, ValueError):
        return "http://localhost:0/"


@dataclass(frozen=True)
class Lab:
    """JupyterLab and a browser to open it in."""

    server: Server
    browser: Browser

    @property
    def root(self) -> Path:
        """The folder that it shows; notebooks to open go there."""
        return self.server.root

    @contextmanager
    def open_notebook(
        self, name: str, theme: str = LIGHT, viewport: dict[str, int] | None = None
    ) -> Iterator[NotebookPage]:
        """A notebook of the folder, its kernel ready, in a window of its own."""
        notebook = NotebookPage(self.browser, self.server, viewport)
        notebook.open(name)
        notebook.set_theme(theme)
        yield notebook
        notebook.close()


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """JupyterLab and a browser, until the end."""
    with lab_server(folder) as server, launched() as browser:
        yield Lab(server, browser)


class NotebookPage(WatchedPage):
    """A notebook in JupyterLab, and what a person does with it.

    Parameters
    ----------
    browser : Browser
    server : Server
    viewport : dict, optional
        Width and height of the window; a laptop's otherwise.
    """

    def __init__(self, browser: Browser, server: Server, viewport: dict[str, int] | None = None) -> None:
        super().__init__(browser, server.url, viewport)
        self._token = server.token

    def open(self, name: str) -> None:
        """Show a notebook of the server's folder."""
        self.page.goto(f"{self.home}lab/tree/{name}?reset&token={self._token}")
        self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(IDLE)

    def command(self, name: str, **options: Any) -> bool:
        """Run a command of JupyterLab to its end; whether it went well."""
        self.page.evaluate(START, [name, options])
        return self._done()

    def _done(self) -> bool:
        done = self.page.wait_for_function("window.commandDone").json_value()
        if "error" in done:
            self.amiss.append(f"command: {done['error'][:500]}")
        return bool(done["ok"])

    def run_all(self) -> bool:
        """Run all cells; whether none failed."""
        went_well = self.command("notebook:run-all-cells")
        self.wait_for_kernel()
        return went_well

    def number_of(self, text: str) -> int:
        """The number of the first cell whose source holds a text."""
        sources: list[str] = self.page.evaluate(
            f"{NOTEBOOK}.content.widgets.map(cell => cell.model.sharedModel.source)"
        )
        return next(number for number, source in enumerate(sources) if text in source)

    def cell(self, number: int) -> Locator:
        """A cell, from 0, scrolled to where it is seen."""
        found = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(number)
        found.scroll_into_view_if_needed()
        return found

    def re_run(self, number: int) -> bool:
        """Run one cell again; whether it did not fail."""
        self.page.evaluate("number => { jupyterapp.shell.currentWidget.content.activeCellIndex = number }", number)
        went_well = self.command("notebook:run-cell")
        self.wait_for_kernel()
        return went_well

    def reload(self) -> None:
        """Save the notebook and load the page anew; the kernel runs on."""
        self.command("docmanager:save")
        self.harmless += OF_A_RELOAD
        self.page.reload()
        self.wait_for_kernel()

    def restart_kernel(self) -> None:
        """Give the notebook a fresh kernel, which knows nothing of what ran."""
        self.harmless += OF_A_RESTART
        self.page.evaluate(RESTART)
        self._done()
        self.wait_for_kernel()

    def set_theme(self, name: str) -> None:
        """Change the colours; it stays so on this server."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)

    def too_wide(self) -> list[str]:
        """Cells in which something is wider than the cell, or has to be scrolled sideways."""
        found: list[str] = self.page.evaluate(TOO_WIDE)
        return found

    def errors(self) -> list[str]:
        """Everything that should not have happened: in the browser, and in the cells."""
        failed: list[str] = self.page.evaluate(FAILED)
        return [*self.amiss, *failed]


def write_cells(path: Path, cells: list[str]) -> None:
    """A notebook of code."""
    made: list[dict[str, object]] = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for n, text in enumerate(cells)
    ]
    # Without a kernel named in it JupyterLab asks for one.
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
