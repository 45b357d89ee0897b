"""The envelope of ``docker compose logs`` and ``up``: the container's name and a bar before each line."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest.attributes import as_attributes
from triage.ingest.context import Context
from triage.ingest.formats.base import Opened, Reading, not_wrapped
from triage.ingest.groups import groups_of
from triage.ingest.levels import numbers
from triage.ingest.schema import FIELDS, conform

LINE = r"^(?P<container>[a-z][a-z0-9_.-]*|[A-Za-z0-9][A-Za-z0-9_.-]*[_-][0-9]+) +\|(?: |$)(?P<inner>.*)$"


@dataclass(frozen=True)
class Compose:
    """Takes each line out from behind its container's name."""

    name: str = "compose"

    def open(self, text: pl.Series, context: Context) -> Opened:
        """The service, and the text inside; such a prefix has no time."""
        groups = groups_of(text, LINE)
        # Columns parted by bars begin with a level in many a log.
        groups = groups.select(pl.when(numbers(pl.col("container")).is_null()).then(pl.all()))
        claimed = groups["container"].is_not_null()
        if not claimed.any():
            return not_wrapped(text)
        partial = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
        fields = groups.with_columns(
            pl.col("container").str.replace(r"[_-][0-9]+$", "").alias("service_name"),
            as_attributes(groups, ("container",)),
        )
        return Opened(Reading(conform(fields, FIELDS), claimed), groups["inner"], partial, groups["container"])


COMPOSE = Compose()
