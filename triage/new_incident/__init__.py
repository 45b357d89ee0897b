"""An incident of one's own as a folder: written from logs and changes, redacted if asked for, and checked.

This is the one part that knows ``truth.json``; nothing that ranks reads it.
"""

from __future__ import annotations

from triage.new_incident.check import Checked, check_folder
from triage.new_incident.write import Made, Wanted, write_incident

__all__ = ["Checked", "Made", "Wanted", "check_folder", "write_incident"]
