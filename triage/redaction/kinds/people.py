"""What names people: e-mail addresses, users in paths, telephone numbers."""

from __future__ import annotations

import re

from triage.redaction.kinds.kind import Kind, Outcome
from triage.redaction.tokens import MARK, Tokens

#: The domain of what stands for e-mail addresses: of those that never exist (RFC 2606).
DOMAIN = "mail.invalid"
#: Letters of Latin, Greek and Cyrillic. Of scripts without spaces between words none: the sentence would go with it.
_LETTER = "[A-Za-z0-9_.%+\u00c0-\u052f-]"
#: logo@2x.png is a file.
_FILES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "map"})


def _email(found: re.Match[str], tokens: Tokens) -> Outcome:
    domain = found["domain"].lower()
    if domain == DOMAIN or domain.rpartition(".")[2] in _FILES:
        return None
    return tokens.word("user", f"{found['local']}@{domain}") + found["at"] + DOMAIN


EMAIL = Kind(
    "e-mail address",
    rf"(?P<local>{_LETTER}{{1,128}})(?P<at>@|%40)(?P<domain>[A-Za-z0-9\u00c0-\u052f-]+"
    r"(?:\.[A-Za-z0-9\u00c0-\u052f-]+)*\.[A-Za-z]{2,})",
    _email,
)

#: Folders that are nobody's own.
_COMMON = frozenset({"Shared", "Public", "Default", "Guest", "All"})


def _home(found: re.Match[str], tokens: Tokens) -> Outcome:
    """A page may lie below `home` as well: behind the method of a request, or the end of a host, it is one."""
    before, name = found["page"], found["name"]
    if before or name in _COMMON or name.startswith(MARK):
        return found.start("name") - found.start()
    return found["folder"] + tokens.word("user", name)


HOME = Kind(
    "user name in a path",
    r"(?P<page>\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) |\.[A-Za-z]{2,10}|:[0-9]{1,5})?"
    r"(?P<folder>/(?:home|Users)/|\\{1,4}Users\\{1,4})(?P<name>[A-Za-z0-9_.@~+\u00c0-\u052f-]+)",
    _home,
)


def _phone(found: re.Match[str], tokens: Tokens) -> Outcome:
    number = found["number"]
    digits = re.sub("[ -]", "", number)
    if digits.startswith(_NOWHERE) or not _SHORTEST <= len(digits) - 1 <= _LONGEST:
        return None
    said = iter(_NOWHERE + str(tokens.number("phone", digits)).zfill(len(digits) - len(_NOWHERE)))
    return found["before"] + "".join(char if char in " -" else next(said) for char in number)


#: A country code that no country has.
_NOWHERE = "+999"
#: Digits of a number with its country's code (ITU-T E.164).
_SHORTEST, _LONGEST = 10, 15
#: With its country's code, in one piece or in groups as people write them. Others look like any number.
PHONE = Kind(
    "telephone number",
    r"(?P<before>[ \t\r\n=:,;/|<>(\[\"']|^)"
    r"(?P<number>\+(?:[1-9][0-9]{9,14}|[1-9][0-9]{0,2}(?:(?: [0-9]{2,4}){2,5}|(?:-[0-9]{2,4}){2,5})))\b",
    _phone,
)
