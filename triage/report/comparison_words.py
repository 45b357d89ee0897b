"""How a report of a comparison puts things in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triage.comparison.rates import LEAST_RATIO
from triage.report.words import number

#: What fell silent, of each kind, that is told one by one.
MOST_STOPS = 5
CORRECTED = ("kind", "correction", "records")
HEAD = ("kind", "level", "service", "A to B", "template", "line")
KINDS = {"new": "new", "gone": "gone", "rate": "changed in rate", "parameter": "changed in a parameter"}


def headline(summary: Mapping[str, Any]) -> str:
    """What was found, in a sentence.

    Examples
    --------
    >>> told = {"quiet": False, "differences": [{"kind": "new"}, {"kind": "rate"}, {"kind": "new"}], "services": []}
    >>> headline({**told, "stops": []})
    'From A to B: 2 templates new, 1 changed in rate.'
    >>> headline({**told, "stops": [{"kind": "service", "name": "mail"}]})
    'From A to B: service mail fell silent, 2 templates new, 1 changed in rate.'
    """
    if summary["quiet"]:
        return _quiet(summary)
    found = [row["kind"] for row in summary["differences"]]
    counted = [(found.count(kind), words) for kind, words in KINDS.items() if kind in found]
    parts = [f"{count} {words}" for count, words in counted]
    if parts:
        count = counted[0][0]
        parts[0] = parts[0].replace(f"{count} ", f"{count} template{'s' if count > 1 else ''} ", 1)
    changed = _changed(summary)
    for new, said in ((True, "new"), (False, "changed as a whole")):
        names = [row["service_name"] or "none" for row in changed if (not row["count_a"]) == new]
        parts += [f"service {names[0]} {said}" if len(names) == 1 else f"{len(names)} services {said}"] if names else []
    return f"From A to B: {', '.join([*_silent(summary['stops']), *parts])}."


def _quiet(summary: Mapping[str, Any]) -> str:
    enough, b = summary["enough"], summary["b"]
    if summary["shared_records"] == b["records"] == summary["a"]["records"]:
        return "A and B hold the same records: nothing can differ."
    if enough["tells"] and max(summary["traffic"], 1 / summary["traffic"]) >= LEAST_RATIO:
        return f"Nothing but the traffic changed: {number(summary['traffic'])} times the lines a minute in B."
    if enough["tells"]:
        return "Nothing changed from A to B by more than chance brings."
    most = f"no template has more than {_lines(enough['most_lines_a'])} in A or {_lines(enough['most_lines_b'])} in B"
    return f"Too little to tell whether anything changed: {most}. {power_sentence(summary)}"


def _silent(stops: Sequence[Mapping[str, Any]]) -> list[str]:
    """What fell silent, by name where it is little."""
    found = []
    for kind in dict.fromkeys(row["kind"] for row in stops):
        names = [row["name"] or "none" for row in stops if row["kind"] == kind]
        said = f"{kind} {names[0]}" if len(names) == 1 else f"{len(names)} {kind}s"
        found.append(f"{said} fell silent")
    return found


def power_sentence(summary: Mapping[str, Any]) -> str:
    """How many lines a difference takes to be told.

    Examples
    --------
    >>> sides = {"a": {"minutes": 60.0}, "b": {"minutes": 0.1}}
    >>> power_sentence({**sides, "enough": {"lines_new": 16, "lines_gone": None}})
    'A template in B only is told from about 16 lines on, if they come evenly; one in A only cannot be: B is too short.'
    """
    new, gone = (summary["enough"][need] for need in ("lines_new", "lines_gone"))
    a, b = (summary[side]["minutes"] for side in "ab")
    short = "both are" if a == b else "A is" if a < b else "B is"
    if not new and not gone:
        return f"A template in one set only cannot be told: {short} too short."
    said = [
        f"in {side} only is told from about {lines:,} lines on"
        if lines
        else f"in {side} only cannot be{' told' * (side == 'B')}: {short} too short"
        for side, lines in (("B", new), ("A", gone))
    ]
    if not new:
        return f"A template {said[0]}; one {said[1]}, if they come evenly."
    return f"A template {said[0]}, if they come evenly; one {said[1]}."


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{number(count)} lines"


def news(summary: Mapping[str, Any]) -> list[str]:
    """What is told before the table of differences: what fell silent, and services that changed as a whole."""
    return [*stop_sentences(summary), *service_sentences(summary)]


def remarks(summary: Mapping[str, Any]) -> list[str]:
    """What is told behind it: what was compared, with what reserve."""
    shared = summary["shared_records"]
    both = [f"{record_count(shared)} of B stand in A as well, with the same time and text"] if shared else []
    # With differences beside it a further one takes fewer lines; where nothing can be told, the headline says it.
    told = [power_sentence(summary)] if summary["quiet"] and summary["enough"]["tells"] else []
    return [*sides(summary), *both, *summary["notes"], chance_sentence(summary), *told]


def stop_sentences(summary: Mapping[str, Any]) -> list[str]:
    """What fell silent; of many hosts or sources the first."""
    found = []
    for kind in dict.fromkeys(row["kind"] for row in summary["stops"]):
        rows = [row for row in summary["stops"] if row["kind"] == kind]
        found += [_stop(row) for row in rows[:MOST_STOPS]]
        more = len(rows) - MOST_STOPS
        found += [f"and {more} more {kind}{'s' if more > 1 else ''} that fell silent, in the JSON"] if more > 0 else []
    return found


def _stop(row: Mapping[str, Any]) -> str:
    services = [name or "no service" for name in row["services"]]
    of = f" (of {', '.join(services[:3])})" if row["kind"] != "service" and services != [row["name"]] else ""
    name = f"{row['kind']} {row['name']}{of}" if row["name"] else "lines of no service"
    last = f"the last at {row['last']}{', ' + row['place'] if row['place'] else ''}"
    if not row["count_b"]:
        return f"{name}: no line in B; {number(row['count_a'])} in A, {last}"
    silent = number(row["silent_seconds"] / 60)
    return f"{name}: no line in the last {silent} minutes of B; {last}"


def sides(summary: Mapping[str, Any]) -> list[str]:
    """What was compared."""
    found = []
    for name in "ab":
        side = summary[name]
        span = f"{side['from']} to {side['to']}"
        said = [record_count(side["records"]), *([span] if side["name"] != span else [])]
        found.append(f"{name.upper()}: {side['name']}: {', '.join(said)}, {number(side['minutes'])} minutes covered")
    return found


def record_count(records: int) -> str:
    """How many records."""
    return "1 record" if records == 1 else f"{number(records)} records"


def chance_sentence(summary: Mapping[str, Any]) -> str:
    """How many tests there were, and how many false alarms to expect."""
    tests = summary["multiplicity"]
    tested = f"{tests['tested']:,} rates and parameters were tested"
    if summary["quiet"]:
        return f"{tested}; told would be what has q ≤ {number(tests['max_q'])}."
    expected = f"about {number(tests['expected_false'])} of it expected by chance alone"
    return f"{tested}; told is what has q ≤ {number(tests['max_q'])}, {expected}."


def service_sentences(summary: Mapping[str, Any]) -> list[str]:
    """What is to be told of services as a whole."""
    return [_service(row) for row in _changed(summary)]


def _changed(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Services that changed as a whole and did not fall silent, which is told by itself."""
    silent = {row["name"] for row in summary["stops"] if row["kind"] == "service"}
    return [row for row in summary["services"] if row["changed"] and row["service_name"] not in silent]


