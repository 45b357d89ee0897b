"""What can be asked of an incident about what its failing lines share: verbs of `Incident`."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from triage.hypotheses import Facts
from triage.patterns import ErrorGroup
from triage.shares import Shared, find_shared


class ShareVerbs:
    """Questions about what failing lines share, for whatever has facts, error groups and templates."""

    facts: Facts
    error_groups: tuple[ErrorGroup, ...]
    templates: pl.DataFrame

    @cached_property
    def shared_table(self) -> Shared:
        """What failing lines share, what was tested, and instances that fail alike: found when first asked for."""
        return find_shared(self.facts, self.error_groups, self.templates)

    @property
    def shared(self) -> pl.DataFrame:
        """Values that failing lines have more often than the same service's other lines, by more than chance brings.

        Where lines bear ids of requests, requests are counted, with what all their lines say; else lines. Each is
        compared with those before the first failure and with those since, and the smaller difference counts.

        Returns
        -------
        polars.DataFrame
            ``error_group`` (null: all failing lines that came with the onset), ``service``, ``unit`` (``requests`` or
            ``lines``), ``of`` (the service whose lines have the value), ``key``, ``value``, ``kind`` (whether it tells
            ``whose`` work it is, where in the ``code`` a line is written, or the ``outcome``); how many failing units
            (``bad``) of those with the key (``bad_all``; of ``failing`` in all) have it, and how many (``other``) of
            the others (``other_all``), those ``against`` which they are held; the ratio of these shares (``lift``) with
            bounds of 90 %, ``p_value``, ``q_value`` over all values tested; ``also``, values that the same units have;
            a ``statement``, and raw ``lines``. Those that tell most come first.
        """
        return self.shared_table.frame
