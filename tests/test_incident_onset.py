"""One onset from many: failing lines that come lead, chatter does not count, the strongest event wins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from triage.onset.incident_onset import ENOUGH, find_incident_onset, find_other_onsets
from triage.onset.trouble import MOST, with_trouble

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEXT = {"parameter": pl.String, "part_before": pl.Float64}


def _onset(
    name: str, seconds: float, trouble: float, kind: str = "new", width: float = 10, adverse: bool = True
) -> dict[str, object]:
    at = START + timedelta(seconds=seconds)
    earliest = at - timedelta(seconds=width)
    row = {"template_id": name, "service_name": "shop", "kind": kind, "at": at, "earliest": earliest, "latest": at}
    return {**row, "trouble": trouble, "llr": trouble, "until": None, "adverse": adverse}


UNTIL = {"until": pl.Datetime("us", "UTC")}


def _found(*rows: dict[str, object]) -> tuple[str, ...] | None:
    onset = find_incident_onset(pl.DataFrame(list(rows), schema_overrides=UNTIL))
    return tuple(unit[0] for unit in onset.units) if onset and onset.sure else None


def test_little_trouble_is_no_incident() -> None:
    little = find_incident_onset(pl.DataFrame([_onset("a", 0, ENOUGH - 0.1)]))
    assert little is not None and not little.sure, "the likeliest sign of one"
    assert find_incident_onset(pl.DataFrame([_onset("a", 0, 1.0) for _ in range(50)])) is None


def test_the_strongest_event_wins_and_its_first_member_leads() -> None:
    assert _found(_onset("early", 0, 5), _onset("b", 300, 9), _onset("a", 310, 18)) == ("b", "a")


def test_lines_that_stop_do_not_lead_those_that_come() -> None:
    assert _found(_onset("gone", 0, 5, "gone"), _onset("new", 20, 10)) == ("new",)
    stopped = [_onset(name, 0, 5, "gone", adverse=False) for name in "abc"]
    assert _found(*stopped) == ("a", "b", "c")
    assert _found(*stopped[:2]) is None


def test_more_traffic_is_no_incident() -> None:
    assert _found(*[_onset(name, 0, 2, "surge", adverse=False) for name in "abcdefgh"]) is None


def test_members_that_may_have_begun_together_narrow_the_interval() -> None:
    wide, narrow = _onset("wide", 0, 20, width=90), _onset("narrow", 3, 20, width=7)
    later = _onset("later", 30, 20, width=5)
    onset = find_incident_onset(pl.DataFrame([wide, narrow, later]))
    assert onset is not None
    assert onset.earliest == START - timedelta(seconds=4)
    assert onset.at == onset.latest == START


def test_a_vague_onset_does_not_date_a_sharp_one() -> None:
    vague = _onset("vague", 0, 10, "surge", width=7) | {"latest": START + timedelta(seconds=35)}
    onset = find_incident_onset(pl.DataFrame([vague, _onset("sharp", 27, 20, width=1)]))
    assert onset is not None
    assert (onset.units[0][0], onset.at) == ("sharp", START + timedelta(seconds=27))


def _onsets(template: str, kind: str, llr: float, service: str = "shop") -> pl.DataFrame:
    row = {"template_id": template, "service_name": service, "kind": kind, "llr": llr, "at": START}
    return pl.DataFrame(
        [row | {"earliest": START, "latest": START, "parameter": None, "part_before": None}], schema_overrides=TEXT
    )


@pytest.mark.parametrize("text", ["charge <NUM> failed", "accept: too many open files"])
def test_a_failure_in_words_is_a_warning_whatever_its_level(text: str) -> None:
    onsets = _onsets("t", "new", 500.0)
    said = {"template_id": ["t"], "template": [text], "severity_number": [5], "failing": [False]}
    (row,) = with_trouble(onsets, pl.DataFrame(said)).to_dicts()
    assert (row["trouble"], row["adverse"], row["failing"]) == (MOST / 2, True, False)


@pytest.mark.parametrize(
    ("kind", "severity", "expected"),
    [("new", 17, MOST), ("new", 13, MOST / 2), ("gone", 17, 0.0), ("new", 9, MOST / 20)],
)
def test_trouble_depends_on_what_the_lines_say(kind: str, severity: int, expected: float) -> None:
    onsets = _onsets("t", kind, 500.0)
    templates = pl.DataFrame(
        {"template_id": ["t"], "template": ["x"], "severity_number": [severity], "failing": [False]}
    )
    assert with_trouble(onsets, templates)["trouble"].to_list() == [pytest.approx(expected)]


def _come(kinds: list[tuple[str, int, float]]) -> pl.DataFrame:
    """Onsets of lines that come: template, severity and seconds."""
    times = [START + timedelta(seconds=seconds) for *_, seconds in kinds]
    names = [k[0] for k in kinds]
    onsets = pl.DataFrame(
        {
            "template_id": names,
            "service_name": names,
            "kind": "new",
            "llr": 10.0,
            "at": times,
            "parameter": None,
            "part_before": None,
        },
        schema_overrides=TEXT,
    )
    templates = pl.DataFrame(
        {
            "template_id": [k[0] for k in kinds],
            "template": [k[0] for k in kinds],
            "severity_number": [k[1] for k in kinds],
            "failing": [k[1] >= 17 for k in kinds],
        }
    )
    return with_trouble(onsets, templates)


def test_a_warning_that_comes_with_other_work_is_part_of_it() -> None:
    work = [(name, 9, 0.2) for name in "abc"]
    alone, beside = (_come([("w", 13, 0), ("e", 17, 0), *work[:count]])["trouble"] for count in (2, 3))
    assert alone[0] == 5.0 and beside[0] == pytest.approx(0.5)
    assert alone[1] == beside[1] == 10.0
    assert _come([("w", 13, 30), *work])["trouble"][0] == 5.0


@pytest.mark.parametrize("kind", ["missing", "slower"])
def test_requests_that_break_are_adverse_whatever_their_lines_say(kind: str) -> None:
    onsets = _onsets("a", kind, 12.0)
    table = {"template_id": ["a"], "template": ["order placed"], "severity_number": [9], "failing": [False]}
    found = with_trouble(onsets, pl.DataFrame(table))
    assert found["adverse"].item() and found["trouble"].item() > ENOUGH


def test_a_handful_of_lines_does_not_date_the_flood_after_it() -> None:
    flood = _onset("flood", 20, 20) | {"llr": 120.0}
    assert _found(_onset("stray", 0, 6), flood) == ("flood", "stray")
    assert _found(_onset("first", 0, 12), flood) == ("first", "flood")


def test_lines_that_stop_with_a_gap_of_their_service_count_for_little() -> None:
    onsets = pl.concat([_onsets("a", "gone", 20.0), _onsets("b", "new", 20.0), _onsets("a", "gone", 20.0, "other")])
    table = {"template_id": ["a", "b"], "template": ["sent", "failed"], "severity_number": [9, 17]}
    in_gap = pl.Series([True, False, False])
    found = with_trouble(onsets, pl.DataFrame(table).with_columns(failing=pl.lit(False)), in_gap)
    assert found["trouble"].to_list() == [pytest.approx(0.25 * 2.5), 20.0, 5.0]


def test_lines_that_were_worded_anew_count_for_half() -> None:
    gone = _onsets("a", "gone", 20.0)
    table = {"template_id": ["a", "b"], "template": ["sent", "was sent"], "severity_number": [9, 9]}
    texts = pl.DataFrame(table).with_columns(failing=pl.lit(False))
    assert with_trouble(gone, texts)["trouble"].to_list() == [5.0]
    assert with_trouble(pl.concat([gone, _onsets("b", "new", 20.0)]), texts)["trouble"].to_list() == [2.5, 1.0]


def test_several_incidents_in_one_window_are_several() -> None:
    rows = [_onset("a", 0, 20), _onset("b", 5, 20), _onset("c", 900, 9), _onset("d", 2000, 1.6), _onset("e", 3000, 12)]
    troubles = pl.DataFrame(rows)
    onset = find_incident_onset(troubles)
    assert onset is not None
    assert [unit[0] for unit in onset.units] == ["a", "b"]
    assert [other.units[0][0] for other in find_other_onsets(troubles, onset)] == ["c", "e"]
    assert find_other_onsets(troubles, None) == ()


def test_a_kind_of_line_that_fails_twice_has_two_events() -> None:
    troubles = pl.DataFrame(
        [_onset("a", 1800, 12, "surge"), _onset("a", 0, 20), _onset("a", 5, 1, "slower"), _onset("b", 5, 9)]
    )
    onset = find_incident_onset(troubles)
    assert onset is not None
    assert onset.of(troubles).rows() == [troubles.row(1), troubles.row(3)]
    assert onset.apart(troubles).rows() == [troubles.row(0), troubles.row(2)]
    assert [other.at for other in find_other_onsets(troubles, onset)] == [START + timedelta(minutes=30)]


@pytest.mark.parametrize(
    ("parameter", "bad"),
    [
        ("status=503", True),
        ("status=404", True),
        ("result=timed out", True),
        ("state=connection refused", True),
        ("status=200", False),
        ("user=payments", False),
        ("count=4503", False),
        ("table=failover_log", False),
    ],
)
def test_a_shift_between_values_is_adverse_where_the_value_is_bad(parameter: str, bad: bool) -> None:
    onsets = _onsets("a", "mix shift", 20.0).with_columns(parameter=pl.lit(parameter))
    table = {"template_id": ["a"], "template": ["request done <*>"], "severity_number": [9], "failing": [False]}
    found = with_trouble(onsets, pl.DataFrame(table))
    assert found["adverse"].to_list() == [bad]
    assert (found["trouble"].item() > ENOUGH) == bad
    assert found["kind"].to_list() == ["mix shift"]


@pytest.mark.parametrize(("before", "adverse"), [(0.02, True), (0.5, False)])
def test_a_shift_between_two_usual_outcomes_is_not_adverse(before: float, adverse: bool) -> None:
    onsets = _onsets("a", "mix shift", 20.0).with_columns(part_before=pl.lit(before))
    table = {"template_id": ["a"], "template": ["page <*> stale"], "severity_number": [9], "failing": [False]}
    assert with_trouble(onsets, pl.DataFrame(table))["adverse"].to_list() == [adverse]


def test_what_lasts_and_grows_in_stages_began_with_the_first() -> None:
    stages = [_onset("timeouts", 0, 10), _onset("refused", 200, 20), _onset("also", 210, 20)]
    assert _found(*stages) == ("timeouts", "refused", "also")
    assert _found(stages[0] | {"until": START + timedelta(seconds=30)}, *stages[1:]) == ("refused", "also")
    assert _found(stages[0] | {"service_name": "other"}, *stages[1:]) == ("refused", "also")
    assert _found(stages[0], _onset("refused", 400, 20), _onset("also", 410, 20)) == ("refused", "also")