def _service(row: Mapping[str, Any]) -> str:
    name = f"service {row['service_name']}" if row["service_name"] else "lines of no service"
    if not row["count_a"]:
        return f"{name}: lines in B only ({number(row['count_b'])}); of its templates those that fail are listed"
    if not row["count_b"]:
        return f"{name}: lines in A only ({number(row['count_a'])}); of its templates those that fail are listed"
    change = f"{times(row)} the lines ({rates(row)})"
    return f"{name}: {change}; templates that only went along are not listed"


def times(row: Mapping[str, Any]) -> str:
    """A ratio with its bounds.

    Examples
    --------
    >>> times({"ratio": 2.04, "ratio_low": 1.63, "ratio_high": 2.5})
    '2.04 times (1.63 to 2.5)'
    """
    return f"{number(row['ratio'])} times ({number(row['ratio_low'])} to {number(row['ratio_high'])})"


def rates(row: Mapping[str, Any]) -> str:
    """Lines a minute in A and in B."""
    return f"{number(row['rate_a'])} to {number(row['rate_b'])} a minute"


def change(row: Mapping[str, Any]) -> str:
    """What changed, in a few words."""
    parameter = row["parameter"]
    if parameter:
        share = parameter["statistic"].startswith("share")
        values = [f"{value:.0%}" if share else number(value) for value in (parameter["a"], parameter["b"])]
        said = f"{parameter['name']}: {parameter['statistic']} {values[0]} to {values[1]}"
        return said if share else f"{said}, {times(row)}"
    if row["kind"] == "new":
        return f"{number(row['count_b'])} lines in B, {number(row['rate_b'])} a minute"
    if row["kind"] == "gone":
        return f"{number(row['count_a'])} lines in A, {number(row['rate_a'])} a minute"
    if not row["count_a"] or not row["count_b"]:
        return rates(row)
    return f"{rates(row)}, {times(row)}"


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A difference as the cells of a table under `HEAD`."""
    level = row["severity_text"] or ("failing" if row["failing"] else "-")
    place = row["first_b"] if row["kind"] != "gone" else row["last_a"]
    return row["kind"], level, ", ".join(row["services"]) or "-", change(row), row["template"], place or "-"


def correction_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A correction as the cells of a table under `CORRECTED`."""
    return row["kind"], row["correction"], f"{row['records']:,}"
