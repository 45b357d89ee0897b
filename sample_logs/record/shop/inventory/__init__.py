"""`inventory`: what there is and how much of it, in PostgreSQL."""

from __future__ import annotations
