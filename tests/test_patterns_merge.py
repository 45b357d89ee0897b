"""What is a name in one place of a log is one at all: parts that differ in names only are one template."""

from __future__ import annotations

import pytest

import triage
from triage.patterns.refine import FEW


def _templates(*messages: str) -> list[str]:
    return sorted(triage.mine(list(messages)).templates["template"])


def test_what_a_message_begins_with_is_a_name_only_where_very_many_words_stand() -> None:
    few = [f"{word} the table of routes" for word in ("build", "drop", "print", "sort")]
    assert len(_templates(*few)) == len(few)
    many = [f"{chr(97 + n) * 3} left the room at last" for n in range(FEW + 1)]
    assert _templates(*many) == ["<*> left the room at last"]


def test_a_name_learnt_at_one_place_is_one_at_all() -> None:
    learnt = [f"session of user {name} began" for name in ("ana", "bo")]
    found = _templates(*learnt, "shift of ana is over", "shift of bo is over", "ana alarm raised", "bo alarm raised")
    assert found == ["<*> alarm raised", "session of user <*> began", "shift of <*> is over"]


@pytest.mark.parametrize(
    ("messages", "template"),
    [
        (("lease of ana.example was renewed", "lease of bo.example was renewed"), "lease of <*> was renewed"),
        (("eth1: queue was stopped", "eth2: queue was stopped", "eth3: queue was stopped"), "<*>: queue was stopped"),
        (("disk sda: full", "disk sdb: full", "disk sdc: full"), "disk <*>: full"),
        (("(7) asked for more", "(ana) asked for more"), "(<*>) asked for more"),
    ],
)
def test_values_and_names_are_one(messages: tuple[str, ...], template: str) -> None:
    assert _templates(*messages) == [template]


@pytest.mark.parametrize(
    "messages",
    [
        ("bay 7 is open", "bay 7 is closed", "bay 7 is lost", "bay 7 is full"),
        ("size=7 was set", "count=7 was set", "depth=7 was set", "width=7 was set"),
        ("listening over IPv4 again", "listening over IPv6 again"),
        ("ana", "bo", "cy", "di"),
    ],
)
def test_states_and_keys_and_bare_words_are_not(messages: tuple[str, ...]) -> None:
    assert len(_templates(*messages)) == len(messages)
