"""Rows of a page on what people said, what came when, what it did, and how to do it again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """What a person says was the matter, in their words."""

    text: str
    by: str
    at: str


@dataclass(frozen=True)
class EventRow:
    """Something at one time; `what` may have several lines where a person wrote it."""

    time: str
    kind: str
    what: str
    by: str


@dataclass(frozen=True)
class OwnRow:
    """A hypothesis that a person wrote, and what was decided about it."""

    claim: str
    by: str
    why: str
    decision: str


@dataclass(frozen=True)
class CheckRow:
    """A check that was done, the hypothesis it is about, and what it showed."""

    check: str
    about: str
    result: str
    by: str
    at: str


@dataclass(frozen=True)
class ServiceRow:
    """Error records of one service since the onset and before, each with their number a minute and of how many records.

    What there was before is empty without an onset.
    """

    service: str
    errors: str
    rate: str
    records: str
    errors_before: str
    rate_before: str
    records_before: str


@dataclass(frozen=True)
class OperationRow:
    """Failing requests of one operation since the onset and before, of how many; empty before without an onset."""

    operation: str
    service: str
    failing: str
    share: str
    failing_before: str
    share_before: str


@dataclass(frozen=True)
class Reproduction:
    """How to come to the same: versions, what was read, and the calls as Python."""

    versions: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Blank:
    """A section that only people can write."""

    name: str
    hint: str
