"""Formats that the user defines: what they read, and one clear line for each mistake in them."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import triage
from triage.errors import UsageError
from triage.ingest import read_logs
from triage.ingest.context import Context
from triage.ingest.format_files import check_formats
from triage.ingest.formats import LineFormat
from triage.ingest.layouts import fault_of, parse_layout

GOLDEN = Path(__file__).parent / "golden" / "formats"
SHOP = GOLDEN / "shop.toml"
LINES = tuple((GOLDEN / "shop.log").read_bytes().splitlines())


def _render() -> str:
    found = read_logs(GOLDEN / "shop.log", formats=check_formats(SHOP))
    (source,) = found.ledger.sources
    out = [f"format: {source.format}; zone: {source.time_zone}; assumed: {source.time_zone_assumed}"]
    out += [f"note: {note}" for note in (*found.ledger.notes, *source.notes)]
    for row in found.records.iter_rows(named=True):
        time = row["timestamp"].isoformat() if row["timestamp"] else "-"
        names = ("severity_number", "severity_text", "service_name", "host_name", "trace_id", "attributes")
        fields = ("-" if row[name] is None else str(row[name]) for name in names)
        out.append(" | ".join([f"{row['line']}+{row['line_count']}", time, *fields, repr(row["body"])]))
    return "\n".join(out) + "\n"


def test_golden() -> None:
    assert _render() == (GOLDEN / "shop.expected").read_text(encoding="utf-8")


pieces = st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=30)), min_size=1, max_size=40)


@settings(max_examples=30)
@given(lines=pieces, sizes=st.tuples(st.integers(1, 300), st.integers(1, 3000)))
def test_the_records_do_not_depend_on_chunks(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], sizes: tuple[int, int]
) -> None:
    path = tmp_path_factory.mktemp("own") / "some.log"
    path.write_bytes(b"2026-11-21T02:05:16Z INFO first\n" + b"\n".join(lines))
    own = check_formats(SHOP)
    whole, *others = (read_logs(path, formats=own, chunk_bytes=size) for size in (1 << 20, *sizes))
    assert whole.ledger.unaccounted == 0
    for other in others:
        assert other.records.equals(whole.records)
        assert other.ledger.to_dict() == whole.ledger.to_dict()


def test_a_format_that_the_sample_has_no_line_of_is_tried_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"2026-11-21T02:05:16Z INFO usual\n" * 20_000 + b"W1|2026-11-21T02:05:17Z|s|late\n")
    (row,) = read_logs(path, formats=check_formats(SHOP)).records.tail(1).iter_rows(named=True)
    assert (row["line"], row["host_name"], row["body"]) == (20_001, "s", "late")


def test_it_is_tried_before_the_built_in_ones_and_inside_an_envelope(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("2026-11-21T02:05:16.1Z stdout F [2026-11-21T02:05:15Z] INFO(9) body\n" * 3)
    own = LineFormat("mine", r"^\[(?P<time>[^\]]+)\] (?P<level>\w+)\((?P<code>\d)\) (?P<body>.*)$")
    found = read_logs(path, formats=[own])
    assert found.ledger.sources[0].format == "cri/mine"
    assert set(found.records["body"]) == {"body"}
    assert json.loads(found.records["attributes"][0]) == {"stream": "stdout", "code": "9"}


def test_a_format_without_a_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("W1|2026-11-21T02:05:17Z|s|late\n")
    assert read_logs(path, formats=check_formats(SHOP)).ledger.notes == (
        "no line is of the format 'till': check its pattern",
    )


def test_a_group_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("2026-11-21T02:05:17Z a b c d (e)\n")
    names = ("text", "timestamp", "attributes", "http.status")
    groups = " ".join(rf"(?P<{name}>\w)" for name in names)
    own = LineFormat("mine", rf"(?P<time>\S+) {groups} (\(.\))")
    (row,) = read_logs(path, formats=[own]).records.iter_rows(named=True)
    assert json.loads(row["attributes"]) == dict(zip(names, "abcd", strict=True))
    assert row["timestamp"].isoformat() == "2026-11-21T02:05:17+00:00"
    assert row["body"] == "a b c d (e)"  # without a group body, what the whole line says


def test_load_takes_a_path_and_objects_and_an_incident_keeps_them(tmp_path: Path) -> None:
    mine = LineFormat("mine", r"^(?P<time>\S+) \| (?P<body>.*)$")
    incident = triage.load(GOLDEN / "shop.log", formats=[SHOP, mine])
    assert [one.name for one in incident.settings.formats] == ["till", "scale", "mine"]
    incident.save(tmp_path / "kept")
    assert triage.open(tmp_path / "kept").settings.formats == incident.settings.formats
    assert pickle.loads(pickle.dumps(mine)) == mine


def test_what_the_caller_changes_later_does_not_matter() -> None:
    words = {"sad": "ERROR"}
    own = LineFormat("mine", "(?P<time>.)(?P<level>.)", levels=words)
    words["sad"] = "INFO"
    assert own.levels == {"sad": "ERROR"}


FAULTS = {
    "x = 1": r"'x' stands in no table: put a line \[NAME\] of the format above it",
    "": r"defines no format: begin with a line \[NAME\], then pattern = '...'",
    "[a]": "format 'a': has no pattern: wanted a regex with a group time, (?P<time>...)",
    "[a]\npatern = '(?P<time>x)'": "format 'a': unknown key 'patern': did you mean pattern?",
    "[a]\nb = 1": "format 'a': unknown key 'b': wanted some of pattern, time_format, zone, multiline, levels",
    '[a]\npattern = "\\d"': "not TOML: .*line 2.*: patterns with a backslash stand in single quotes",
    "[a]\npattern = '(?P<time>x)'\ntime = [": "not TOML: .*: see toml.io",
    "[a]\npattern = '(?P<time>x'": r"format 'a': pattern: '\(\?P<time>x' is no Rust regex \(unclosed group\): see",
    "[a]\npattern = '(?P<time>x)(?=y)'": r"is no Rust regex \(look-around.*\): write out what stands around",
    "[a]\npattern = '(?P<time>.{9999}{9999})'": r"is no Rust regex \(.*size limit",
    "[a]\npattern = '(?P<when>x)(y)'": r"format 'a': pattern: has no group time, only when: name the part",
    "[a]\npattern = 7": "format 'a': pattern: got 7, wanted text in quotes",
    "[a]\npattern = '(?P<time>x)'\nmultiline = 'yes'": "format 'a': multiline: got 'yes', wanted true or false",
    "[a]\npattern = '(?P<time>x)'\nzone = 'Europe/Berln'": "zone: unknown time zone 'Europe/Berln': did you mean",
    "[a]\npattern = '(?P<time>x)'\ntime_format = '%H:%M'": "time_format: '%H:%M' has no day: wanted day and month",
    "[a]\npattern = '(?P<time>x)'\ntime_format = '%Y-%m-%d %H:%M:%S.%f'": "%f counts nanoseconds here: try %.f",
    "[a]\npattern = '(?P<time>x)(?P<level>y)'\nlevels = {y = 'WARNING'}": "levels: 'y' is 'WARNING': did you mean WARN",
    "[a]\npattern = '(?P<time>x)'\nlevels = {y = 'WARN'}": "levels: the pattern has no group level: name the part",
    "[a]\npattern = '(?P<time>x)'\n[a]": "not TOML: .*twice.*line 3",
    "[syslog]\npattern = '(?P<time>x)'": "format 'syslog': name: a built-in format is called so: give it another",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_mistake_in_a_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=FAULTS[text]) as told:
        check_formats(path)
    assert str(told.value).startswith(f"formats {path}: ")
    assert len(str(told.value).splitlines()) == 1


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: cannot be read: No such file or directory: give a TOML file"):
        check_formats(tmp_path / "none.toml")
    (tmp_path / "big.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(UsageError, match=r"big\.toml: larger than 1 MB"):
        check_formats(tmp_path / "big.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"binary\.toml: not TOML: "):
        check_formats(tmp_path / "binary.toml")


def test_the_format_of_the_readme(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(readme.split("```toml\n")[1].split("```")[0])
    (tmp_path / "a.log").write_text("21.11.2026 03:05:12,345 <sad> till/7 drawer stuck\n")
    (row,) = read_logs(tmp_path / "a.log", formats=check_formats(tmp_path / "mine.toml")).records.to_dicts()
    assert (row["timestamp"].isoformat(), row["body"]) == ("2026-11-21T02:05:12.345000+00:00", "drawer stuck")
    assert (row["severity_number"], row["service_name"], row["attributes"]) == (17, "till", '{"register":"7"}')


def test_two_of_one_name_and_what_is_no_format() -> None:
    with pytest.raises(UsageError, match=r"shop\.toml: format 'till': name: given twice: rename one of the two"):
        check_formats([LineFormat("till", "(?P<time>x)"), SHOP])
    with pytest.raises(UsageError, match="formats: got int, wanted a TOML file"):
        check_formats([7])  # type: ignore[list-item]
    with pytest.raises(UsageError, match="formats: got int, wanted"):
        check_formats(7)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="name: wanted a word or two, such as 'till'"):
        LineFormat("two\nlines", "(?P<time>x)")


def test_a_frame_has_no_lines() -> None:
    with pytest.raises(UsageError, match="formats: a frame has columns, not lines"):
        triage.load(pl.DataFrame({"message": ["x"]}), formats=SHOP)


@pytest.mark.parametrize(
    ("layout", "text", "wanted"),
    [
        ("%d.%m.%Y %H:%M:%S", "21.11.2026 03:05:00", "2026-11-21T02:05:00"),
        ("%m/%d %H:%M", "02/29 03:05", "2024-02-29T02:05:00"),
        ("%m/%d %H:%M", "12/31 03:05", "2025-12-31T02:05:00"),
        ("%m-%d %T %z", "02-27 03:05:00 +0500", "2026-02-26T22:05:00"),
        ("%s", "1795226700", "2026-11-21T02:05:00"),
        ("%I:%M %p %d.%m.%y", "03:05 PM 21.11.26", "2026-11-21T14:05:00"),
        ("%Y-%j", "2026-032", "2026-01-31T23:00:00"),
        ("%Y-%m-%d", "9999-12-31", None),
        ("%Y-%m-%d", "yesterday", None),
    ],
)
def test_layouts(layout: str, text: str, wanted: str | None) -> None:
    from datetime import UTC, datetime

    assert fault_of(layout) is None
    context = Context("Europe/Berlin", datetime(2026, 3, 1, tzinfo=UTC))
    found = parse_layout(pl.Series([text, None]), layout, context).utc[0]
    assert (found and found.isoformat()[:19]) == wanted


@pytest.mark.parametrize(
    "layout", ["", "%H:%M", "%Q", "%Y/%m/%d %H", "%d %H:%M", "%Y-%m", "%Y-%m-%d %Z", "%d.%m %I:%M"]
)
def test_layouts_that_do_not_do(layout: str) -> None:
    assert fault_of(layout)


@given(st.text(alphabet="%YmdHMSfzsjbpeTDcx+.:- 3Ww", max_size=14))
def test_any_layout_is_read_or_refused(layout: str) -> None:
    if fault_of(layout) is None:
        parse_layout(pl.Series(["2026-11-21", "", None]), layout, Context())


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "triage.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_line_takes_a_file() -> None:
    done = _run("records", GOLDEN / "shop.log", "--formats", SHOP, "--format", "ndjson")
    assert json.loads(done.stdout.splitlines()[0])["trace_id"] == "4bf92f35"
    done = _run("templates", GOLDEN / "shop.log", "--formats", SHOP, "--format", "json")
    assert "drawer stuck" in {row["template"].split("\n")[0] for row in json.loads(done.stdout)}
    done = _run("rank", GOLDEN / "shop.log", "--formats", SHOP, "--format", "json")
    assert json.loads(done.stdout)["ledger"]["sources"][0]["format"] == "till"


@pytest.mark.parametrize("command", ["rank", "records", "templates"])
def test_a_mistake_is_one_line_and_exit_code_2(tmp_path: Path, command: str) -> None:
    done = _run(command, GOLDEN / "shop.log", "--formats", tmp_path / "none.toml")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "none.toml: cannot be read" in done.stderr


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^format 'till': pattern: '\\ud800' is half a character"):
        LineFormat("till", "(?P<time>x)\ud800")
