"""Records an incident: real servers and a small shop on loopback, one of whose deploys goes wrong.

`python -m sample_logs.record` writes an incident folder: logs as the programs wrote them, the changes that were
made meanwhile, and the truth, from the services' own counters. It needs nginx, PostgreSQL and Redis installed.
"""

from __future__ import annotations
