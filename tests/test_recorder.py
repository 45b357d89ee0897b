"""The recorder of sample incidents: a short recording from real servers, and the one that is committed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import doctest
import importlib
import ipaddress
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sample_logs.record import folder, programs, recording
from sample_logs.record.__main__ import main
from sample_logs.record.customers import MOST_A_SECOND, Customers, plan
from sample_logs.record.fleet import Counted
from sample_logs.record.incidents import INCIDENTS
from sample_logs.record.incidents.checkout_5xx import faulty, tell
from sample_logs.record.programs import RecorderError
from sample_logs.record.scenario import Seen
from sample_logs.record.timeline import Made
from tests.incident_folders import ROOT, SAMPLES, first, load, logs, time_of

CHECKOUT = INCIDENTS["checkout-5xx"]
COMMITTED = SAMPLES / "checkout-5xx"
MEGABYTE = 1 << 20
MINUTES = 0.4
SEED = 33  # a customer presses the button twice while all is well

FORMS = {
    "nginx/access.log": r"127\.\S+ - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \"[A-Z]+ /.* rt=[\d.]+ urt=",
    "nginx/error.log": r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[error\] \d+#\d+: \*\d+ limiting requests",
    "postgresql/postgresql.log": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} CES?T \[\d+\] LOG:  starting PostgreSQL",
    "redis/redis.log": r"\d+:[CM] \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} [#*] ",
    "checkout/checkout-1.log": r'\{"timestamp": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "level": "info", ',
    "checkout/checkout-2.log": r'\{"timestamp": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "level": "info", ',
    "inventory/inventory.log": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO inventory\.api \[-\] inventory 2\.3\.1",
    "payments/payments.log": r"ts=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[45]:00 level=info .*msg=starting",
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> recording.Recording:
    absent = programs.missing()
    if absent and not os.environ.get("CI"):
        pytest.skip(f"not installed: {', '.join(absent)}")
    out = tmp_path_factory.mktemp("incidents") / "short"
    return recording.record(dataclasses.replace(CHECKOUT, seed=SEED, minutes=MINUTES), out, say=print)


@pytest.fixture(scope="module", params=["short", "committed"])
def incident(request: pytest.FixtureRequest) -> Path:
    """Give a folder that was recorded just now, and the one in the repository."""
    if request.param == "committed":
        return COMMITTED
    short: recording.Recording = request.getfixturevalue("recorded")
    return short.folder


def test_every_program_wrote_in_its_own_form(incident: Path) -> None:
    texts = logs(incident)
    assert texts.keys() == FORMS.keys()
    assert [name for name, text in texts.items() if not re.match(FORMS[name], text)] == []


def test_postgres_explains_its_errors(incident: Path) -> None:
    text = logs(incident)["postgresql/postgresql.log"]
    assert re.search(r"ERROR:  duplicate key .*\n.*DETAIL:  Key .* already exists\.\n.*STATEMENT:  ", text)
    assert re.search(r"LOG:  execute .*\n\t\s*INSERT INTO holds", text)


def test_tracebacks_are_whole_and_name_nobodys_folder(incident: Path) -> None:
    text = logs(incident)["inventory/inventory.log"]
    traces = re.findall(r"^Traceback .*\n((?:  .*\n)+)(\S+): no connection after", text, re.MULTILINE)
    assert len(traces) > 5
    assert {error for _, error in traces} == {"shop.pool.PoolTimeout"}
    assert set(re.findall(r'File "(/\w+/[\w-]+)/', "".join(frames for frames, _ in traces))) == {first_folder(text)}


def first_folder(text: str) -> str:
    return first(r'^  File "(/tmp/shop-\d+)/shop/web\.py"', text)


def test_no_log_names_this_machine(recorded: recording.Recording) -> None:
    folders = [str(ROOT), str(Path.home()), sys.prefix, sys.base_prefix, "site-packages"]
    host = re.compile(rf"(?<![\w.]){re.escape(socket.gethostname())}(?![\w.])")
    for name, text in logs(recorded.folder).items():
        assert [folder for folder in folders if folder in text] == [], name
        assert host.findall(text) == [], name


def test_the_changes_are_those_of_the_timeline(incident: Path) -> None:
    changes = load(incident, "changes.json")
    assert [(c["kind"], c["service"], c["summary"]) for c in changes] == [
        (s.kind, s.service, s.summary) for s in CHECKOUT.steps
    ]
    times = [time for change in changes for time in (time_of(change, "time"), time_of(change, "end"))]
    assert times == sorted(times)
    assert len({change["id"] for change in changes}) == len(changes)


def test_every_deploy_shows_in_the_log_of_its_service(incident: Path) -> None:
    texts = logs(incident)
    starts = {
        "inventory": r"^(\S+ \S+),\d+ INFO \S+ \[-\] inventory {version} starting",
        "checkout": r'"timestamp": "(\S+)\.\d+Z".*"message": "starting", "version": "{version}"',
        "payments": r"^ts=(\S+) level=info .*msg=starting .*version={version} ",
    }
    for change in load(incident, "changes.json"):
        if change["kind"] == "deploy":
            text = texts[f"{change['service']}/{change['service'].replace('checkout', 'checkout-1')}.log"]
            pattern = starts[change["service"]].replace("{version}", re.escape(change["version"]))
            shown = dt.datetime.fromisoformat(first(pattern, text))
            shown = shown if shown.tzinfo else shown.replace(tzinfo=dt.UTC)
            second = dt.timedelta(seconds=1)  # one of the formats is read to the second
            assert time_of(change, "time") - second < shown <= time_of(change, "end")


def test_the_truth_is_a_deploy_before_the_onset_and_not_the_last_one(incident: Path) -> None:
    told, changes = load(incident, "truth.json"), load(incident, "changes.json")
    earliest, latest = (time_of(told["onset"], key) for key in ("earliest", "latest"))
    (cause,) = (change for change in changes if change["id"] == told["change_id"])
    assert told["cause"] == "change"
    assert (cause["kind"], cause["service"]) == ("deploy", told["service"])
    assert time_of(cause, "end") < earliest <= latest
    before = [change for change in changes if time_of(change, "time") < earliest]
    assert before[-1]["service"] != told["service"]
    assert [change for change in before[: before.index(cause)] if change["service"] == told["service"]]
    assert changes[-1] not in before


def test_trouble_begins_at_the_onset_and_in_the_faulty_service(incident: Path) -> None:
    texts, span = logs(incident), load(incident, "truth.json")["onset"]
    inventory = first(r"^(\S+ \S+) ERROR", texts["inventory/inventory.log"]).replace(",", ".")
    checkout = first(r'"timestamp": "(\S+)Z".*"inventory answered 503', texts["checkout/checkout-1.log"])
    at = dt.datetime.fromisoformat(inventory).replace(tzinfo=dt.UTC)
    slack = dt.timedelta(milliseconds=100)  # between counting the failure and writing of it
    assert time_of(span, "earliest") <= at <= time_of(span, "latest") + slack
    assert at <= dt.datetime.fromisoformat(checkout).replace(tzinfo=dt.UTC)


def test_the_truth_agrees_with_what_the_services_counted(recorded: recording.Recording) -> None:
    told = load(recorded.folder, "truth.json")
    pools = {(one.service, one.version): one.counters for one in recorded.counted if "pool_size" in one.counters}
    assert pools.keys() == {
        ("inventory", "2.3.1"),
        ("inventory", "2.3.2"),
        ("inventory", "2.4.0"),
        ("payments", "1.18.2"),
        ("payments", "1.19.0"),
    }
    bad = pools.pop(("inventory", "2.4.0"))
    assert bad["lent"] - bad["returned"] == bad["pool_size"]
    assert bad["timeouts"] > 5
    assert dt.datetime.fromisoformat(bad["first_timeout"]) - time_of(told["onset"], "latest") < dt.timedelta(
        milliseconds=1
    )
    # One connection may have been in use at the moment of counting.
    assert all(counters["lent"] - counters["returned"] <= 1 for counters in pools.values())
    assert all(counters["timeouts"] == 0 for counters in pools.values())


def test_customers_felt_it(recorded: recording.Recording) -> None:
    assert recorded.outcomes["200"] > 50
    assert recorded.outcomes["502"] > 5


def test_a_recording_leaves_nothing_behind(recorded: recording.Recording) -> None:
    deploys = sum(step.kind == "deploy" for step in CHECKOUT.steps)
    assert len(recorded.groups) == 3 + 3 + deploys + 1  # servers, services, new versions, the second checkout
    assert [group for group in recorded.groups if programs.group_lives(group)] == []
    assert not recorded.workplace.exists()


needs_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks for processes in /proc")


def processes_in(place: Path) -> list[int]:
    """List the processes whose working directory is in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            directory = (entry / "cwd").readlink()
        except OSError:  # ended meanwhile, or another user's
            continue
        if directory.is_relative_to(place):
            found.append(int(entry.name))
    return found


