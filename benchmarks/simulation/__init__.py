"""Simulated incidents with known truth: what they are drawn from, and how a ranking of them is scored."""

from __future__ import annotations
