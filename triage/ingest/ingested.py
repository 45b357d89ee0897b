"""What reading gives."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest.ledger import Ledger


@dataclass(frozen=True)
class Ingested:
    """Records of all sources, in the order of the sources and of their lines, and the ledger."""

    records: pl.DataFrame
    ledger: Ledger
