"""The errors a user can cause, each told in one line: what arrived, what was wanted, what to try."""

from __future__ import annotations


class TriageError(Exception):
    """Base of every error that input or usage can cause; its text is one line."""


class InputError(TriageError):
    """Logs that cannot be read: a missing path, an empty directory, a binary file."""


class ChangesError(TriageError):
    """A list of changes that cannot be read; names the row and the field."""


class UsageError(TriageError):
    """An option or argument with an impossible value, such as an unknown time zone."""


class EngineError(TriageError):
    """A cluster that cannot be reached, whose workers cannot see what they should read, or that gives up on a task."""


class IncidentError(TriageError):
    """A saved incident that cannot be opened or written."""


class StorageError(TriageError):
    """Records beyond memory that cannot be put aside: a full disk, a folder that may not be written to."""
