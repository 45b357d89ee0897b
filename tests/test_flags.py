"""Feature flags: what a change sets one to, and which later change takes it back; nothing is claimed from no words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from triage.changes import Change, load_changes
from triage.changes.flags import Setting, set_before, set_to, taken_back

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def _change(number: int, summary: str = "", share: float | None = None, **attributes: Any) -> Change:
    time = AT + timedelta(minutes=number)
    held = {"flag": "Show on sale"} | attributes
    return Change(f"c{number}", time, kind="flag", summary=summary, share=share, attributes=held)


@pytest.mark.parametrize(
    ("summary", "setting"),
    [
        ("on", 1.0), ("Show on sale: on", 1.0), ("turned on the flag Show on sale: for us", 1.0), ("enabled", 1.0),
        ("Show on sale off", 0.0), ("turned off the flag Show on sale: it was on too long", 0.0), ("disabled", 0.0),
        ("killed Show on sale", 0.0), ("rolled out to 25 % of users", 0.25), ("10% -> 50%", 0.5),
        ("from 100 to 12.5 percent", 0.125), ("on for 10% of users", 0.1), ("0%", 0.0), ("off for 10% of users", None),
        ("raised by 10%", None), ("10% blue, 30% green", None), ("updated the flag Show on sale", None), ("", None),
        ("Show on sale for more users", None), ("250%", None), ("new rule on checkout", None),
    ],
)  # fmt: skip
def test_what_a_summary_says_that_a_flag_is_set_to(summary: str, setting: Setting | None) -> None:
    assert set_to(_change(1, summary)) == setting


@pytest.mark.parametrize(
    ("fields", "setting"),
    [
        ({"enabled": True}, 1.0), ({"enabled": False, "share": 0.5}, 0.0), ({"enabled": True, "share": 0.5}, 0.5),
        ({"share": 0.0}, 0.0), ({"newValue": "OFF"}, 0.0), ({"value": "25%"}, 0.25), ({"variation": "blue"}, "blue"),
        ({"status": "done", "summary": "off"}, 0.0), ({"value": 7}, None), ({"state": None, "summary": "on"}, 1.0),
    ],
)  # fmt: skip
def test_what_fields_say_that_a_flag_is_set_to(fields: Mapping[str, Any], setting: Setting | None) -> None:
    assert set_to(_change(1, **fields)) == setting


def test_what_a_flag_was_set_to_before() -> None:
    assert set_before(_change(1, "from 10% to 50%")) == 0.1
    assert set_before(_change(1, "at 50%", old_value=False)) == 0.0
    assert set_before(_change(1, "at 50%")) is None


def _back(*told: str) -> list[int | None]:
    """The number of the change that takes each back."""
    changes = [_change(number, summary) for number, summary in enumerate(told)]
    return [changes.index(back) if back else None for back in taken_back(changes)]


@pytest.mark.parametrize(
    ("told", "back"),
    [
        (["10%", "50%", "100%"], [None, None, None]),
        (["10%", "50%", "100%", "off"], [3, 3, 3, None]),
        (["10%", "50%", "100%", "50%"], [None, None, 3, None]),
        (["50%", "10%"], [None, None]),
        (["50%", "0%"], [1, None]),
        (["on", "off", "on"], [1, 2, None]),
        (["off", "on"], [1, None]),
        (["on", "on"], [None, None]),
        (["on", "on", "off"], [2, 2, None]),
        (["from 80% to 10%", "at 80%"], [1, None]),
        (["from 80% to 10%", "off"], [None, None]),
        (["on", "updated"], [None, None]),
        (["updated", "off"], [1, None]),
        (["updated", "on"], [None, None]),
        (["updated", "10%"], [None, None]),
        (["updated", "Revert the last update"], [1, None]),
        (["on", "50%", "Revert the last update", "off"], [3, 2, 3, None]),
        (["on", "updated", "off"], [2, 2, None]),
    ],
)
def test_a_flag_is_taken_back_where_it_is_what_it_was_before(told: Sequence[str], back: Sequence[int | None]) -> None:
    assert _back(*told) == list(back)


def test_a_variation_is_taken_back_by_the_one_before_or_by_turning_the_flag_off() -> None:
    values = ["blue", "green", "red", "blue"]
    changes = [_change(number, value=value) for number, value in enumerate(values)]
    assert taken_back(changes) == [None, changes[3], None, None]
    off = _change(4, "off")
    assert taken_back([*changes[:2], off]) == [off, off, None]


def test_stages_of_an_audit_log_take_nothing_back() -> None:
    verbs = {"a": "turned on the flag", "b": "updated the rollout of the flag", "c": "turned off the flag"}
    entries = [
        {
            "_id": name,
            "date": 1732154400000 + 60000 * number,
            "kind": "flag",
            "name": "Left on hover",
            "titleVerb": verb,
        }
        for number, (name, verb) in enumerate(verbs.items())
    ]
    changes = load_changes({"items": entries}).changes
    assert taken_back(changes) == [changes[2], changes[2], None]
