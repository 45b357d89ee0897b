"""The record of decisions: which one stands, and that nothing written is ever lost or written again."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import IncidentError, UsageError
from triage.verdicts import Decision, Verdict, Verdicts

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def record(*said: tuple[str, Decision]) -> Verdicts:
    """Decisions a minute apart."""
    return Verdicts(tuple(Verdict(h, decision, "ana", at=NOON + n * MINUTE) for n, (h, decision) in enumerate(said)))


# --- one verdict ---


def test_the_time_is_now_unless_it_is_given_and_always_utc() -> None:
    before = datetime.now(UTC)
    assert before <= Verdict("h", "open", "ana").at <= datetime.now(UTC)
    assert before <= Verdict.make("h", "open", by="ana").at <= datetime.now(UTC)
    berlin = NOON.astimezone(timezone(timedelta(hours=2)))
    assert Verdict.make("h", "open", by="ana", at=berlin).at.tzinfo is UTC
    assert Verdict("h", "open", "ana", at=berlin).to_dict()["at"] == "2024-05-01T12:00:00Z"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"decision": "sure"}, r"^decision: got 'sure', wanted one of 'confirmed', 'rejected', 'open'; try 'open'$"),
        ({"decision": None}, r"^decision: got None, wanted one of"),
        ({"decision": ["open"]}, r"^decision: got \['open'\], wanted one of"),
        ({"by": ""}, r"^by: got '', wanted text; try by='ana'$"),
        ({"by": " \n"}, r"^by: got ' \\n', wanted text"),
        ({"by": None}, r"^by: got None, wanted text"),
        ({"hypothesis_id": ""}, r"^hypothesis_id: got '', wanted text"),
        ({"note": 7}, r"^note: got 7, wanted text"),
        ({"at": datetime(2024, 5, 1)}, r"^at: got datetime.*, wanted a datetime with a zone"),
        ({"at": "2024-05-01"}, r"^at: got '2024-05-01', wanted a datetime with a zone"),
        ({"decision": "\x1b[2J" + "x" * 500}, r"^decision: got '\\x1b\[2Jx+…, wanted one of"),
    ],
    ids=str,
)
def test_an_impossible_verdict_is_refused(changed: dict[str, Any], said: str) -> None:
    whole: dict[str, Any] = {"hypothesis_id": "h", "decision": "open", "by": "ana", "note": "", "at": NOON}
    with pytest.raises(UsageError, match=said) as caught:
        Verdict(**{**whole, **changed})
    assert str(caught.value).isprintable()


def test_bytes_of_a_command_line_that_are_no_text_are_replaced() -> None:
    verdict = Verdict("h", "open", b"Andr\xe9".decode("utf-8", "surrogateescape"))
    assert verdict.by == "Andr?"


def test_verdicts_are_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        Verdict("h", "open", "ana").by = "ben"  # type: ignore[misc]
    first = Verdicts()
    second = first.append(Verdict("h", "open", "ana"))
    assert (len(first), len(second)) == (0, 1)


# --- which one stands ---


@pytest.mark.parametrize(
    ("said", "current"),
    [
        ([], None),
        ([("a", "confirmed")], "a"),
        ([("a", "rejected")], None),
        ([("a", "open")], None),
        ([("a", "confirmed"), ("b", "confirmed")], "b"),
        ([("a", "confirmed"), ("b", "rejected")], "a"),
        ([("a", "confirmed"), ("a", "open")], None),
        ([("a", "confirmed"), ("b", "confirmed"), ("b", "rejected")], "a"),
        ([("a", "confirmed"), ("b", "confirmed"), ("a", "confirmed")], "a"),
        ([("a", "confirmed"), ("a", "rejected"), ("a", "confirmed")], "a"),
    ],
)
def test_the_latest_confirmation_that_was_not_withdrawn_is_current(
    said: list[tuple[str, Decision]], current: str | None
) -> None:
    found = record(*said).current
    assert (found.hypothesis_id if found else None) == current


def test_time_decides_before_the_order_of_recording_and_that_at_one_time() -> None:
    late, early = Verdict("a", "open", "ana", at=NOON + MINUTE), Verdict("a", "confirmed", "ben", at=NOON)
    assert Verdicts((late, early)).current is None
    assert Verdicts((early, late)).current is None
    same = Verdict("a", "open", "ana", at=NOON)
    assert Verdicts((early, same)).current is None
    assert Verdicts((same, early)).current is early


VERDICTS = st.builds(
    Verdict,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(get_args(Decision)),
    st.sampled_from(["ana", "ben"]),
    st.text(max_size=10),
    st.integers(0, 4).map(lambda minutes: NOON + minutes * MINUTE),
)


def _standing_slowly(entries: list[Verdict], hypothesis: str) -> Verdict | None:
    """The verdict about a hypothesis that no other about it comes after."""
    own = [(verdict.at, place, verdict) for place, verdict in enumerate(entries) if verdict.hypothesis_id == hypothesis]
    for at, place, verdict in own:
        if not any((other_at, other_place) > (at, place) for other_at, other_place, _ in own):
            return verdict
    return None


@given(st.lists(VERDICTS, max_size=8))
def test_what_stands_agrees_with_a_slow_search(entries: list[Verdict]) -> None:
    verdicts = Verdicts(tuple(entries))
    standing = {name: _standing_slowly(entries, name) for name in ("a", "b", "c")}
    assert verdicts.by_hypothesis() == {name: verdict for name, verdict in standing.items() if verdict}
    confirmed = [verdict for verdict in standing.values() if verdict and verdict.decision == "confirmed"]
    if not confirmed:
        assert verdicts.current is None
    else:
        assert verdicts.current in confirmed
        assert verdicts.current.at == max(verdict.at for verdict in confirmed)


# --- as JSON ---


@given(st.lists(VERDICTS, max_size=4))
def test_json_gives_the_record_back(entries: list[Verdict]) -> None:
    verdicts = Verdicts(tuple(entries))
    assert Verdicts.from_json(json.loads(json.dumps(verdicts.to_json()))) == verdicts


WHOLE = Verdict("h", "open", "ana", "why", NOON).to_dict()


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "open",
        [],
        {},
        {**WHOLE, "more": 1},
        {name: WHOLE[name] for name in list(WHOLE)[1:]},
        {**WHOLE, "decision": "sure"},
        {**WHOLE, "by": None},
        {**WHOLE, "at": "noon"},
        {**WHOLE, "at": None},
        {**WHOLE, "at": "2024-05-01T12:00:00"},
    ],
    ids=str,
)
def test_damaged_json_names_the_entry(entry: Any) -> None:
    with pytest.raises(
        IncidentError, match=r"^verdicts, entry 2: got .*, .*wanted|^verdicts, entry 2: got .*at"
    ) as caught:
        Verdicts.from_json([WHOLE, entry])
    assert "\n" not in str(caught.value)
