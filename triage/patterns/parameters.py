"""Parameters: the variable parts of a template as named columns, as numbers where they are quantities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from triage.patterns.quantities import QUANTITIES, quantity_of
from triage.patterns.slot_names import apart, made_unique, name_of, unit_behind
from triage.patterns.slot_patterns import ANY, KINDS, escaped, of_kind
from triage.patterns.slot_values import FITS, slot_values
from triage.patterns.slots import DURATION, NUM, WILDCARD, Parsed, Slot, Word, slots_of

#: Columns of a table of parameters that are none.
RESERVED = ("timestamp", "source", "line", FITS)
#: Lists of more values than this stay one value.
LONGEST = 16
#: What may stand behind the members of a list.
LIST_MARKS = (",", ";")
#: What values of a wildcard may all begin with, a key or a name glued to a number, and marks; what they may end with.
_BEGINS = re.compile(r"[\[({\"']*(?:[A-Za-z_][\w.-]{0,60}[=:](?!//)|[A-Za-z][A-Za-z_-]{0,40}[_#-](?=[0-9]))?[\[({\"']*")
_ENDS = "])}\"',;:."
#: Kinds of slots that may be quantities; wildcards may be as well.
MEASURED = (NUM, DURATION, "SIZE")
_UNIT_OF = {"duration": "ms", "size": "bytes"}
#: What values are called that are no quantities: codes, lists, versions.
_TEXTS = {WILDCARD: "value", **dict.fromkeys(MEASURED, "text")}


@dataclass(frozen=True)
class Parameter:
    """A variable part of a template.

    Attributes
    ----------
    name : str
        Of its column; an identifier.
    kind : str
        ``number``, ``duration``, ``size`` (these are columns of numbers), or what the text is: ``ip``, ``path``,
        ``value`` and so on.
    unit : str or None
        Of the column's numbers: as the template has it, or ``ms`` and ``bytes`` where each value has its own.
    slot : int
        Its place among the template's variable parts.
    begins, ends : str
        What all values begin and end with besides: a key, a bracket, a comma.
    """

    name: str
    kind: str
    unit: str | None
    slot: int
    begins: str = ""
    ends: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its column holds numbers."""
        return self.kind in QUANTITIES

    def column(self, values: pl.Series) -> pl.Series:
        """Its column, from the values that `slot_values` finds."""
        text = _stripped(values, self.begins, self.ends)
        return (QUANTITIES[self.kind](text) if self.is_number else text).alias(self.name)


@dataclass(frozen=True)
class Parameters:
    """The parameters of a template.

    Attributes
    ----------
    template : Parsed
        As it is laid over lines: what every record has the same number of, such as three numbers in a row, stands
        there so often, though the template shows one.
    columns : tuple of Parameter
        In the order of the line.
    """

    template: Parsed
    columns: tuple[Parameter, ...]

    @classmethod
    def of(cls, template: str, sample: pl.Series) -> Parameters:
        """Parameters of a template's text.

        Parameters
        ----------
        template : str
            Its text.
        sample : polars.Series of String
            Bodies of some of its records. They tell which parameters are quantities, and what all values of one have
            in common.

        Examples
        --------
        >>> found = Parameters.of("<*> at <IP> took <*>", pl.Series(["a at 10.0.0.1 took 1.2s", "b at ::2 took 7ms"]))
        >>> [(one.name, one.kind, one.unit) for one in found.columns]
        [('value', 'value', None), ('ip', 'ip', None), ('duration_ms', 'duration', 'ms')]
        """
        parsed = slots_of(template)
        if not parsed.slots:
            return cls(parsed, ())
        parsed, values = _spread(parsed, sample)
        found = [_parameter(slot, number, values[f"s{number}"]) for number, slot in enumerate(parsed.slots)]
        often = Counter(one.name for one in found)
        told = (apart(parsed.slots[one.slot], one.unit, one.name) if often[one.name] > 1 else one.name for one in found)
        names = made_unique(told, RESERVED)
        return cls(parsed, tuple(replace(one, name=name) for one, name in zip(found, names, strict=True)))

    def table(self, bodies: pl.Series) -> pl.DataFrame:
        """A row a body: ``fits``, whether the template lies over its first line in one way, and the parameters.

        Examples
        --------
        >>> bodies = pl.Series(["took 7 ms", "took 9 ms"])
        >>> Parameters.of("took <NUM> ms", bodies).table(bodies).to_dict(as_series=False)
        {'fits': [True, True], 'duration_ms': [7.0, 9.0]}
        """
        values = slot_values(self.template, bodies)
        return pl.DataFrame([values[FITS], *(one.column(values[f"s{one.slot}"]) for one in self.columns)])


