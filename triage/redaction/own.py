"""What the user adds and keeps: words as they are written, or Rust regexes behind ``re:``; networks to keep."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import polars as pl

from triage.errors import UsageError
from triage.ingest.formats.line_format import HALF_CHARACTER
from triage.patterns.rule_checks import MOST_PATTERN, check_regex

REGEX = "re:"
#: What is meant as a network; as a text it would keep nothing.
_LIKE_NETWORK = re.compile(r"[0-9.]{3,40}/[0-9]{1,9}|[0-9a-fA-F]{0,4}:[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]{0,40}/[0-9]{1,9}")
_META = re.compile(r"[^\w ]", re.ASCII)


@dataclass(frozen=True)
class OwnPatterns:
    """The user's own patterns, checked.

    Attributes
    ----------
    also : tuple of str
        Rust regexes of what is redacted besides.
    hosts : tuple of str
        Names of hosts, likewise.
    keep : tuple of str
        Rust regexes; a value that one of them matches as a whole stays.
    networks : tuple of networks
        Addresses in them stay.
    """

    also: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def keeps(self, value: str) -> bool:
        """Whether the user wants a value to stay as it is."""
        if self.networks and _address_in(value, self.networks):
            return True
        return bool(self.keep) and matches_whole(value, self.keep)


def _address_in(value: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        address = ip_address(value)
    except ValueError:
        return False
    return any(address in network for network in networks)


def matches_whole(value: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns matches all of a value."""
    return bool(pl.Series([value]).str.contains(f"^(?:{'|'.join(f'(?:{one})' for one in patterns)})$")[0])


def own_patterns(also: Iterable[str] = (), keep: Iterable[str] = (), hosts: Iterable[str] = ()) -> OwnPatterns:
    r"""Check what the user gave.

    Raises
    ------
    UsageError
        For an empty text, a pattern that is no Rust regex or matches nothing at all.

    Examples
    --------
    >>> own_patterns(["Acme (EU)", "re:ord-[0-9]+"]).also
    ('Acme \\(EU\\)', 'ord-[0-9]+')
    >>> own_patterns(keep=["10.0.0.0/8"]).keeps("10.1.2.3")
    True
    """
    networks = {text: found for text in keep if (found := _network(text))}
    return OwnPatterns(
        tuple(_pattern("--also", text) for text in also),
        tuple(rf"\b{_literal(name)}\b".replace(r"\b", r"(?-u:\b)") for name in hosts),
        tuple(_pattern("--keep", text) for text in keep if text not in networks),
        tuple(networks.values()),
    )


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        if _LIKE_NETWORK.fullmatch(text):
            raise UsageError(f"--keep: {text!r} is no network: wanted one such as 10.0.0.0/8") from error
        return None


def _pattern(option: str, text: str) -> str:
    if text.startswith(REGEX):
        check_regex(option, text.removeprefix(REGEX))
        return text.removeprefix(REGEX)
    if not text.strip():
        raise UsageError(f"{option}: got an empty text, wanted a word, or {REGEX} and a Rust regex")
    if HALF_CHARACTER.search(text) or len(text) > MOST_PATTERN:
        raise UsageError(f"{option}: {text[:40]!r}…: wanted at most {MOST_PATTERN} characters of text")
    return _literal(text)


def _literal(text: str) -> str:
    """Text as a pattern; what has a meaning to the engine is escaped, other characters are not, as it wants it."""
    return _META.sub(lambda sign: f"\\{sign[0]}" if sign[0].isascii() else sign[0], text)
