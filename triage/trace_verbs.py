"""What can be asked of an incident about its stack traces: verbs of `Incident`, apart from what it holds."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from triage.ingest.held import Records
from triage.patterns.stack_traces import StackTraces, find_traces, records_of
from triage.template_verbs import known


class TraceVerbs:
    """Questions about stack traces, for whatever holds records that have templates."""

    table: Records

    @cached_property
    def _traces(self) -> StackTraces:
        """The stack traces: looked for when first asked for."""
        return find_traces(self.table.lazy())

    @property
    def traces(self) -> pl.DataFrame:
        """Stack traces by problem: one row for all that differ in line numbers, addresses or generated names only.

        Returns
        -------
        polars.DataFrame
            ``id``; ``exception_type``, and the ``cause`` that it followed from; ``frames``, the application's functions
            from where it was thrown outwards, or, where ``in_app`` is false, the innermost of libraries; ``count``,
            ``first``, ``last``, ``services``, ``template_ids``. The most frequent first; `Incident.lines` takes an id.
        """
        return self._traces.table

    def _of_trace(self, trace: str) -> pl.LazyFrame:
        """The records with a stack trace.

        Raises
        ------
        UsageError
            If there is no such stack trace.
        """
        known(trace, self.traces["id"], "stack trace")
        return records_of(self.table.lazy(), self._traces.kinds.filter(pl.col("id") == trace))
