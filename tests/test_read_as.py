"""Formats that are set for a source, whatever is recognised: what they read, and what the ledger says of it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import triage
from tests.test_ledger import LINES
from triage.errors import UsageError
from triage.ingest import read_logs
from triage.ingest.engine import Engine, SerialEngine, ThreadEngine
from triage.ingest.format_names import BUILT_IN, WRAPPERS
from triage.ingest.formats import LineFormat
from triage.ingest.read_as import parse_read_as

#: Syslog as well as any lines with a time in front: who sent them is not told from how grave they are.
AMBIGUOUS = "".join(f"Nov 21 02:05:{n:02} till warning: drawer {n} open\n" for n in range(30))
MINE = LineFormat("mine", r"^(?P<time>\w+ \d+ \S+) (?P<service>\w+) (?P<level>\w+): (?P<body>.*)$")
LOGFMT = b'level=error ts=2026-11-21T02:05:23Z msg="no stock" order=7'
MORE = (
    LOGFMT,
    b"Nov 21 02:05:24 web-1 shop[7]: " + LOGFMT,
    b"web-1  | " + LOGFMT,
    b"time,level,message",
    b'2026-11-21T02:05:25Z,INFO,"two',
    b'lines"',
    b"#Fields: date time cs-method cs-uri-stem sc-status",
    b"2026-11-21 02:05:26 GET /cart 500",
    b"  2026-11-21 02:05:27 set in",
)


def _log(folder: Path, text: str, name: str = "till.log") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _first(path: Path, **how: object) -> tuple[str, str | None, str | None, str]:
    """The source's format, and level, service and message of its first record."""
    found = read_logs(path, **how)
    row = found.records.row(0, named=True)
    return found.ledger.sources[0].format, row["severity_text"], row["service_name"], row["body"]


@pytest.mark.parametrize(
    ("name", "level", "service", "body"),
    [
        (None, None, "warning", "drawer 0 open"),
        ("syslog", None, "warning", "drawer 0 open"),
        ("generic", "warning", "till", "till warning: drawer 0 open"),
        ("plain", "warning", "till", "Nov 21 02:05:00 till warning: drawer 0 open"),
        ("mine", "warning", "till", "drawer 0 open"),
    ],
)
def test_lines_that_fit_several_formats_are_of_the_one_that_is_set(
    tmp_path: Path, name: str | None, level: str | None, service: str, body: str
) -> None:
    path = _log(tmp_path, AMBIGUOUS)
    own = [MINE] if name == "mine" else []
    told = {"till.log": name} if name else None
    assert _first(path, read_as=told, formats=own) == (name or "syslog", level, service, body)
    found = read_logs(path, read_as=told, formats=own)
    assert (f"was read as {name}, as was set" in found.ledger.sources[0].notes) == bool(name)
    assert found.records["timestamp"].dt.strftime("%m-%d %X").to_list()[:2] == ["11-21 02:05:00", "11-21 02:05:01"]


def test_other_formats_take_what_it_does_not_fit(tmp_path: Path) -> None:
    line = "2026-11-21T02:05:16Z INFO usual\n"
    path = _log(tmp_path, f"{line * 3000}W|1|2026-11-21T02:05:17Z|late\n{line * 3000}")
    own = LineFormat("late", r"^W\|(?P<worker>\d)\|(?P<time>\S+)\|(?P<body>.*)$")
    found = read_logs(path, formats=[own], read_as={"*.log": "late"})
    assert found.records.group_by("body").len().sort("len")["body"].to_list() == ["late", "usual"]
    assert found.ledger.sources[0].format == "generic"
    told = "was read as late where lines are of that format, as was set: most are generic"
    assert told in found.ledger.sources[0].notes


def test_a_built_in_format_is_used_though_the_sample_holds_none_of_its_lines(tmp_path: Path) -> None:
    usual, late = "2026-11-21T02:05:16Z INFO usual\n", "E1121 02:05:17.000001    7 cart.go:12] late"
    path = _log(tmp_path, f"{usual * 12_000}{late}\n{usual * 6_000}")
    recognised = read_logs(path).records.filter(pl.col("body").str.contains("late"))
    assert recognised["body"].to_list() == [f"usual\n{late}"]
    found = read_logs(path, read_as={"*": "glog"}).records.filter(pl.col("body").str.contains("late"))
    assert (found["severity_number"].to_list(), found["body"].to_list()) == ([17], ["late"])


