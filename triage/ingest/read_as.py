"""Formats that the user sets for some sources, in place of what is recognised."""

from __future__ import annotations

import difflib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from triage.errors import UsageError
from triage.ingest.columns import Columns
from triage.ingest.context import Context
from triage.ingest.format_names import BUILT_IN, TABLES, WRAPPERS
from triage.ingest.formats import FORMATS, NESTED, PLAIN, Format, LineFormat
from triage.ingest.formats.csvlog import CSVLOG, find_csvlog
from triage.ingest.formats.header import find_table
from triage.ingest.formats.table import Table
from triage.ingest.formats.w3c import W3C, find_w3c
from triage.ingest.formats.whole_line import WHOLE_LINE
from triage.ingest.overrides import parse_pairs
from triage.ingest.plan import Plan


def parse_read_as(values: Sequence[str]) -> dict[str, str]:
    """Command-line values ``PATTERN=FORMAT`` as a mapping.

    Examples
    --------
    >>> parse_read_as(["app/*.log=logfmt"])
    {'app/*.log': 'logfmt'}
    """
    return parse_pairs("--read-as", values, "FORMAT", "logfmt")


def check_read_as(read_as: Mapping[str, str] | None, own: Sequence[LineFormat] = ()) -> dict[str, str]:
    """The mapping from source patterns to names of formats, known to be one.

    Parameters
    ----------
    own : sequence of LineFormat
        The user's formats, which may be named as well.

    Raises
    ------
    UsageError
        For something else, or a name that no format has.

    Examples
    --------
    >>> check_read_as({"app/*.log": "docker/logfmt"})
    {'app/*.log': 'docker/logfmt'}
    >>> check_read_as({"app/*.log": "logfm"})
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: read_as: unknown format 'logfm' for 'app/*.log': did you mean 'logfmt'?
    """
    if read_as is None:
        return {}
    if not isinstance(read_as, Mapping):
        raise UsageError(f"read_as: got {read_as!r}, wanted a mapping such as {{'app/*.log': 'logfmt'}}"[:200])
    names = {str(pattern): str(name or "").strip() for pattern, name in read_as.items()}
    for pattern, name in names.items():
        parts = SetFormat.of(name, own)
        if parts.format not in (None, *BUILT_IN, *(one.name for one in own)):
            raise UsageError(f"read_as: unknown format {name[:60]!r} for {pattern[:60]!r}: {_suggest(name, own)}")
    return names


def _suggest(name: str, own: Sequence[LineFormat]) -> str:
    known = [*(one.name for one in own), *BUILT_IN, *WRAPPERS]
    wrapper, _, inner = name.partition("/")
    close = difflib.get_close_matches(inner if wrapper in WRAPPERS else name, known, n=1)
    if not close:
        return f"wanted a name as the ledger shows it, such as json-lines, logfmt, syslog, generic or {PLAIN.name}"
    whole = f"{wrapper}/{close[0]}" if wrapper in WRAPPERS else close[0]
    return f"did you mean {whole!r}?"


@dataclass(frozen=True)
class SetFormat:
    """What a source is set to be read as.

    Attributes
    ----------
    name : str
        As the user gave it; empty where nothing is set.
    envelope, format : str or None
        Its parts: ``docker/logfmt`` names both, ``docker`` and ``logfmt`` one of them. What is not named is recognised.
    """

    name: str = ""
    envelope: str | None = None
    format: str | None = None

    @classmethod
    def of(cls, name: str | None, own: Sequence[LineFormat] = ()) -> SetFormat:
        """The parts of a name; that of an own format may hold a slash.

        Examples
        --------
        >>> SetFormat.of("docker/logfmt")
        SetFormat(name='docker/logfmt', envelope='docker', format='logfmt')
        """
        if name is None:
            return AS_RECOGNISED
        if name in WRAPPERS:
            return cls(name, name, None)
        wrapper, mark, inner = name.partition("/")
        wrapped = mark and wrapper in WRAPPERS and name not in [one.name for one in own]
        return cls(name, wrapper, inner) if wrapped else cls(name, None, name)

    @property
    def plain(self) -> bool:
        """Whether lines are set to be of no format."""
        return self.format == PLAIN.name

    def formats(self, text: pl.Series, own: Sequence[LineFormat]) -> tuple[Format, ...]:
        """The formats of this name, which are tried before all others; none where a header tells them."""
        if self.plain:
            return (WHOLE_LINE,)
        if mine := tuple(fmt for fmt in own if fmt.name == self.format):
            return mine
        return find_w3c(text) if self.format == W3C else tuple(fmt for fmt in FORMATS if fmt.name == self.format)

    def reads(self, text: pl.Series, context: Context, own: Sequence[LineFormat]) -> bool:
        """Whether a line is of the format."""
        return any(fmt.read(text, context).claimed.any() for fmt in self.formats(text, own))

    def formats_inside(self, text: pl.Series, own: Sequence[LineFormat]) -> tuple[Format, ...]:
        """The formats of this name as they are sought inside messages."""
        nested = tuple(fmt for fmt in NESTED if fmt.name == self.format)
        return nested or (() if self.plain else self.formats(text, own))

    def table(self, text: pl.Series, context: Context, columns: Columns | None) -> Table | None:
        """The table that was set, if the text is one."""
        if self.format == CSVLOG:
            return find_csvlog(text)
        separator = TABLES.get(self.format or "")
        return find_table(text, context, columns, (separator,)) if separator else None

    def note(self, plan: Plan, found: Container[str]) -> str:
        """What became of the setting, a sentence.

        Parameters
        ----------
        plan : Plan
            By which the source was read.
        found : container of str
            Names of the formats that its lines have.
        """
        if self.envelope and (plan.envelope is None or plan.envelope.name != self.envelope):
            return f"was set to be read as {self.name}, but no line looked at is wrapped so: read as {plan.name}"
        if self.format in (None, plan.choice.main):
            return f"was read as {self.name}, as was set"
        if self.format in found:
            return f"was read as {self.name} where lines are of that format, as was set: most are {plan.name}"
        if self.format in plan.nested_names:
            return f"messages were read as {self.name} where they hold that, as was set: lines are {plan.name}"
        return f"was set to be read as {self.name}, but no line is of that format: read as {plan.name}"


#: Nothing is set.
AS_RECOGNISED = SetFormat()
