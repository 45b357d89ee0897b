"""Rust regexes for the values that each kind of slot stands for, and for the words and lines that hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from triage.patterns.masks import MASKS
from triage.patterns.slots import DURATION, NUM, Slot, Word

NUMBER = r"[-+]?[0-9]+(?:[.,:][0-9]+)*"
#: What stands between the members of a list of which a template shows one.
BETWEEN = r"(?:, ?|;|\|)"
#: A word and what parts two of them, as Python splits texts; to Rust some of these controls are no white space.
ANY, SPACE = r"[^\s\x1c-\x1f]+", r"[\s\x1c-\x1f]+"
#: In front of ``::1`` its mask takes a space or a mark with it.
_IPV4, _IPV6 = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[:/][0-9]{1,5})?", r"[^\w:]?(?:[0-9a-fA-F]{0,4}:){2,8}[0-9a-fA-F]{0,4}"


def _of_mask(kind: str) -> str | None:
    """What masks put a kind in the place of; None for a mask that looks at more than that."""
    made = [mask for mask in MASKS if f"<{kind}>" in mask.into]
    if not made or any(mask.into != f"<{kind}>" or re.search(r"(?<!\\)\((?!\?)", mask.pattern) for mask in made):
        return None
    text = "|".join(mask.pattern for mask in made).replace("<NUM>", NUMBER)
    return f"(?:{text})".replace(r"\d", "[0-9]")  # digits of all scripts make patterns many times as large


def _known() -> dict[str, str]:
    kinds = set(re.findall("<([A-Z]+)>", " ".join(mask.into for mask in MASKS)))
    found = {kind: pattern for kind in sorted(kinds) if (pattern := _of_mask(kind))}
    found["HEX"] = f"[-+]?{found.get('HEX', '[0-9a-fA-FxX]+')}"
    found[NUM] = rf"{NUMBER}(?:[eE][-+]?[0-9]+)?"
    found["IP"] = rf"(?:{_IPV4}|{_IPV6})"
    found[DURATION] = r"(?:[0-9]+(?:\.[0-9]+)?(?:h|ms?|s|[uµμ]s|ns))+"
    return found


KINDS = _known()


def of_kind(kind: str) -> str:
    """The pattern of a kind's values within one word, or within the words that its mask merges."""
    return KINDS.get(kind, ANY)


def _listed(kind: str, whole: bool) -> str:
    """Several values of a kind, which a template shows as one."""
    if kind not in KINDS:
        return rf"{ANY}(?:{SPACE}{ANY})*"
    between = f"(?:{SPACE}|{BETWEEN})" if whole else BETWEEN
    return f"{KINDS[kind]}(?:{between}{KINDS[kind]})*"


def escaped(text: str) -> str:
    """Text as a pattern that matches it alone."""
    return pl.escape_regex(text)


def line_pattern(words: Sequence[Word], slots: Sequence[Slot], *, lists: bool) -> str:
    """A whole line, with a group for each slot (``s0``, ``s1``) and an empty one, ``fits``.

    Parameters
    ----------
    lists : bool
        Whether a value may be several words, as where a template shows one value of a list. The group ``r0`` then
        holds words that are repeated with other values, instead of ``s0``.
    """
    made = (_any_number_of(word, slots) if lists else _one_of(word, slots) for word in words)
    return rf"^(?:{SPACE})?{SPACE.join(made)}(?:{SPACE})?(?P<fits>)$"


def _one_of(word: Word, slots: Sequence[Slot]) -> str:
    return _filled(word, [f"(?P<s{n}>{of_kind(slots[n].kind)})" for n in word.slots])


def _any_number_of(word: Word, slots: Sequence[Slot]) -> str:
    once = _filled(word, [f"(?P<s{n}>{_listed(slots[n].kind, slots[n].whole)})" for n in word.slots])
    if not word.slots or slots[word.slots[0]].whole:
        return once
    again = _filled(word, [of_kind(slots[n].kind) for n in word.slots])
    return rf"(?:(?P<r{word.slots[0]}>{again}(?:{SPACE}{again})+)|{once})"


def _filled(word: Word, values: Sequence[str]) -> str:
    texts = [escaped(text) for text in word.texts]
    return texts[0] + "".join(value + text for value, text in zip(values, texts[1:], strict=True))
