"""What a line does not say itself, and how it is read then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triage.ingest.spellings import Syntax


@dataclass(frozen=True)
class Context:
    """How to read times that leave something out.

    Attributes
    ----------
    zone : str
        IANA zone of times without one.
    not_after : datetime, optional
        A time without a year gets the latest year that does not put it after this; none without it.
    layouts : mapping
        The layout chosen for a syntax, by its name, where the order of day and month is not plain.
    """

    zone: str = "UTC"
    not_after: datetime | None = None
    layouts: Mapping[str, str] = field(default_factory=dict)

    def layout_of(self, syntax: Syntax) -> str:
        """The strptime layout to read a syntax with."""
        return self.layouts.get(syntax.name, syntax.layouts[0])
