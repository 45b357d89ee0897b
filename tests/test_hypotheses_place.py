"""Where failing lines, silence and instances point: who is named, who fell silent, who fails without the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.changes import Change
from triage.hypotheses import Evidence, Facts, find_origins
from triage.hypotheses.blame import BLAMED, Named, blame_of, concerned_services, passed_on
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.dose import STRONGEST, dose
from triage.hypotheses.checks.failure_kind import failure_kind
from triage.hypotheses.checks.named import named
from triage.hypotheses.checks.service_match import service_match
from triage.hypotheses.checks.silence import silence
from triage.hypotheses.checks.summary import summary
from triage.hypotheses.checks.timing import busier, timing
from triage.hypotheses.silent import silent_services
from triage.hypotheses.words import service_key
from triage.ingest.held import Records
from triage.ingest.schema import RECORDS, conform
from triage.onset.incident_onset import find_incident_onset

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ONSET, END = 600, 1200

#: Seconds, service, source, text, whether it is a line that fails.
Row = tuple[float, str, str, str, bool]


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def _steady(service: str, until: float = END, source: str = "") -> list[Row]:
    """A line every two seconds, of normal work."""
    return [(float(s), service, source or f"{service}.log", "order done", False) for s in range(0, int(until), 2)]


def _fails(service: str, text: str, begin: float = ONSET, source: str = "") -> list[Row]:
    return [(float(s), service, source or f"{service}.log", text, True) for s in range(int(begin), END, 10)]


def _facts(rows: Sequence[Row], changes: Sequence[Change] = ()) -> Facts:
    table = pl.DataFrame(rows, schema=["second", "service_name", "source", "raw", "fails"], orient="row")
    table = table.sort("second", "service_name", "source", "raw").with_columns(
        (pl.lit(START) + pl.duration(milliseconds=pl.col("second") * 1000)).alias("timestamp"),
        pl.col("raw").alias("body"),
        pl.when("fails").then(pl.lit("bad ") + pl.col("raw")).otherwise(pl.lit("ok")).alias("template_id"),
        pl.int_range(1, pl.len() + 1).over("source").alias("line"),
    )
    records = conform(table.drop("second", "fails"), RECORDS).with_columns(table["template_id"])
    bad = table.filter("fails").group_by("template_id", "service_name").agg(pl.col("timestamp").min().alias("at"))
    fixed = {"kind": "new", "llr": 40.0, "trouble": 20.0, "failing": True, "adverse": True}
    early, late = (pl.col("at") - timedelta(seconds=2)).alias("earliest"), pl.col("at").alias("latest")
    troubles = bad.with_columns(early, late, *(pl.lit(value).alias(name) for name, value in fixed.items()))
    onset = find_incident_onset(troubles)
    services = frozenset(service_key(name) for name in table["service_name"].unique())
    return Facts(
        start=START, end=_at(END), onset=onset, troubles=troubles, changes=tuple(changes), records=Records(records),
        origins=find_origins(troubles, onset, records.lazy()), services=services,
    )  # fmt: skip


def _change(service: str | None, at: float = 540, kind: str = "deploy", summary: str = "", end: float = 0) -> Change:
    till = _at(end) if end else None
    return Change(id=f"{service}-{at}", time=_at(at), kind=kind, service=service, summary=summary, end=till)


def _of(change: Change) -> Candidate:
    return Candidate(f"change-{change.id}", "change", "claim", change)


def _weight(evidence: Evidence | None) -> float:
    assert evidence is not None
    return evidence.weight


def _dead_callee() -> list[Row]:
    """Stock dies with the onset; shop calls it, web calls shop, mail has nothing to do with it."""
    rows = _steady("web") + _steady("shop") + _steady("mail") + _steady("stock", until=ONSET)
    return rows + _fails("shop", "stock: connection refused") + _fails("web", "shop answered 503")


def test_blame_passes_from_who_calls_to_who_is_called() -> None:
    facts = _facts(_dead_callee())
    blame = blame_of(facts)
    assert blame.share["stock"] > 0.95
    assert sum(blame.share.values()) == pytest.approx(1)
    assert concerned_services(facts) == {"shop", "stock", "web"}


def test_a_dead_service_is_to_blame_though_it_writes_nothing() -> None:
    facts = _facts(_dead_callee())
    stock, shop, mail = (_of(_change(name)) for name in ("stock", "shop", "mail"))
    found = named(stock, facts)
    assert _weight(found) > 0.5
    assert found is not None and found.statement == ("60 of 60 new or more frequent failing lines of shop name stock")
    assert found.lines[0].text == "stock: connection refused"
    assert _weight(named(shop, facts)) < 0
    assert named(mail, facts) is None
    assert _weight(service_match(stock, facts)) > 0 > _weight(service_match(mail, facts))


def test_names_that_lines_held_before_are_nobodys_fault() -> None:
    rows = _steady("stock") + [(float(s), "shop", "shop.log", "asked stock", False) for s in range(0, ONSET, 2)]
    facts = _facts(rows + _fails("shop", "gave up on stock"))
    assert blame_of(facts).share == {"shop": pytest.approx(1, abs=0.02), "stock": pytest.approx(0, abs=0.02)}
    assert named(_of(_change("stock")), facts) is None


chances = st.floats(0.01, 1)
pairs = st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), chances).filter(lambda pair: pair[0] != pair[1])


@given(found=st.lists(pairs, max_size=12, unique_by=lambda pair: pair[:2]))
def test_no_blame_is_lost_whoever_names_whom(found: list[tuple[str, str, float]]) -> None:
    named_by = [Named(writer, whom, 2, 2, part, ()) for writer, whom, part in found]
    assert sum(passed_on(["a", "b"], named_by).values()) == pytest.approx(1)


def test_silence_of_who_is_named_speaks_for_its_change() -> None:
    facts = _facts(_dead_callee())
    assert set(silent_services(facts)) == {"stock"}
    found = silence(_of(_change("stock")), facts)
    assert _weight(found) > 0
    assert found is not None and found.statement.startswith("stock wrote 30.0 lines a minute before the onset and 0.0 ")
    assert silence(_of(_change("mail")), facts) is None


def test_who_is_kept_from_work_is_silent_and_not_to_blame() -> None:
    rows = _steady("web") + _steady("shop") + _steady("mail", until=ONSET)
    facts = _facts(rows + _fails("shop", "cannot parse the order"))
    mail, idle = _of(_change("mail")), _of(_change("web"))
    assert silence(mail, facts) is None
    assert _weight(service_match(mail, facts)) == pytest.approx(_weight(service_match(idle, facts)) / 2, abs=1e-3)


def test_a_log_that_is_thinner_as_a_whole_has_no_silent_service() -> None:
    rows = [row for name in ("web", "shop", "mail") for row in _steady(name) if row[0] < ONSET or row[0] % 8 == 0]
    assert silent_services(_facts(rows + _fails("shop", "cannot parse the order"))) == {}


def _rolled_out(*, begin: float) -> list[Row]:
    """Shop has two instances; the first starts anew at 540, the other never. The first fails from the onset on."""
    rows = _steady("shop", source="a.log") + _steady("shop", source="b.log") + _steady("web")
    return [*rows, (540.0, "shop", "a.log", "starting shop", False), *_fails("shop", "boom", begin, "a.log")]


def test_only_the_instance_with_the_change_fails() -> None:
    found = dose(_of(_change("shop")), _facts(_rolled_out(begin=ONSET)))
    assert 1.5 < _weight(found) <= STRONGEST
    assert found is not None and found.statement.startswith("60 of 60 failing lines of shop come from instances that")


def test_instances_without_the_change_fail_as_well() -> None:
    facts = _facts(_rolled_out(begin=ONSET) + _fails("shop", "boom", source="b.log"))
    assert _weight(dose(_of(_change("shop")), facts)) < -1


def test_where_no_instance_started_nothing_is_known_of_the_dose() -> None:
    facts = _facts(_rolled_out(begin=ONSET))
    assert dose(_of(_change("shop", at=100)), facts) is None
    assert dose(_of(_change("web")), facts) is None


@pytest.mark.parametrize("names", [("a",), ("A.log",), ("a.shop.example", "not-seen")])
def test_instances_that_the_change_names_need_not_say_that_they_start(names: tuple[str, ...]) -> None:
    rows = [row for row in _rolled_out(begin=ONSET) if row[3] != "starting shop"]
    change = replace(_change("shop"), instances=names)
    found = dose(_of(change), _facts(rows))
    assert found is not None and 1.5 < found.weight <= STRONGEST
    assert f"come from instances that had got it ({', '.join(names)}), which wrote" in found.statement
    others = dose(_of(replace(change, instances=("b",))), _facts(rows))
    assert _weight(others) < -1


def test_names_of_instances_that_wrote_nothing_leave_those_that_started() -> None:
    change = replace(_change("shop"), instances=("10.0.0.7",))
    found = dose(_of(change), _facts(_rolled_out(begin=ONSET)))
    assert found is not None and "had started anew with it (1 by then or later)" in found.statement


def test_what_expires_speaks_against_a_deploy_and_for_nobody() -> None:
    facts = _facts(_steady("web") + _fails("web", "tls: certificate expired"))
    assert _weight(failure_kind(_of(_change("web")), facts)) < 0
    nobody = failure_kind(Candidate("unrecorded", "unrecorded", "claim"), facts)
    assert _weight(nobody) > 0
    assert nobody is not None and nobody.statement == (
        "60 failing lines tell of “certificate expired”, which comes more often with no change at all than on average"
    )


def test_signatures_of_one_kind_count_together() -> None:
    rows = _steady("web") + _fails("web", "queue full") + _fails("api", "too many requests")
    others = [_fails("shop", text) for text in ("column size does not exist", "gave up")]
    facts = _facts([*rows, *others[0], *others[1]])
    nobody = failure_kind(Candidate("unrecorded", "unrecorded", "claim"), facts)
    assert nobody is not None and nobody.statement.startswith("120 failing lines tell of “")
    assert _weight(nobody) > 0


def test_a_few_lines_of_a_kind_say_nothing() -> None:
    few = [(float(s), "web", "web.log", "disk full", True) for s in range(ONSET, ONSET + 30, 10)]
    facts = _facts(_steady("web") + _fails("web", "gave up") + few)
    assert failure_kind(Candidate("unrecorded", "unrecorded", "claim"), facts) is None


def test_a_summary_that_speaks_of_what_fails() -> None:
    facts = _facts(_steady("web") + _fails("web", "voucher rejected: bad checksum"))
    found = summary(_of(_change("web", summary="New checksum for vouchers; order page in blue")), facts)
    assert _weight(found) > 0
    assert found is not None and "“checksum”" in found.statement
    assert summary(_of(_change("web", summary="Order page in blue")), facts) is None
    assert summary(_of(_change("web", summary="Web: rejected")), _facts(_steady("web"))) is None


def test_words_stand_side_by_side_in_names_of_exceptions() -> None:
    facts = _facts(_steady("web") + _fails("web", "UpstreamTimeout: no answer in 0.1 s"))
    found = summary(_of(_change("web", kind="config", summary="web.toml: upstream_timeout 3 to 0.1")), facts)
    assert _weight(found) > 0
    assert found is not None and ("“upstream”" in found.statement or "“timeout”" in found.statement)


def test_a_change_among_many_says_less() -> None:
    alone = _change("web")
    far = [_change("shop", at=-40_000.0 - n) for n in range(6)]
    close = [_change("shop", at=300.0 + n) for n in range(6)]
    rows = _steady("web") + _fails("web", "boom")
    few, many = _facts(rows, [alone, *far]), _facts(rows, [alone, *far, *close])
    assert busier(alone, _facts(rows, [alone])) == 1
    assert busier(alone, few) < 1 < busier(alone, many)
    assert _weight(timing(_of(alone), few)) > _weight(timing(_of(alone), many))


def test_a_flag_acts_sooner_than_a_deploy() -> None:
    rows = _steady("web") + _fails("web", "boom")
    soon, late = (
        [_weight(timing(_of(_change("web", at, kind)), _facts(rows))) for kind in ("flag", "deploy")]
        for at in (595.0, 10.0)
    )
    assert soon[0] > soon[1]
    assert late[0] < soon[0] and late[1] < soon[1]
    assert soon[0] - late[0] > soon[1] - late[1]


def test_blame_needs_a_name_that_can_be_told_from_words() -> None:
    facts = _facts(_steady("db") + _steady("shop") + _fails("shop", "db: refused"))
    assert blame_of(facts).share == {"shop": 1.0}
    assert BLAMED < 1
