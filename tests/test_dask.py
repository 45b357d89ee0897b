"""What a Dask cluster of two processes reads is what is read serially, whatever becomes of its workers."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import dask
import polars as pl
import pytest
from distributed import Client, LocalCluster

import triage
from tests.shop import write_incident
from triage.cli import main
from triage.errors import EngineError, InputError, UsageError
from triage.ingest import dask_engine, dask_tasks, read_logs
from triage.ingest.at_worker import Desk
from triage.ingest.dask_engine import DaskEngine
from triage.ingest.dask_tasks import Tasks
from triage.ingest.engine import SerialEngine
from triage.ingest.engines import check_address, opened
from triage.ingest.fingerprint import fingerprint
from triage.ingest.keeping import Kept
from triage.ingest.sources import Source, find_sources

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = ROOT / "sample_logs" / "checkout-5xx"
LINE = "2026-11-21T02:{:02}:{:02}Z INFO shop order {} placed in {} ms\n"
TRACE = "Traceback (most recent call last):\n  File 'pool.py', line 3, in take\nEmpty: none left\n"


def start(workers: int) -> Any:
    # Every port on loopback and chosen by the system, no page to look at.
    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )


def connected_to(cluster: Any) -> Any:
    return Client(cluster, set_as_default=False)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with start(2) as cluster, connected_to(cluster) as connected:
        yield connected


@pytest.fixture(params=["records travel", "records stay"])
def engine(request: pytest.FixtureRequest, client: Any, tmp_path: Path) -> DaskEngine:
    if request.param == "records travel":
        return DaskEngine(client)
    (tmp_path / "shared").mkdir()
    return DaskEngine(client, tmp_path / "shared")


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No source is small enough to be read as a whole."""
    monkeypatch.setattr(dask_engine, "WHOLE_BYTES", 0)
    monkeypatch.setattr(dask_engine, "PACKED_BYTES", 0)


