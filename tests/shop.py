"""A small made-up incident: a pool that runs dry after a deploy, a caller that answers 503, and harmless changes."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ONSET = START + timedelta(minutes=20)
MINUTES = 40

CHANGES: list[dict[str, Any]] = [
    {"id": "c1", "time": "2026-11-21T02:03:00Z", "kind": "config", "service": "checkout", "summary": "keep-alive 30 s"},
    {"id": "c2", "time": "2026-11-21T02:16:00Z", "kind": "deploy", "service": "inventory", "version": "2.4.0"},
    {"id": "c3", "time": "2026-11-21T02:19:40Z", "kind": "deploy", "service": "payments", "version": "1.9.1"},
    {"id": "c4", "time": "2026-11-21T02:27:00Z", "kind": "scale", "service": "checkout", "summary": "3 replicas"},
]
CULPRIT = "c2"


def write_incident(folder: Path, *, trouble: bool = True, seed: int = 7) -> Path:
    """Logs of three services and the changes, in an incident folder; without trouble nothing goes wrong."""
    rng = random.Random(seed)
    inventory, checkout, payments = [], [], []
    for second in range(MINUTES * 60):
        at = START + timedelta(seconds=second + rng.random())
        failing = trouble and at >= ONSET and rng.random() < 0.5
        local = at.strftime("%Y-%m-%d %H:%M:%S,") + f"{at.microsecond // 1000:03d}"
        if failing:
            inventory += [
                f"{local} ERROR inventory.pool [req-{second}] no connection within 2.0 s",
                "Traceback (most recent call last):",
                '  File "pool.py", line 31, in take',
                "inventory.pool.PoolTimeout: no connection",
            ]
        else:
            inventory.append(f"{local} INFO inventory.api [req-{second}] reserved item {rng.randrange(900)}")
        if rng.random() < 0.01:
            inventory.append(f"{local} WARNING inventory.api [req-{second}] slow query took {rng.randrange(900)} ms")
        after = (at + timedelta(seconds=2)).isoformat().replace("+00:00", "Z")
        level, text = ("error", "inventory answered 503") if failing else ("info", f"order {second} placed")
        checkout.append(json.dumps({"time": after, "level": level, "service": "checkout", "message": text}))
        payments.append(f'ts={at.isoformat()} level=info service=payments msg="charge accepted" amount={second}')
    logs = folder / "logs"
    logs.mkdir(parents=True)
    for name, lines in (("inventory", inventory), ("checkout", checkout), ("payments", payments)):
        (logs / f"{name}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "changes.json").write_text(json.dumps(CHANGES), encoding="utf-8")
    (folder / "symptom.txt").write_text("Customers cannot check out since about 02:20\n", encoding="utf-8")
    return folder
