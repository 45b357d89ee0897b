"""Keys known by their shape alone: JSON web tokens, access keys of providers, blocks of private keys."""

from __future__ import annotations

import re

from triage.redaction.kinds.kind import Kind, Outcome
from triage.redaction.tokens import MARK, Tokens

_SHAPES = (
    r"eyJ[A-Za-z0-9_-]{8,400}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?",  # JSON web token
    r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b",  # AWS
    r"\bgh[oprsu]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bglpat-[A-Za-z0-9_-]{20,}",
    r"\bxox[a-z]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/[A-Za-z0-9/]{20,}",
    r"\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}",  # Google
    r"\b[prs]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{20,}",  # Stripe
    r"\bSG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,}|\bnpm_[A-Za-z0-9]{30,}|\bsk-[A-Za-z0-9_-]{20,}",
)


def _key(found: re.Match[str], tokens: Tokens) -> Outcome:
    return tokens.word("secret", found[0])


KEY = Kind("secret", "|".join(_SHAPES), _key)

_BREAK = r"(?:[\r\n\t ]|\\[rn])"
_LINE = r"(?:Proc-Type: 4,ENCRYPTED|DEK-Info: [A-Z0-9,-]+|[A-Za-z0-9+/=]{32,})"
BEGIN, END = "-----BEGIN ", "-----END "


def _block(found: re.Match[str], tokens: Tokens) -> Outcome:
    """Each line of the key by a token, so that lines remain as many as they were."""
    body = found["body"] + (found["last"] or "")
    inside = re.sub(r"\\[rn]", "\n", body).strip()
    if not inside or MARK in inside:
        return None
    token = tokens.word("secret", inside)
    parts = re.split(r"(\\[rn]|[\r\n\t ]+)", body)
    said = "".join(part if not part or re.fullmatch(r"\\[rn]|\s+", part) else token for part in parts)
    return found["begin"] + said + (found["end"] or "")


PRIVATE_KEY = Kind(
    "private key",
    rf"(?P<begin>{BEGIN}[A-Z0-9 ]{{0,20}}PRIVATE KEY-----)"
    rf"(?P<body>(?:{_BREAK}{{1,6}}{_LINE})*)"
    rf"(?:(?P<last>{_BREAK}{{0,6}}[A-Za-z0-9+/=]{{0,76}}{_BREAK}{{0,6}})"
    rf"(?P<end>{END}[A-Z0-9 ]{{0,20}}PRIVATE KEY-----))?",
    _block,
)
