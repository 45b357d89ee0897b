"""Write a report to a file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from triage.errors import UsageError
from triage.report.html import render_html
from triage.report.json_text import render_json
from triage.report.markdown import render_markdown
from triage.report.notebook import render_notebook
from triage.report.redacted import redact_summary
from triage.report.words import Summary
from triage.whole_file import write_whole

#: Reports that stay where the logs are; others are made to be shared.
NOT_SHARED = (".json",)
#: Renderers by suffix. A new one is a file with its function, and a line here.
RENDERERS: dict[str, Callable[[Summary], str]] = {
    ".html": render_html,
    ".md": render_markdown,
    ".ipynb": render_notebook,
    ".json": render_json,
}


def for_path(summary: Summary, path: Path, redact: bool | None = None) -> Summary:
    """The summary as a report at a path shows it: redacted, unless it is JSON or `redact` says otherwise."""
    wanted = path.suffix.lower() not in NOT_SHARED if redact is None else redact
    return redact_summary(summary) if wanted else summary


def write_report(
    summary: Summary, path: str | Path, renderers: Mapping[str, Callable[[Summary], str]] = RENDERERS
) -> Path:
    """Write a report in the format that the path's suffix names.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    path : str or Path
        Ends with a suffix of `renderers`. A file that is there is replaced.
    renderers : mapping
        By suffix, for a summary of another kind.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    UsageError
        If there is no such format, or the file cannot be written.
    """
    path = Path(path)
    check_suffix(path, renderers)
    text = renderers[path.suffix.lower()](summary)
    try:
        write_whole(path, text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "give a path in a directory that can be written to"
        raise UsageError(f"report {str(path)!r}: {reason}; {hint}") from error
    return path


def check_place(path: Path, inputs: Iterable[str], suffixes: Collection[str] = RENDERERS) -> None:
    """Raise a UsageError if a report cannot go to `path`; for callers that want to know before a long run.

    Parameters
    ----------
    inputs : iterable of str
        Names of what is read, which a report must not replace.
    suffixes : collection of str
        Those that there are renderers for.
    """
    check_suffix(path, suffixes)
    if path.exists() and any(Path(name).exists() and path.samefile(name) for name in inputs):
        raise UsageError(f"report {str(path)!r}: is one of the inputs and would be replaced; give another name")
    if not path.absolute().parent.is_dir() or path.is_dir():
        reason = "is a directory" if path.is_dir() else f"there is no directory {str(path.parent)!r}"
        raise UsageError(f"report {str(path)!r}: {reason}; give a path in a directory that can be written to")
    if not os.access(path.absolute().parent, os.W_OK):
        raise UsageError(f"report {str(path)!r}: permission denied; give a path in a directory that can be written to")


def check_suffix(path: Path, suffixes: Collection[str] = RENDERERS) -> None:
    """Raise a UsageError if no renderer has the path's suffix."""
    if path.suffix.lower() not in suffixes:
        wanted = f"a path that ends with one of {', '.join(suffixes)}"
        raise UsageError(f"report {str(path)!r}: unknown suffix {path.suffix!r}; give {wanted}")
