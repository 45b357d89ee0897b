"""One file per source of changes, and the registry of them all."""

from __future__ import annotations

from triage.changes.contract import Loader
from triage.changes.loaders.csv_file import CsvFile
from triage.changes.loaders.git_tags import GitTags
from triage.changes.loaders.json_file import JsonFile

#: Asked in this order: JSON before CSV, because one character tells it where the suffix does not.
LOADERS: tuple[Loader, ...] = (GitTags(), JsonFile(), CsvFile())

__all__ = ["LOADERS"]