def _spread(parsed: Parsed, sample: pl.Series) -> tuple[Parsed, pl.DataFrame]:
    """A template in which lists of a length that all records share are written out, and its values.

    A list is written out only where the longer template fits all records that the shorter one does.
    """
    values = slot_values(parsed, sample)
    place = 0
    while place < len(parsed.words):
        times = _repeats(parsed.words[place], parsed.slots, values)
        words = parsed.text.split()
        for written in _written_out(parsed.words[place], words[place], parsed.slots, times):
            longer = slots_of(" ".join([*words[:place], written, *words[place + 1 :]]))
            found = slot_values(longer, sample)
            if (found[FITS] | ~values[FITS]).all():
                parsed, values = longer, found
                place += times - 1
                break
        place += 1
    return parsed, values


def _written_out(word: Word, text: str, slots: Sequence[Slot], times: int) -> list[str]:
    """How a word may stand for so many of a line: again and again, or its value as a list, such as ``[1, 2, 3]``."""
    if times < 2:
        return []
    lists = []
    if len(word.slots) == 1:
        value = f"<{slots[word.slots[0]].kind}>"
        lists = [f"{mark} ".join([value] * times).join(word.texts) for mark in ("", *LIST_MARKS)]
    return list(dict.fromkeys([" ".join([text] * times), *lists]))


def _repeats(word: Word, slots: Sequence[Slot], values: pl.DataFrame) -> int:
    """Of how many words every value of a word's first slot is; 1 where that is one value: ``5 MB``, a date and time."""
    if not word.slots:
        return 1
    texts = values[f"s{word.slots[0]}"].drop_nulls()
    lengths = texts.str.count_matches(ANY).unique().to_list()
    if len(lengths) != 1 or not 1 < lengths[0] <= LONGEST:
        return 1
    single = texts.str.contains(f"^{of_kind(slots[word.slots[0]].kind)}$").all()
    return 1 if single or quantity_of(texts) is not None else int(lengths[0])


def _parameter(slot: Slot, number: int, values: pl.Series) -> Parameter:
    begins = ends = ""
    if (slot.whole or slot.before.endswith(tuple("[({"))) and slot.kind not in KINDS:
        begins, ends = _shared(values, _beginning), _shared(values, _ending)
    bare = _stripped(values, begins, ends)
    quantity = quantity_of(bare) if slot.kind in MEASURED or slot.kind not in KINDS else None
    unit = unit_behind(slot) if quantity == "number" else _UNIT_OF.get(quantity or "")
    key = re.sub(r"[^\w.-]", "", begins)
    kind = quantity or _TEXTS.get(slot.kind) or slot.kind.lower()
    return Parameter(name_of(slot, unit, key), kind, unit, number, begins, ends)


def _beginning(text: str) -> str:
    found = _BEGINS.match(text)
    return found[0] if found else ""


def _ending(text: str) -> str:
    return text[len(text.rstrip(_ENDS)) :]


def _shared(values: pl.Series, part: Callable[[str], str]) -> str:
    """A part of all values, if it is the same; it leaves something of each."""
    texts = values.drop_nulls().unique().to_list()
    found = {part(text) for text in texts}
    shared = found.pop() if len(found) == 1 else ""
    return shared if all(len(text) > len(shared) for text in texts) else ""


def _stripped(value: pl.Series, begins: str, ends: str) -> pl.Series:
    """Values without what all have in common; null for one that has it not."""
    if not begins and not ends:
        return value
    return value.str.extract(f"(?s)^{escaped(begins)}(.+){escaped(ends)}$", 1)
