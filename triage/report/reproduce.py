"""How to come to the same: versions and settings in the summary, and as Python that anybody can run."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import triage
from triage.hypotheses.words import listed
from triage.remarks import Remark
from triage.report.people import remarks_of
from triage.report.rows import Reproduction
from triage.report.times import rfc3339
from triage.report.words import GONE, Summary, counted
from triage.settings import Settings

if TYPE_CHECKING:
    from triage.incident import Incident

#: Packages whose version may make a difference to a figure.
PACKAGES = ("polars", "drain3", "numpy", "scipy", "scikit-learn")
STDIN, FRAME = "-", "frame"


def reproduce_rows(incident: Incident) -> dict[str, Any]:
    """Versions, and those settings that are not the usual ones, as plain values."""
    versions = {"triage": triage.__version__, "Python": platform.python_version()}
    return {
        "versions": versions | {name: version(name) for name in PACKAGES},
        "logs": list(incident.settings.logs),
        "settings": _settings(incident.settings),
        "own_checks": list(incident.own_checks),
    }


def _settings(settings: Settings) -> dict[str, Any]:
    changed = settings.changed
    if "corrections" in changed:
        changed["corrections"] = settings.corrections.to_dict()
    if "formats" in changed:
        changed["formats"] = [one.said for one in settings.formats]
    return {name: _plain(value) for name, value in changed.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def reproduction(summary: Summary) -> Reproduction | None:
    """What a page says of it; None where the summary says nothing."""
    told = summary.get("reproduce")
    if not told:
        return None
    return Reproduction(tuple(told["versions"].items()), tuple(_notes(summary)), code_of(summary))


def _notes(summary: Summary) -> Iterator[str]:
    logs, sources = summary["reproduce"]["logs"], summary["ledger"]["sources"]
    count = "1 source was" if len(sources) == 1 else f"{len(sources):,} sources were"
    yield f"{count} read, with {counted(summary['ledger']['lines'], 'line')}; the ledger has the lines of each."
    if STDIN in logs:
        yield "Some came from standard input: save them as a file, and name that."
    elif _frame(summary):
        yield "The logs were a table, which the calls cannot name: give the same one."
    else:
        yield "Paths are as they were given: run the calls in the same folder, or name your copy."
    if own := summary["reproduce"].get("own_checks"):
        yield f"The calls are without checks of one's own ({listed(own)}): give them with with_checks."
    if (summary.get("redaction") or {}).get("kinds"):
        yield "What was redacted is something else in the logs: put that in its place where it matters."


def _frame(summary: Summary) -> bool:
    sources = [source["source"] for source in summary["ledger"]["sources"]]
    return summary["reproduce"]["logs"] == [FRAME] and sources == [FRAME]


def code_of(summary: Summary) -> str:
    """The calls, from the logs to what people said; text of others stands in it as Python's literals only."""
    told = summary["reproduce"]
    logs = "..." if _frame(summary) else repr(told["logs"])
    load = ["logs", *(["changes"] if summary["changes"] else [])]
    load += [f"symptom={summary['symptom']!r}"] if summary["symptom"] else []
    load += [f"{name}={_literal(name, value)}" for name, value in told["settings"].items()]
    said = [*_remark_calls(summary), *_verdict_calls(summary)]
    head = ["from datetime import datetime", ""] if said else []
    changes = ["changes = [", *(f"    {dict(change)!r}," for change in summary["changes"]), "]"]
    lines = [
        *(*head, "import triage", "", f"logs = {logs}"),
        *(changes if summary["changes"] else []),
        *("incident = triage.load(", *(f"    {argument}," for argument in load), ")"),
        *said,
    ]
    return "\n".join(lines)


def _literal(name: str, value: Any) -> str:
    if name != "formats":
        return repr(tuple(value) if name == "baseline" else value)
    made = (", ".join(f"{key}={item!r}" for key, item in one.items()) for one in value)
    return f"[{', '.join(f'triage.LineFormat({arguments})' for arguments in made)}]"


def _remark_calls(summary: Summary) -> Iterator[str]:
    """Hypotheses first: what else people wrote may be about them."""
    for own in remarks_of(summary, "hypothesis"):
        yield _remark("suppose", own, summary, why=own["detail"])
    for note in remarks_of(summary, "note"):
        yield _remark("remark", note, summary, at=note["at"])
    for check in remarks_of(summary, "check"):
        more = {} if check["done"] else {"done": False}
        yield _remark("check_off", check, summary, result=check["detail"], **more)
    for diagnosis in remarks_of(summary, "diagnosis"):
        yield _remark("diagnose", diagnosis, summary)


def _remark(verb: str, remark: Summary, summary: Summary, **more: Any) -> str:
    more["about"] = _about(remark["about"], summary)
    given = {name: value for name, value in more.items() if value not in ("", None)}
    said = "".join(f", {name}={value!r}" for name, value in given.items())
    call = f"{verb}({remark['text']!r}, by={remark['by']!r}{said}, written={_time(remark['written'])})"
    return _call(call, remark["about"], summary)


def _verdict_calls(summary: Summary) -> Iterator[str]:
    for row in summary["verdicts"]:
        about, note = _about(row["hypothesis_id"], summary), f", note={row['note']!r}" if row["note"] else ""
        call = f"decide({about!r}, {row['decision']!r}, by={row['by']!r}{note}, at={_time(row['at'])})"
        yield _call(call, row["hypothesis_id"], summary)


def _call(call: str, about: str, summary: Summary) -> str:
    """A line with the call; one about a hypothesis that is gone would fail, and is told only."""
    there = {row["id"] for row in (*summary["hypotheses"], *summary.get("own_hypotheses", []))}
    return f"incident = incident.{call}" if not about or about in there else f"# {GONE}: {call}"


def _time(text: str) -> str:
    return f"datetime.fromisoformat({text!r})"


def _about(name: str, summary: Summary) -> str:
    """The id by which the calls know a hypothesis: that of an own one is a hash of its claim as it stands in them."""
    own = next((one for one in summary.get("own_hypotheses", []) if one["id"] == name), None)
    return Remark("hypothesis", own["claim"], own["by"]).id if own else name
