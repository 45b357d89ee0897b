"""Values that their key calls secret, in every usual spelling: JSON, key=value, headers, queries, settings."""

from __future__ import annotations

import re

from triage.redaction.kinds.kind import Kind, Outcome
from triage.redaction.tokens import MARK, Tokens

#: Behind these keys whatever stands is secret, however short.
_PASSWORD = r"pass(?:word|wd|phrase|code)|pwd|secret"
#: Behind these, what is long enough: `token=5` counts tokens.
_KEY = (
    r"\bpass|token|authorization|credentials?|signature"
    r"|(?:api|access|account|auth|client|encryption|private|secret|shared|signing|subscription)[_-]?key(?:[_-]?id)?"
    r"|(?:j|php|asp\.net_)?sess(?:ion)?[_-]?id|connect\.sid|csrf|xsrf|otp"
)
_SCHEME = r"(?:bearer|basic|digest|negotiate|token|apikey)"
_GAP = r"[ \t]{0,2}"
BEHIND = rf"(?:\\{{0,3}}[\"'])?{_GAP}(?:=>|:=|[:=]){_GAP}"
_PLAIN = r"[^\s\"'\\,;&(){}\[\]<>|]+"
VALUE = (
    r"\\{1,3}\"[^\"\\\r\n]*(?:\\{1,3}\")?"  # JSON inside JSON
    r"|\"(?:[^\"\\\r\n]|\\[^\r\n])*\"?|'(?:[^'\\\r\n]|\\[^\r\n])*'?"  # an end that is missing was cut off
    rf"|(?:(?i:{_SCHEME})[ \t]+)?{_PLAIN}"
)
_QUOTES = re.compile(r"(?P<open>\\{0,3}[\"'])?(?P<inner>.*?)(?P<close>\\{0,3}[\"'])?", re.DOTALL)
_WITH_SCHEME = re.compile(rf"(?P<scheme>{_SCHEME}[ \t]+)(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
#: Words that stand behind such a key and tell of it, and what others have put in the place of a secret.
_WORDS = """
    true false null none nil undefined yes no ok on off set unset not is was has been for from and or the a an to in
    of by with as valid invalid expired missing required incorrect wrong empty error failed rejected accepted changed
    authentication authorization type string str bearer basic digest token password unknown default redacted filtered
    masked hidden removed secret
"""
_SAYS_NOTHING = frozenset(_WORDS.split())
_MASKED = re.compile(r"[*xX.#•…_-]{3,}|[^A-Za-z0-9]*")
_LEAST = 6


def _secret(found: re.Match[str], tokens: Tokens) -> Outcome:
    begin = found.start("value") - found.start()
    opened, inner, closed = unquoted(found["value"])
    scheme = _WITH_SCHEME.fullmatch(inner)
    before, inner = (scheme["scheme"], scheme["rest"]) if scheme else ("", inner)
    if not _tells(inner, bool(found["strong"])):
        return begin + len(opened) + len(before)
    if not opened and found["behind"][0] in "\"'\\" and re.fullmatch(r"-?[0-9.eE+-]+", inner):
        return found[0][:begin] + "0"  # a number of JSON has to stay one
    return f"{found[0][:begin]}{opened}{before}{tokens.word('secret', inner)}{closed}"


def unquoted(value: str) -> tuple[str, str, str]:
    r"""What opens a value, the value itself, and what closes it.

    Examples
    --------
    >>> unquoted('"a b"'), unquoted("a"), unquoted('"cut off')
    (('"', 'a b', '"'), ('', 'a', ''), ('"', 'cut off', ''))
    """
    quotes = _QUOTES.fullmatch(value)
    return (quotes["open"] or "", quotes["inner"], quotes["close"] or "") if quotes else ("", value, "")


def _tells(value: str, strong: bool) -> bool:
    """Whether a value is a secret, and not a word about one or what stands for it already."""
    bare = value.strip("[]<>()*_ \t").lower()
    if _MASKED.fullmatch(value) or bare in _SAYS_NOTHING or value.startswith(MARK) or bare == "0":
        return False
    if strong:
        return not value.startswith(("/", "${", "%"))  # PWD is also where a program runs
    if re.search(r"\s", value):
        return False  # a sentence
    return len(value) >= _LEAST and not value.isdigit() and not (value.isalpha() and value.islower())


SECRET = Kind(
    "secret",
    rf"(?i:(?P<strong>{_PASSWORD})|{_KEY})(?P<behind>{BEHIND})(?P<value>{VALUE})",
    _secret,
)


def _cookie(found: re.Match[str], tokens: Tokens) -> Outcome:
    pairs = [pair.partition("=") for pair in found["pairs"].split(";")]
    after = ";".join(f"{name}={_crumb(name, value, tokens)}" for name, _, value in pairs)
    return None if after == found["pairs"] else found[0][: found.start("pairs") - found.start()] + after


def _crumb(name: str, value: str, tokens: Tokens) -> str:
    return value if name.strip().lower() in _NO_COOKIE else tokens.word("secret", value)


#: What says of a cookie where and how long it holds (RFC 6265).
_NO_COOKIE = frozenset({"path", "domain", "expires", "max-age", "samesite"})
_PAIR = r"[^\s=;,\"'\\]+=[^\s;,\"'\\]+"
COOKIE = Kind(
    "cookie", rf"(?i:cookie)(?P<behind>{BEHIND}(?:\\{{0,3}}[\"'])?)(?P<pairs>{_PAIR}(?:; ?{_PAIR})*)", _cookie
)


def _bearer(found: re.Match[str], tokens: Tokens) -> Outcome:
    value = found["value"]
    if value.startswith(MARK) or not (re.search("[0-9]", value) or len(value) > 24):
        return found.start("value") - found.start()
    return found["scheme"] + tokens.word("secret", value)


BEARER = Kind("secret", r"(?P<scheme>\b(?i:bearer|basic)[ \t]+)(?P<value>[A-Za-z0-9._~+/=-]{12,})", _bearer)
