"""The corrections that an engineer makes to templates, as one value that is kept, saved and given again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from triage.display import aligned, table
from triage.errors import UsageError
from triage.patterns.rule_checks import is_id, shortened
from triage.patterns.rules import KINDS, Merge, Mute, OwnMask, Pin, Rule, Split

#: Each costs a look at every message or shape.
MOST_RULES = 200


@dataclass(frozen=True, repr=False)
class Corrections:
    r"""What an engineer corrects in the templates; immutable, each method gives a new one.

    Templates are named by their text, as ``triage templates`` shows it, so that corrections hold for new logs as
    well; in merges and mutes, and for `Incident.correct`, ids will do. Whatever the order they are given in, they are
    applied by kind: masks (each sees what those before it left), pins (of several that fit, the first), splits, merges,
    mutes. So a merge may name what a split makes, and a mute what a merge makes.

    Attributes
    ----------
    rules : tuple of Rule
        In the order they are applied in, those of a kind as they were given.

    Raises
    ------
    UsageError
        For a correction that cannot be, and for two that contradict each other.

    Examples
    --------
    >>> own = Corrections().mask("ORDER", r"\bord-\w+").mute("health check <*>")
    >>> [rule.kind for rule in own.rules]
    ['mask', 'mute']
    >>> own.merge("pool is full", "pool is empty").mute("pool is full")
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: mute 'pool is full': merge 'pool is full' and 1 more makes it 'pool is <*>': name that one
    """

    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        given: object = self.rules
        if not isinstance(given, list | tuple) or not all(isinstance(rule, tuple(KINDS.values())) for rule in given):
            raise UsageError(
                "corrections: wanted rules: begin with triage.Corrections().mask(...), .pin(...) and so on"
            )
        order = list(KINDS)
        object.__setattr__(self, "rules", tuple(sorted(self.rules, key=lambda rule: order.index(rule.kind))))
        if len(self.rules) > MOST_RULES:
            raise UsageError(f"corrections: got {len(self.rules)}, wanted at most {MOST_RULES}: leave some out")
        _check_conflicts(self)

    def mask(self, name: str, pattern: str) -> Corrections:
        """With a kind of value: what `pattern`, a Rust regex, matches in a first line is written ``<NAME>``."""
        return self._and(OwnMask(name, pattern))

    def pin(self, template: str) -> Corrections:
        """With a template's text: every record that fits it has exactly this template.

        In it ``<*>`` stands for one word or more, ``<NUM>`` and the like for a value of that kind.
        """
        return self._and(Pin(template))

    def merge(self, *templates: str, into: str | None = None) -> Corrections:
        """With two templates or more made one, called `into`, or by the words that they have in common."""
        return self._and(Merge(templates, into))

    def split(
        self, template: str, *, word: int | None = None, value: int | None = None, only: Iterable[str] = ()
    ) -> Corrections:
        """With a template split by what stands at one of its wildcards, counted from 1.

        Parameters
        ----------
        word : int, optional
            Split by the word at this wildcard, as masks left it.
        value : int, optional
            Split by the value at this wildcard, as it stands in the message.
        only : iterable of str
            Only these get a template of their own; without it the most frequent do.
        """
        return self._and(Split(template, word, value, only if isinstance(only, str) else tuple(only)))  # type: ignore[arg-type]

    def mute(self, template: str) -> Corrections:
        """With a template that is counted and listed, but no part of onsets, error groups and hypotheses."""
        return self._and(Mute(template))

    def _and(self, rule: Rule) -> Corrections:
        return replace(self, rules=(*self.rules, rule))

    def __bool__(self) -> bool:
        return bool(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    @property
    def masks(self) -> tuple[OwnMask, ...]:
        """The masks, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, OwnMask))

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, Pin))

    @property
    def splits(self) -> tuple[Split, ...]:
        """The splits, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, Split))

    @property
    def splits_by_value(self) -> tuple[Split, ...]:
        """Those of the splits that look at messages as they came."""
        return tuple(rule for rule in self.splits if rule.value is not None)

    @property
    def merges(self) -> tuple[Merge, ...]:
        """The merges, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, Merge))

    @property
    def mutes(self) -> tuple[Mute, ...]:
        """The mutes, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, Mute))

    def by_text(self, templates: pl.DataFrame | None = None) -> Corrections:
        """The same with texts for ids.

        Parameters
        ----------
        templates : polars.DataFrame, optional
            ``template_id`` and ``template``. Without it no id is known, and merges and mutes keep theirs: they are
            looked up when templates are there.

        Raises
        ------
        UsageError
            For an id that is not there.
        """
        texts = {} if templates is None else dict(templates.select("template_id", "template").iter_rows())

        def text(name: str, rule: Rule) -> str:
            if name in texts or not is_id(name) or (templates is None and isinstance(rule, Merge | Mute)):
                return str(texts.get(name, name))
            why = "which only Incident.correct looks up" if templates is None else "and no template has it"
            raise UsageError(f"{rule.label}: {name!r} is the id of a template, {why}: give the template's text")

        def named(rule: Rule) -> Rule:
            if isinstance(rule, Merge):
                return replace(rule, templates=tuple(text(name, rule) for name in rule.templates))
            if isinstance(rule, Pin | Split | Mute):
                return replace(rule, template=text(rule.template, rule))
            return rule

        return Corrections(tuple(named(rule) for rule in self.rules))

    def __add__(self, other: Corrections) -> Corrections:
        return replace(self, rules=(*self.rules, *other.rules))

    @classmethod
    def read(cls, path: str | Path) -> Corrections:
        """The corrections in a TOML file.

        Raises
        ------
        UsageError
            Names the file, the correction and the reason.
        """
        from triage.patterns.correction_files import check_corrections

        return check_corrections(path)

    def to_toml(self) -> str:
        r"""The text of a TOML file with these corrections, for other logs and for `--corrections`.

        Examples
        --------
        >>> print(Corrections().mask("order", r"ord-\w+").mute("pool is <*>").to_toml())
        [[mask]]
        name = "ORDER"
        pattern = "ord-\\w+"
        <BLANKLINE>
        [[mute]]
        template = "pool is <*>"
        <BLANKLINE>
        """
        from triage.patterns.correction_files import to_toml

        return to_toml(self)

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """What a TOML file of these corrections would hold: lists of tables, by kind."""
        found = {kind: [rule.to_dict() for rule in self.rules if rule.kind == kind] for kind in KINDS}
        return {kind: rules for kind, rules in found.items() if rules}

    def _repr_html_(self) -> str:
        rows = [(rule.kind, rule.says) for rule in self.rules]
        return table(["kind", "correction"], rows, "Corrections") if rows else "<p>No corrections.</p>"

    def __repr__(self) -> str:
        """A line a correction for terminals; notebooks show `_repr_html_`."""
        if not self.rules:
            return "Corrections: none"
        return "\n".join(["Corrections", *aligned([(rule.kind, rule.says) for rule in self.rules])])


#: What a caller may give: a TOML file, what such a file holds, or corrections.
Given = Corrections | str | Path | Mapping[str, Any] | None


def _check_conflicts(given: Corrections) -> None:
    """Raise a UsageError for two corrections that contradict each other, or say the same twice."""
    for place, rule in enumerate(given.rules):
        if rule in given.rules[:place]:
            raise UsageError(f"{rule.label}: given twice: leave one out")
    gone: dict[str, tuple[Rule, str]] = {}
    taking: tuple[Split | Merge, ...] = (*given.splits, *given.merges)
    for one in taking:
        for text in one.takes:
            if text in gone:
                raise UsageError(f"{one.label}: {gone[text][0].label} names {shortened(text)} too: make them one")
            gone[text] = (one, one.text if isinstance(one, Merge) else "")
    for pin in given.pins:
        if pin.template in gone:
            raise UsageError(f"{pin.label}: {gone[pin.template][0].label} takes it away again: leave one out")
    for merge in given.merges:
        if merge.text in gone:
            other = gone[merge.text][0].label
            raise UsageError(f"{merge.label}: into: {other} takes {shortened(merge.text)} away again: make them one")
    for mute in given.mutes:
        rule, text = gone.get(mute.template, (mute, ""))
        if text:
            raise UsageError(f"{mute.label}: {rule.label} makes it {shortened(text)}: name that one")


NONE = Corrections()
