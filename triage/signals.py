"""What the command line does when it is asked to end."""

from __future__ import annotations

import signal
from typing import NoReturn


class Terminated(BaseException):
    """The program is asked to end: what it put aside is removed on the way out."""


def end_when_asked() -> None:
    """Raise `Terminated` for the signal that systems end programs with, which by default runs nothing any more."""
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(*_: object) -> NoReturn:
    raise Terminated
