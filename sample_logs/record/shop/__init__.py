"""A small shop of three services: `checkout` before `inventory` and `payments`; real, so that its logs are."""

from __future__ import annotations
