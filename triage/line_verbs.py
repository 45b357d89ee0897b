"""The way back to raw lines: verbs of `Incident`, apart from what it holds."""

from __future__ import annotations

import polars as pl

from triage.hypotheses import Hypothesis
from triage.patterns import ErrorGroup
from triage.template_verbs import TemplateVerbs, check_limit, known
from triage.trace_verbs import TraceVerbs


class LineVerbs(TemplateVerbs, TraceVerbs):
    """Questions about lines, for whatever holds records, templates, error groups and hypotheses."""

    error_groups: tuple[ErrorGroup, ...]
    hypotheses: tuple[Hypothesis, ...]

    def scan(self) -> pl.LazyFrame:
        """The records as a lazy frame: read from disk as far as a query needs them, where they are kept there.

        The files are removed with the incident: keep it as long as the frame.
        """
        return self.table.lazy()

    def lines(
        self,
        template: str | None = None,
        error_group: str | None = None,
        hypothesis: str | None = None,
        limit: int | None = 100,
        *,
        trace: str | None = None,
    ) -> pl.DataFrame:
        """Raw lines of a template, an error group, a hypothesis' evidence or a stack trace.

        Parameters
        ----------
        template, error_group, hypothesis, trace : str, optional
            An id, or a template's text; with none of them, lines of all records.
        limit : int or None
            At most so many records, the earliest first.

        Returns
        -------
        polars.DataFrame
            ``timestamp``, ``source``, ``line``, ``line_count``, ``service_name``, ``severity_text``, ``raw``.

        Raises
        ------
        UsageError
            If there is no such id, or for a negative limit.
        """
        check_limit(limit)
        columns = ["timestamp", "source", "line", "line_count", "service_name", "severity_text", "raw"]
        if template is not None:
            rows = self._rows.rows(self._described(template)["template_id"])
            return self._rows.gather(rows if limit is None else rows.head(limit), *columns)
        chosen = self._chosen(error_group, hypothesis) if trace is None else self._of_trace(trace)
        ordered = chosen.select(columns).sort("timestamp", "source", "line", nulls_last=True)
        return (ordered if limit is None else ordered.head(limit)).collect(engine="streaming")

    def _chosen(self, error_group: str | None, hypothesis: str | None) -> pl.LazyFrame:
        if error_group is not None:
            known(error_group, [g.id for g in self.error_groups], "error group")
            ids = next(g for g in self.error_groups if g.id == error_group).template_ids
            return self.scan().filter(pl.col("template_id").is_in(list(ids)))
        if hypothesis is not None:
            known(hypothesis, [h.id for h in self.hypotheses], "hypothesis")
            found = next(h for h in self.hypotheses if h.id == hypothesis)
            rows = {(line.source, line.line) for e in found.evidence for line in e.lines}
            wanted = pl.DataFrame(sorted(rows), schema={"source": pl.String, "line": pl.UInt32}, orient="row")
            return self.scan().join(wanted.lazy(), on=["source", "line"], how="semi")
        return self.scan()
