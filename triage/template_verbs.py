"""What can be asked of an incident about its templates: verbs of `Incident`, apart from what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import polars as pl

from triage.errors import UsageError
from triage.ingest.held import Records
from triage.patterns.template_names import meant
from triage.search import search_templates
from triage.settings import Moment, Settings
from triage.template import Template, describe, parameter_summary, parameter_table
from triage.template_rows import TemplateRows


class TemplateVerbs:
    """Questions about templates, for whatever holds templates and records."""

    table: Records
    templates: pl.DataFrame
    settings: Settings

    @cached_property
    def _rows(self) -> TemplateRows:
        """Where each template's records are: found when first asked for."""
        return TemplateRows(self.table)

    def _described(self, template: str) -> dict[str, Any]:
        """The row of a template, by its id or its text, also as it is printed."""
        given: object = template
        name = given if isinstance(given, str) else ""
        own = self.templates["template_id"] == name
        if not own.any():
            own = self.templates["template"] == (meant(name, self.templates["template"]) or "")
        if not own.any():
            known(template, self.templates["template_id"], "template")
        return self.templates.row(own.arg_true()[0], named=True)

    def template(self, template_id: str) -> Template:
        """What a template says, who says it and when, and the names of its parameters.

        Raises
        ------
        UsageError
            If there is no such template.
        """
        return describe(self._described(template_id), self._rows)

    def parameters(self, template_id: str, limit: int | None = 1000) -> pl.DataFrame:
        """The variable parts of a template's records as named columns, numbers where they are quantities.

        Names come from the text: a key in front, a unit or what is counted behind, the kind. About a thousand records
        from its first to its last tell what is a number, a duration (in ms) or a size (in bytes); a value that is none
        is then null. Of a record the first line counts.

        Parameters
        ----------
        template_id : str
            One of `templates`.
        limit : int or None
            At most so many records, the earliest first.

        Returns
        -------
        polars.DataFrame
            ``timestamp``, ``source``, ``line``; ``fits``, whether the template lies over the line in one way only,
            without which its values are null; and a column for each parameter, such as ``ip`` and ``duration_ms``.

        Raises
        ------
        UsageError
            If there is no such template, or for a negative limit.
        """
        check_limit(limit)
        return parameter_table(self._described(template_id), self._rows, limit)

    def parameter_summary(self, template_id: str) -> pl.DataFrame:
        """The parameters of a template over all its records.

        Returns
        -------
        polars.DataFrame
            One row a parameter: ``name``, ``kind``, ``unit``; ``records`` with it and those ``missing`` it;
            ``distinct`` values and the ``top`` ones with their counts; of numbers also ``min``, the quantiles ``p05``,
            ``p50``, ``p95``, and ``max``.

        Raises
        ------
        UsageError
            If there is no such template.
        """
        return parameter_summary(self._described(template_id), self._rows)

    def find(
        self,
        text: str | None = None,
        *,
        regex: str | None = None,
        level: str | None = None,
        service: str | None = None,
        since: Moment = None,
        until: Moment = None,
    ) -> pl.DataFrame:
        """Templates that fit all that is asked, as rows of `templates`.

        Parameters
        ----------
        text : str, optional
            In the template, in any case.
        regex : str, optional
            A Rust regex that matches somewhere in the template.
        level : str, optional
            At least; the highest of a template's records counts.
        service : str, optional
            One that wrote some of its records.
        since, until : str or datetime, optional
            When its first record was written.

        Raises
        ------
        UsageError
            For a regex that cannot be used, an unknown level or service, or times that are none.
        """
        zone = self.settings.zone
        return search_templates(
            self.templates, text, regex=regex, level=level, service=service, since=since, until=until, zone=zone
        )


def check_limit(limit: int | None) -> None:
    """Refuse what is no number of rows.

    Raises
    ------
    UsageError
        For a negative number, and for what is none.
    """
    given: object = limit
    if given is not None and (isinstance(given, bool) or not isinstance(given, int) or given < 0):
        raise UsageError(f"limit: got {given!r:.60}, wanted a whole number from 0 on, or None for all")


def known(wanted: str, ids: Iterable[str], what: str) -> None:
    """Refuse an id that is not among those there are.

    Raises
    ------
    UsageError
        For such an id; it names some that there are.
    """
    there = list(ids)
    if wanted not in there:
        shown = ", ".join(there[:5]) or "(none)"
        raise UsageError(
            f"no {what} has the id {str(wanted)[:60]!r}: there are {shown}{' …' if len(there) > 5 else ''}"
        )
