"""Triage of incident logs: from a log dump to ranked hypotheses with evidence for and against.

import triage
incident = triage.load("logs/", changes="changes.json", symptom="checkout fails")
incident.hypotheses
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from triage.comparison import compare
    from triage.errors import TriageError
    from triage.hypotheses.evidence import Evidence
    from triage.incident import Incident
    from triage.ingest.dask_engine import DaskEngine
    from triage.ingest.formats import LineFormat
    from triage.patterns.corrections import Corrections
    from triage.patterns.mine import mine
    from triage.pipeline import load
    from triage.store import open_incident as open
    from triage.widgets.opening import guide

#: Loaded when first used, so that `import triage` costs next to nothing.
_WHERE = {
    "load": ("triage.pipeline", "load"),
    "open": ("triage.store", "open_incident"),
    "compare": ("triage.comparison", "compare"),
    "mine": ("triage.patterns.mine", "mine"),
    "Corrections": ("triage.patterns.corrections", "Corrections"),
    "guide": ("triage.widgets.opening", "guide"),
    "DaskEngine": ("triage.ingest.dask_engine", "DaskEngine"),
    "Evidence": ("triage.hypotheses.evidence", "Evidence"),
    "Incident": ("triage.incident", "Incident"),
    "LineFormat": ("triage.ingest.formats", "LineFormat"),
    "TriageError": ("triage.errors", "TriageError"),
}

__all__ = [
    "Corrections",
    "DaskEngine",
    "Evidence",
    "Incident",
    "LineFormat",
    "TriageError",
    "__version__",
    "compare",
    "guide",
    "load",
    "mine",
    "open",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'triage' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    try:
        value = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing.startswith("triage") or not module.startswith("triage.widgets"):
            raise
        raise ImportError(f"triage.{name} needs {missing}, which is not installed: install the extra 'lab'") from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
