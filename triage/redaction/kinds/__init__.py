"""The kinds of things to redact, in the order in which they are tried where several begin at one place."""

from __future__ import annotations

from triage.redaction.kinds.addresses import DASHED, IPV4, IPV6, MAC, TIME, VERSION
from triage.redaction.kinds.keys import KEY, PRIVATE_KEY
from triage.redaction.kinds.kind import Kind
from triage.redaction.kinds.numbers import CARD, IBAN
from triage.redaction.kinds.people import EMAIL, HOME, PHONE
from triage.redaction.kinds.places import INNER_HOST, KEYED_HOST, LOGIN, LOGIN_HOST, URL_HOST
from triage.redaction.kinds.secrets import BEARER, COOKIE, SECRET
from triage.redaction.kinds.users import USER, USER_PATH

KINDS: tuple[Kind, ...] = (
    PRIVATE_KEY, LOGIN, COOKIE, SECRET, BEARER, KEY, EMAIL, VERSION, TIME, MAC, IPV6, DASHED, IPV4, CARD, IBAN, PHONE,
    HOME,
)  # fmt: skip
#: Only where they are asked for: names of hosts often say what an incident is about.
HOSTS: tuple[Kind, ...] = (LOGIN_HOST, URL_HOST, KEYED_HOST, INNER_HOST)
#: Likewise: in logs that are analysed anew, the lines of one user should still be told from those of a service.
USERS: tuple[Kind, ...] = (USER, USER_PATH)

__all__ = ["HOSTS", "KINDS", "USERS", "Kind"]
