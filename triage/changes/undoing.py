"""Words that say that a change undoes another one."""

from __future__ import annotations

import re

#: Only the beginning of a summary is looked at.
HEAD = 200

_WORDS = (
    r"(?:auto(?:matic(?:ally)?)?[ -])?"
    r"(?:roll(?:ed|ing|s)?[ -]?back|revert(?:s|ed|ing)?|und(?:o(?:es|ing|ne)?|id)|back(?:ed|ing)? out)"
)
# In front of the first word: "fix(cart): ", "[shop] ", "checkout: ".
_FRONT = r"\W*(?:[\w./()-]{1,40}(?:: |\] ))?\W*"
_UNDONE = re.compile(rf"{_FRONT}{_WORDS}\b(?! (?:button|support|logic|feature|flow|script|plan|test))", re.IGNORECASE)
_BACK_TO = re.compile(r"\b(?:roll(?:ed|ing|s)?[ -]?back|revert(?:ed|ing|s)?) (?:\w+ ){0,3}?to\b", re.IGNORECASE)


def says_undone(text: str | None) -> bool:
    """Whether a summary begins with the undoing of something, or says what it goes back to.

    Examples
    --------
    >>> says_undone("Rollback to 3"), says_undone('Revert "pool per tenant"'), says_undone("cart: undo 2.4.0")
    (True, True, True)
    >>> says_undone("Rollback button for orders"), says_undone("Upgrade complete"), says_undone(None)
    (False, False, False)
    """
    head = (text or "")[:HEAD]
    return bool(_UNDONE.match(head) or _BACK_TO.search(head))
