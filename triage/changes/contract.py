"""What a loader of changes is, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from triage.changes.change import Change


@dataclass(frozen=True)
class LoadedChanges:
    """The changes of one source in its own order, and what was assumed on the way, each note a sentence.

    ``source`` is the path or specification; empty for what the caller's own list holds.
    """

    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""


class Loader(Protocol):
    """One kind of source: a small file in `triage.changes.loaders` and a line in its registry."""

    @property
    def name(self) -> str:
        """For messages: what the loader reads."""
        ...

    def accepts(self, spec: str) -> bool:
        """Whether a path or specification is for this loader. Reads no more than a beginning."""
        ...

    def load(self, spec: str, tz: tzinfo) -> LoadedChanges:
        """All changes of the source; `tz` is for times without a zone.

        Raises
        ------
        ChangesError
            One line that names the source, the row and the field.
        """
        ...
