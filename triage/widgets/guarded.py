"""Errors of callbacks: a callback's own would end in a log that nobody reads, so they are shown in the guide."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from triage.errors import TriageError
from triage.widgets.state import State


def guarded(state: State, work: Callable[[], None]) -> None:
    """Do something, and show what goes wrong; an error that was shown before goes when something goes right."""
    with state.lock:
        try:
            work()
        except Exception as error:  # whatever it is, the reader is told, and the guide goes on
            state.fail(told(error))
        else:
            if state.error:
                state.fail("")


def told(error: BaseException) -> str:
    """An error for the reader: the one line of an error of use; of any other, where it happened as well."""
    if isinstance(error, TriageError):
        return str(error)
    frames = "".join(traceback.format_exception(error))
    hint = "This should not happen; look whether it was done before you do it again"
    return f"{hint}: {type(error).__name__}: {error}\n\n{frames}"
