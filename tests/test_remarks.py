"""What people write down: which remark stands, what is refused, and that nothing is lost on the way to disk."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from triage.errors import IncidentError, UsageError
from triage.remarks import OWN, Kind, Remark, Remarks

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOG = "2024-05-01T12:00:00Z INFO app: ready\n2024-05-01T12:01:00Z ERROR app: no answer\n"


# --- one remark ---


def test_times_are_utc_and_now_unless_given() -> None:
    before = datetime.now(UTC)
    assert before <= Remark("note", "paged", "ana").written <= datetime.now(UTC)
    berlin = NOON.astimezone(timezone(timedelta(hours=2)))
    told = Remark("note", "paged", "ana", at=berlin, written=berlin).to_dict()
    assert (told["at"], told["written"]) == ("2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "guess"}, r"^kind: got 'guess', wanted one of note, check, hypothesis, diagnosis$"),
        ({"text": " \n"}, r"^text: got ' \\n', wanted text; try text='paged the owner of the database'$"),
        ({"by": ""}, r"^by: got '', wanted text; try by='ana'$"),
        ({"detail": None}, r"^detail: got 'None', wanted text"),
        ({"about": 7}, r"^about: got '7', wanted text"),
        ({"at": datetime(2024, 5, 1)}, r"^at: got '2024-05-01 00:00:00', wanted a datetime with a zone$"),
        ({"at": "noon"}, r"^at: got 'noon', wanted a datetime with a zone$"),
        ({"written": None}, r"^written: got 'None', wanted a datetime with a zone$"),
    ],
    ids=str,
)
def test_an_impossible_remark_is_refused(changed: dict[str, Any], said: str) -> None:
    whole: dict[str, Any] = {"kind": "note", "text": "paged", "by": "ana", "written": NOON}
    with pytest.raises(UsageError, match=said) as caught:
        Remark(**{**whole, **changed})
    assert str(caught.value).isprintable()


def test_bytes_that_are_no_text_can_be_written_again() -> None:
    assert Remark("note", "paged \udcff", "ana").text == "paged ?"


def test_lines_of_a_text_stay_apart() -> None:
    assert Remark("diagnosis", "  one\n\n  two\n", "ana").text == "one\n\n  two"


def test_an_own_hypothesis_has_the_id_of_its_claim_alone() -> None:
    first = Remark("hypothesis", "the bank is down", "ana", written=NOON)
    assert first.id == Remark("hypothesis", "the bank is down", "ben", "they said so").id
    assert first.id != Remark("hypothesis", "the bank is slow", "ana").id
    assert first.id.startswith(OWN)


# --- all remarks ---


def check(minute: int, *, done: bool = True, text: str = "look at the pool", about: str = "h1") -> Remark:
    return Remark("check", text, "ana", "full", about, done=done, written=NOON + minute * MINUTE)


def test_a_check_is_done_until_it_is_taken_back() -> None:
    record = Remarks((check(0), check(0, text="ask the bank"), check(1, about="h2")))
    assert set(record.checks) == {("h1", "look at the pool"), ("h1", "ask the bank"), ("h2", "look at the pool")}
    assert set(record.append(check(2, done=False)).checks) == {("h1", "ask the bank"), ("h2", "look at the pool")}
    assert ("h1", "look at the pool") in record.append(check(2, done=False)).append(check(3)).checks


def test_the_last_diagnosis_stands_whatever_the_order_in_the_record() -> None:
    late, early = (Remark("diagnosis", text, "ana", written=at) for text, at in (("b", NOON + MINUTE), ("a", NOON)))
    assert Remarks().diagnosis is None
    assert Remarks((late, early)).diagnosis == late


def test_an_own_hypothesis_is_kept_as_it_was_first_written() -> None:
    first, again = (Remark("hypothesis", "the bank is down", by, written=NOON) for by in ("ana", "ben"))
    assert Remarks((first, again)).hypotheses == {first.id: first}


def test_merging_keeps_each_remark_once_in_order_of_time() -> None:
    shared, mine, theirs = (Remark("note", text, "ana", written=NOON + n * MINUTE) for n, text in enumerate("scb"))
    merged = Remarks((shared, mine)).merge(Remarks((shared, theirs)))
    assert [remark.text for remark in merged] == ["s", "c", "b"]
    assert merged.merge(merged) == merged


TEXT = st.text(min_size=1).filter(lambda text: bool(text.strip()))
TIME = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
GOOD = Remark("note", "paged", "ana", written=NOON).to_dict()
REMARK = st.builds(
    Remark, st.sampled_from(get_args(Kind)), TEXT, TEXT, st.text(), st.text(), st.none() | TIME, st.booleans(), TIME
)  # fmt: skip


@given(st.lists(REMARK, max_size=6))
def test_the_way_to_json_and_back_loses_nothing(remarks: list[Remark]) -> None:
    record = Remarks(tuple(remarks))
    assert Remarks.from_json(json.loads(json.dumps(record.to_json()))) == record


@given(st.lists(REMARK, max_size=5), st.lists(REMARK, max_size=5))
def test_merging_loses_nothing_and_is_done_once(ours: list[Remark], theirs: list[Remark]) -> None:
    one, other = Remarks(tuple(ours)), Remarks(tuple(theirs))
    merged = one.merge(other)
    assert {*merged} == {*ours, *theirs}
    assert [r.written for r in merged] == sorted(r.written for r in merged)
    assert merged.merge(other) == merged


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("note", "wanted an object with about, at, by, detail, done, kind, text, written"),
        ({"text": "paged"}, "wanted an object with about"),
        ({**GOOD, "more": 1}, "wanted an object with about"),
        ({**GOOD, "by": ""}, "by: got ''"),
        ({**GOOD, "written": "yesterday"}, "isoformat"),
        ({**GOOD, "written": 7}, "must be str"),
        ({**GOOD, "done": "yes"}, "wanted an object with"),
    ],
    ids=str,
)
def test_a_damaged_entry_is_named(entry: object, said: str) -> None:
    with pytest.raises(IncidentError, match=rf"^remarks, entry 2: .*{said}.*; try an earlier copy$"):
        Remarks.from_json([GOOD, entry])


# --- the verbs of an incident ---


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    path = tmp_path_factory.mktemp("logs") / "app.log"
    path.write_text(LOG, encoding="utf-8")
    return triage.load(path)


def test_verbs_give_a_new_incident_and_leave_the_old_one(incident: triage.Incident) -> None:
    known = incident.hypotheses[0].id
    told = (
        incident.remark("paged the owner", by="ana", at="2024-05-01 12:02", about=known, written=NOON)
        .check_off("look at the pool", by="ben", result="full", about=known, written=NOON + MINUTE)
        .suppose("the bank is down", by="cleo", why="their page says so", written=NOON + 2 * MINUTE)
        .diagnose("The bank was down.", by="ana", written=NOON + 3 * MINUTE)
    )
    assert len(incident.remarks) == 0
    assert [(r.kind, r.by, r.detail) for r in told.remarks] == [
        ("note", "ana", ""),
        ("check", "ben", "full"),
        ("hypothesis", "cleo", "their page says so"),
        ("diagnosis", "ana", ""),
    ]
    assert told.remarks.entries[0].at == NOON + 2 * MINUTE
    assert told.diagnosis and told.diagnosis.text == "The bank was down."
    assert [remark["kind"] for remark in told.summary()["remarks"]] == ["note", "check", "hypothesis", "diagnosis"]


def test_a_note_is_about_now_unless_it_names_a_time(incident: triage.Incident) -> None:
    [note] = incident.remark("paged", by="ana", written=NOON).remarks
    assert (note.at, note.written) == (NOON, NOON)


def test_a_time_without_a_zone_is_read_in_that_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LOG, encoding="utf-8")
    [note] = triage.load(tmp_path, tz="Europe/Berlin").remark("paged", by="ana", at="2024-05-01 14:00").remarks
    assert note.at == NOON


def test_a_check_that_is_taken_back_is_open_again(incident: triage.Incident) -> None:
    done = incident.check_off("look at the pool", by="ana", written=NOON)
    assert list(done.remarks.checks) == [("", "look at the pool")]
    assert not done.check_off("look at the pool", by="ben", done=False, written=NOON + MINUTE).remarks.checks


@pytest.mark.parametrize("about", ["change:nowhere", "own:0000000000"])
def test_what_is_about_no_hypothesis_there_is_refused(incident: triage.Incident, about: str) -> None:
    with pytest.raises(UsageError, match="hypothesis"):
        incident.remark("paged", by="ana", about=about)
    with pytest.raises(UsageError, match="hypothesis"):
        incident.check_off("look at the pool", by="ana", about=about)
    with pytest.raises(UsageError, match="hypothesis"):
        incident.decide(about, "confirmed", by="ana")


def test_an_empty_diagnosis_is_refused(incident: triage.Incident) -> None:
    with pytest.raises(UsageError, match=r"^text: got '', wanted text"):
        incident.diagnose("", by="ana")


def test_an_own_hypothesis_can_be_decided_upon(incident: triage.Incident) -> None:
    told = incident.suppose("the bank is down", by="ana", written=NOON)
    [own] = told.own_hypotheses
    decided = told.decide(own, "confirmed", by="ben", note="their page says so", at=NOON + MINUTE)
    assert decided.verdicts.current and decided.verdicts.current.hypothesis_id == own
    assert decided.remark("they called", by="ana", about=own).remarks.of("note")[0].about == own


def test_what_people_wrote_is_saved_and_merged(incident: triage.Incident, tmp_path: Path) -> None:
    mine = incident.suppose("the bank is down", by="ana", written=NOON)
    theirs = incident.diagnose("The bank was down.", by="ben", written=NOON + MINUTE)
    mine.save(tmp_path / "saved")
    theirs.save(tmp_path / "saved")
    assert [remark.kind for remark in triage.open(tmp_path / "saved").remarks] == ["hypothesis", "diagnosis"]
