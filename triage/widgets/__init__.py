"""Widgets for notebooks; the only part that imports ipywidgets and anywidget."""

from __future__ import annotations
