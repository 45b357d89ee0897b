"""Reading incident folders in tests: logs under the names they had before they were compressed, and what is beside."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_logs"
#: A time as the services and PostgreSQL write it; without a zone it is UTC.
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)[.,](\d{3})(Z|[+-]\d\d:\d\d| CES?T)?")
ZONES = {"": "Z", " CET": "+01:00", " CEST": "+02:00"}


def load(incident: Path, name: str) -> Any:
    """Read a JSON file of an incident folder."""
    return json.loads((incident / name).read_text(encoding="utf-8"))


def logs(incident: Path) -> dict[str, str]:
    """Read every log, under the name that it had before it was compressed."""
    return dict(_each_log(incident / "logs"))


def _each_log(top: Path) -> Iterator[tuple[str, str]]:
    for path in top.rglob("*.*"):
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        if path.suffix == ".zst":
            raw = zstandard.ZstdDecompressor().stream_reader(raw).read()
        name = path.relative_to(top).as_posix()
        yield name.removesuffix(".gz").removesuffix(".zst"), raw.decode("utf-8")


def time_of(entry: dict[str, Any], key: str) -> dt.datetime:
    """Read a time of a change or of an onset."""
    return dt.datetime.fromisoformat(entry[key])


def first(pattern: str, text: str) -> str:
    """Give the first group of the first match, which there is."""
    found = re.search(pattern, text, re.MULTILINE)
    assert found, pattern
    return found[1]


def first_marked(mark: str, text: str) -> dt.datetime | None:
    """Give the time of the first record with a line that a mark is in; None if there is none."""
    found = re.search(mark, text)
    if not found:
        return None
    lines = text[: text.index("\n", found.end())].splitlines()
    date, clock, milliseconds, zone = next(TIME.findall(line)[0] for line in reversed(lines) if TIME.search(line))
    return dt.datetime.fromisoformat(f"{date}T{clock}.{milliseconds}{ZONES.get(zone, zone)}")
