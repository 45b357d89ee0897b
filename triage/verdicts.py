"""What people decided about hypotheses: an append-only record of who said what, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

from triage.display import aligned, table
from triage.errors import IncidentError, UsageError

Decision = Literal["confirmed", "rejected", "open"]
DECISIONS: tuple[str, ...] = get_args(Decision)
#: Of a table of them.
HEAD = ("at (UTC)", "by", "decision", "hypothesis", "note")


@dataclass(frozen=True)
class Verdict:
    """One person's decision about one hypothesis.

    Parameters
    ----------
    hypothesis_id : str
        Whether there is such a hypothesis is for the caller to check.
    decision : {"confirmed", "rejected", "open"}
        ``open`` takes back what was decided before.
    by : str
        Who says so.
    note : str
        Why, in the person's words.
    at : datetime
        When, aware; kept in UTC. Now, if not given.

    Raises
    ------
    UsageError
        For another decision, an empty `by` or `hypothesis_id`, or a time without a zone.
    """

    hypothesis_id: str
    decision: Decision
    by: str
    note: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            wanted = ", ".join(map(repr, DECISIONS))
            raise UsageError(f"decision: got {_shown(self.decision)}, wanted one of {wanted}; try 'open'")
        for name, example in _EXAMPLES.items():
            given = getattr(self, name)
            if not isinstance(given, str) or not (given.strip() or name == "note"):
                raise UsageError(f"{name}: got {_shown(given)}, wanted text; try {name}={example!r}")
            # An argument of a command line may hold bytes that are no UTF-8 and could not be written again.
            object.__setattr__(self, name, given.encode("utf-8", "replace").decode("utf-8"))
        if getattr(self.at, "tzinfo", None) is None:
            raise UsageError(f"at: got {_shown(self.at)}, wanted a datetime with a zone; try datetime.now(UTC)")
        object.__setattr__(self, "at", self.at.astimezone(UTC))

    @classmethod
    def make(cls, hypothesis_id: str, decision: str, *, by: str, note: str = "", at: datetime | None = None) -> Verdict:
        """A verdict from what a caller says, the decision being any text until it is checked.

        Raises
        ------
        UsageError
            As the constructor.
        """
        return cls(hypothesis_id, cast(Decision, decision), by, note, at or datetime.now(UTC))

    def to_dict(self) -> dict[str, str]:
        """A plain dict, the time in RFC 3339 with ``Z``.

        Examples
        --------
        >>> Verdict("h1", "open", "ana", at=datetime(2024, 5, 1, tzinfo=UTC)).to_dict()
        {'hypothesis_id': 'h1', 'decision': 'open', 'by': 'ana', 'note': '', 'at': '2024-05-01T00:00:00Z'}
        """
        return {**asdict(self), "at": self.at.replace(tzinfo=None).isoformat() + "Z"}

    @classmethod
    def from_dict(cls, entry: object) -> Verdict:
        """The verdict that `to_dict` wrote.

        Raises
        ------
        ValueError
            Says what is wrong with the entry.
        """
        names = [one.name for one in fields(cls)]
        if not isinstance(entry, Mapping) or set(entry) != set(names):
            raise ValueError(f"wanted an object with {', '.join(names)}")
        try:
            return cls(**{**entry, "at": datetime.fromisoformat(entry["at"])})
        except (UsageError, TypeError, ValueError) as error:
            raise ValueError(str(error)) from None


_EXAMPLES = {"hypothesis_id": "change:deploy-1", "by": "ana", "note": "seen in two regions"}


@dataclass(frozen=True, repr=False)
class Verdicts:
    """All decisions in the order they were recorded; immutable: appending gives a new record.

    Of several decisions about one hypothesis the one with the latest time stands, and of those at one time
    the one recorded last.

    Parameters
    ----------
    entries : tuple of Verdict
    """

    entries: tuple[Verdict, ...] = ()

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def append(self, verdict: Verdict) -> Verdicts:
        """A record with one more decision."""
        return replace(self, entries=(*self.entries, verdict))

    def merge(self, other: Verdicts) -> Verdicts:
        """The decisions of both records, each once, in order of time.

        Examples
        --------
        >>> at = datetime(2024, 5, 1, tzinfo=UTC)
        >>> start = Verdicts().append(Verdict("h1", "open", "ana", at=at))
        >>> one, two = (start.append(Verdict("h1", "rejected", who, at=at)) for who in ("ben", "cleo"))
        >>> [verdict.by for verdict in one.merge(two)]
        ['ana', 'ben', 'cleo']
        """
        new = [verdict for verdict in other.entries if verdict not in self.entries]
        return replace(self, entries=tuple(sorted((*self.entries, *new), key=lambda verdict: verdict.at)))

    def by_hypothesis(self) -> dict[str, Verdict]:
        """The decision that stands for each hypothesis, in order of time."""
        standing: dict[str, Verdict] = {}
        # Sorting is stable: of decisions at one time, the last recorded stays last.
        for verdict in sorted(self.entries, key=lambda verdict: verdict.at):
            standing.pop(verdict.hypothesis_id, None)  # so that it moves to the end
            standing[verdict.hypothesis_id] = verdict
        return standing

    @property
    def current(self) -> Verdict | None:
        """The latest confirmation that stands, or None.

        A confirmation is withdrawn by a later ``rejected`` or ``open`` about the same hypothesis; then an
        earlier one of another hypothesis stands again, if that was not withdrawn too.

        Examples
        --------
        >>> noon, later = datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 1, 13, tzinfo=UTC)
        >>> record = Verdicts().append(Verdict("h1", "confirmed", "ana", at=noon))
        >>> record.current.hypothesis_id
        'h1'
        >>> record.append(Verdict("h1", "open", "ben", "logs of another day", at=later)).current is None
        True
        """
        confirmed = [verdict for verdict in self.by_hypothesis().values() if verdict.decision == "confirmed"]
        return confirmed[-1] if confirmed else None

    def to_json(self) -> list[dict[str, str]]:
        """The decisions as plain dicts, in the order recorded."""
        return [verdict.to_dict() for verdict in self.entries]

    def _rows(self) -> list[tuple[str, ...]]:
        return [(f"{v.at:%Y-%m-%d %H:%M:%S}", v.by, v.decision, v.hypothesis_id, v.note) for v in self.entries]

    def __repr__(self) -> str:
        """A line a decision for terminals; notebooks show `_repr_html_`."""
        return "\n".join(["Verdicts", *aligned([HEAD, *self._rows()])]) if self.entries else "Verdicts: none yet"

    def _repr_html_(self) -> str:
        return table(HEAD, self._rows(), "Verdicts") if self.entries else "<p>No verdict yet: a person decides.</p>"

    @classmethod
    def from_json(cls, entries: Iterable[Any]) -> Verdicts:
        """The record that `to_json` wrote.

        Raises
        ------
        IncidentError
            Names the entry, from 1.
        """
        found: list[Verdict] = []
        for number, entry in enumerate(entries, 1):
            try:
                found.append(Verdict.from_dict(entry))
            except ValueError as error:
                where = f"verdicts, entry {number}"
                raise IncidentError(f"{where}: got {_shown(entry)}, {error}; try an earlier copy") from None
        return cls(tuple(found))


def _shown(value: object) -> str:
    text = repr(value if not isinstance(value, str) else value[:60])
    return text if len(text) <= 60 else f"{text[:59]}…"
