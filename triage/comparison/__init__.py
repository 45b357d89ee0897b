"""What two sets of logs, or two windows of an incident, differ in: new, gone, changed in rate, changed in values."""

from __future__ import annotations

from triage.comparison.comparison import Comparison, Side
from triage.comparison.sets import compare
from triage.comparison.windows import compare_windows

__all__ = ["Comparison", "Side", "compare", "compare_windows"]
