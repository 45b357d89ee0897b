"""The benchmark of templates measures what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.templates import Labelled, generated, read, scores


def test_scores_of_a_log_with_one_group_too_many() -> None:
    messages = ["took 1 ms", "took 2 ms", "took 3 ms", "took 4 ms", "took 5 ms", "opened", "closed"]
    texts = ["took <*> ms"] * 5 + ["<*>", "<*>"]
    found = scores(Labelled("x", messages, texts, texts))
    assert found == {"ga": 5 / 7, "fga": 2 / 5, "pa": 5 / 7, "fta": 2 / 5, "rare": 0.0}


def test_labelled_logs_are_found_and_other_tables_left(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "log.csv").write_text("Content,EventId\nup,E1\n")
    (tmp_path / "b.csv").write_text("LineId,Content,EventId,EventTemplate\n1,up 7,E1,up <*>\n")
    (tmp_path / "templates.csv").write_text("EventId,EventTemplate\nE1,up\n")
    logs = list(read(tmp_path))
    assert [(log.name, log.messages, log.groups, log.texts) for log in logs] == [
        ("log", ["up"], ["E1"], None),
        ("b", ["up 7"], ["up <*>"], ["up <*>"]),
    ]
    assert scores(logs[0])["ga"] == 1


def test_the_generated_set_has_its_own_truth() -> None:
    for log in generated(60):
        assert len(log.messages) == 60 == len(log.groups)
        assert scores(log)["ga"] == pytest.approx(1, abs=0.4)
