"""The way back to raw lines: verbs of `Incident`, apart from what it holds."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from triage.errors import UsageError
from triage.hypotheses import Hypothesis
from triage.ingest import Ledger
from triage.ingest.moments import moment
from triage.patterns import ErrorGroup
from triage.raw_lines import RawLines
from triage.settings import Moment
from triage.template_verbs import TemplateVerbs, check_limit, known
from triage.trace_verbs import TraceVerbs

SHOWN = ["timestamp", "source", "line", "line_count", "service_name", "severity_text", "raw"]
#: Lines to each side for each record wanted: with stack traces of that many lines, context may have fewer records.
_REACH = 200


class LineVerbs(TemplateVerbs, TraceVerbs):
    """Questions about lines, for whatever holds records, templates, error groups and hypotheses."""

    ledger: Ledger
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
        since: Moment = None,
        until: Moment = None,
    ) -> RawLines:
        """Raw lines of a template, an error group, a hypothesis' evidence or a stack trace.

        Parameters
        ----------
        template, error_group, hypothesis, trace : str, optional
            An id, or a template's text; with none of them, lines of all records.
        limit : int or None
            At most so many records, the earliest first.
        since, until : str or datetime, optional
            Only records in between, `until` itself not.

        Returns
        -------
        polars.DataFrame
            ``timestamp``, ``source``, ``line``, ``line_count``, ``service_name``, ``severity_text``, ``raw``; it
            shows them whole.

        Raises
        ------
        UsageError
            If there is no such id, for a negative limit, or for times that are none.
        """
        check_limit(limit)
        zone = self.settings.zone
        span = moment(since, "since", zone), moment(until, "until", zone)
        if template is not None:
            rows = self._rows.rows(self._described(template)["template_id"])
            if any(span):
                rows = rows.filter(self._rows.gather(rows, "timestamp").select(_between(*span)).to_series())
            return RawLines(self._rows.gather(rows if limit is None else rows.head(limit), *SHOWN))
        chosen = self._chosen(error_group, hypothesis) if trace is None else self._of_trace(trace)
        ordered = chosen.select(SHOWN).filter(_between(*span)).sort("timestamp", "source", "line", nulls_last=True)
        return RawLines((ordered if limit is None else ordered.head(limit)).collect(engine="streaming"))

    def context(self, source: str, line: int, before: int = 5, after: int = 5) -> RawLines:
        """The records around a line, as they follow each other in their source.

        Parameters
        ----------
        source : str
            As the ledger and `lines` name it.
        line : int
            A line of the record in the middle, counted from 1.
        before, after : int
            Records in front of it and behind it.

        Returns
        -------
        polars.DataFrame
            As `lines` gives it, in the order of the source.

        Raises
        ------
        UsageError
            If there is no such source, no record has the line, or for a negative number of records.
        """
        known(source, [row.source for row in self.ledger.sources], "source")
        for number in (before, after):
            check_limit(number)
        own = self.scan().filter(pl.col("source") == source).select(SHOWN)
        reach = pl.col("line").is_between(line - _REACH * (before + 1), line + _REACH * (after + 1))
        found = own.filter(reach).sort("line").collect(engine="streaming")
        begun = int((found["line"] <= line).sum())
        if not begun or found["line"][begun - 1] + found["line_count"][begun - 1] <= line:
            raise UsageError(f"line {line} of {source[:80]} is no part of a record that has a time")
        return RawLines(found.slice(max(0, begun - 1 - before), min(begun - 1, before) + 1 + after))

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


def _between(since: datetime | None, until: datetime | None) -> pl.Expr:
    """Whether a record lies between two times; of those without a time only where neither is given."""
    found = pl.lit(True)
    if since:
        found &= pl.col("timestamp") >= since
    return found & (pl.col("timestamp") < until) if until else found
