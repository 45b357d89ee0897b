"""The names of the built-in formats, as the ledger shows them."""

from __future__ import annotations

from triage.ingest.formats import ENVELOPES, FORMATS, PLAIN
from triage.ingest.formats.csvlog import CSVLOG
from triage.ingest.formats.table import NAMES
from triage.ingest.formats.w3c import W3C

#: Of what is wrapped around lines.
WRAPPERS = tuple(envelope.name for envelope in ENVELOPES)
#: Of separated values, by what separates them, and of all that is known by a line above the rows.
TABLES = {name: separator for separator, name in NAMES.items()}
HEADED = (*TABLES, CSVLOG, W3C)
#: Of lines.
BUILT_IN = tuple(sorted({PLAIN.name, *HEADED, *(fmt.name for fmt in FORMATS)}))
