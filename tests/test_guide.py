"""The guide, step by step, with the kernel's side alone: what it shows, what it does, and what it keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import triage
from tests.guided import Seen, args_of, do, pages, seen
from tests.shop import write_incident
from triage.errors import IncidentError, UsageError
from triage.widgets import frame, opening, reading
from triage.widgets.frame import Guide
from triage.widgets.reading import Meter
from triage.widgets.steps import STEPS

NAMES = [step.name for step in STEPS]
#: What the frame around the steps does.
OF_THE_FRAME = {"step", "symptom", "zone", "by", "whole", "lines", "close", "cancel"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_incident(tmp_path_factory.mktemp("shop") / "incident")


@pytest.fixture(scope="module")
def loaded(folder: Path) -> triage.Incident:
    return triage.load(str(folder / "logs"), changes=str(folder / "changes.json"), symptom="checkout fails")


@pytest.fixture(autouse=True)
def new_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins where nothing is open, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    forget()
    yield
    forget()


def forget() -> None:
    opening._OPEN.clear()
    opening._BASES.clear()


@pytest.fixture
def guide(loaded: triage.Incident) -> Guide:
    return triage.guide(loaded)


def first(guide: Guide) -> str:
    assert guide.incident
    return guide.incident.hypotheses[0].id


def decided(guide: Guide) -> list[tuple[str, str, str]]:
    assert guide.incident
    return [(one.hypothesis_id, one.decision, one.by) for one in guide.incident.verdicts]


# --- what it shows ---


@pytest.mark.parametrize("name", NAMES)
def test_each_step_is_shown_and_every_button_does_something(guide: Guide, name: str) -> None:
    do(guide, "step", name)
    assert not guide.state.error
    step = guide._steps[name]
    assert step.asks in seen(guide).text
    acts = {one["data-act"] for page in pages(guide) for one in _elements(page.html) if "data-act" in one}
    assert acts <= OF_THE_FRAME | set(step.acts)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_label_and_every_id_is_there_once(guide: Guide, name: str) -> None:
    do(guide, "step", name)
    found = seen(guide).elements
    ids = [one["id"] for _, one in found if "id" in one]
    assert len(ids) == len(set(ids))
    labelled = {one["for"] for tag, one in found if tag == "label" and "for" in one}
    fields = [
        one
        for tag, one in found
        if tag in ("input", "select", "textarea") and one.get("type") not in ("checkbox", "radio")
    ]
    assert fields
    assert [one for one in fields if one["id"] not in labelled] == []


def _elements(html: str) -> list[dict[str, str]]:
    found = Seen()
    found.feed(html)
    return [attributes for _, attributes in found.elements]


def test_without_logs_it_says_where_to_begin(tmp_path: Path) -> None:
    guide = triage.guide(folder=None)
    assert guide.incident is None
    do(guide, "step", "Patterns")
    assert "begin with the step Load" in seen(guide).text
    assert "needs a running kernel" in guide._repr_mimebundle_()["text/html"]


def test_all_lines_of_evidence_open(guide: Guide) -> None:
    do(guide, "step", "Hypotheses")
    places = [arg for arg in args_of(guide, "lines") if arg.startswith("context:")]
    assert places
    for place in places:
        do(guide, "lines", place)
        line = place.split(":")[1]
        assert f"around line {line} of" in seen(guide).text, place
        assert not guide.state.error
    do(guide, "close")
    assert "around line" not in seen(guide).text


def test_lines_of_a_template_come_in_pages(guide: Guide) -> None:
    assert guide.incident
    frequent = guide.incident.templates["template_id"][0]
    do(guide, "step", "Errors")
    guide.open_lines(f"template:{frequent}")
    whole = guide.incident.lines(template=frequent, limit=60)["line"].to_list()
    do(guide, "lines", f"template:{frequent}:1")
    shown = [int(arg.split(":")[1]) for arg in args_of(guide, "lines") if arg.startswith("context:")]
    assert shown[-25:] == whole[25:50]


def test_how_many_onsets_chance_brings_is_said(guide: Guide) -> None:
    do(guide, "step", "When")
    assert "series were tested; onsets found:" in seen(guide).text
    assert "expected by chance alone" in seen(guide).text


def test_times_are_shown_in_a_zone_that_is_chosen(guide: Guide) -> None:
    do(guide, "step", "When")
    do(guide, "zone", value="Asia/Kolkata")
    assert "IST)" in seen(guide).text
    assert "02:20:00 UTC (07:50:00 IST)" in seen(guide).text
    assert guide.timeline.zone == "Asia/Kolkata"
    do(guide, "zone", value="Asia/Kalkuta")
    assert "did you mean" in seen(guide).text
    assert guide.state.zone == "Asia/Kolkata"


# --- what it does ---


def test_what_is_decided_is_recorded_and_the_script_does_the_same(guide: Guide, loaded: triage.Incident) -> None:
    about = first(guide)
    do(guide, "by", value="ana")
    do(guide, "symptom", value="orders fail")
    do(guide, "step", "Hypotheses")
    check = args_of(guide, "check")[0]
    do(guide, "check", check, value="yes")
    do(guide, "result", check, result="only the new ones fail")
    do(guide, "step", "When")
    do(guide, "note", text="paged the owner", at="2026-11-21 02:25", by="ana")
    do(guide, "step", "Verdict")
    do(guide, "decide", about=about, decision="rejected", by="ana", note="was never rolled out")
    do(guide, "suppose", claim="a cable was cut", by="ben", why="it rained")
    own = next(iter(guide.incident.own_hypotheses)) if guide.incident else ""
    do(guide, "decide", about=own, decision="confirmed", by="ben", note="")
    do(guide, "diagnose", text="A cable was cut.", by="ben")
    assert guide.state.error == ""
    assert decided(guide) == [(about, "rejected", "ana"), (own, "confirmed", "ben")]
    names: dict[str, Any] = {"incident": loaded, "triage": triage}
    exec(guide.script, names)  # lines that the guide shows are run by people as well
    again = names["incident"]
    assert guide.incident
    assert again.symptom == guide.incident.symptom == "orders fail"
    assert [_timeless(one) for one in again.remarks] == [_timeless(one) for one in guide.incident.remarks]
    assert [(one.hypothesis_id, one.decision, one.note) for one in again.verdicts] == [
        (one.hypothesis_id, one.decision, one.note) for one in guide.incident.verdicts
    ]
    assert again.diagnosis.text == "A cable was cut."


def _timeless(remark: Any) -> Any:
    return replace(remark, written=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_check_is_taken_back(guide: Guide) -> None:
    do(guide, "by", value="ana")
    do(guide, "step", "Hypotheses")
    check = args_of(guide, "check")[0]
    do(guide, "check", check, value="yes")
    assert guide.incident
    assert len(guide.incident.remarks.checks) == 1
    do(guide, "check", check, value="")
    assert guide.incident.remarks.checks == {}


def test_nobody_decides_without_a_name(guide: Guide) -> None:
    do(guide, "step", "Verdict")
    do(guide, "decide", about=first(guide), decision="confirmed", by="", note="")
    assert "by: got ''" in seen(guide).text
    assert decided(guide) == []
    do(guide, "step", "Hypotheses")
    do(guide, "check", args_of(guide, "check")[0], value="yes")
    assert "fill in your name" in seen(guide).text


def test_a_window_is_followed_by_every_step(guide: Guide) -> None:
    do(guide, "step", "Errors")
    whole = seen(guide).text
    guide.timeline.window = [_ms("2026-11-21T02:30:00+00:00"), _ms("2026-11-21T02:31:00+00:00")]
    assert "Only 02:30:00 to 02:31:00 UTC, 1 min , is counted" in seen(guide).text
    assert seen(guide).text != whole
    assert guide.incident
    counts = guide.state.view.counts
    lines = guide.incident.lines(limit=None, since="2026-11-21T02:30:00", until="2026-11-21T02:31:00")
    assert sum(counts.values()) == len(lines)
    do(guide, "step", "What changed")
    assert "0 in the window" in seen(guide).text
    do(guide, "whole")
    assert guide.timeline.window == []
    assert "4 recorded changes." in seen(guide).text


def _ms(time: str) -> int:
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def test_marks_on_the_timeline_open_what_they_stand_for(guide: Guide) -> None:
    do(guide, "step", "When")
    group = guide.timeline.data["groups"][0]["id"]
    guide.timeline.picked = {"kind": "group", "id": group}
    assert "Lines: error group" in seen(guide).text
    guide.timeline.picked = {"kind": "change", "id": "c2"}
    assert guide.state.step == "What changed"
    assert any(one.get("class") == "picked" for tag, one in seen(guide).elements if tag == "tr")


def test_around_a_change_outside_the_logs_there_is_nothing_and_it_is_said(folder: Path) -> None:
    before = {"id": "b", "time": "2026-11-20T02:18:00Z", "kind": "deploy", "service": "checkout"}
    after = before | {"id": "a", "time": "2026-11-23T02:18:00Z"}
    guide = triage.guide(triage.load(str(folder / "logs"), changes=[before, after]), folder=None)
    do(guide, "step", "What changed")
    for time in args_of(guide, "around"):
        do(guide, "around", time)
        assert "no line lies around it: the logs are of 02:00:00 to 02:40:02" in guide.state.error
        assert guide.state.window is None
    do(guide, "step", "Errors")
    assert guide.state.error == ""


def test_a_change_that_lasts_beyond_the_window_lies_in_it(folder: Path) -> None:
    long = {"id": "l", "time": "2026-11-21T02:05:00Z", "end": "2026-11-21T02:35:00Z", "kind": "config"}
    guide = triage.guide(triage.load(str(folder / "logs"), changes=[long]), folder=None)
    guide.timeline.window = [_ms("2026-11-21T02:10:00+00:00"), _ms("2026-11-21T02:12:00+00:00")]
    do(guide, "step", "What changed")
    assert "1 in the window" in seen(guide).text
    guide.timeline.window = [_ms("2026-11-21T02:36:00+00:00"), _ms("2026-11-21T02:38:00+00:00")]
    assert "0 in the window" in seen(guide).text


def test_templates_are_found_opened_and_muted(guide: Guide) -> None:
    do(guide, "step", "Patterns")
    patterns: Any = guide._steps["Patterns"]
    do(guide, "find", text="slow query", level="", service="")
    patterns.table.selected_rows = [0]
    assert "slow query took" in seen(guide).text
    do(guide, "parameters", patterns._chosen[0])
    assert "Quantities" in seen(guide).text
    do(guide, "correct", "mute")
    assert guide.wait(60)
    assert guide.incident
    muted = guide.incident.templates.filter("muted")["template"].to_list()
    assert len(muted) == 1
    assert "slow query" in muted[0]
    assert guide.state.script[-1] == f"incident = incident.correct(incident.corrections.mute({muted[0]!r}))"
    assert "Muted." in seen(guide).text
    do(guide, "correct", "mute")
    assert guide.wait(60)
    assert not guide.incident.corrections


@pytest.mark.parametrize(
    ("form", "fields", "said"),
    [
        ("mask", {"name": "", "pattern": "x"}, "mask: name is empty"),
        ("mask", {"name": "A", "pattern": "("}, "mask 'A'"),
        ("pin", {"text": "<*>"}, "fits too much"),
    ],
)
def test_corrections_that_cannot_be_are_refused(guide: Guide, form: str, fields: dict[str, str], said: str) -> None:
    do(guide, "step", "Patterns")
    do(guide, "correct", form, **fields)
    assert said in seen(guide).text
    assert guide.incident
    assert not guide.incident.corrections


def test_templates_are_split_and_merged(guide: Guide) -> None:
    do(guide, "step", "Patterns")
    patterns: Any = guide._steps["Patterns"]
    do(guide, "find", text="reserved item", level="", service="")
    patterns.table.selected_rows = [0]
    do(guide, "correct", "split", place="1", by="value")
    assert guide.wait(60)
    assert guide.incident
    assert [rule.kind for rule in guide.incident.corrections] == ["split"]
    do(guide, "undo", "0")
    assert guide.wait(60)
    do(guide, "find", text="", level="", service="")
    patterns.table.selected_rows = [0, 1]
    do(guide, "correct", "merge", into="what services say <*>")
    assert guide.wait(60)
    assert [rule.kind for rule in guide.incident.corrections] == ["merge"]


def test_lines_of_what_a_correction_took_away_are_closed(guide: Guide) -> None:
    assert guide.incident
    group = next(one for one in guide.incident.error_groups if len(one.template_ids) == 1)
    do(guide, "step", "Patterns")
    patterns: Any = guide._steps["Patterns"]
    patterns.table.selected_rows = [patterns._ids.index(group.template_ids[0])]
    guide.open_lines(f"error_group:{group.id}")
    do(guide, "correct", "mute")
    assert guide.wait(60)
    assert guide.state.error == ""
    assert "Lines: error group" not in seen(guide).text
    assert "Muted." in seen(guide).text


def test_a_zone_is_put_right_and_what_was_decided_stays(guide: Guide) -> None:
    do(guide, "step", "Verdict")
    do(guide, "decide", about=first(guide), decision="rejected", by="ana", note="")
    do(guide, "step", "Trust")
    assert guide.incident
    sources = [one.source for one in guide.incident.ledger.sources]
    place = next(n for n, name in enumerate(sources) if name.endswith("inventory.log"))
    do(guide, "again", **{f"zone:{place}": "Europe/Berlin"})
    assert guide.wait(60)
    assert not guide.state.error
    assert guide.incident.ledger.sources[place].time_zone == "Europe/Berlin"
    assert decided(guide)[0][1] == "rejected"
    names: dict[str, Any] = {"incident": guide.incident, "triage": triage}
    exec(guide.state.script[-1], names)
    assert names["incident"].settings == guide.incident.settings
    do(guide, "again")
    assert "nothing is set otherwise" in seen(guide).text


def test_the_script_keeps_what_was_decided_before_logs_were_read_again(guide: Guide, loaded: triage.Incident) -> None:
    do(guide, "step", "Verdict")
    do(guide, "decide", about=first(guide), decision="rejected", by="ana", note="")
    do(guide, "step", "Trust")
    do(guide, "again", **{"all-zones": "Asia/Tokyo"})
    assert guide.wait(60)
    names: dict[str, Any] = {"incident": loaded, "triage": triage}
    exec(guide.script, names)
    assert [one.decision for one in names["incident"].verdicts] == ["rejected"]


def test_checks_of_ones_own_stay_when_logs_are_read_again(loaded: triage.Incident) -> None:
    own = {"late": lambda candidate, facts: triage.Evidence("late", "Nobody deploys at night", 0.5)}
    guide = triage.guide(loaded.with_checks(own), folder=None)
    do(guide, "step", "Trust")
    do(guide, "again", **{"all-zones": "Asia/Tokyo"})
    assert guide.wait(60)
    assert guide.incident
    assert any(one.check == "late" for one in guide.incident.hypotheses[0].evidence)
    names: dict[str, Any] = {"incident": guide.incident, "triage": triage}
    exec(guide.state.script[-1], names)
    assert names["incident"].hypotheses == guide.incident.hypotheses


def test_a_service_that_is_named_otherwise_is_searched_no_more(guide: Guide) -> None:
    do(guide, "step", "Patterns")
    do(guide, "find", text="", level="", service="inventory")
    do(guide, "step", "Trust")
    assert guide.incident
    place = next(n for n, one in enumerate(guide.incident.ledger.sources) if one.source.endswith("inventory.log"))
    do(guide, "again", **{f"service:{place}": "stock"})
    assert guide.wait(60)
    do(guide, "step", "Patterns")
    assert guide.state.error == ""
    assert "6 of 6 templates" in seen(guide).text


def test_a_source_is_read_as_another_format_and_as_recognised_again(tmp_path: Path) -> None:
    for name in ("till", "desk"):
        text = "".join(f"Nov 21 02:{n:02}:00 {name} warning: drawer {n} open\n" for n in range(40))
        (tmp_path / f"{name}.log").write_text(text)
    guide = triage.guide(
        triage.load([str(tmp_path / name) for name in ("till.log", "desk.log")], read_as={"*": "plain"})
    )
    do(guide, "step", "Trust")
    assert {"plain, as set", "as recognised", "logfmt"} <= set(seen(guide).texts)
    labels = {one.get("for") for tag, one in seen(guide).elements if tag == "label"}
    assert {"format-0", "format-1"} <= labels
    do(guide, "again", **{"format:0": "", "format:1": "plain"})
    assert guide.wait(60)
    assert not guide.state.error
    assert _formats(guide) == ["syslog", "plain"]
    do(guide, "again", **{"format:0": "generic", "format:1": "plain"})
    assert guide.wait(60)
    assert _formats(guide) == ["generic", "plain"]
    assert "was read as generic, as was set" in seen(guide).text
    assert guide.incident
    names: dict[str, Any] = {"incident": guide.incident, "triage": triage}
    exec(guide.state.script[-1], names)
    assert names["incident"].settings == guide.incident.settings
    do(guide, "again", **{"format:0": "generic", "format:1": "plain"})
    assert "nothing is set otherwise" in seen(guide).text


def _formats(guide: Guide) -> list[str]:
    assert guide.incident
    return [one.format for one in guide.incident.ledger.sources]


def test_formats_that_are_set_come_back_in_a_new_kernel(tmp_path: Path) -> None:
    log = tmp_path / "till.log"
    log.write_text("".join(f"Nov 21 02:{n:02}:00 till warning: drawer {n} open\n" for n in range(40)))
    guide = triage.guide(triage.load(str(log)))
    do(guide, "step", "Trust")
    do(guide, "again", **{"format:0": "generic"})
    assert guide.wait(60)
    forget()
    again = triage.guide(triage.load(str(log)))
    assert again.wait(60)
    assert _formats(again) == ["generic"]


def test_what_is_set_for_a_source_counts_before_a_wider_pattern(folder: Path) -> None:
    guide = triage.guide(triage.load(str(folder / "logs"), services={"*": "shop"}))
    do(guide, "step", "Trust")
    do(guide, "again", **{"service:0": "till"})
    assert guide.wait(60)
    assert guide.incident
    assert set(guide.incident.records["service_name"]) == {"shop", "till"}


def test_a_format_of_ones_own_is_used(tmp_path: Path) -> None:
    log = tmp_path / "till.log"
    log.write_text("".join(f"21.11.2026 02:05:{n:02} <sad> till 7 broke\n" for n in range(60)))
    guide = triage.guide(triage.load(str(log)))
    do(guide, "step", "Trust")
    toml = r"""[till]