def all_end(place: Path) -> bool:
    """Wait a moment: a killed process is gone soon after the signal was sent, not at once."""
    deadline = time.monotonic() + 5
    while processes_in(place) and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes_in(place) == []


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_recording_leaves_nothing_behind(
    recorded: recording.Recording, tmp_path: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-m", "sample_logs.record", "checkout-5xx", "--minutes", "5", "--out", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = [process.stdout.readline(), process.stdout.readline()]
            place = Path(first(r"the shop is open, in (\S+)", said[1]))
            assert len(processes_in(place)) >= 6
        finally:
            process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert "done in about" in said[0]
    assert process.returncode == 130
    assert errors == "interrupted; every program was stopped, and nothing unfinished was written\n"
    assert all_end(place)
    assert not place.exists()
    assert list(tmp_path.iterdir()) == []


def recorders(out: Path) -> int:
    """Count the processes that were told to record into a folder."""
    told = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # ended meanwhile
            told += str(out).encode() in (entry / "cmdline").read_bytes()
    return told


@needs_proc
def test_several_are_interrupted_with_the_one_that_began_them(recorded: recording.Recording, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sample_logs.record", "canary", "bank-gone", "--minutes", "5", "--jobs", "1"]
    command += ["--out", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while recorders(tmp_path) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.terminate()  # itself alone, as a service manager does
        said, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "interrupted; every program was stopped, and nothing unfinished was written\n"
    assert "bank-gone" not in said or "canary" not in said  # the second was not begun
    assert recorders(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


def test_the_committed_incident_is_large_enough_and_small_enough() -> None:
    assert sum(text.count("\n") for text in logs(COMMITTED).values()) >= 50_000
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*") if path.is_file()) <= 3 * MEGABYTE
    suffixes = {path.suffix for path in (COMMITTED / "logs").rglob("*.*")}
    assert suffixes == {".log", ".gz", ".zst"}


def test_the_committed_trouble_takes_minutes_to_come_and_lasts() -> None:
    told, changes = load(COMMITTED, "truth.json"), load(COMMITTED, "changes.json")
    (cause,) = (change for change in changes if change["id"] == told["change_id"])
    assert dt.timedelta(minutes=3) < time_of(told["onset"], "latest") - time_of(cause, "end") < dt.timedelta(minutes=7)
    errors = re.findall(r"^(\S+ \S+),\d+ ERROR", logs(COMMITTED)["inventory/inventory.log"], re.MULTILINE)
    last = dt.datetime.fromisoformat(errors[-1]).replace(tzinfo=dt.UTC)
    assert last - time_of(told["onset"], "latest") > dt.timedelta(minutes=5)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("seconds", [20.0, 300.0])
def test_a_plan_keeps_its_bounds(seconds: float, seed: int) -> None:
    many = Customers(1.8, campaign=(0.5, 1.0, 3.0))
    errands = plan(seconds, seed, many)
    assert errands == plan(seconds, seed, many) != plan(seconds, seed + 1, many)
    assert [errand.at for errand in errands] == sorted(errand.at for errand in errands)
    assert 0 <= errands[0].at <= errands[-1].at < seconds
    assert len(errands) <= MOST_A_SECOND * seconds
    assert all(ipaddress.ip_address(errand.address).is_loopback for errand in errands)


FINE = {"pool_size": 12, "lent": 900, "returned": 900, "timeouts": 0, "dry_since": None, "first_timeout": None}
DRY = FINE | {
    "returned": 888,
    "timeouts": 7,
    "dry_since": "2026-03-01T10:00:00.500+00:00",
    "first_timeout": "2026-03-01T10:00:02+00:00",
}
BEGAN = dt.datetime(2026, 3, 1, 9, 55, tzinfo=dt.UTC)
BAD = Made("CHG-1", "deploy", "inventory", "new", BEGAN, BEGAN, "2.4.0")
GOOD = Made("CHG-2", "deploy", "payments", "new", BEGAN, BEGAN, "2.4.0")


def test_the_truth_names_the_deploy_of_the_version_that_ran_dry() -> None:
    counted = [Counted("payments", "2.4.0", "payments-1", FINE), Counted("inventory", "2.4.0", "inventory-1", DRY)]
    trouble = tell(Seen([GOOD, BAD], counted))
    told = trouble.entry()
    assert (told["cause"], told["change_id"], told["service"]) == ("change", "CHG-1", "inventory")
    assert told["onset"] == {"earliest": "2026-03-01T10:00:00.500Z", "latest": "2026-03-01T10:00:02.000Z"}
    assert "12 of 12 had not come back" in told["notes"]
    assert "10:01 UTC" in trouble.said()


def test_the_first_pool_to_run_dry_is_the_faulty_one() -> None:
    later = DRY | {"first_timeout": "2026-03-01T10:00:09+00:00"}
    counted = [Counted("payments", "2.4.0", "payments-1", later), Counted("inventory", "2.4.0", "inventory-1", DRY)]
    assert faulty(counted).service == "inventory"


def test_no_trouble_is_no_incident() -> None:
    with pytest.raises(RecorderError, match="no pool ran dry"):
        tell(Seen([BAD], [Counted("inventory", "2.4.0", "inventory-1", FINE)]))


def test_more_requests_than_a_shared_machine_bears_are_refused() -> None:
    with pytest.raises(RecorderError, match="requests planned for 30 s, wanted 1200 at most; try less --busy"):
        plan(30.0, 1, Customers(15.0))


def test_trouble_without_a_change_is_not_blamed_on_one() -> None:
    with pytest.raises(RecorderError, match="before any change"):
        tell(Seen([dataclasses.replace(BAD, version="2.3.2")], [Counted("inventory", "2.4.0", "inventory-1", DRY)]))


def test_nothing_but_an_incident_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.check(tmp_path)
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(RecorderError, match=r"holds 'holiday\.jpg'"):
        folder.check(tmp_path)
    with pytest.raises(RecorderError, match="is a file"):
        folder.check(tmp_path / "holiday.jpg")
    assert main(["canary", "--minutes", "0.1", "--out", str(tmp_path)]) == 2
    assert "leaves no time for the changes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["flood"], "no incident 'flood'; there are checkout-5xx, "),
        (["canary", "--busy", "99"], "--busy 99: wanted "),
        (["canary", "--minutes", "nan"], "--minutes nan: wanted a number"),
        (["canary", "canary", "--minutes", "0.1"], "--minutes 0.1 leaves no time"),
        (["canary", "--out", __file__], "; try another folder"),
    ],
)
def test_what_cannot_be_recorded_is_told_in_a_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in (told := capsys.readouterr().err) and told.count("\n") == 1


def test_a_folder_is_replaced_whole_and_a_cut_line_left_out(tmp_path: Path) -> None:
    out, raw = tmp_path / "incident", tmp_path / "raw"
    for name, text in {
        "a/small.log": "one\ntwo\ncut",
        "payments/p.log": "x\n" * 40_000,
        "b/b.log": "y\n" * 40_000,
    }.items():
        (raw / name).parent.mkdir(parents=True)
        (raw / name).write_text(text, encoding="utf-8")
    (out / "logs").mkdir(parents=True)
    (out / "logs" / "old.log").touch()
    folder.write(out, raw, [{"id": "1"}], {"cause": "change"}, "It is slow.", "# An incident\n")
    assert logs(out) == {"a/small.log": "one\ntwo\n", "payments/p.log": "x\n" * 40_000, "b/b.log": "y\n" * 40_000}
    assert sorted(path.name for path in out.rglob("*.*")) == sorted(
        ["small.log", "p.log.gz", "b.log.zst", "changes.json", "truth.json", "symptom.txt", "README.md"]
    )
    folder.check(out)


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    failing = [sys.executable, "-c", "print('no room'); raise SystemExit(3)"]
    command = programs.Command("the store", failing, tmp_path / "log.txt", tmp_path)
    with pytest.raises(RecorderError, match="the store failed; it printed: no room"):
        programs.run(command)
    with programs.Programs() as started, pytest.raises(RecorderError, match=r"the store did not start; .* no room"):
        started.start(command, lambda: False)


@needs_proc
def test_a_program_that_ignores_its_signal_is_ended_with_its_children(tmp_path: Path) -> None:
    child = "import time; print('on', flush=True); time.sleep(60)"
    code = "import signal, subprocess, sys; signal.signal(15, signal.SIG_IGN); "
    code += f"subprocess.run([sys.executable, '-c', {child!r}])"
    log = tmp_path / "log.txt"
    with programs.Programs() as started:
        command = programs.Command("deaf", [sys.executable, "-c", code], log, tmp_path)
        program = started.start(command, lambda: "on" in log.read_text(encoding="utf-8"))
        assert len(processes_in(tmp_path)) == 2
        program.stop(patience=0.2)
        assert not program.alive
        assert all_end(tmp_path)


@pytest.mark.parametrize("name", ["customers", "timeline", "shop.catalogue", "shop.settings", "shop.payments.releases"])
def test_examples_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"sample_logs.record.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
