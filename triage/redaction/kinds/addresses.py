"""Addresses of networks: IPv4, IPv6 and MAC, each by one of the same form that no network has.

Formats are known, and templates made, by the form of an address, so an address becomes another one: IPv4 of
240.0.0.0/4, which is reserved; IPv6 of 3fff::/20, which is for documentation (RFC 9637), with as many groups on each
side of `::`; MAC of a block that is administered locally. The number of the value is the end of it: 240.0.0.17.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from triage.redaction.kinds.kind import Kind, Outcome
from triage.redaction.tokens import Tokens

#: Addresses that name nobody: this host and network, the metadata service of clouds, documentation (RFC 5737),
#: multicast, and what is reserved, where those of here are taken from.
_NOBODY_4 = tuple(
    (int(network.network_address), int(network.netmask))
    for network in map(
        IPv4Network,
        ("0.0.0.0/8", "127.0.0.0/8", "169.254.169.254/32", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
         "224.0.0.0/4", "240.0.0.0/4"),
    )
)  # fmt: skip
_NOBODY_6 = tuple(map(IPv6Network, ("::/127", "2001:db8::/32", "3fff::/20", "ff00::/8")))
_FIRST_4, _FIRST_6, _FIRST_MAC = int(IPv4Address("240.0.0.0")), "3fff", "02:f0:f0"

_DOTTED = r"[0-9]{1,5}(?:\.[0-9]{1,5}){3,}"
#: Dotted numbers that are a version, by the word before them, and how browsers write theirs.
VERSION = Kind(
    "version",
    rf"(?:\b(?i:v|ver|version)(?:[\"'\\]{{0,4}}[ \t]{{0,2}}[=:/]?[ \t]{{0,2}}[\"'\\]{{0,4}})"
    rf"{_DOTTED}|[A-Za-z]/[0-9]{{1,3}}\.0\.0\.0|[a-z]-{_DOTTED}\.(?:jar|war|zip|tar|tgz|gem|whl|rpm|deb|dll|so|exe))\b",
    lambda found, tokens: None,
)
#: A time of day with dots behind its date.
TIME = Kind(
    "time",
    r"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}[T _-][0-9]{1,2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{1,9}",
    lambda found, tokens: None,
)


def _ipv4(found: re.Match[str], tokens: Tokens) -> Outcome:
    """Four numbers up to 255, perhaps with a fifth: tcpdump writes the port so. Longer ones are object ids."""
    parts = found["numbers"].split(".")
    padded = all(len(part) == 3 for part in parts[:4])  # 010.001.002.003; otherwise a zero begins a time: 04.03.01
    zeros = not padded and any(len(part) > 1 and part[0] == "0" for part in parts)
    if len(parts) > 5 or zeros:
        return None
    said = spelled_ipv4([int(part) for part in parts[:4]], tokens)
    return ".".join([said, *parts[4:]]) if said else None


def spelled_ipv4(parts: list[int], tokens: Tokens) -> str | None:
    """The address that stands for the one of four numbers; None if this is none, or names nobody.

    Examples
    --------
    >>> tokens = Tokens()
    >>> [spelled_ipv4(a, tokens) for a in ([10, 0, 0, 9], [172, 16, 4, 4], [10, 0, 0, 9], [127, 0, 0, 1])]
    ['240.0.0.1', '240.0.0.2', '240.0.0.1', None]
    """
    a, b, c, d = parts
    value = a << 24 | b << 16 | c << 8 | d
    if max(parts) > 255 or any(value & mask == first for first, mask in _NOBODY_4):
        return None
    at = _FIRST_4 + tokens.number("ipv4", f"{a}.{b}.{c}.{d}")
    return f"{at >> 24}.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"


IPV4 = Kind("IPv4 address", rf"(?P<numbers>{_DOTTED})", _ipv4)


def _dashed(found: re.Match[str], tokens: Tokens) -> Outcome:
    said = spelled_ipv4([int(part) for part in found["numbers"].split("-")], tokens)
    return found["ip"] + said.replace(".", "-") if said else None


#: Names of hosts that clouds make of addresses.
DASHED = Kind("IPv4 address", r"(?P<ip>\b(?i:ip)-)(?P<numbers>[0-9]{1,3}(?:-[0-9]{1,3}){3})\b", _dashed)

_H = "[0-9A-Fa-f]{1,4}"
_MAPPED = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"


def _ipv6(found: re.Match[str], tokens: Tokens) -> Outcome:
    text = found["address"] or found["network"] or found["short"]
    if found["word"] or _clock(text):
        return len(found["word"] or text.partition("::")[0]) + 2
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return text.rindex(":") + 1 if "." in text else None
    if address.ipv4_mapped:
        return text.rindex(":") + 1 if "." in text else None  # the rest is an IPv4 address
    if not re.search("[0-9]", text) and text.replace("::", "").count(":") == 0:
        return None  # add::bad: names of programs
    said = _same_form(text, address, tokens)
    return said + found[0][len(text) :] if said else None


def _clock(text: str) -> bool:
    """Whether what stands before `::` may be a time of day."""
    return re.match(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?::", text) is not None


def _same_form(text: str, address: IPv6Address, tokens: Tokens) -> str | None:
    if any(address in network for network in _NOBODY_6):
        return None
    number = tokens.number("ipv6", str(address))
    high, low = divmod(number, 1 << 16)
    if "::" not in text:
        return ":".join([_FIRST_6, "0", "0", "0", "0", "0", f"{high:x}", f"{low:x}"])
    left, right = (len(side.split(":")) if side else 0 for side in text.split("::"))
    before = [_FIRST_6, *["0"] * (left - 1)]
    after = [*["0"] * (min(right, 6) - (2 if high else 1)), *([f"{high:x}"] if high else []), f"{low:x}"]
    return f"{':'.join(before)}::{':'.join(after)}"


IPV6 = Kind(
    "IPv6 address",
    rf"\b(?P<address>(?:{_H}:){{7}}{_H}\b|(?:{_H}:){{1,7}}:(?:{_H}:){{0,5}}(?:{_MAPPED}|{_H})\b)(?:/[0-9]{{1,3}}\b)?"
    rf"|\b(?P<network>(?:{_H}:){{1,7}}:)/[0-9]{{1,3}}\b"
    rf"|(?P<word>[A-Za-z0-9_]*)(?P<short>::(?:{_H}:){{0,6}}(?:{_MAPPED}|{_H}))\b(?:/[0-9]{{1,3}}\b)?",
    _ipv6,
)


def _mac(found: re.Match[str], tokens: Tokens) -> Outcome:
    text, between = found[0], found[0][2]
    pairs = text.split(between)
    if text.lower().replace("-", ":").startswith(_FIRST_MAC) or len(set(pairs)) == 1 or _as_time(pairs):
        return None
    number = tokens.number("mac", "".join(pairs).lower())
    return between.join([*_FIRST_MAC.split(":"), *(f"{number >> shift & 255:02x}" for shift in (16, 8, 0))])


def _as_time(pairs: list[str]) -> bool:
    """Whether six pairs may be a year, month, day, hour, minute and second."""
    if not "".join(pairs).isdigit():
        return False
    _, month, day, hour, minute, second = map(int, pairs)
    return 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61


MAC = Kind("MAC address", r"\b[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})\b", _mac)
