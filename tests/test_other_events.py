"""Several onsets in one window: other incidents, or the same one at another time."""

from __future__ import annotations

from pathlib import Path

import triage


def _line(second: int, service: str, level: str, text: str, trace: str = "") -> str:
    at = f"2026-11-21T04:{second // 60:02d}:{second % 60:02d}.000Z"
    told = f', "trace_id": "{trace:0>32}"' if trace else ""
    return f'{{"time": "{at}", "level": "{level}", "service": "{service}", "message": "{text}"{told}}}'


def _incident(folder: Path, *, traced: bool) -> triage.Incident:
    """Stock fails from 10:00 on and shop from 20:00 on: in the same requests, or in others."""
    lines = [_line(second, "shop", "info", f"order {second} accepted") for second in range(0, 1800, 2)]
    lines += [_line(n, "stock", "error", f"hold {n} not taken: store is gone", f"{n}") for n in range(600, 1800, 3)]
    others = range(1200, 1800, 3)
    lines += [_line(n, "shop", "error", f"payment {n} came to nothing", f"{n if traced else n + 5000}") for n in others]
    (folder / "all.log").write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    return triage.load(folder)


def test_onsets_in_other_requests_are_another_incident(tmp_path: Path) -> None:
    incident = _incident(tmp_path, traced=False)
    assert len(incident.other_onsets) == 1 and incident.linked_onsets == ()
    assert any(note.startswith("Other onsets of trouble at ") for note in incident.summary()["notes"])


def test_onsets_in_the_same_requests_are_one_incident(tmp_path: Path) -> None:
    incident = _incident(tmp_path, traced=True)
    assert incident.other_onsets == () and len(incident.linked_onsets) == 1
    (note,) = (note for note in incident.summary()["notes"] if "same requests" in note)
    assert note.startswith("Errors of the same requests begin at ") and note.endswith(": taken for one incident")