@pytest.mark.parametrize(
    ("line", "name", "shown", "body"),
    [
        (f"2026-11-21T02:05:16.1Z stdout F {AMBIGUOUS}", "plain", "cri/plain", AMBIGUOUS.splitlines()[0]),
        (f"2026-11-21T02:05:16.1Z stdout F {AMBIGUOUS}", "cri/generic", "cri/generic", "till warning: drawer 0 open"),
        (f"[pod/till-1/till] {AMBIGUOUS}", "generic", "kubectl/generic", "till warning: drawer 0 open"),
        ('{"log":"hi\\n","stream":"stdout","time":"2026-11-21T02:05:15Z"}\n', "plain", "docker/plain", "hi"),
    ],
)
def test_what_is_wrapped_is_read_so_inside(tmp_path: Path, line: str, name: str, shown: str, body: str) -> None:
    path = _log(tmp_path, line.splitlines()[0] + "\n")
    assert _first(path, read_as={"*": name})[0::3] == (shown, body)


def test_an_envelope_that_is_set_is_taken_off_though_few_lines_have_it(tmp_path: Path) -> None:
    bare = "2026-11-21T02:05:17Z INFO bare\n"
    path = _log(tmp_path, f"2026-11-21T02:05:16.1Z stderr F wrapped\n{bare * 5}")
    assert _first(path)[3] == "stderr F wrapped"
    assert _first(path, read_as={"*": "cri"})[3] == "wrapped"
    (note,) = read_logs(path, read_as={"*": "docker/plain"}).ledger.sources[0].notes
    assert note == "was set to be read as docker/plain, but no line looked at is wrapped so: read as plain"


def test_an_envelope_around_nothing_of_the_format_is_left_on(tmp_path: Path) -> None:
    line = '{"log":"INFO up\\n","stream":"stdout","time":"2026-11-21T02:05:15Z"}\n'
    path = _log(tmp_path, line)
    assert _first(path)[0] == "docker/plain"
    assert _first(path, read_as={"*": "json-lines"})[0] == "json-lines"


def test_it_is_sought_in_messages_where_lines_are_of_another(tmp_path: Path) -> None:
    head = "Nov 21 02:05:16 web-1 shop[7]: "
    path = _log(tmp_path, f"{head}{LOGFMT.decode()}\n" + f"{head}ready\n" * 40)
    assert read_logs(path).records["body"][0] == LOGFMT.decode()  # too few to look for them
    found = read_logs(path, read_as={"*": "logfmt"})
    assert (found.records["body"][0], found.records["severity_text"][0]) == ("no stock", "error")
    (note, *_) = found.ledger.sources[0].notes
    assert note == "messages were read as logfmt where they hold that, as was set: lines are syslog"


def test_tables_are_read_as_lines_and_the_other_way_about(tmp_path: Path) -> None:
    rows = "".join(f'2026-11-21T02:05:{n:02}Z,INFO,"till, {n}"\n' for n in range(10))
    path = _log(tmp_path, f"time,level,message\n{rows}")
    assert _first(path)[0] == "csv"
    found = read_logs(path, read_as={"*": "plain"})
    assert found.records["body"].to_list()[:2] == ["time,level,message", '2026-11-21T02:05:00Z,INFO,"till, 0"']
    own = LineFormat("rows", r"^(?P<time>[^,]+),(?P<body>.*)$")
    assert _first(path, formats=[own])[0] == "rows"
    assert read_logs(path, formats=[own], read_as={"*": "csv"}).ledger.sources[0].format == "csv"


def test_a_stack_trace_stays_with_its_plain_line(tmp_path: Path) -> None:
    path = _log(tmp_path, "broke\n\tat shop.Till.open(Till.java:7)\nCaused by: lost\nnext\n")
    assert read_logs(path, read_as={"*": "plain"}).records["line_count"].to_list() == [3, 1]


def test_a_format_without_a_line_is_told_and_all_lines_are_kept(tmp_path: Path) -> None:
    path = _log(tmp_path, AMBIGUOUS)
    found, usual = read_logs(path, read_as={"*": "logfmt"}), read_logs(path)
    assert found.records.equals(usual.records)
    (source,) = found.ledger.sources
    assert "was set to be read as logfmt, but no line is of that format: read as syslog" in source.notes
    pl.DataFrame({"time": ["2026-11-21T02:05:00Z"], "message": ["till"]}).write_parquet(tmp_path / "table.parquet")
    (source,) = read_logs(tmp_path / "table.parquet", read_as={"*": "logfmt"}).ledger.sources
    assert "was set to be read as logfmt, but is no text: read as parquet" in source.notes


