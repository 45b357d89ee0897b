"""`payments`: charges of cards, in PostgreSQL, and how often a card was used of late, in Redis."""

from __future__ import annotations
