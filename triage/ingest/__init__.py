"""From paths, frames and standard input to one table of records and the ledger of every line."""

from __future__ import annotations

from triage.ingest.ingested import Ingested
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.read import read_into, read_logs

__all__ = ["Ingested", "Ledger", "SourceLedger", "read_into", "read_logs"]
