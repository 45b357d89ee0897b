"""Writing an incident folder: logs compressed but otherwise untouched, and what belongs beside them."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import zstandard

from .programs import RecorderError

SMALL = 16 << 10  # a file below this many bytes stays as it is
GZIPPED = ("payments",)  # one service whose logs are rotated with gzip; the others' with zstd
PARTS = ("logs", "changes.json", "truth.json", "symptom.txt", "README.md")


def check(out: Path) -> None:
    """Raise `RecorderError` if writing to `out` would replace something that is not an incident folder."""
    if out.is_dir():
        strange = sorted(path.name for path in out.iterdir() if path.name not in PARTS)
        if strange:
            raise RecorderError(f"{out} holds {strange[0]!r}, so it is not an incident folder; try another --out")
    elif out.exists():
        raise RecorderError(f"{out} is a file; --out wants a folder, new or recorded before")


def write(
    out: Path, logs: Path, changes: Sequence[dict[str, Any]], truth: dict[str, Any], symptom: str, readme: str
) -> None:
    """Write an incident folder, in place of one recorded before."""
    fresh = out.with_name(f".{out.name}.new")
    if fresh.exists():
        shutil.rmtree(fresh)
    for log in sorted(path for path in logs.rglob("*") if path.is_file()):
        _pack(log, fresh / "logs" / log.relative_to(logs))
    (fresh / "changes.json").write_text(_json(list(changes)), encoding="utf-8")
    (fresh / "truth.json").write_text(_json(truth), encoding="utf-8")
    (fresh / "symptom.txt").write_text(symptom + "\n", encoding="utf-8")
    (fresh / "README.md").write_text(readme, encoding="utf-8")
    if out.exists():
        shutil.rmtree(out)
    fresh.rename(out)


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _pack(log: Path, target: Path) -> None:
    raw = log.read_bytes()
    raw = raw[: raw.rfind(b"\n") + 1]  # a line that was being written belongs to the next dump
    target.parent.mkdir(parents=True, exist_ok=True)
    if len(raw) < SMALL:
        target.write_bytes(raw)
    elif log.parent.name in GZIPPED:
        target.with_name(f"{log.name}.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
    else:
        target.with_name(f"{log.name}.zst").write_bytes(zstandard.ZstdCompressor(22).compress(raw))
