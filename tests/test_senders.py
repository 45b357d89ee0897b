"""Lines of several processes in one stream: each one's are put together, and where chunks end does not matter."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.ingest import read_logs
from triage.ingest.chunks import cut
from triage.ingest.context import Context
from triage.ingest.cutting import clean_starts
from triage.ingest.planning import make_plan
from triage.ingest.senders import NOTE, REACH, clean

TEXTS = (
    "2026-11-21T02:05:12.001Z ERROR could not sell",
    "2026-11-21T02:05:13.001Z INFO sold",
    "Traceback (most recent call last):",
    '  File "pool.py", line 3, in take',
    "    raise Empty()",
    "shop.pool.Empty: nothing left",
    "java.lang.IllegalStateException: nothing left",
    "\tat com.shop.Pool.take(Pool.java:7)",
    "Caused by: java.net.ConnectException: refused",
    "panic: no more",
    "goroutine 1 [running]:",
    "main.main()",
    "\t/app/main.go:10 +0x1d",
    "ready",
    "a line that goes on \\",
    "thread 'main' panicked at src/main.rs:2:5:",
    '{"time":"2026-11-21T02:05:14Z","level":"error","msg":"boom"}',
    "[5-1] ERROR:  no such relation",
    "[5-2] STATEMENT:  SELECT 1",
    "FATAL EXCEPTION: main",
    "",
)
COMPOSE = ("web-1   | ", "db-1    | ", "cache-1 | ")
KUBECTL = ("[pod/cart-5d4f8c7b9d-x2x4z/cart] ", "[pod/cart-5d4f8c7b9d-x2x4z/proxy] ", "[pod/db-0/db] ")
SYSLOG = (
    "Nov 21 02:05:20 web-1 shop[7]: ",
    "Nov 21 02:05:20 web-1 shop[8]: ",
    "Nov 21 02:05:20 db-1 postgres[7]: ",
)
HEROKU = tuple(f"2026-11-21T02:05:20.000001+00:00 app[{dyno}]: " for dyno in ("web.1", "web.2", "worker.1"))
KINDS = {"compose": COMPOSE, "kubectl": KUBECTL, "syslog": SYSLOG, "heroku": HEROKU}
lines = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(TEXTS)), min_size=1, max_size=30)
few = settings(max_examples=10)


def _write(folder: Path, text: list[str]) -> Path:
    path = folder / "some.log"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", KINDS)
@few
@given(
    drawn=lines, bare=st.lists(st.sampled_from(TEXTS), max_size=2), times=st.integers(1, 12), size=st.integers(1, 9000)
)
def test_chunks_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    kind: str,
    drawn: list[tuple[int, str]],
    bare: list[str],
    times: int,
    size: int,
) -> None:
    text = [*(KINDS[kind][who] + said for who, said in drawn), *bare] * times
    path = _write(tmp_path_factory.mktemp("any"), text)
    whole, parts = read_logs(path), read_logs(path, chunk_bytes=size)
    assert parts.records.equals(whole.records)
    assert parts.ledger.to_dict() == whole.ledger.to_dict()
    assert whole.ledger.unaccounted == 0
    counted = whole.ledger.lines - whole.ledger.blank
    assert whole.records["line_count"].sum() >= counted  # blank ones inside records count too


@pytest.mark.parametrize("kind", ["compose", "kubectl"])
@few
@given(drawn=lines)
def test_each_sender_is_read_as_if_it_were_alone(
    tmp_path_factory: pytest.TempPathFactory, kind: str, drawn: list[tuple[int, str]]
) -> None:
    prefixes = KINDS[kind]
    # Formats are chosen from all lines: each sender has one of each first, and the others are near.
    every = [(who, said) for who in range(3) for said in (TEXTS[1], TEXTS[16])] + drawn
    folder = tmp_path_factory.mktemp("any")
    mixed = read_logs(_write(folder, [prefixes[who] + said for who, said in every])).records
    for who, prefix in enumerate(prefixes):
        alone = read_logs(_write(folder, [prefix + said for other, said in every if other == who])).records
        place = [number for number, (other, _) in enumerate(every, start=1) if other == who]
        ours = mixed.filter(pl.col("line").is_in(place))
        assert ours["body"].to_list() == alone["body"].to_list()
        assert ours["timestamp"].equals(alone["timestamp"])
        assert ours["line"].to_list() == [place[line - 1] for line in alone["line"]]


def test_a_line_out_of_reach_begins_a_record(tmp_path: Path) -> None:
    head, frame, other = (
        "web-1 | 2026-11-21T02:05:12Z ERROR x",
        "web-1 | \tat a.B.c(B.java:1)",
        "db-1  | 2026-11-21T02:05:12Z INFO y",
    )
    near = read_logs(_write(tmp_path, [head, *[other] * (REACH - 1), frame]))
    assert near.records["line_count"].to_list() == [2] + [1] * (REACH - 1)
    assert NOTE in near.ledger.sources[0].notes
    far = read_logs(_write(tmp_path, [head, *[other] * REACH, frame]))
    assert far.records["line_count"].to_list() == [1] * (REACH + 2)
    assert NOTE not in far.ledger.sources[0].notes


def test_a_piece_without_a_prefix_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path, [*["web-1 | 2026-11-21T02:05:12Z ERROR x"] * 20, *["no prefix", ""] * 5])
    assert read_logs(path, chunk_bytes=1).records.equals(read_logs(path).records)


def test_a_large_mixed_source_is_cut(tmp_path: Path) -> None:
    said = ["web-1   | 2026-11-21T02:05:12Z ERROR x", "cache-1 | ready", "db-1 | 2026-11-21T02:05:12Z INFO y"]
    said += ["web-1   | java.lang.Error: z", "db-1 | 2026-11-21T02:05:12Z INFO y", "web-1   | \tat a.B.c(B.java:1)"]
    plan = make_plan(pl.Series(said * 20), Context())
    data = ("\n".join(said) + "\n").encode() * 2000
    blocks = (data[at : at + 20_000] for at in range(0, len(data), 20_000))
    assert max(len(chunk.data) for chunk in cut(blocks, partial(clean_starts, plan), 20_000)) < 60_000


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=3 * REACH), st.booleans())
def test_a_place_to_cut_has_only_sure_lines_in_reach_below(drawn: list[tuple[int, bool]], whole: bool) -> None:
    who, sure = [sender for sender, _ in drawn], [flag for _, flag in drawn]
    found = clean(pl.Series(who, dtype=pl.UInt64), pl.Series(sure, dtype=pl.Boolean), whole).to_list()
    for place, cuttable in enumerate(found):
        first = {who[row]: row for row in reversed(range(place, len(who)))}
        above = {sender: max((row for row in range(place) if who[row] == sender), default=-1) for sender in first}
        known = {sender: row for sender, row in above.items() if row >= 0 or not whole}
        fine = all(sure[first[sender]] or first[sender] - row > REACH for sender, row in known.items())
        assert cuttable == (fine and place < len(who) - REACH)


def test_pieces_of_a_line_are_put_together_across_the_other_stream(tmp_path: Path) -> None:
    text = [
        "2026-11-21T02:05:12.000000001Z stdout P 2026-11-21T02:05:11Z ERROR one, ",
        "2026-11-21T02:05:12.000000002Z stderr P 2026-11-21T02:05:11Z WARN other, ",
        "2026-11-21T02:05:12.000000003Z stdout F two",
        "2026-11-21T02:05:12.000000004Z stdout F 2026-11-21T02:05:11Z INFO calm",
        "2026-11-21T02:05:12.000000005Z stderr F another",
    ]
    found = read_logs(_write(tmp_path, text * 60), chunk_bytes=2000)
    assert found.records["body"].to_list() == ["one, two", "other, another", "calm"] * 60
    assert found.records["line_count"].to_list() == [2, 2, 1] * 60
    assert found.ledger.unaccounted == 0
