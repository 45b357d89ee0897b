"""Widgets for notebooks; the only part that imports ipywidgets and anywidget."""

from __future__ import annotations

from triage.widgets.guide import Guide
from triage.widgets.opening import guide

__all__ = ["Guide", "guide"]
