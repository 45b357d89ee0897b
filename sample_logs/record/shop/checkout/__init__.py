"""`checkout`: what customers see, put together from `inventory`, `payments` and Redis."""

from __future__ import annotations
