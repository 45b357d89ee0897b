"""Reports are written whole or not at all, in the format of the suffix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import triage
from tests.people_said import decided
from tests.shop import write_incident
from triage.errors import UsageError
from triage.report.write import RENDERERS, check_place, write_report

GOLDEN = Path(__file__).parent / "golden" / "report"


@pytest.fixture
def summary() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GOLDEN / "summary.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("suffix", list(RENDERERS))
def test_the_suffix_chooses_the_format(summary: dict[str, Any], tmp_path: Path, suffix: str) -> None:
    path = write_report(summary, tmp_path / f"out{suffix.upper()}")
    assert path.read_text(encoding="utf-8") == RENDERERS[suffix](summary)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["out.pdf", "out", "out.html.gz", ".html"])
def test_an_unknown_suffix_is_refused(summary: dict[str, Any], tmp_path: Path, name: str) -> None:
    with pytest.raises(
        UsageError, match=r"unknown suffix .*; give a path that ends with one of \.html, \.md, \.ipynb, \.json$"
    ):
        write_report(summary, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_there_is_a_usage_error(summary: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"No such file or directory; give a path in a directory that can be written"):
        write_report(summary, tmp_path / "missing" / "out.md")


def test_a_directory_of_that_name_stays(summary: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "out.md").mkdir()
    with pytest.raises(UsageError, match=r"out\.md'"):
        write_report(summary, tmp_path / "out.md")
    assert [path.name for path in tmp_path.rglob("*")] == ["out.md"]


def test_a_summary_that_cannot_be_rendered_leaves_the_old_report(summary: dict[str, Any], tmp_path: Path) -> None:
    path = write_report(summary, tmp_path / "out.json")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="JSON compliant"):
        write_report(summary | {"notes": [float("nan")]}, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_report_replaces_the_old_one(summary: dict[str, Any], tmp_path: Path) -> None:
    path = write_report(summary, tmp_path / "out.json")
    write_report(summary | {"symptom": "another"}, path)
    assert json.loads(path.read_text(encoding="utf-8"))["symptom"] == "another"


def test_text_that_is_no_utf_8_can_be_written(summary: dict[str, Any], tmp_path: Path) -> None:
    summary["ledger"]["sources"][0]["source"] = "logs/\udcff.log"
    summary["hypotheses"][0]["for"][0]["lines"][0]["source"] = "logs/\udcff.log"
    for suffix in RENDERERS:
        written = write_report(summary, tmp_path / f"out{suffix}").read_text(encoding="utf-8")
        assert "«U+DCFF»" in written or "\\udcff" in written


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    folder = write_incident(tmp_path_factory.mktemp("shop"))
    return decided(triage.load(folder / "logs", folder / "changes.json", "checkout fails"))


@pytest.mark.parametrize("suffix", list(RENDERERS))
def test_the_same_input_gives_the_same_bytes(incident: triage.Incident, tmp_path: Path, suffix: str) -> None:
    """Read anew, and opened again: nothing of the hour, of the order of a set or of an address in memory is in it."""
    first = incident.report(tmp_path / f"first{suffix}").read_bytes()
    [logs] = incident.settings.logs
    again = decided(triage.load(logs, list(incident.changes), "checkout fails"))
    assert again.report(tmp_path / f"again{suffix}").read_bytes() == first
    opened = triage.open(incident.save(tmp_path / "kept"))
    assert opened.report(tmp_path / f"opened{suffix}").read_bytes() == first


def test_a_report_of_another_kind_has_its_own_suffixes(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"unknown suffix '\.ipynb'; give a path that ends with one of \.html, \.md$"):
        check_place(tmp_path / "out.ipynb", [], (".html", ".md"))
