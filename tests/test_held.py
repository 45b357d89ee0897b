"""Records that memory does not hold say the same from files."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from triage.errors import StorageError, UsageError
from triage.ingest import held
from triage.ingest.folders import Folder
from triage.ingest.held import Held, Records
from triage.ingest.schema import RECORDS, empty_records

SAMPLE = Path(__file__).parents[1] / "sample_logs" / "checkout-5xx"


def frames_of(sizes: list[int]) -> list[pl.DataFrame]:
    found, begin = [], 0
    for size in sizes:
        lines = pl.int_range(begin, begin + size, dtype=pl.UInt32, eager=True).alias("line")
        found.append(empty_records().clear(size).with_columns(lines, pl.lit("a").alias("raw")))
        begin += size
    return found


def gathered(frames: list[pl.DataFrame], limit: int) -> Records:
    taken = Held(limit)
    for frame in frames:
        taken.add(frame)
    return taken.records(empty_records())


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, 4000), st.data())
def test_files_hold_what_memory_would(sizes: list[int], limit: int, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held, "GROUP_ROWS", 8)
        patch.setattr(held, "PART_BYTES", 2000)
        frames = frames_of(sizes)
        whole = pl.concat([empty_records(), *frames])
        found = gathered(frames, limit)
        assert len(found) == len(whole)
        assert found.frame().equals(whole)
        assert pl.concat([empty_records(), *found.frames()]).equals(whole)
        rows = sorted(data.draw(st.sets(st.integers(0, max(0, len(whole) - 1)), max_size=5))) if len(whole) else []
        assert found.take(rows).equals(whole[rows])
        assert found.slice(3, 20).equals(whole.slice(3, 20))


def test_numbers_of_shapes_become_ids_wherever_records_are() -> None:
    numbers = pl.Series(held.NUMBER, [1, 0, 1], dtype=pl.UInt32)
    frame = frames_of([3])[0].drop("pinned").with_columns(numbers)
    for limit in (0, 1 << 20):
        taken = Held(limit)
        taken.add(frame)
        named = taken.records(frame.clear()).with_templates(pl.Series(["ta", "tb"]))
        assert (named.held is None) == (limit == 0)
        assert named.frame()["template_id"].to_list() == ["tb", "ta", "tb"]
        assert named.frame().columns == [name for name in RECORDS if name != "pinned"] + ["template_id"]


@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_a_part_is_the_same_wherever_records_are(limit: int) -> None:
    taken = Held(limit)
    for frame in frames_of([3000] * 20):
        taken.add(frame.drop("pinned").with_columns((pl.col("line") % 7).cast(pl.UInt32).alias(held.NUMBER)))
    whole = taken.records(empty_records()).with_templates(pl.Series([f"t{n}" for n in range(7)]))
    for begin, count in ((0, 21_000), (20_011, 30_000), (50_000, None)):
        part = whole.lazy(begin, count).group_by("template_id").agg(pl.len(), pl.col("line").min().alias("first"))
        expected = whole.frame().slice(begin, count).group_by("template_id").agg(pl.len(), first=pl.col("line").min())
        assert part.collect(engine="streaming").sort("template_id").equals(expected.sort("template_id"))


def test_the_files_go_when_nobody_holds_them() -> None:
    found = gathered(frames_of([5]), 0)
    folder = found.files[0].parent
    assert folder.is_dir()
    del found
    gc.collect()
    assert not folder.exists()


def test_an_incident_is_the_same_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs, changes = SAMPLE / "logs", SAMPLE / "changes.json"
    here, there = triage.load(logs, changes), triage.load(logs, changes, memory=0)
    assert here.table.held is not None
    assert there.table.held is None
    assert there.summary() == here.summary()
    asked = [{"template": here.templates["template_id"][3]}, {"error_group": here.error_groups[0].id}]
    asked.append({"hypothesis": here.hypotheses[0].id})
    for what in (*asked, {}):
        assert there.lines(**what).equals(here.lines(**what))
    monkeypatch.setattr(held, "HELD_BYTES", 0)
    opened = triage.open(there.save(tmp_path / "saved"))
    assert opened.table.held is None
    assert opened.summary() == here.summary()
    assert opened.records.equals(here.records)


@pytest.mark.parametrize("memory", [-1, 0.5, True, "5"])
def test_memory_is_a_number_of_bytes(memory: int) -> None:
    with pytest.raises(UsageError, match=r"^memory: got .*, wanted a number of bytes"):
        triage.load(SAMPLE / "logs", memory=memory)


def test_a_folder_is_removed_with_what_holds_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (folder.path / "a.parquet").write_bytes(b"x")
    other = Folder(tmp_path)
    assert set(tmp_path.iterdir()) == {folder.path, other.path}
    path = folder.path
    del folder
    gc.collect()
    assert not path.exists() and other.path.exists()


def test_what_a_killed_program_left_is_removed_by_the_next(tmp_path: Path) -> None:
    foreign = tmp_path / ".triage-foreign"  # without a lock: of whoever made it
    foreign.mkdir()
    code = "import os, sys; from pathlib import Path; from triage.ingest.folders import Folder\n"
    code += "held = Folder(Path(sys.argv[1])); (held.path / 'a').write_text('x'); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    (left,) = set(tmp_path.iterdir()) - {foreign}
    assert done.returncode == -9 and (left / "a").exists()
    own = Folder(tmp_path)
    assert set(tmp_path.iterdir()) == {foreign, own.path}


def test_what_another_machine_holds_is_left_alone(tmp_path: Path) -> None:
    path = Folder(tmp_path).path
    other = tmp_path / ".triage-other"
    other.mkdir()
    (other / ".lock").write_text("another-machine")
    assert Folder(tmp_path).path != path
    assert (other / ".lock").exists()


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text("2026-11-21T02:05:12Z INFO ready\n")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(
        StorageError, match=r"cannot write .*: No such file or directory: set TMPDIR to a folder with more"
    ):
        triage.load(tmp_path / "app.log", memory=0)
