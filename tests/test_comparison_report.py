"""The report of a comparison, and `triage compare`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.shop import write_incident
from triage.report.comparison_words import power_sentence

HOSTILE = "<script>alert(1)</script> \x1b[31mred | `code` [x](http://evil.example)"
KINDS = {"new", "gone", "rate", "parameter"}


def _run(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "triage.cli", "compare", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, check=False, text=True, encoding="utf-8", env={**os.environ, **env}
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two quiet logs, one with trouble and hostile lines."""
    place = tmp_path_factory.mktemp("sets")
    for name, trouble, seed in (("a", False, 1), ("b", False, 2), ("c", True, 3)):
        write_incident(place / name, trouble=trouble, seed=seed)
    with (place / "c" / "logs" / "mail.log").open("w", encoding="utf-8") as file:
        for minute in range(40):
            message = HOSTILE.replace("\x1b", "\\u001b")
            file.write(f'{{"time": "2026-11-21T02:{minute:02d}:30Z", "level": "error", "message": "{message}"}}\n')
    return place


def test_two_quiet_dumps_are_alike(folder: Path) -> None:
    done = _run(folder / "a" / "logs", folder / "b" / "logs", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["schema"], found["quiet"], found["differences"]) == ("triage.compare/1", True, [])
    assert found["a"]["ledger"]["unaccounted"] == found["b"]["ledger"]["unaccounted"] == 0
    assert found["multiplicity"]["tested"] > 3
    assert (found["stops"], found["enough"]["tells"], found["shared_records"]) == ([], True, 0)


def test_trouble_is_told_first(folder: Path) -> None:
    found = json.loads(_run(folder / "a" / "logs", folder / "c" / "logs", "--format", "json").stdout)
    assert found["quiet"] is False
    rows = found["differences"]
    assert {row["kind"] for row in rows} <= KINDS
    assert rows[0]["failing"]
    (answered,) = (row for row in rows if row["template"] == "inventory answered <NUM>")
    assert (answered["kind"], answered["count_a"], answered["services"]) == ("new", 0, ["checkout"])
    source, _, line = answered["first_b"].rpartition(":")
    assert "inventory answered 503" in Path(source).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert answered["ratio_low"] <= answered["ratio"] <= answered["ratio_high"]
    assert answered["parameter"] is None


def test_the_table(folder: Path) -> None:
    quiet = _run(folder / "a" / "logs", folder / "b" / "logs", COLUMNS="120", NO_COLOR="1")
    assert quiet.stdout.startswith("Nothing changed from A to B by more than chance brings.\n")
    assert "A template in B only is told from about " in quiet.stdout
    done = _run(folder / "a" / "logs", folder / "c" / "logs", COLUMNS="160", NO_COLOR="1")
    assert done.returncode == 0
    assert "inventory answered <NUM>" in done.stdout
    assert "rates and parameters were tested" in done.stdout
    assert "\x1b" not in done.stdout


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


def test_reports_escape_what_logs_say(folder: Path, tmp_path: Path) -> None:
    page, text = tmp_path / "diff.html", tmp_path / "diff.md"
    for report in (page, text):
        done = _run(folder / "a" / "logs", folder / "c" / "logs", "--report", report)
        assert (done.returncode, done.stderr) == (0, f"report: {report}\n")
    tags = _Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    assert "&lt;script&gt;alert(" in page.read_text(encoding="utf-8")
    assert not tags.seen & {"script", "a", "img"}
    assert "\x1b" not in page.read_text(encoding="utf-8") + text.read_text(encoding="utf-8")
    rows = [line for line in text.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert len(rows) > 2
    # A bar that is no edge of a cell stands behind a backslash.
    assert {len(line.replace("\\|", "").split("|")) for line in rows} == {8}


def test_a_silent_service_and_corrections_stand_in_every_report(folder: Path, tmp_path: Path) -> None:
    for source in (folder / "b" / "logs").iterdir():
        if source.stem != "payments":
            (tmp_path / "b").mkdir(exist_ok=True)
            (tmp_path / "b" / source.name).write_bytes(source.read_bytes())
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[mute]]\ntemplate = "order <NUM> placed"\n\n[[mute]]\ntemplate = "never said"\n', encoding="utf-8"
    )
    said = []
    for suffix in (".html", ".md", ".json"):
        report = tmp_path / f"diff{suffix}"
        done = _run(folder / "a" / "logs", tmp_path / "b", "--corrections", rules, "--report", report, COLUMNS="200")
        assert done.returncode == 0
        said += [report.read_text(encoding="utf-8"), done.stdout]
    for text in (said[0], said[1], said[2]):
        assert "service payments fell silent" in text
        assert "service payments: no line in B; 2,400 in A, the last at 2026-11-21T02:" in text
        assert "never said" in text
    assert "Corrected: mute: “order <NUM> placed” is muted (4,800 records)" in said[1]
    found = json.loads(said[4])
    assert [row["kind"] for row in found["corrections"]] == ["mute", "mute"]
    (stop,) = found["stops"]
    assert (stop["kind"], stop["name"], stop["count_a"], stop["count_b"]) == ("service", "payments", 2400, 0)
    assert stop["place"].endswith("payments.log:2400")
    assert stop["last"].startswith("2026-11-21T02:39:5")


def test_the_json_report_is_what_is_printed(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "diff.json"
    done = _run(folder / "a" / "logs", folder / "c" / "logs", "--format", "json", "--report", report)
    assert report.read_text(encoding="utf-8") == done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-", "-"), "triage: - is both sets: standard input can be read once: "),
        (
            ("{a}", "{b}", "--report", "{a}/diff.html"),
            "triage: report '{a}/diff.html': lies in '{a}', which is compared",
        ),
        (("{a}", "missing"), "triage: missing:"),
        (("{a}",), "triage: Missing argument 'B': see triage compare --help"),
        (("{a}", "{b}", "--tz", "Mars"), "triage: "),
        (("{a}", ""), "triage: an empty name was given for logs"),
        (("{a}", "{b}", "--report", "diff.pdf"), "triage: report 'diff.pdf': unknown suffix '.pdf'"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    places = {name: str(folder / name / "logs") for name in "ab"}
    done = _run(*(argument.format(**places) for argument in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said.format(**places))
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("minutes", "lines", "said"),
    [
        ((60, 0.1), (16, None), "in B only is told from about 16 lines on, if they come evenly; one in A only cannot"),
        (
            (0.1, 60),
            (None, 5),
            "in B only cannot be told: A is too short; one in A only is told from about 5 lines on, if",
        ),
        ((0.1, 60), (None, None), "in one set only cannot be told: A is too short."),
        ((0.1, 0.1), (None, None), "in one set only cannot be told: both are too short."),
    ],
)
def test_the_set_that_is_too_short_is_named(
    minutes: tuple[float, float], lines: tuple[int | None, int | None], said: str
) -> None:
    sides = {side: {"minutes": each} for side, each in zip("ab", minutes, strict=True)}
    enough = dict(zip(("lines_new", "lines_gone"), lines, strict=True))
    assert power_sentence({**sides, "enough": enough}).startswith(f"A template {said}")