@pytest.mark.parametrize(
    ("given_name", "told"),
    [
        ("logfm", "read_as: unknown format 'logfm' for '\\*': did you mean 'logfmt'\\?"),
        ("docker/logfm", "unknown format 'docker/logfm' for '\\*': did you mean 'docker/logfmt'\\?"),
        ("docekr", "did you mean 'docker'\\?"),
        ("till", "wanted a name as the ledger shows it, such as json-lines"),
        ("", "unknown format '' for"),
        ("cri/", "unknown format 'cri/' for"),
    ],
)
def test_a_name_that_no_format_has(tmp_path: Path, given_name: str, told: str) -> None:
    path = _log(tmp_path, AMBIGUOUS)
    with pytest.raises(UsageError, match=told):
        triage.load(path, read_as={"*": given_name})
    with pytest.raises(UsageError, match=told):
        read_logs(path, read_as={"*": given_name})


def test_other_mistakes(tmp_path: Path) -> None:
    path = _log(tmp_path, AMBIGUOUS)
    with pytest.raises(UsageError, match=r"read_as: no source matches 'tull.log': the sources are .*till.log; try"):
        read_logs(path, read_as={"tull.log": "plain"})
    with pytest.raises(UsageError, match="read_as: got 'plain', wanted a mapping such as"):
        triage.load(path, read_as="plain")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="--read-as: got 'plain', wanted PATTERN=FORMAT, such as"):
        parse_read_as(["plain"])
    frame = pl.DataFrame({"timestamp": ["2026-11-21T02:05:00Z"], "body": ["till"]})
    with pytest.raises(UsageError, match="read_as: a frame has columns, not lines: leave read_as out"):
        triage.load(frame, read_as={"*": "plain"})
    with pytest.raises(UsageError, match="format 'csv': name: a built-in format is called so"):
        triage.load(path, formats=LineFormat("csv", "(?P<time>.)"))


def test_a_format_of_ones_own_may_have_a_slash_in_its_name(tmp_path: Path) -> None:
    own = LineFormat("cri/till", MINE.pattern)
    assert _first(_log(tmp_path, AMBIGUOUS), formats=[own], read_as={"*": "cri/till"})[0] == "cri/till"


def test_an_incident_keeps_it(tmp_path: Path) -> None:
    incident = triage.load(_log(tmp_path, AMBIGUOUS), read_as={"*.log": "generic"})
    assert triage.open(incident.save(tmp_path / "kept")).settings == incident.settings
    assert set(incident.records["severity_text"]) == {"warning"}


def test_sets_that_are_compared_are_read_so(tmp_path: Path) -> None:
    for day in ("yesterday", "today"):
        (tmp_path / day).mkdir()
        _log(tmp_path / day, AMBIGUOUS)
    both = (tmp_path / "yesterday", tmp_path / "today")
    assert triage.compare(*both).services["service_name"].to_list() == ["warning"]
    assert triage.compare(*both, read_as={"till.log": "generic"}).services["service_name"].to_list() == ["till"]


@pytest.mark.parametrize("engine", [SerialEngine(), ThreadEngine(2)], ids=["serial", "threads"])
@pytest.mark.parametrize("name", ["plain", "cri/logfmt"])
def test_engines_give_the_same(tmp_path: Path, engine: Engine, name: str) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(b"\n".join((*LINES, *MORE) * 10))
    whole = read_logs(path, read_as={"*": name})
    found = read_logs(path, read_as={"*": name}, engine=engine, chunk_bytes=700)
    assert found.records.equals(whole.records)
    assert found.ledger.to_dict() == whole.ledger.to_dict()


pieces = st.lists(st.sampled_from((*LINES, *MORE)), min_size=1, max_size=30)
names = st.one_of(
    st.sampled_from((*BUILT_IN, *WRAPPERS, MINE.name)),
    st.builds("{}/{}".format, st.sampled_from(WRAPPERS), st.sampled_from(BUILT_IN)),
    st.sampled_from(("plain", "generic", "logfmt", "json-lines", "syslog", "csv", "w3c")),
)


@settings(max_examples=25)
@given(lines=pieces, name=names, sizes=st.tuples(st.integers(1, 300), st.integers(1, 3000)))
def test_whatever_is_set_the_ledger_adds_up_and_chunks_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], name: str, sizes: tuple[int, int]
) -> None:
    path = tmp_path_factory.mktemp("set") / "some.log"
    path.write_bytes(b"\n".join((*lines, LOGFMT)))  # never binary alone
    whole, *others = (
        read_logs(path, formats=[MINE], read_as={"*": name}, chunk_bytes=size) for size in (1 << 20, *sizes)
    )
    assert whole.ledger.unaccounted == 0
    assert whole.ledger.lines == len(lines) + 1
    assert len(whole.records) == whole.ledger.records + whole.ledger.untimed
    for other in others:
        assert other.records.equals(whole.records)
        assert other.ledger.to_dict() == whole.ledger.to_dict()
