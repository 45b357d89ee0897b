"""What the failing lines share: values that they have more often than the same service's other lines or requests."""

from __future__ import annotations

from triage.shares.find import find_shared
from triage.shares.shared import Shared

__all__ = ["Shared", "find_shared"]
