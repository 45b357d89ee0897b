"""An error group, and what notebooks and terminals show of one and of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from triage.display import Listed, aligned, bullets, facts, folded, table, wrapped
from triage.patterns.group_traces import StackTrace
from triage.patterns.signatures import Signature

#: Frames of a stack trace, and groups, that are shown at once; groups that a fold holds besides.
FRAMES_SHOWN, SHOWN, MOST = 5, 15, 200


@dataclass(frozen=True, repr=False)
class ErrorGroup:
    """Templates that are one problem.

    Attributes
    ----------
    id : str
        A hash of the template ids: stable between runs.
    title : str
        As a person would write it: who, what, and the exception. No other group of the incident has the same.
    template : str
        The most frequent template.
    count : int
        Records in the group.
    trace : StackTrace or None
        Its most frequent stack trace.
    trace_ids : tuple of str
        All that it has, the most frequent first.
    exception : str or None
        The most frequent type.
    signature : Signature or None
        The known kind of failure that most of its texts are.
    target : str or None
        Host and port that its texts name.
    caused_by : str or None
        Id of the group whose exception its own followed from.
    seen_with : tuple of str
        Ids of groups of other services whose errors are in the same requests.
    """

    id: str
    title: str
    count: int
    first: datetime | None
    last: datetime | None
    services: tuple[str, ...]
    template_ids: tuple[str, ...]
    trace: StackTrace | None = None
    trace_ids: tuple[str, ...] = ()
    template: str = ""
    exception: str | None = None
    signature: Signature | None = None
    target: str | None = None
    caused_by: str | None = None
    seen_with: tuple[str, ...] = ()

    @property
    def next_check(self) -> str | None:
        """One thing to do at once, where the kind of failure is known."""
        return self.signature.check_for(self.services[0] if self.services else None) if self.signature else None

    def _facts(self) -> list[tuple[str, object]]:
        told: list[tuple[str, object]] = [
            ("records", f"{self.count:,}"),
            ("first", moment(self.first)),
            ("last", moment(self.last)),
            ("services", ", ".join(self.services) or "none named"),
            ("template", self.template),
        ]
        links = [("caused by", self.caused_by), ("seen with", ", ".join(self.seen_with)), ("check", self.next_check)]
        told += [(name, fact) for name, fact in links if fact]
        return [*told, ("exception", self.trace.exception)] if self.trace else told

    def _frames(self) -> list[str]:
        """The first frames of the stack trace, and what is left out of it and of those of the group."""
        if self.trace is None:
            return []
        more, traces = len(self.trace.frames) - FRAMES_SHOWN, len(self.trace_ids)
        rest = [f"and {more} more, outwards"] if more > 0 else []
        others = [f"this trace in {self.trace.count:,} records, {traces - 1} more traces"] if traces > 1 else []
        return [*self.trace.frames[:FRAMES_SHOWN], *rest, *others]

    def __repr__(self) -> str:
        """A few lines for terminals; notebooks show `_repr_html_`."""
        frames = [("at" if place == 0 else "", frame) for place, frame in enumerate(self._frames())]
        return "\n".join([*wrapped(f"Error group {self.id}: {self.title}"), *facts([*self._facts(), *frames])])

    def _repr_html_(self) -> str:
        frames = self._frames()
        trace = folded("Stack trace, from where it was thrown outwards", bullets(frames)) if frames else ""
        return table(["", self.title], self._facts(), f"Error group {self.id}") + trace


class ErrorGroups(Listed[ErrorGroup]):
    """Error groups, the largest first: a tuple."""

    __slots__ = ()

    def __repr__(self) -> str:
        """A line a group for terminals; notebooks show `_repr_html_`."""
        if not self:
            return "no error groups"
        rows = [("records", "first", "id", "error"), *(_row(group) for group in self[:SHOWN])]
        more = [f"  and {len(self) - SHOWN:,} more"] if len(self) > SHOWN else []
        return "\n".join([_headline(self), *aligned(rows, right={0}), *more])

    def _repr_html_(self) -> str:
        if not self:
            return "<p>No error groups.</p>"
        head, rest = ["records", "first", "error", "services", "id"], self[SHOWN:]
        numbers, whole = {"records"}, {"first", "id"}
        shown, more = (_cells(groups) for groups in (self[:SHOWN], rest[:MOST]))
        hidden = f" (the first {MOST} of them)" if len(rest) > MOST else ""
        fold = folded(f"{len(rest):,} more{hidden}", table(head, more, "", numbers, whole)) if rest else ""
        return table(head, shown, _headline(self), numbers, whole) + fold


def _headline(groups: ErrorGroups) -> str:
    records = sum(group.count for group in groups)
    return f"{len(groups):,} error group{'' if len(groups) == 1 else 's'}, {records:,} records"


def _row(group: ErrorGroup) -> tuple[str, str, str, str]:
    return f"{group.count:,}", moment(group.first), group.id, group.title


def _cells(groups: Iterable[ErrorGroup]) -> list[tuple[str, ...]]:
    return [
        (f"{group.count:,}", moment(group.first), group.title, ", ".join(group.services), group.id) for group in groups
    ]


def moment(at: datetime | None) -> str:
    """A time in UTC to the second, for a person.

    Examples
    --------
    >>> moment(datetime(2026, 11, 21, 2, 5)), moment(None)
    ('2026-11-21 02:05:00', 'no time')
    """
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "no time"
