"""What people wrote down during an incident: an append-only record beside the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal, cast, get_args

from triage.display import aligned, table
from triage.errors import IncidentError, UsageError

Kind = Literal["note", "check", "hypothesis", "diagnosis"]
KINDS: tuple[str, ...] = get_args(Kind)
#: Ids of hypotheses that people wrote begin with it.
OWN = "own:"
#: Of a table of remarks; the time is the one that a note is about, else when it was written.
HEAD = ("at (UTC)", "by", "kind", "about", "text")


@dataclass(frozen=True)
class Remark:
    """Something that one person wrote.

    Parameters
    ----------
    kind : {"note", "check", "hypothesis", "diagnosis"}
        A note on the timeline; a next check that was looked into; a hypothesis of their own; the final diagnosis.
    text : str
        The note, the check as it was proposed, the claim, the diagnosis.
    by : str
        Who says so.
    detail : str
        What a check showed, why a hypothesis is held.
    about : str
        Id of the hypothesis that a check or a note is about; empty where it is about none.
    at : datetime or None
        The time that a note is about.
    done : bool
        False takes back that a check was done.
    written : datetime
        When, aware; kept in UTC. Now, if not given.

    Raises
    ------
    UsageError
        For another kind, an empty `text` or `by`, or a time without a zone.
    """

    kind: Kind
    text: str
    by: str
    detail: str = ""
    about: str = ""
    at: datetime | None = None
    done: bool = True
    written: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(f"kind: got {str(self.kind)[:40]!r}, wanted one of {', '.join(KINDS)}")
        for name in ("text", "by", "detail", "about"):
            given = getattr(self, name)
            if not isinstance(given, str) or not (given.strip() or name in ("detail", "about")):
                raise UsageError(f"{name}: got {str(given)[:40]!r}, wanted text; try {name}={_EXAMPLES[name]!r}")
            # What came from a command line may hold bytes that are no UTF-8 and could not be written again.
            object.__setattr__(self, name, given.strip().encode("utf-8", "replace").decode("utf-8"))
        for name in ("at", "written"):
            time = getattr(self, name)
            if time is None and name == "at":
                continue
            if getattr(time, "tzinfo", None) is None:
                raise UsageError(f"{name}: got {str(time)[:40]!r}, wanted a datetime with a zone")
            object.__setattr__(self, name, time.astimezone(UTC))

    @property
    def id(self) -> str:
        """The id by which a hypothesis of somebody's own is decided upon: a hash of its claim.

        Examples
        --------
        >>> Remark("hypothesis", "the bank is down", "ana").id
        'own:d62edf7229'
        """
        return OWN + blake2b(self.text.encode(), digest_size=5).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """A plain dict, times in RFC 3339 with ``Z``."""
        row = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**row, "at": _iso(self.at) if self.at else None, "written": _iso(self.written)}

    @classmethod
    def from_dict(cls, entry: object) -> Remark:
        """The remark that `to_dict` wrote.

        Raises
        ------
        ValueError
            Says what is wrong with the entry.
        """
        names = {one.name for one in fields(cls)}
        if not isinstance(entry, Mapping) or set(entry) != names or not isinstance(entry["done"], bool):
            raise ValueError(f"wanted an object with {', '.join(sorted(names))}")
        try:
            times = {name: datetime.fromisoformat(entry[name]) if entry[name] else None for name in ("at", "written")}
            return cls(**cast(dict[str, Any], {**entry, **times}))
        except (UsageError, TypeError, ValueError) as error:
            raise ValueError(str(error)) from None


_EXAMPLES = {"text": "paged the owner of the database", "by": "ana", "detail": "no lock was held", "about": "change:1"}


def _row(remark: Remark) -> tuple[str, ...]:
    kind = remark.kind if remark.done else f"{remark.kind}, not done"
    text = f"{remark.text}: {remark.detail}" if remark.detail else remark.text
    return f"{remark.at or remark.written:%Y-%m-%d %H:%M:%S}", remark.by, kind, remark.about, text


def _iso(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat() + "Z"


@dataclass(frozen=True, repr=False)
class Remarks:
    """All remarks in the order they were written; immutable: appending gives a new record.

    Parameters
    ----------
    entries : tuple of Remark
    """

    entries: tuple[Remark, ...] = ()

    def __iter__(self) -> Iterator[Remark]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def append(self, remark: Remark) -> Remarks:
        """A record with one more remark."""
        return replace(self, entries=(*self.entries, remark))

    def merge(self, other: Remarks) -> Remarks:
        """The remarks of both records, each once, in order of time."""
        new = [remark for remark in other.entries if remark not in self.entries]
        return replace(self, entries=tuple(sorted((*self.entries, *new), key=lambda remark: remark.written)))

    def of(self, kind: Kind) -> tuple[Remark, ...]:
        """Those of one kind, in order of time."""
        return tuple(sorted((r for r in self.entries if r.kind == kind), key=lambda remark: remark.written))

    @property
    def diagnosis(self) -> Remark | None:
        """The final diagnosis: the last that a person wrote; None where nobody has."""
        return next(reversed(self.of("diagnosis")), None)

    @property
    def checks(self) -> dict[tuple[str, str], Remark]:
        """Checks that are done, by the hypothesis that each is about, and its text."""
        last = {(remark.about, remark.text): remark for remark in self.of("check")}
        return {key: remark for key, remark in last.items() if remark.done}

    @property
    def hypotheses(self) -> dict[str, Remark]:
        """Hypotheses that people wrote, by id, as they were first written."""
        found: dict[str, Remark] = {}
        for remark in self.of("hypothesis"):
            found.setdefault(remark.id, remark)
        return found

    def to_json(self) -> list[dict[str, Any]]:
        """The remarks as plain dicts, in the order written."""
        return [remark.to_dict() for remark in self.entries]

    def _rows(self) -> list[tuple[str, ...]]:
        return [_row(remark) for remark in self.entries]

    def __repr__(self) -> str:
        """A line a remark for terminals; notebooks show `_repr_html_`."""
        return "\n".join(["Remarks", *aligned([HEAD, *self._rows()])]) if self.entries else "Remarks: none yet"

    def _repr_html_(self) -> str:
        return table(HEAD, self._rows(), "Remarks") if self.entries else "<p>No remarks yet.</p>"

    @classmethod
    def from_json(cls, entries: Iterable[Any]) -> Remarks:
        """The record that `to_json` wrote.

        Raises
        ------
        IncidentError
            Names the entry, from 1.
        """
        found = []
        for number, entry in enumerate(entries, 1):
            try:
                found.append(Remark.from_dict(entry))
            except ValueError as error:
                raise IncidentError(f"remarks, entry {number}: {error}; try an earlier copy") from None
        return cls(tuple(found))
