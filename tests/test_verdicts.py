"""The record of decisions: which one stands, and that nothing written is ever lost or written again."""

from __future__ import annotations

import json
import threading
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import IncidentError, UsageError
from triage.verdicts import Decision, Verdict, Verdicts, append_to, read

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


# --- as a file ---


def test_each_verdict_is_a_line_added_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    before = b""
    for verdict in (said := record(("a", "confirmed"), ("b", "rejected"), ("a", "open"))):
        append_to(path, verdict)
        now = path.read_bytes()
        assert now.startswith(before)
        assert now.count(b"\n") == before.count(b"\n") + 1
        before = now
    assert read(path) == said


@given(note=st.text(), by=st.text(min_size=1).filter(str.strip))
def test_any_text_stays_on_its_line(note: str, by: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("record") / "verdicts.jsonl"
    said = [Verdict("h", "open", by, note), Verdict("h", "rejected", "ben")]
    for verdict in said:
        append_to(path, verdict)
    assert read(path) == Verdicts(tuple(said))


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read(tmp_path / "verdicts.jsonl") == Verdicts()


def test_a_last_line_without_its_newline_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    path.write_text(json.dumps(WHOLE))
    append_to(path, Verdict("b", "confirmed", "ben"))
    assert [verdict.hypothesis_id for verdict in read(path)] == ["h", "b"]


@pytest.mark.parametrize("tail", ['{"hypothesis_id": "b", "deci', '{"hypothesis_id": "b", "deci\n', "\0\0\0", "7\n\n"])
def test_a_damaged_last_line_is_told_and_nothing_is_added_behind_it(tail: str, tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    append_to(path, Verdict.from_dict(WHOLE))
    path.write_text(path.read_text() + tail)
    found = read(path)
    assert found.to_json() == [WHOLE]
    assert len(found.notes) == 1
    assert "verdicts.jsonl, line 2: got '" in found.notes[0]
    held = path.read_bytes()
    with pytest.raises(IncidentError, match=r"line 2: got .*; nothing was added, try moving that line"):
        append_to(path, Verdict("b", "confirmed", "ben"))
    assert path.read_bytes() == held


@pytest.mark.parametrize("line", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"hypothesis_id": "\x1b[2J"}'])
def test_a_damaged_line_before_the_last_is_an_error(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    whole = json.dumps(WHOLE).encode()
    path.write_bytes(b"\n".join([whole, line, whole, b""]))
    with pytest.raises(IncidentError, match=r"verdicts\.jsonl, line 2: got .*, wanted a verdict.*; try") as caught:
        read(path)
    assert str(caught.value).isprintable()


def test_a_place_that_cannot_hold_a_record(tmp_path: Path) -> None:
    with pytest.raises(IncidentError, match=r"got 'Is a directory', wanted a file of verdicts"):
        read(tmp_path)
    with pytest.raises(IncidentError, match=r"got 'No such file or directory', wanted a file of verdicts"):
        append_to(tmp_path / "no" / "such" / "verdicts.jsonl", Verdict("h", "open", "ana"))


def test_people_may_decide_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"

    def decide(name: str) -> None:
        for number in range(15):
            append_to(path, Verdict("h", "open", name, f"{number} " * 2000))  # long: a half is seen more easily
            assert read(path).notes == ()

    people = [threading.Thread(target=decide, args=(name,)) for name in ("ana", "ben", "cleo")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    found = read(path)
    assert (len(found), found.notes) == (45, ())
