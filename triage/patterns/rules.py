"""The kinds of corrections that an engineer makes to templates: each one is checked when it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from triage.errors import UsageError
from triage.patterns.drain import WILDCARD as ANY
from triage.patterns.fits import in_common, wildcards
from triage.patterns.rule_checks import (
    MOST_NAME,
    MOST_PARTS,
    MOST_VALUE,
    check_regex,
    checked_text,
    is_id,
    quoted,
    shortened,
)
from triage.patterns.words import VALUE

#: Why texts cannot be merged.
NO_COMMON_WORD = "they have no word in common: give the text that stands for all"


def says_something(text: str) -> bool:
    """Whether a template's text holds more than wildcards and punctuation."""
    return re.search(r"\w", VALUE.sub("", text)) is not None


class Rule:
    """One correction; `kind` is what it is called in files and reports."""

    kind: ClassVar[str]

    @property
    def label(self) -> str:
        """The correction in a few words, for errors."""
        raise NotImplementedError

    @property
    def says(self) -> str:
        """The correction in words, for reports."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Its keys and values as in a file; what is not set is left out."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]
        return {name: list(v) if isinstance(v, tuple) else v for name, v in found.items() if v not in (None, ())}


@dataclass(frozen=True)
class OwnMask(Rule):
    r"""A kind of value: what `pattern`, a Rust regex, matches in a message's first line is written ``<NAME>``.

    Examples
    --------
    >>> OwnMask("order", r"\bord-\w+").name
    'ORDER'
    >>> OwnMask("order", "x*")
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: mask 'ORDER': pattern: 'x*' also matches where nothing stands: write + for *
    """

    kind = "mask"
    name: str
    pattern: str

    def __post_init__(self) -> None:
        name: object = self.name
        if not isinstance(name, str) or not re.fullmatch(rf"[A-Za-z]{{1,{MOST_NAME}}}", name):
            raise UsageError(f"mask {name!r:.60}: name: wanted up to {MOST_NAME} letters, such as ORDER")
        object.__setattr__(self, "name", name.upper())
        check_regex(self.label, self.pattern)

    @property
    def into(self) -> str:
        """What stands for the value."""
        return f"<{self.name}>"

    @property
    def label(self) -> str:
        """The correction in a few words, for errors."""
        return f"mask {self.name!r}"

    @property
    def says(self) -> str:
        """The correction in words, for reports."""
        return f"what matches {self.pattern} is written {self.into}"


@dataclass(frozen=True)
class Pin(Rule):
    """A template's text: every record that fits it has exactly this template.

    In it ``<*>`` stands for one word or more, ``<NUM>`` and the like for a value of that kind.
    """

    kind = "pin"
    template: str

    def __post_init__(self) -> None:
        text = checked_text(self.kind, "template", self.template)
        object.__setattr__(self, "template", text)
        if not says_something(text):
            raise UsageError(f"{self.label}: template: fits too much: write a word that the records have in common")

    @property
    def label(self) -> str:
        """The correction in a few words, for errors."""
        return f"pin {shortened(self.template)}"

    @property
    def says(self) -> str:
        """The correction in words, for reports."""
        return f"what fits {quoted(self.template)} has this template"


@dataclass(frozen=True)
class Split(Rule):
    """A template, split by what stands at one of its wildcards, counted from 1.

    Attributes
    ----------
    template : str
        Its text.
    word : int, optional
        Split by the word at this wildcard, as masks left it.
    value : int, optional
        Split by the value at this wildcard, as it stands in the message.
    only : tuple of str
        Only these get a template of their own.

    Examples
    --------
    >>> Split("answered <NUM>", word=1)
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: split 'answered <NUM>': word: wildcard 1 is <NUM>, the same in all: give value = 1
    """

    kind = "split"
    template: str
    word: int | None = None
    value: int | None = None
    only: tuple[str, ...] = ()

    @property
    def takes(self) -> tuple[str, ...]:
        """The templates whose records get another one."""
        return (self.template,)

    def __post_init__(self) -> None:
        object.__setattr__(self, "template", checked_text(self.kind, "template", self.template))
        if (self.word is None) == (self.value is None):
            raise UsageError(f"{self.label}: wanted either word or value: the number of a wildcard, counted from 1")
        key, place, kinds = "value" if self.word is None else "word", self.place, wildcards(self.template)
        given: object = place
        if not isinstance(given, int) or isinstance(given, bool):
            raise UsageError(f"{self.label}: {key}: got {given!r:.40}, wanted the number of a wildcard, such as 1")
        if not is_id(self.template) and not 1 <= place <= len(kinds):
            have = f"it has {len(kinds)}, counted from 1" if kinds else "it has none, so there is nothing to split by"
            raise UsageError(f"{self.label}: {key}: there is no wildcard {place}: {have}")
        if self.word and kinds and kinds[place - 1] != ANY:
            why = f"wildcard {place} is {kinds[place - 1]}, the same in all: give value = {place}"
            raise UsageError(f"{self.label}: word: {why}")
        self._check_only()

    def _check_only(self) -> None:
        given: object = self.only
        if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
            raise UsageError(f"{self.label}: only: got {given!r:.60}, wanted a list of texts, such as ['500', '503']")
        own = tuple(dict.fromkeys(checked_text(self.label, "only", one) for one in given))
        if long := next((one for one in own if len(one) > MOST_VALUE), None):
            raise UsageError(f"{self.label}: only: {long[:40]!r}… is longer than {MOST_VALUE} characters: leave it out")
        if len(own) > MOST_PARTS:
            raise UsageError(f"{self.label}: only: got {len(own)} values, wanted at most {MOST_PARTS}: leave some out")
        object.__setattr__(self, "only", own)

    @property
    def place(self) -> int:
        """The number of the wildcard, counted from 1."""
        return self.value if self.value is not None else self.word or 0

    @property
    def label(self) -> str:
        """The correction in a few words, for errors."""
        return f"split {shortened(self.template)}"

    @property
    def says(self) -> str:
        """The correction in words, for reports."""
        by = "value" if self.word is None else "word"
        only = f", only {', '.join(map(quoted, self.only))}" if self.only else ""
        return f"{quoted(self.template)} is split by the {by} at wildcard {self.place}{only}"


@dataclass(frozen=True)
class Merge(Rule):
    """Templates that are one, called `into`; without it, by what their texts have in common.

    Examples
    --------
    >>> Merge(("user root left", "user <*> has left")).text
    'user <*> left'
    """

    kind = "merge"
    templates: tuple[str, ...]
    into: str | None = None

    def __post_init__(self) -> None:
        given: object = self.templates
        if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
            raise UsageError(f"merge: templates: got {given!r:.60}, wanted two or more texts")
        own = tuple(dict.fromkeys(checked_text(self.kind, "templates", one) for one in given))
        object.__setattr__(self, "templates", own)
        if len(own) < 2:
            raise UsageError(f"merge: templates: got {len(own)} different, wanted two or more: name each by its text")
        if self.into is not None:
            object.__setattr__(self, "into", checked_text(self.label, "into", self.into))
            if not says_something(self.text):
                why = f"{quoted(self.text)} does not say what they are: write a word, such as “a number alone”"
                raise UsageError(f"{self.label}: into: {why}")
        elif not any(map(is_id, own)) and not says_something(self.text):
            raise UsageError(f"{self.label}: into: {NO_COMMON_WORD}")

    @property
    def takes(self) -> tuple[str, ...]:
        """The templates whose records get another one."""
        return tuple(text for text in self.templates if text != self.text)

    @property
    def text(self) -> str:
        """The text of the one template that they become."""
        return self.into or in_common(self.templates)

    @property
    def label(self) -> str:
        """The correction in a few words, for errors."""
        return f"merge {shortened(self.templates[0])} and {len(self.templates) - 1} more"

    @property
    def says(self) -> str:
        """The correction in words, for reports."""
        return f"{', '.join(map(quoted, self.templates))} are one: {quoted(self.text)}"


@dataclass(frozen=True)
class Mute(Rule):
    """A template that is counted and listed, and has no part in onsets, error groups and hypotheses."""

    kind = "mute"
    template: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "template", checked_text(self.kind, "template", self.template))

    @property
    def label(self) -> str:
        """The correction in a few words, for errors."""
        return f"mute {shortened(self.template)}"

    @property
    def says(self) -> str:
        """The correction in words, for reports."""
        return f"{quoted(self.template)} is muted"


#: What a file may hold, in the order in which it is applied.
KINDS: dict[str, type[OwnMask | Pin | Split | Merge | Mute]] = {
    one.kind: one for one in (OwnMask, Pin, Split, Merge, Mute)
}
