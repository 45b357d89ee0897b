"""Time zones: names checked with a suggestion, abbreviations in logs, and which zone a source is read in."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from triage.errors import UsageError
from triage.ingest.overrides import check_matched, value_for

#: Offsets in seconds of zone abbreviations that mean one thing almost everywhere in logs. Those that mean
#: several (IST, BST, CST outside America) are taken in the sense that computers print most often.
ABBREVIATIONS: dict[str, int] = {
    name: int(hours * 3600)
    for hours, names in {
        0: "Z UTC GMT WET UT UCT", 1: "CET WEST BST MEZ WAT", 2: "CEST EET SAST CAT MESZ", 3: "EEST MSK EAT",
        5.5: "IST", 7: "WIB ICT", 8: "HKT SGT AWST PHT", 9: "JST KST", 9.5: "ACST", 10: "AEST", 10.5: "ACDT",
        11: "AEDT", 12: "NZST", 13: "NZDT", -3: "BRT ART", -4: "EDT AST", -5: "EST CDT", -6: "CST MDT",
        -7: "MST PDT", -8: "PST AKDT", -9: "AKST", -10: "HST",
    }.items()
    for name in names.split()
}  # fmt: skip

#: Those of them that also mean another zone somewhere.
AMBIGUOUS = frozenset({"IST", "BST", "CST", "AST", "EAT", "ART"}) & frozenset(ABBREVIATIONS)

Zones = str | Mapping[str, str]


def check_zone(name: str) -> str:
    """The name, if it is an IANA time zone.

    Raises
    ------
    UsageError
        With the closest names that exist.

    Examples
    --------
    >>> check_zone("Europe/Berlin")
    'Europe/Berlin'
    >>> check_zone("Europe/Berln")
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: unknown time zone 'Europe/Berln': did you mean 'Europe/Berlin'?
    """
    # Some files beside the zones, such as 'localtime', are known to the library and mean something else elsewhere.
    if name not in _known_zones():
        raise UsageError(f"unknown time zone {str(name)[:60]!r}: {_suggest(str(name))}")
    return name


def is_zone(name: str) -> bool:
    """Whether this is the IANA name of a time zone."""
    return name in _known_zones()


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


def _suggest(name: str) -> str:
    if name.upper() in ABBREVIATIONS:  # no place: which summer time it would have is not said
        hours = ABBREVIATIONS[name.upper()] / 3600
        return f"a name for UTC{hours:+g} only: give the place, such as 'Europe/Berlin'"
    known = sorted(available_timezones())
    folded = {zone.rsplit("/", 1)[-1].lower(): zone for zone in known}
    folded.update({zone.lower(): zone for zone in known})
    close = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    return "wanted an IANA name such as 'UTC' or 'Europe/Berlin'"


def check_zones(tz: Zones | ZoneInfo | None) -> Zones:
    """`tz` itself, each name in it checked. A mapping goes from a source pattern to a zone.

    Raises
    ------
    UsageError
        For a name that is no zone, or something that is no name.
    """
    if isinstance(tz, Mapping):
        return {str(pattern): check_zone(_name(name)) for pattern, name in tz.items()}
    return check_zone(_name(tz))


def _name(tz: object) -> str:
    name = getattr(tz, "key", tz)
    if not isinstance(name, str):
        raise UsageError(f"tz: got {tz!r}, wanted an IANA name such as 'UTC' or 'Europe/Berlin'"[:200])
    return name


def check_patterns(tz: Zones, sources: Sequence[str]) -> None:
    """Raise a UsageError for a source pattern that no source matches: its zone would silently not be used."""
    check_matched("tz", [] if isinstance(tz, str) else [pattern for pattern in tz if pattern != "*"], sources)


def zone_for(source: str, tz: Zones) -> str:
    """The zone to read a source's zoneless times in: the first pattern that matches, else UTC."""
    if isinstance(tz, str):
        return tz
    return value_for(source, tz) or "UTC"


def parse_zones(values: list[str]) -> Zones:
    """Command-line values (``ZONE`` or ``PATTERN=ZONE``) as `zone_for` wants them.

    Examples
    --------
    >>> parse_zones(["Asia/Tokyo"])
    'Asia/Tokyo'
    >>> parse_zones(["*redis*=Asia/Tokyo", "UTC"])
    {'*redis*': 'Asia/Tokyo', '*': 'UTC'}
    """
    if not values:
        return "UTC"
    if len(values) == 1 and "=" not in values[0]:
        return check_zone(values[0])
    pairs = [value.rsplit("=", 1) if "=" in value else ["*", value] for value in values]
    if doubled := [pattern for pattern, _ in pairs if sum(pattern == other for other, _ in pairs) > 1]:
        what = "two zones for everything" if doubled[0] == "*" else f"two zones for {doubled[0]!r}"
        raise UsageError(f"--tz: got {what}: give ZONE once, and PATTERN=ZONE for sources that differ")
    return check_zones(dict(sorted(pairs, key=lambda pair: pair[0] == "*")))
