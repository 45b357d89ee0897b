"""What was replaced: how often, in which files, where first. Never the values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

#: Places of each kind that are told.
PLACES = 3


class Place(NamedTuple):
    """Where something was found: a file and its line, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Found:
    """What was found of one kind.

    Attributes
    ----------
    count : int
        How often.
    values : int
        How many different values.
    files : dict
        How often in each file.
    places : list of Place
        The first.
    """

    count: int = 0
    values: int = 0
    files: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)


@dataclass
class Tally:
    """Everything that was found, by kind, in the order in which kinds were first found."""

    kinds: dict[str, Found] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, kind: str, file: str, count: int, new: int) -> Found:
        """Count `count` more of a kind in a file; `new` of its values were not seen before."""
        found = self.kinds.setdefault(kind, Found())
        found.count += count
        found.values += new
        found.files[file] = found.files.get(file, 0) + count
        return found

    @property
    def count(self) -> int:
        """How often something was found."""
        return sum(found.count for found in self.kinds.values())

    def lines(self) -> list[str]:
        """One line a kind, the most frequent first.

        Examples
        --------
        >>> tally = Tally()
        >>> tally.add("e-mail address", "app.log", 2, 1).places.append(Place("app.log", 7))
        >>> tally.lines()
        ['2 e-mail addresses (1 different) in 1 file, first at app.log:7']
        """
        ordered = sorted(self.kinds.items(), key=lambda item: (-item[1].count, item[0]))
        return [_line(kind, found) for kind, found in ordered]

    def to_dict(self) -> dict[str, Any]:
        """Counts by kind and file, as ``redaction.json`` has them."""
        return {
            kind: {
                "count": found.count,
                "values": found.values,
                "files": dict(sorted(found.files.items())),
                "first": [{"file": place.file, "line": place.line} for place in found.places],
            }
            for kind, found in sorted(self.kinds.items())
        }


def _line(kind: str, found: Found) -> str:
    places = ", ".join(str(place) for place in found.places)
    files = _counted(len(found.files), "file")
    return f"{_counted(found.count, kind)} ({found.values:,} different) in {files}, first at {places}"


def _counted(count: int, noun: str) -> str:
    """A number with its noun, which may have more behind it: a user name in a path, two user names in paths."""
    if count == 1:
        return f"1 {noun}"
    head, joint, rest = noun.partition(" in a ")
    ending = "es" if head.endswith("s") else "s"
    return f"{count:,} {head}{ending}{f' in {rest}s' if joint else ''}"