def lines(count: int) -> str:
    every = [LINE.format(n // 60 % 60, n % 60, n, n * 7 % 400) + TRACE * (n % 50 == 9) for n in range(count)]
    return "".join(every)


def write_odd_folder(folder: Path) -> Path:
    """Sources of many kinds, whole and damaged, with names that are not for a terminal."""
    plain = lines(300).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/one.log", plain)
        archive.writestr("b/two.jsonl", b'{"time":"2026-11-21T02:05:14Z","level":"error","msg":"boom"}\n' * 40)
    data = {
        "app.log": plain + b"\x80\xfe\x00\x01\n" + b"\0" * 400 + b"\n" + plain,
        "app.log.1": plain,
        "cut.log.gz": gzip.compress(plain)[:-40],
        "damaged.gz": gzip.compress(plain)[:300] + b"xyz" * 30,
        "two.zip": packed.getvalue(),
        "wide.log": plain.decode().encode("utf-16"),
        "rows.csv": b"time,message\n" + b'2026-11-21T02:05:12Z,"a\nb"\n' * 90,
        "export.json": json.dumps(
            [{"timestamp": "2026-11-21T02:05:12Z", "message": f"m {n}"} for n in range(50)]
        ).encode(),
        "empty.log": b"",
        "nothing but\x1b[31m bytes.log": bytes(range(128, 256)) * 30,
        "no time.log": b"just a line\n" * 5,
        "turn.log": plain + b'{"time":"2026-11-21T02:55:14Z","level":"info","msg":"json from here"}\n' * 200,
    }
    folder.mkdir()
    for name, content in data.items():
        (folder / name).write_bytes(content)
    frame = pl.DataFrame({"time": ["2026-11-21T02:05:12Z"] * 30, "message": [f"row {n}" for n in range(30)]})
    frame.write_parquet(folder / "rows.parquet")
    return folder


@pytest.mark.parametrize("parts", [False, True])
def test_any_sources(engine: DaskEngine, tmp_path: Path, parts: bool, request: pytest.FixtureRequest) -> None:
    if parts:
        request.getfixturevalue("in_parts")
    folder = write_odd_folder(tmp_path / "logs")
    whole, other = (read_logs(folder, engine=one, chunk_bytes=3000) for one in (SerialEngine(), engine))
    assert other.records.equals(whole.records)
    assert other.ledger.to_dict() == whole.ledger.to_dict()
    assert any("the format changes midway" in note for row in whole.ledger.sources for note in row.notes)


@pytest.fixture(scope="module")
def serial() -> dict[str, Any]:
    return triage.load(SAMPLE / "logs", SAMPLE / "changes.json", "checkout fails", engine=SerialEngine()).summary()


def test_an_incident(client: Any, serial: dict[str, Any]) -> None:
    found = triage.load(SAMPLE / "logs", SAMPLE / "changes.json", "checkout fails", engine=client)
    assert found.summary() == serial


@pytest.mark.usefixtures("in_parts")
def test_an_incident_whose_records_stay(client: Any, serial: dict[str, Any], tmp_path: Path) -> None:
    address = client.scheduler.address.replace("tcp", "dask")
    logs, changes = SAMPLE / "logs", SAMPLE / "changes.json"
    found = triage.load(logs, changes, "checkout fails", engine=f"{address}?folder={tmp_path}")
    assert found.table.held is None
    assert all(path.parent.parent == tmp_path for path in found.table.files)
    assert found.summary() == serial
    top = found.templates["template_id"][0]
    assert len(found.lines(template=top, limit=None)) == found.templates["count"][0]
    del found
    assert list(tmp_path.iterdir()) == []


def test_more_than_memory_holds_and_a_window(engine: DaskEngine, tmp_path: Path) -> None:
    folder = write_incident(tmp_path / "shop")
    how: dict[str, Any] = {"since": "2026-11-21T02:05", "until": "2026-11-21T02:35", "memory": 0}
    mask = {"mask": [{"name": "REQ", "pattern": r"req-\d+"}]}
    one, other = (
        triage.load(folder / "logs", folder / "changes.json", corrections=mask, engine=where, **how)
        for where in (None, engine)
    )
    assert other.summary() == one.summary()
    assert other.templates.equals(one.templates)
    assert other.records.equals(one.records)


def test_two_sets_are_compared(engine: DaskEngine, tmp_path: Path) -> None:
    sets = [write_incident(tmp_path / name, trouble=name == "b") / "logs" for name in "ab"]
    one, other = (triage.compare(*sets, engine=where) for where in (None, engine))
    assert len(one.frame)
    assert other.summary() == one.summary()


def test_the_readme(client: Any, tmp_path: Path) -> None:
    write_incident(tmp_path)
    script = next(block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "distributed" in block)
    for shown, here in {
        "tcp://scheduler:8786": client.scheduler.address,
        "s3://dump/logs": (tmp_path / "logs").as_uri(),
        "/mnt/shared": str(tmp_path),
    }.items():
        assert shown in script
        script = script.replace(shown, here)
    code = f"import triage\n{script}\nassert incident.hypotheses\nclient.close()"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)


def test_a_frame_stays_here(client: Any) -> None:
    frame = pl.DataFrame({"time": [f"2026-11-21T02:05:{n:02}Z" for n in range(60)], "message": ["order placed"] * 60})
    assert triage.load(frame, engine=client).summary() == triage.load(frame).summary()


@pytest.mark.usefixtures("in_parts")
def test_urls(engine: DaskEngine, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "app.log").write_text(lines(400))
    (tmp_path / "logs" / "old.log.gz").write_bytes(gzip.compress(lines(300).encode()))
    url = (tmp_path / "logs").as_uri()
    whole, other = (read_logs(url, engine=one, chunk_bytes=3000) for one in (SerialEngine(), engine))
    assert other.records.equals(whole.records)
    assert other.ledger.to_dict() == whole.ledger.to_dict()


def test_what_cannot_be_looked_at_is_left_to_who_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text(lines(30))
    ((source,), _) = find_sources((tmp_path / "app.log").as_uri())
    assert not dask_engine._is_packed(source)

    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("triage.ingest.remote._Reader.read", fails)
    assert dask_engine._is_packed(source)


@pytest.mark.usefixtures("in_parts")
def test_no_bytes_of_a_plain_file_travel(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text(lines(400))
    asked = []
    ask = Tasks.ask

    def noted(self: Tasks, about: str, function: Any, *arguments: Any, **how: Any) -> Any:
        asked.append((function.__name__, arguments))
        return ask(self, about, function, *arguments, **how)

    monkeypatch.setattr(Tasks, "ask", noted)
    (tmp_path / "shared").mkdir()
    found = read_logs(tmp_path / "app.log", engine=DaskEngine(client, tmp_path / "shared"), chunk_bytes=3000)
    assert found.ledger.lines == 424
    assert {name for name, _ in asked} == {"survey_stretch", "read_part"}
    assert len(asked) > 10
    assert not any(isinstance(one, bytes | str) for _, arguments in asked for one in arguments)


def test_the_commands(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> None:
    folder = write_incident(tmp_path / "shop")
    address = client.scheduler.address.replace("tcp", "dask")
    (tmp_path / "shared").mkdir()

    def run(*arguments: object) -> tuple[bytes, bytes]:
        monkeypatch.setattr("sys.argv", ["triage", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        told = capfdbinary.readouterr()
        return told.out, told.err

    logs, changes = folder / "logs", folder / "changes.json"
    for command in (
        ("rank", logs, "--changes", changes, "--format", "json"),
        ("records", logs, "--format", "ndjson"),
        ("records", logs),
        ("templates", logs, "--format", "json"),
        ("compare", logs / "checkout.log", logs / "payments.log", "--format", "json"),
    ):
        here, _ = run(*command)
        there, told = run(*command, "--engine", f"{address}?folder={tmp_path / 'shared'}")
        assert (there, told) == (here, b"")
    _, told = run("templates", logs, "--engine", address)
    assert b"records travel from dask://127.0.0.1:" in told


@pytest.mark.parametrize(("midway", "stay"), [("app-3.log", True), ("large.log", True), ("large.log", False)])
def test_a_worker_killed_midway(midway: str, stay: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tasks run again, and what was done counts once: of many files, and of parts of a large one."""
    monkeypatch.setattr(dask_engine, "WHOLE_BYTES", 60_000)
    monkeypatch.setattr(dask_engine, "PACKED_BYTES", 60_000)
    logs, shared = tmp_path / "logs", tmp_path / "shared"
    logs.mkdir()
    shared.mkdir()
    for n in range(12):
        (logs / f"app-{n}.log").write_text(lines(200 + n))
    (logs / "large.log").write_text(lines(4000))
    killed: list[int] = []
    with start(2) as cluster, connected_to(cluster) as client:

        def told(name: str, _: int, __: int) -> None:
            if name.endswith(midway) and not killed:
                killed.append(client.run(os.getpid).popitem()[1])
                os.kill(killed[0], signal.SIGKILL)

        engine = DaskEngine(client, shared if stay else None)
        other = read_logs(logs, engine=engine, chunk_bytes=10_000, progress=told)
    assert killed
    whole = read_logs(logs, engine=SerialEngine())
    assert other.records.equals(whole.records)
    assert other.ledger.to_dict() == whole.ledger.to_dict()


def test_a_scheduler_that_goes_away(tmp_path: Path) -> None:
    for n in range(12):
        (tmp_path / f"app-{n}.log").write_text(lines(200))
    soon = dask.config.set(
        {"distributed.comm.timeouts.connect": "1s"}
    )  # or taking down what is left takes half a minute
    with soon, start(2) as cluster, connected_to(cluster) as client:

        def told(name: str, _: int, __: int) -> None:
            if name.endswith("app-3.log"):
                cluster.sync(cluster.scheduler.close)

        with pytest.raises(EngineError, match=r"closed or started anew|nothing can be asked|is gone|does not answer"):
            read_logs(tmp_path, engine=DaskEngine(client), progress=told)


def test_a_task_that_kills_its_workers_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(5))

    def dies(records: pl.DataFrame) -> Kept:
        os._exit(1)

    with start(2) as cluster, connected_to(cluster) as client:
        cluster.scheduler.allowed_failures = 1
        with pytest.raises(EngineError) as told:
            read_logs(tmp_path / "app.log", engine=DaskEngine(client), each=dies)
    assert "app.log: the cluster gave it up: 2 workers died over it, most often of too little memory" in str(told.value)


@pytest.mark.usefixtures("in_parts")
def test_a_task_that_fails_names_what_it_was_about(client: Any, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(100))

    def fails(records: pl.DataFrame) -> Kept:
        raise ValueError("no idea\nat all")

    with pytest.raises(EngineError, match=r"app\.log, from byte 0: the cluster failed: ValueError: no idea$"):
        read_logs(tmp_path / "app.log", engine=DaskEngine(client), each=fails, chunk_bytes=2000)


def test_what_cannot_be_read_is_told_as_serially(engine: DaskEngine, tmp_path: Path) -> None:
    (tmp_path / "image.log").write_bytes(bytes(range(128, 256)) * 30)
    (tmp_path / "app.log").write_text(lines(5))
    for path, how in ((tmp_path / "image.log", {}), (tmp_path / "app.log", {"columns": {"body": "text"}})):
        said = []
        for one in (SerialEngine(), engine):
            with pytest.raises((InputError, UsageError)) as told:
                read_logs(path, engine=one, **how)
            said.append(str(told.value))
        assert said[0] == said[1]


def test_other_code_on_the_workers(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text(lines(5))
    monkeypatch.setattr(dask_engine, "fingerprint", lambda: "0123, polars 2.0.0")
    with pytest.raises(
        EngineError, match=r"^tcp://.* runs other code \(\w+, polars .*install the same versions of triage"
    ):
        triage.load(tmp_path, engine=client)


def test_a_worker_that_joined_later_checks_itself(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"the worker on .* runs other code \(\w{16}, polars .* asks \(0123\)"):
        Desk("0123").check()
    desk = Desk(fingerprint(), tmp_path / "elsewhere")
    with pytest.raises(EngineError, match=r"does not see the folder .*elsewhere: name one that all workers share"):
        desk.check()


def test_a_worker_that_sees_other_files(tmp_path: Path) -> None:
    desk, path = Desk(fingerprint()), tmp_path / "app.log"
    with pytest.raises(EngineError, match=r"app\.log: the worker on .* has no such file: name logs by absolute paths"):
        desk.check(Source("app.log", path), 10)
    path.write_text("four")
    with pytest.raises(EngineError, match=r"app\.log: the worker on .* has 4 bytes of it, 10 are meant"):
        desk.check(Source("app.log", path), 10)
    desk.check(Source("app.log", path), 3)  # it may have grown since


def test_relative_paths_are_those_of_this_process(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text(lines(30))
    monkeypatch.chdir(tmp_path)
    whole, other = (read_logs("app.log", engine=one) for one in (SerialEngine(), DaskEngine(client)))
    assert other.records.equals(whole.records)
    assert other.ledger.sources[0].source == "app.log"


def test_a_cluster_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text(lines(5))
    monkeypatch.setattr(dask_engine, "PATIENCE", 0.2)
    with (
        start(0) as cluster,
        connected_to(cluster) as idle,
        pytest.raises(EngineError, match=r"the cluster has no worker, and got none within 0\.2 s: start some"),
    ):
        read_logs(tmp_path / "app.log", engine=DaskEngine(idle))


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.ingest.engines.CONNECT", 0.5)
    with pytest.raises(EngineError, match=r"^tcp://127\.0\.0\.1:1: no Dask scheduler answers: check host and port"):
        triage.load(tmp_path, engine="dask://127.0.0.1:1")


def test_items_in_their_order_and_few_under_way(client: Any) -> None:
    assert list(DaskEngine(client).map(partial(pow, 2), range(40))) == [2**n for n in range(40)]
    asked = 0
    with Tasks(client) as tasks:

        def all_of_them() -> Iterator[dask_tasks.Task]:
            nonlocal asked
            for n in range(40):
                asked += 1
                yield tasks.ask(f"{n}", abs, -n)

        for n, task in enumerate(tasks.in_order(all_of_them())):
            assert tasks.answer(task) == n
            assert asked <= n + tasks.room
        assert asked == 40


@pytest.mark.parametrize(
    "address",
    [
        "dask://", "dask://host", "tcp://host:8786", "dask://host:port", "dask://host:8786/x", "host:8786", "",
        "dask://me:secret@host:1", "dask://host:1?folder=", "dask://host:1?dir=/x", "dask://host:1?folder", "dask://[::1",
    ],
)  # fmt: skip
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(UsageError, match=r"engine: got '.*', wanted dask://HOST:PORT of a scheduler"):
        check_address(address)


def test_addresses() -> None:
    assert check_address("dask://host:8786") == ("tcp://host:8786", None)
    assert check_address("dask://[::1]:8786?folder=/mnt/all%20logs") == ("tcp://[::1]:8786", "/mnt/all logs")


def test_what_is_no_engine(client: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="engine: got int, wanted a Dask client"), opened(3):
        pass
    with pytest.raises(UsageError, match=r"nowhere is no folder here: name one that this process and all workers"):
        DaskEngine(client, tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"engine: folder: got int, wanted a path, or None"):
        DaskEngine(client, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [None, "dask://host:8786", ThreadPoolExecutor])
def test_an_engine_is_made_of_a_client(given: Any) -> None:
    with pytest.raises(UsageError, match=r"engine: got \w+, wanted a distributed\.Client; the address of a scheduler"):
        DaskEngine(given)


def test_a_client_that_was_closed(client: Any, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(lines(5))
    with connected_to(client.scheduler.address) as closed:
        engine = DaskEngine(closed)
    for given in (engine, closed):
        with pytest.raises(EngineError, match="the client of the cluster is closed: make a new one"):
            triage.load(tmp_path, engine=given)


def test_whatever_maps_is_an_engine() -> None:
    with ThreadPoolExecutor(1) as pool, opened(pool) as found:
        assert found is pool