pattern = '^(?P<time>\S+ \S+) <(?P<level>\w+)> (?P<body>.*)$'
time_format = "%d.%m.%Y %H:%M:%S"
levels = { sad = "ERROR" }"""
    do(guide, "again", formats=toml)
    assert guide.wait(60)
    assert guide.incident
    assert guide.incident.ledger.sources[0].format == "till"
    names: dict[str, Any] = {"incident": guide.incident, "triage": triage}
    exec(guide.state.script[-1], names)
    assert names["incident"].settings == guide.incident.settings


def test_a_window_is_read_alone_and_then_all_again(guide: Guide) -> None:
    guide.timeline.window = [_ms("2026-11-21T02:15:00+00:00"), _ms("2026-11-21T02:30:00+00:00")]
    do(guide, "step", "Hypotheses")
    do(guide, "alone")
    assert guide.wait(60)
    assert guide.incident
    assert guide.incident.window[0].minute == 15
    do(guide, "step", "Trust")
    do(guide, "whole")  # the first of this name on the screen is the frame's: the window
    guide._steps["Trust"]._whole(None)  # type: ignore[attr-defined]
    assert guide.wait(60)
    assert guide.incident.window[0].minute == 0


# --- from nothing ---


def test_logs_are_chosen_and_read(folder: Path) -> None:
    guide = triage.guide(folder=None)
    do(guide, "enter", args_of(guide, "enter")[0])
    guide._steps["Load"]._folder = folder  # type: ignore[attr-defined]
    guide.go("Load")
    do(guide, "add", f"logs:{folder / 'logs'}")
    do(guide, "add", f"changes:{folder / 'changes.json'}")
    typed = guide._steps["Load"]._typed  # type: ignore[attr-defined]
    do(guide, "read", **typed)
    assert guide.wait(60)
    assert guide.state.error == ""
    assert guide.incident
    assert len(guide.incident.changes) == 4
    names: dict[str, Any] = {"triage": triage}
    exec(guide.script, names)
    assert repr(names["incident"]) == repr(guide.incident)


def test_logs_that_are_not_there_are_told(tmp_path: Path) -> None:
    guide = triage.guide(folder=None)
    do(guide, "read", logs=str(tmp_path / "none.log"), changes="", symptom="", tz="UTC")
    assert guide.wait(60)
    assert "no such file or directory" in seen(guide).text
    do(guide, "read", logs="", changes="", symptom="", tz="UTC")
    assert "no logs are named" in seen(guide).text


def test_reading_tells_how_far_it_is_and_can_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text("".join(f"2026-11-21T02:05:{n % 60:02}Z INFO order\n" for n in range(90_000)))
    guide = triage.guide(folder=None)
    said: list[str] = []

    class Slow(Meter):
        def __call__(self, name: str, read: int, lines: int) -> None:
            super().__call__(name, read, lines)
            said.append(self.job.said)
            self.job.cancel()

    monkeypatch.setattr(reading, "Meter", Slow)
    do(guide, "read", logs=str(tmp_path / "app.log"), changes="", symptom="", tz="UTC")
    assert guide.wait(60)
    assert guide.incident is None
    assert "lines/s" in said[0]
    assert guide.state.error == ""


# --- what it keeps ---


def test_running_the_cell_again_gives_the_same_guide(guide: Guide, folder: Path) -> None:
    do(guide, "symptom", value="all fails")
    again = triage.load(str(folder / "logs"), changes=str(folder / "changes.json"), symptom="checkout fails")
    assert triage.guide(again) is guide
    assert guide.incident
    assert guide.incident.symptom == "all fails"


def test_another_symptom_in_the_cell_counts_and_what_was_decided_stays(guide: Guide, folder: Path) -> None:
    do(guide, "step", "Verdict")
    do(guide, "decide", about=first(guide), decision="rejected", by="ana", note="")
    given = triage.load(str(folder / "logs"), changes=str(folder / "changes.json"), symptom="something else")
    other = triage.guide(given)
    assert other is not guide
    assert other.incident
    assert other.incident.symptom == "something else"
    assert decided(other) == decided(guide)


@pytest.mark.parametrize("kernel", ["same", "new"])
def test_what_the_cell_gives_as_before_stays_as_it_was_chosen(guide: Guide, folder: Path, kernel: str) -> None:
    assert guide.incident
    do(guide, "step", "Patterns")
    do(guide, "correct", "mask", name="order", pattern=r"order \d+")
    assert guide.wait(60)
    do(guide, "step", "Trust")
    do(guide, "again", **{"all-zones": "Asia/Tokyo"})
    assert guide.wait(60)
    if kernel == "new":
        forget()
    other = triage.guide(triage.load(str(folder / "logs"), symptom="something else"))  # and no changes
    assert other.wait(60)
    assert other.incident
    assert other.incident.symptom == "something else"
    assert not other.incident.changes
    assert [rule.kind for rule in other.incident.corrections] == ["mask"]
    assert other.incident.settings.zone == "Asia/Tokyo"


def test_what_the_cell_gives_otherwise_counts_and_its_line_goes(guide: Guide, folder: Path) -> None:
    do(guide, "symptom", value="all fails")
    do(guide, "step", "Trust")
    do(guide, "again", **{"all-zones": "Asia/Tokyo"})
    assert guide.wait(60)
    given = triage.load(str(folder / "logs"), changes=str(folder / "changes.json"), symptom="checkout fails", tz="CET")
    other = triage.guide(given)
    assert other.wait(60)
    assert other.incident
    assert other.incident.settings.zone == "CET"
    assert other.script == "incident = incident.with_symptom('all fails')"


def test_another_folder_is_kept_in(loaded: triage.Incident, tmp_path: Path) -> None:
    guide = triage.guide(loaded, folder=None)
    do(guide, "by", value="ana")
    other = triage.guide(loaded, folder=tmp_path / "kept")
    assert other.state.by == "ana"
    do(other, "step", "Errors")
    assert list((tmp_path / "kept").glob("*.json"))


def test_a_window_read_alone_is_so_in_a_new_kernel(guide: Guide, loaded: triage.Incident) -> None:
    guide.timeline.window = [_ms("2026-11-21T02:15:00+00:00"), _ms("2026-11-21T02:30:00+00:00")]
    do(guide, "step", "Hypotheses")
    do(guide, "alone")
    assert guide.wait(60)
    forget()
    after = triage.guide(loaded)
    assert after.wait(60)
    assert guide.incident
    assert after.incident
    assert after.incident.settings == guide.incident.settings
    assert after.incident.window == guide.incident.window


def test_a_kernel_that_died_takes_nothing_along(guide: Guide, loaded: triage.Incident) -> None:
    do(guide, "by", value="ana")
    do(guide, "symptom", value="all fails")
    do(guide, "step", "Verdict")
    do(guide, "decide", about=first(guide), decision="confirmed", by="ana", note="seen")
    do(guide, "diagnose", text="two\nlines", by="ana")
    do(guide, "step", "Patterns")
    do(guide, "correct", "mask", name="order", pattern=r"order \d+")
    assert guide.wait(60)
    do(guide, "step", "Trust")
    do(guide, "again", **{"all-zones": "Asia/Tokyo"})
    assert guide.wait(60)
    guide.timeline.window = [_ms("2026-11-20T17:10:00+00:00"), _ms("2026-11-20T17:20:00+00:00")]
    before, script = guide.incident, guide.script
    forget()
    after = triage.guide(loaded)
    assert after.wait(60)
    assert before
    assert after.incident
    assert after.incident is not before
    assert after.incident.verdicts == before.verdicts
    assert after.incident.remarks == before.remarks
    assert after.incident.settings == before.settings
    assert after.incident.symptom == "all fails"
    assert after.incident.hypotheses == before.hypotheses
    assert (after.state.by, after.state.step, after.state.window) == ("ana", "Trust", guide.state.window)
    assert script in after.script


def test_what_two_kernels_decide_is_kept(loaded: triage.Incident, tmp_path: Path) -> None:
    one = triage.guide(loaded)
    do(one, "step", "Verdict")
    forget()
    other = triage.guide(loaded)
    do(other, "decide", about=first(other), decision="rejected", by="ben", note="")
    do(one, "decide", about=first(one), decision="confirmed", by="ana", note="")
    forget()
    assert decided(triage.guide(loaded)) == [*decided(other), *decided(one)]


def test_what_was_read_in_the_guide_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    guide = triage.guide()
    typed = {"logs": str(folder / "logs"), "changes": str(folder / "changes.json"), "symptom": "", "tz": "UTC"}
    do(guide, "read", **typed)
    assert guide.wait(60)
    do(guide, "step", "Verdict")
    do(guide, "decide", about=first(guide), decision="rejected", by="ana", note="")
    forget()
    again = triage.guide()
    assert "1 decision" in seen(again).text
    do(again, "continue", "0")
    assert again.wait(60)
    assert again.state.error == ""
    assert decided(again) == decided(guide)
    assert again.state.step == "Verdict"
    forget()
    typed_again = triage.guide()
    do(typed_again, "read", **typed)  # as somebody does who has forgotten
    assert typed_again.wait(60)
    assert decided(typed_again) == decided(guide)


def test_kept_choices_that_cannot_be_read_are_told_where_others_are_offered(tmp_path: Path) -> None:
    (tmp_path / "triage-autosave").mkdir()
    (tmp_path / "triage-autosave" / "old.json").write_text("{")
    guide = triage.guide()
    assert "old.json: choices kept there cannot be read" in seen(guide).text


def test_more_hypotheses_are_shown_when_asked_for(folder: Path) -> None:
    changes = [
        {
            "id": f"c{n}",
            "time": f"2026-11-21T02:{n:02}:00Z",
            "kind": "deploy",
            "service": "checkout",
            "version": f"1.{n}",
        }
        for n in range(20)
    ]
    guide = triage.guide(triage.load(str(folder / "logs"), changes=changes), folder=None)
    for step in ("Hypotheses", "Verdict"):
        do(guide, "step", step)
        assert "checkout 1.7" not in seen(guide).text or "more hypotheses" in seen(guide).text
        do(guide, "more")
        assert all(f"checkout 1.{n}" in seen(guide).text for n in range(20)), step


def test_choices_that_cannot_be_read_are_told(guide: Guide, loaded: triage.Incident, tmp_path: Path) -> None:
    do(guide, "by", value="ana")
    kept = next((tmp_path / "triage-autosave").glob("*.json"))
    kept.write_text(kept.read_text()[:50])
    forget()
    with pytest.raises(IncidentError, match="choices kept there cannot be read"):
        triage.guide(loaded)
    kept.write_text(json.dumps({"format": "triage.guide/9"}))
    with pytest.raises(IncidentError, match=r"triage\.guide/9"):
        triage.guide(loaded)


def test_choices_that_cannot_be_read_do_not_keep_logs_from_being_read(folder: Path, tmp_path: Path) -> None:
    guide = triage.guide()
    typed = {"logs": str(folder / "logs"), "changes": "", "symptom": "", "tz": "UTC"}
    do(guide, "read", **typed)
    assert guide.wait(60)
    next((tmp_path / "triage-autosave").glob("*.json")).write_text("{")
    forget()
    again = triage.guide()
    do(again, "read", **typed)
    assert again.wait(60)
    assert again.incident
    assert "choices kept there cannot be read" in seen(again).text


def test_a_folder_that_cannot_be_written_stops_nobody(loaded: triage.Incident, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    guide = triage.guide(loaded, folder=tmp_path / "file")
    do(guide, "by", value="ana")
    assert "not kept" in seen(guide).text
    assert guide.state.by == "ana"


def test_something_else_than_an_incident() -> None:
    with pytest.raises(UsageError, match=r"guide: got str, wanted what triage\.load gives"):
        triage.guide("logs/")  # type: ignore[arg-type]


# --- hostile and broken ---


def test_a_hostile_log_stays_text(tmp_path: Path) -> None:
    bad = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\x1b[31mred \u202egnp.exe",
        "# *bold* [link](http://evil.example) $\\LaTeX$",
        '"><button data-act="decide">press me</button>',
    ]
    lines = [f"2026-11-21T02:{n // 60:02}:{n % 60:02}Z INFO fine\n" for n in range(1200)]
    lines += [f"2026-11-21T02:{20 + n // 60:02}:{n % 60:02}Z ERROR {bad[n % len(bad)]} failed\n" for n in range(600)]
    (tmp_path / "<b>app.log").write_text("".join(lines))
    changes = [{"id": "<i>1", "time": "2026-11-21T02:18:00Z", "kind": "deploy", "service": "<svg onload=alert(1)>"}]
    guide = triage.guide(triage.load(str(tmp_path / "<b>app.log"), changes=changes, symptom="<u>it fails"))
    patterns: Any = guide._steps["Patterns"]
    for name in NAMES:
        guide.go(name)
        if name == "Patterns":
            patterns.table.selected_rows = [0]
        if name == "Errors":
            guide.open_lines(args_of(guide, "lines")[0])
        shown = seen(guide)
        assert {tag for tag, _ in shown.elements}.isdisjoint({"script", "img", "b>app.log", "u", "i"}), name
        assert not any(key.startswith("on") for _, one in shown.elements for key in one), name
        assert "\x1b" not in shown.text
        assert "\u202e" not in shown.text
        assert "press me" not in [one.get("data-act") for _, one in shown.elements]
    data = json.dumps(patterns.table._dt_args)
    assert "<script>alert" not in data


def test_odd_names_are_found_again(folder: Path, tmp_path: Path) -> None:
    names = ["a\"b'c", "x:1: 2", "z\u202ew", "t\tq", "é ü", "\u200bzw", "<b>", "a&amp;b"]
    for name in names:
        (tmp_path / f"{name}.log").write_text((folder / "logs" / "inventory.log").read_text())
    changes = [
        {"id": name, "time": f"2026-11-21T02:1{n}:00Z", "kind": "deploy", "service": f"s{n}"}
        for n, name in enumerate(names)
    ]
    guide = triage.guide(triage.load(str(tmp_path / "*.log"), changes=changes, symptom="it\u200bfails"), folder=None)
    do(guide, "by", value="ana")
    do(guide, "step", "Hypotheses")
    for arg in args_of(guide, "lines"):
        do(guide, "lines", arg)
        assert guide.state.error == "", arg
        do(guide, "close")
    for arg in args_of(guide, "check"):
        do(guide, "check", arg, value="yes")
        assert guide.state.error == "", arg
    do(guide, "step", "Verdict")
    for about in [one["value"] for _, one in seen(guide).elements if one.get("name") == "about"]:
        do(guide, "decide", about=about, decision="rejected", by="ana", note="")
    assert guide.incident
    assert {one[0] for one in decided(guide)} == {one.id for one in guide.incident.hypotheses}
    for source in guide.incident.ledger.sources:
        guide.open_lines(f"context:1:{source.source}")
        assert guide.state.error == ""
    assert [one["value"] for _, one in seen(guide).elements if one.get("id") == "symptom"] == ["it\u200bfails"]


def test_what_a_job_found_is_taken_before_another_begins(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    do(guide, "step", "Patterns")
    found = Event()

    def told(incident: triage.Incident) -> triage.Incident:
        found.set()
        return incident

    monkeypatch.setattr(frame, "warmed", told)
    with guide.state.lock:  # as a callback holds it
        do(guide, "correct", "mask", name="order", pattern=r"order \d+")
        assert found.wait(60)
        assert guide._jobs._thread
        guide._jobs._thread.join(0.5)  # at its end it waits for the lock
        do(guide, "correct", "mask", name="item", pattern=r"item \d+")
        assert "still at work" in guide.state.error
    assert guide.wait(60)
    assert guide.incident
    assert [rule.kind for rule in guide.incident.corrections] == ["mask"]


def test_an_error_in_a_callback_is_shown_and_nothing_is_lost(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    do(guide, "by", value="ana")
    monkeypatch.setattr(guide.state, "choose", lambda **_: 1 / 0)
    do(guide, "by", value="ben")
    monkeypatch.undo()
    assert "ZeroDivisionError: division by zero" in seen(guide).text
    assert guide.state.by == "ana"
    do(guide, "by", value="cleo")
    assert "ZeroDivisionError" not in seen(guide).text


def test_one_piece_of_work_at_a_time(guide: Guide) -> None:
    do(guide, "step", "Patterns")
    do(guide, "correct", "mask", name="order", pattern=r"order \d+")
    do(guide, "correct", "pin", text="order <NUM> placed")
    assert "still at work (masking values)" in guide.state.error or guide.wait(0)
    do(guide, "by", value="ana")  # what takes no time goes on
    assert guide.wait(60)
    assert guide.state.by == "ana"
    assert guide.incident
    assert [rule.kind for rule in guide.incident.corrections][:1] == ["mask"]
