"""Incidents with known truth, simulated or recorded: what a ranking of them is worth."""

from __future__ import annotations
