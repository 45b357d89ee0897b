"""Ids and names of users, known by their key or by the place of a path they stand in."""

from __future__ import annotations

import re

from triage.redaction.kinds.kind import Kind, Outcome
from triage.redaction.kinds.secrets import BEHIND, VALUE, unquoted
from triage.redaction.tokens import MARK, Tokens

#: Behind these keys whatever stands is somebody's.
_ID = (
    r"(?:end|remote_|cs-)?user[._-]?(?:id|name)|usr\.(?:id|name)|uid|login"
    r"|(?:customer|account|member|subscriber|patient)[._-]?(?:id|number|no|name)"
)
#: Behind these, what is no word of a sentence: "user: not found".
_WORD = r"(?:end|remote_|cs-)?user|customer|subscriber"
#: Accounts of machines, and words that stand in the place of a name.
_NOBODY = frozenset(
    [
        "-",
        "0",
        "root",
        "admin",
        "administrator",
        "system",
        "daemon",
        "nobody",
        "none",
        "null",
        "nil",
        "undefined",
        "unknown",
        "anonymous",
        "guest",
        "true",
        "false",
        "www-data",
        "postgres",
        "mysql",
        "redis",
        "nginx",
        "not",
        "is",
        "was",
        "has",
        "and",
    ]
)
#: What stands for an id of nothing but digits is one as well, from here on.
_FIRST = 9_000_000_000


def _user(found: re.Match[str], tokens: Tokens) -> Outcome:
    begin = found.start("value") - found.start()
    opened, inner, closed = unquoted(found["value"])
    begin += len(opened)
    quoted = bool(opened) or found["behind"][0] in "\"'\\"
    named = found["id"] or quoted or "=" in found["behind"] or re.search("[0-9]{3}", inner)
    if "@" in inner or not named or not _somebody(inner):
        return begin  # an address of e-mail is looked at as such
    return found[0][:begin] + _said(inner, tokens) + closed


def _somebody(value: str) -> bool:
    masked = not re.search(r"[^\W_]", value) or "<" in value
    return not (masked or value.lower() in _NOBODY or value.startswith(MARK) or _stands_for_one(value))


def _stands_for_one(value: str) -> bool:
    return value.isdigit() and len(value) == len(str(_FIRST)) and int(value) >= _FIRST


def _said(value: str, tokens: Tokens) -> str:
    if value.isascii() and value.isdigit():
        return str(_FIRST + tokens.number("user", value))
    return tokens.word("user", value)


#: The order of the alternatives is that of the engines, which take the first one that fits.
USER = Kind("user id", rf"\b(?i:(?P<id>{_ID})|(?P<word>{_WORD}))(?P<behind>{BEHIND})(?P<value>{VALUE})", _user)


def _in_path(found: re.Match[str], tokens: Tokens) -> Outcome:
    value = found["value"]
    if not _somebody(value) or "@" in value or re.fullmatch("v[0-9]{1,2}", value):
        return found.start("value") - found.start()
    return found["folder"] + _said(value, tokens)


#: An id in a path has a digit: ``/users/4711``, but ``/users/search``.
USER_PATH = Kind(
    "user id",
    r"(?P<folder>(?:/|\b)(?:users?|customers?|accounts?|members?)(?:/|[ \t]#?))"
    r"(?P<value>[0-9]{3,20}\b|[A-Za-z_.@-]{1,40}[0-9][A-Za-z0-9_.@-]{0,60})",
    _in_path,
)
