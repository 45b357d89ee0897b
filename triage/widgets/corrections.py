"""Corrections of templates that are asked for in the guide, and the lines of Python that make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from triage.errors import UsageError
from triage.incident import Incident
from triage.patterns import Corrections
from triage.patterns.rules import Rule
from triage.widgets.page import Act
from triage.widgets.python_lines import correcting, correction


@dataclass(frozen=True)
class Asked:
    """Corrections that are wanted, in place of those there are.

    Attributes
    ----------
    what : str
        What is done, for the reader.
    wanted : Corrections
        All of them.
    line : str
        The line of Python that does the same.
    """

    what: str
    wanted: Corrections
    line: str

    @classmethod
    def one_more(cls, what: str, now: Corrections, verb: str, *given: Any, **named: Any) -> Asked:
        """One more, by a method of `Corrections`."""
        return cls(what, getattr(now, verb)(*given, **named), correction(verb, *given, **named))

    @classmethod
    def without(cls, now: Corrections, rule: Rule) -> Asked:
        """All but one."""
        left = Corrections(tuple(one for one in now if one != rule))
        return cls(f"taking back {rule.label}", left, correcting(left))


def asked_for(act: Act, incident: Incident, chosen: list[str]) -> Asked:
    """What a form of the step asks for; `chosen` are ids of templates.

    Raises
    ------
    UsageError
        For a form that lacks something, or a correction that cannot be.
    """
    texts = dict(incident.templates.select("template_id", "template").iter_rows())
    names = [texts[one] for one in chosen if one in texts]
    now = incident.corrections
    if act.arg == "mask":
        return Asked.one_more("masking values", now, "mask", _wanted(act, "name"), _wanted(act, "pattern"))
    if act.arg == "pin":
        return Asked.one_more("pinning a template", now, "pin", _wanted(act, "text"))
    if not names:
        raise UsageError("no template is chosen: choose one in the table first")
    if act.arg == "mute":
        muted = next((rule for rule in now.mutes if rule.template == names[0]), None)
        if muted:
            return Asked.without(now, muted)
        return Asked.one_more("muting a template", now, "mute", names[0])
    if act.arg == "merge":
        if len(names) < 2:
            raise UsageError("merge: one template is chosen, wanted two or more: choose others with Ctrl or Shift")
        into = act.text("into") or None
        return Asked.one_more(f"merging {len(names)} templates", now, "merge", *names, into=into)
    if act.arg == "split":
        return _split(act, now, names[0])
    raise UsageError(f"correction: got {act.arg[:40]!r}, wanted mask, pin, merge, split or mute")


def _split(act: Act, now: Corrections, template: str) -> Asked:
    number = _wanted(act, "place")
    if not number.isdigit():
        raise UsageError(f"split: got {number[:40]!r}, wanted the number of a wildcard, from 1")
    by = "value" if act.text("by") == "value" else "word"
    return Asked.one_more("splitting a template", now, "split", template, **{by: int(number)})


def _wanted(act: Act, name: str) -> str:
    if not act.text(name):
        raise UsageError(f"{act.arg}: {name} is empty: fill it in")
    return act.text(name)
