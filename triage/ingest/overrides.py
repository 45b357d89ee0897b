"""Settings for some sources: patterns of their names, each with a value, as a mapping or ``PATTERN=VALUE``."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from triage.errors import UsageError

T = TypeVar("T")


def matches(source: str, pattern: str) -> bool:
    """Whether a source's name, or what of it stands behind some folder, fits a pattern of the shell's kind.

    Examples
    --------
    >>> matches("logs/redis/a.log", "redis/*"), matches("logs/redis/a.log", "a.log"), matches("logs/a.log", "l")
    (True, True, False)
    """
    return fnmatch.fnmatchcase(source, pattern) or fnmatch.fnmatchcase(source, f"*/{pattern}")


def value_for(source: str, given: Mapping[str, T]) -> T | None:
    """The value of the first pattern that fits a source."""
    return next((value for pattern, value in given.items() if matches(source, pattern)), None)


def check_matched(option: str, patterns: Iterable[str], sources: Sequence[str]) -> None:
    """Raise a UsageError for a pattern that no source matches: its setting would silently not be used."""
    for pattern in patterns:
        if not any(matches(source, pattern) for source in sources):
            bare = pattern[:40].strip("*")
            hint = f"the sources are {', '.join(sources[:3])[:200]}; try '*{bare}*'"
            raise UsageError(f"{option}: no source matches {pattern[:60]!r}: {hint}")


def parse_pairs(option: str, values: Sequence[str], value: str, example: str) -> dict[str, str]:
    """Command-line values ``PATTERN=VALUE`` as a mapping.

    Parameters
    ----------
    option, value, example : str
        The option's name, what a value is called and one of them, for errors.

    Raises
    ------
    UsageError
        For something else, or a pattern that is given twice.
    """
    found: dict[str, str] = {}
    for given in values:
        pattern, _, wanted = given.rpartition("=")
        if not pattern or not wanted.strip():
            raise UsageError(f"{option}: got {given[:60]!r}, wanted PATTERN={value}, such as '*redis*={example}'")
        if pattern in found:
            raise UsageError(f"{option}: {pattern[:60]!r} is given twice: give each PATTERN once")
        found[pattern] = wanted.strip()
    return found


def parse_services(values: Sequence[str]) -> dict[str, str]:
    """Command-line values ``PATTERN=NAME`` as a mapping.

    Examples
    --------
    >>> parse_services(["*/redis/*=cache"])
    {'*/redis/*': 'cache'}
    >>> parse_services(["cache"])
    Traceback (most recent call last):
    ...
    triage.errors.UsageError: --service: got 'cache', wanted PATTERN=NAME, such as '*redis*=cache'
    """
    return parse_pairs("--service", values, "NAME", "cache")


def check_services(services: Mapping[str, str] | None) -> dict[str, str]:
    """The mapping from source patterns to names of services, known to be one.

    Raises
    ------
    UsageError
        For something else, or an empty name.

    Examples
    --------
    >>> check_services({"*redis*": "cache"})
    {'*redis*': 'cache'}
    """
    if services is None:
        return {}
    if not isinstance(services, Mapping):
        raise UsageError(f"services: got {services!r}, wanted a mapping such as {{'*redis*': 'cache'}}"[:200])
    names = {str(pattern): str(name or "").strip() for pattern, name in services.items()}
    if empty := next((pattern for pattern, name in names.items() if not name), None):
        raise UsageError(f"services: got no name for {empty[:60]!r}, wanted the name of a service")
    return names
