"""Templates with the engineer's corrections: what was found is relabelled, shape by shape."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from triage.patterns.corrections import Corrections
from triage.patterns.fits import in_common, pattern_of, with_word
from triage.patterns.marks import flag_of, value_of
from triage.patterns.masks import masked
from triage.patterns.rule_checks import MOST_PARTS, MOST_VALUE, is_id, quoted
from triage.patterns.rules import KINDS, NO_COMMON_WORD, Merge, Mute, OwnMask, Pin, Rule, Split, says_something
from triage.patterns.shapes import SHAPE
from triage.patterns.template_names import meant
from triage.patterns.templates import find_templates, template_id
from triage.patterns.words import VALUE

#: Templates among which the closest to a name that no template has is looked for, and characters of each.
COMPARED, COMPARED_CHARS = 500, 300
#: Names for which the closest is looked for: each takes a fraction of a second.
HINTS = 10


@dataclass(frozen=True)
class Outcome:
    """What became of a correction.

    Attributes
    ----------
    rule : Rule
        The correction.
    records : int
        Records that it is about, of all that were read.
    note : str
        What is to be said of it: that it matched nothing, that parts are missing; else empty.
    """

    rule: Rule
    records: int
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """For a report: the correction in words, and as in a file."""
        return {
            "kind": self.rule.kind,
            "correction": self.rule.says,
            "records": self.records,
            "note": self.note,
            "rule": self.rule.to_dict(),
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Outcome:
        """What `to_dict` gave."""
        return cls(KINDS[saved["kind"]](**saved["rule"]), int(saved["records"]), str(saved["note"]))


def corrected_templates(shapes: pl.DataFrame, corrections: Corrections) -> tuple[pl.DataFrame, tuple[Outcome, ...]]:
    """The template of each unique shape, corrected.

    Parameters
    ----------
    shapes : polars.DataFrame
        Unique shapes with ``count``, as `shapes.shapes_of` gives them for the same corrections.

    Returns
    -------
    DataFrame
        The columns of `shapes` but the count, ``template_id``, ``template``.
    tuple of Outcome
        One a correction, in the order of the corrections.
    """
    found = find_templates(shapes)
    if not corrections:
        return found, ()
    work = _Work(shapes.join(found.drop("template_id"), on=list(SHAPE), how="left", maintain_order="left"))
    outcomes: dict[Rule, Outcome] = {}
    for place, mask in enumerate(corrections.masks):
        outcomes[mask] = work.mask(mask, place)
    for pin in corrections.pins:
        outcomes[pin] = work.pin(pin, corrections)
    for split in corrections.splits:
        outcomes[split] = work.split(split, corrections)
    for merge in corrections.merges:
        outcomes[merge] = work.merge(merge)
    for mute in corrections.mutes:
        outcomes[mute] = work.mute(mute)
    return work.result(), tuple(outcomes[rule] for rule in corrections)


class _Work:
    """The table of shapes while corrections are applied to it.

    Columns: those of the shapes, ``template``, ``whole`` (the shape with what is pinned) and ``fixed`` (by a pin).
    """

    def __init__(self, table: pl.DataFrame) -> None:
        whole = pl.format("{} {}", "shape", "pinned").str.strip_chars()
        self.table = table.with_columns(whole.alias("whole"), pl.lit(False).alias("fixed"))
        self._hints = HINTS

    def result(self) -> pl.DataFrame:
        """Shapes with ``template_id`` and ``template``."""
        texts = self.table["template"].unique()
        ids = pl.DataFrame({"template": texts, "template_id": [template_id(text) for text in texts]})
        named = self.table.join(ids, on="template", how="left", maintain_order="left")
        return named.select(pl.exclude("count", "whole", "fixed", "template_id", "template"), "template_id", "template")

    def mask(self, mask: OwnMask, place: int) -> Outcome:
        """Masks were applied to the messages; here is only counted."""
        records = self._records(self.table.select(flag_of(place)).to_series())
        return Outcome(mask, records, "" if records else "matches nothing")

    def pin(self, pin: Pin, corrections: Corrections) -> Outcome:
        """What fits, and is not fixed yet, gets the pin's text."""
        fits = pl.col("whole").str.contains(pattern_of(pin.template)) | (pl.col("template") == pin.template)
        flags = self.table.select(fits.alias("fits"), (fits & ~pl.col("fixed")).alias("taken"))
        self._rename(flags["taken"], pl.lit(pin.template))
        self.table = self.table.with_columns(pl.col("fixed") | flags["taken"])
        if records := self._records(flags["taken"]):
            return Outcome(pin, records)
        if flags["fits"].any():
            return Outcome(pin, 0, "matches nothing: a pin before it takes all that fits")
        return Outcome(pin, 0, f"matches nothing{_as_masked(pin.template, corrections) or self._closest(pin.template)}")

    def split(self, split: Split, corrections: Corrections) -> Outcome:
        """The most frequent words or values at a wildcard get templates of their own."""
        name = self._meant(split.template)
        own = self.table["template"] == name
        if not (records := self._records(own)):
            return Outcome(split, 0, f"matches nothing{self._closest(split.template)}")
        pattern = pattern_of(name, split.place)
        by_value = corrections.splits_by_value
        word = value_of(by_value.index(split)) if split in by_value else pl.col("whole").str.extract(pattern)
        part = pl.when(own & ~word.str.contains(f"^{VALUE.pattern}$")).then(word)
        if split.only:
            part = pl.when(part.is_in(split.only)).then(part)
        self.table = self.table.with_columns(pl.when(part.str.len_chars() <= MOST_VALUE).then(part).alias("part"))
        counted = self.table.filter(pl.col("part").is_not_null()).group_by("part").agg(pl.col("count").sum())
        parts = counted.sort(["count", "part"], descending=[True, False])["part"].to_list()
        texts = {word: with_word(name, split.place, word) for word in parts[:MOST_PARTS]}
        chosen = self.table["part"].replace_strict(texts, default=None, return_dtype=pl.String)
        self._rename(chosen.is_not_null(), chosen)
        self.table = self.table.drop("part")
        return Outcome(split, records, self._parts_note(split, parts, records - self._records(chosen.is_not_null())))

    def merge(self, merge: Merge) -> Outcome:
        """The templates named get one text."""
        texts = self.table["template"]
        names = {name: self._meant(name) for name in merge.templates}
        missing = [name for name, text in names.items() if not (texts == text).any()]
        said = [f"no template {_called(name)}{self._closest(name)}" for name in missing]
        if len(missing) == len(names):
            return Outcome(merge, 0, f"matches nothing: {'; '.join(said)}")
        if merge.into is None and len(names) - len(missing) < 2:
            # What they would have in common is then a guess.
            return Outcome(merge, 0, f"matches nothing to merge: {'; '.join(said)}")
        # An id of which nothing is known says nothing; a text that is not there still does.
        known = [text for name, text in names.items() if name not in missing or not is_id(name)]
        text = merge.into or in_common(list(dict.fromkeys(known)))
        if not says_something(text):
            return Outcome(merge, 0, f"merges nothing: {NO_COMMON_WORD}")
        if text not in names.values() and (also := self._records(texts == text)):
            records = "1 record that reads" if also == 1 else f"{also} records that read"
            said.append(f"{records} {quoted(text)} without it are part of it")
        own = texts.is_in(known)
        self._rename(own, pl.lit(text))
        told = merge if known == list(names) else replace(merge, templates=tuple(known), into=text)
        return Outcome(told, self._records(own), "; ".join(said))

    def mute(self, mute: Mute) -> Outcome:
        """Templates are muted later, when records are counted; here is only looked."""
        name = self._meant(mute.template)
        records = self._records(self.table["template"] == name)
        return Outcome(Mute(name), records, "" if records else f"matches nothing{self._closest(mute.template)}")

    def _meant(self, name: str) -> str:
        """The text of the template that a name is for; the name if there is none."""
        return meant(name, self.table["template"]) or name

    def _rename(self, rows: pl.Series, text: pl.Expr | pl.Series) -> None:
        self.table = self.table.with_columns(pl.when(rows).then(text).otherwise("template").alias("template"))

    def _records(self, rows: pl.Series) -> int:
        return int(self.table["count"].filter(rows).sum())

    def _parts_note(self, split: Split, parts: list[str], left: int) -> str:
        """What is to be said of a split: values that are not there, and what stays together."""
        said = [f"{quoted(value)} is not among the values" for value in split.only if value not in parts]
        if not parts:
            return "; ".join(["matches nothing: no value at that wildcard can be told apart", *said])
        if not split.only and left:
            more = f" (there are {len(parts)} different)" if len(parts) > MOST_PARTS else ""
            said.append(f"the {min(len(parts), MOST_PARTS)} most frequent were split off{more}, {left} records stay")
        return "; ".join(said)

    def _closest(self, name: str) -> str:
        """The template whose text is most like a name, for notes; nothing after so many names."""
        if not self._hints or is_id(name):
            return ""
        self._hints -= 1
        counted = self.table.group_by("template").agg(pl.col("count").sum())
        texts = counted.sort(["count", "template"], descending=[True, False])["template"].head(COMPARED).to_list()
        known: Mapping[str, str] = {text[:COMPARED_CHARS]: text for text in reversed(texts)}
        close = difflib.get_close_matches(name[:COMPARED_CHARS], known, n=1)
        return f"; the closest is {quoted(known[close[0]])}" if close else ""


def _called(name: str) -> str:
    return f"has the id {name}" if is_id(name) else f"reads {quoted(name)}"


def _as_masked(text: str, corrections: Corrections) -> str:
    """What masks make of a text, if that is why it fits nothing."""
    shape = pl.Series([text])
    for mask in corrections.masks:
        shape = shape.str.replace_all(mask.pattern, mask.into)
    done = str(masked(shape).item())
    return f": masks make {quoted(done)} of it, so pin that" if done != text else ""
