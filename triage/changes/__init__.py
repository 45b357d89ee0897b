"""What was changed, when and where: deploys, flags, configuration, read from files, frames or git tags."""

from __future__ import annotations

from triage.changes.change import Change
from triage.changes.load import Changes, load_changes

__all__ = ["Change", "Changes", "load_changes"]
