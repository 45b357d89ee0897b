"""What stands in URLs before the host, and names of hosts where they are asked for."""

from __future__ import annotations

import re

from triage.redaction.kinds.kind import Kind, Outcome, Rest
from triage.redaction.tokens import TOKEN, Tokens

#: The top domain of what stands for hosts: it never exists (RFC 2606).
DOMAIN = ".invalid"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
_NOBODY = frozenset({"localhost", "localhost.localdomain"})


def host_token(name: str, tokens: Tokens) -> str | None:
    """What stands for a host; None for this machine, an address, and what stands for one already."""
    lower = name.lower().rstrip(".")
    if lower in _NOBODY or lower.endswith(DOMAIN) or re.fullmatch(r"[0-9.]+", lower) or not lower:
        return None
    return f"host-{tokens.number('host', lower)}{DOMAIN}"


def _login(found: re.Match[str], tokens: Tokens) -> Outcome:
    name, colon, password = found["login"].partition(":")
    if TOKEN.fullmatch(name) and (not colon or TOKEN.fullmatch(password)):
        return None
    if not colon:
        return f"://{tokens.word('secret', name)}@"
    said = tokens.word("user", name) if name else ""
    return f"://{said}:{tokens.word('secret', password) if password else ''}@"


LOGIN = Kind("login in a URL", r"://(?P<login>[^\s/\"'<>?#]+)@", _login)


def _url_host(found: re.Match[str], tokens: Tokens) -> Outcome:
    said = host_token(found["host"], tokens)
    return len("//") if said is None else "//" + said


URL_HOST = Kind("host name", rf"//(?P<host>{_LABEL}(?:\.{_LABEL})*)", _url_host)


def _login_host(found: re.Match[str], tokens: Tokens) -> Outcome:
    login = LOGIN.whole.fullmatch(found["before"])
    before = str((_login(login, tokens) if login else None) or found["before"])
    said = host_token(found["host"], tokens)
    return before + said if said else Rest(before, len(found["before"]))


#: A login and the host behind it, which alone would not be known for one.
LOGIN_HOST = Kind("login in a URL", rf"(?P<before>://[^\s/\"'<>?#]+@)(?P<host>{_LABEL}(?:\.{_LABEL})*)", _login_host)


def _named_host(found: re.Match[str], tokens: Tokens) -> Outcome:
    said = host_token(found["host"], tokens)
    return found["key"] + said if said else len(found["key"])


KEYED_HOST = Kind(
    "host name",
    r"(?P<key>\b(?i:host|hostname|host_name|nodename|server_name)\\{0,3}[\"']?[ \t]?[=:][ \t]?\\{0,3}[\"']?)"
    rf"(?P<host>{_LABEL}(?:\.{_LABEL})*)",
    _named_host,
)
INNER_HOST = Kind(
    "host name",
    rf"(?P<key>)(?P<host>(?:{_LABEL}\.){{1,8}}(?:internal|local|localdomain|lan|corp|intra|intranet|private|arpa)\b)",
    _named_host,
)
