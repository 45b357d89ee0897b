"""Numbers of accounts that can be told from others by their check digits: cards and IBANs."""

from __future__ import annotations

import re

from triage.redaction.kinds.kind import Kind, Outcome
from triage.redaction.tokens import Tokens

#: How the numbers of cards begin, by their length: American Express, Diners, Visa, Mastercard, Discover, JCB.
_CARDS = re.compile(r"3[47][0-9]{13}|3[0689][0-9]{12}|(?:4|5[1-5]|2[2-7]|35|6011|65)[0-9]*")
#: How what stands for a card begins: no card does, and JSON takes it for a number.
_NO_CARD = "9"


def _card(found: re.Match[str], tokens: Tokens) -> Outcome:
    """An id that traces and requests are joined by stays, whatever its digits: one in ten passes for a card."""
    text = found["number"]
    digits = re.sub("[ -]", "", text)
    if found["id"] or len(digits) not in (14, 15, 16) or not _CARDS.fullmatch(digits) or not luhn(digits):
        return None
    said = _NO_CARD + str(tokens.number("card", digits)).zfill(len(digits) - 1)
    rest = iter(said)
    return "".join(next(rest) if char.isdigit() else char for char in text)


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B).

    Examples
    --------
    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    doubled = [int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


CARD = Kind(
    "card number",
    r"(?P<id>(?i:id|trace|span|request|parent|transaction)[\"'\\]{0,4}[ \t]{0,2}[:=][ \t]{0,2}[\"'\\]{0,4}|[0-9]\.)?"
    r"(?P<number>\b(?:[0-9]{4}(?:[ -][0-9]{4}){3}|[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5}|[0-9]{14,16}))\b",
    _card,
)


def _iban(found: re.Match[str], tokens: Tokens) -> Outcome:
    text = found[0]
    plain = text.replace(" ", "")
    if plain.startswith("XX") or not 15 <= len(plain) <= 34 or not checked_iban(plain):
        return None
    rest = iter("XX" + str(tokens.number("iban", plain)).zfill(len(plain) - 2))
    return "".join(char if char == " " else next(rest) for char in text)


def checked_iban(plain: str) -> bool:
    """Whether the check digits are right (ISO 13616: the remainder by 97 is 1).

    Examples
    --------
    >>> checked_iban("DE89370400440532013000"), checked_iban("DE89370400440532013001")
    (True, False)
    """
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


IBAN = Kind("IBAN", r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", _iban)
