"""What a word of a message is: a value, a name that may be one, or what a programmer wrote."""

from __future__ import annotations

import re
from functools import lru_cache

from triage.patterns.drain import WILDCARD

#: What masks leave.
VALUE = re.compile(r"<(?:[A-Z]+|\*)>")
LIST = re.compile(r"<(?:[A-Z]+|\*)>(?:(?:, ?|;|\|)<(?:[A-Z]+|\*)>)+")
_KIND = r"<(?:[A-Z]+|\*)>"
#: A value with what is joined to it without a delimiter, such as ``blk_<NUM>``, ``<NUM>ms``, ``web-<NUM>.example``; no
#: path, which tells requests apart.
JOINED = re.compile(rf"(?<![\w.$~/\\-])(?!/\w)(?:[\w$~/\\-]|(?<=\w)\.(?!\.))*{_KIND}(?:[\w.$~/\\-]|{_KIND})*(?<![.])")
#: Of these the name is worth showing, as long as it is always the same.
NUMBERED = re.compile(rf"(?:[A-Za-z]+\.)?{_KIND}")
#: What stands behind the equals sign of a key.
KEYED = re.compile(r"(?<=[\w\])]=)(?![=\s])[^\s,;|&()\[\]{}<>\"'=]+")
#: Characters of a key that are looked at.
KEY_CHARS = 24
#: Keys behind which stands what happened, or what was decided: a word there is no name, whatever it is.
STATE_KEY = re.compile(
    r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
    r"(?i:action|decision|event|mode|op|operation|outcome|phase|result|stage|state|status|verdict)[\])]?=$"
)
EMPTY_KEYED = re.compile(r"(?<=\w=)(?=[,;)\]]?$)")
#: One word in quotes.
QUOTED = re.compile(r"(?<![\w])([\"'])[^\s\"'<>=]+\1")
#: Names of machines, files, classes, and other words that have marks inside: values, if they are not always the same.
NAME = re.compile(
    r"(?<![\w.$/\\<-])(?:"
    r"(?:[\w-]+\.)+[A-Z$][\w$-]*|[\w-]+\.[A-Za-z_$][\w$-]*"
    r"|(?:[\w.-]+/){2,}[\w.-]*|[\w-]+/[\w-]+\.\w+"
    r")(?!\.?[\w=<])"
)
LISTED = re.compile(r"<\*>(?:[,;|/]<\*>)+")
#: So is what holds two values and no three letters together, such as the place ``R<NUM>-M1-ND-C:J<NUM>`` in a rack.
UNNAMED = re.compile(r"([^\w<]*+)(?:[A-Za-z]{1,2}(?![A-Za-z])|<\*>|[0-9_.:/-])++([^\w>]*+)")
#: A word that a programmer wrote: letters and marks; no path, no dotted name. Where a digit or a value is part of it,
#: two letters must stand together.
PLAIN = re.compile(
    r"(?=.*[A-Za-z])(?:[\w.-]+=)?[A-Za-z_:()\[\]{}'\",;!?-]+\.*"
    r"|(?=.*[A-Za-z]{2})(?:[A-Za-z_:()\[\]{}'\",;!?-]|<\*>|(?<=[A-Za-z])[0-9](?![0-9]))+\.?"
)
#: Marks around a word that are no part of a name.
EDGES = "\"'([{<:=,;.!?>}])"
#: What has happened, or is written in capitals as states are.
HAPPENED = re.compile(r".*(?:[a-z]ed|ing|ful|able)|[A-Z]{4,}", re.DOTALL)
#: Words that have an opposite, and those that hold sentences together: they say what a message is about.
_STATES = """
    up down on off in out ok yes no not none true false success failure fail error start stop open close full
    empty low high active inactive idle ready read write online offline sent lost found got done begin end valid
    invalid is are was has the a an to from of for by with and or at begun set reset held left put hit miss paid
"""
STATES = frozenset(_STATES.split())


def is_state(word: str) -> bool:
    """Whether a word says what happened, and is no name.

    Examples
    --------
    >>> is_state("(closed),"), is_state("RUNNING"), is_state("Up"), is_state("ana")
    (True, True, True, False)
    """
    bare = word.strip(EDGES).rpartition("=")[2]
    return bare.lower() in STATES or any(HAPPENED.fullmatch(text) for text in (bare, bare.lower()))


@lru_cache(maxsize=1 << 16)
def alike(word: str) -> tuple[str, str]:
    """A word with values alike, as Drain sees it, and as a template shows it.

    Examples
    --------
    >>> alike("(blk_<NUM>,"), alike("size=<NUM>"), alike("db.example:"), alike("state=up")
    (('(<*>,', '(<*>,'), ('size=<*>', 'size=<NUM>'), ('<*>:', 'db.example:'), ('state=up', 'state=up'))
    >>> alike("result=skip")[0], alike("jobState='lost'")[0], alike("reaction=slow")[0], alike("user=pass")[0]
    ('result=skip', "jobState='lost'", 'reaction=<*>', 'user=<*>')
    """
    shown = word
    if '"' in shown or "'" in shown:
        shown = QUOTED.sub(_quoted, shown)
    bare = shown
    if "<" in shown:
        bare = VALUE.sub(WILDCARD, JOINED.sub(WILDCARD, shown))
        shown = JOINED.sub(_joined, shown)
        if bare.count(WILDCARD) > 1 and (found := UNNAMED.fullmatch(bare)):
            bare = shown = f"{found[1]}{WILDCARD}{found[2]}"
    bare = NAME.sub(WILDCARD, bare)
    if "=" in bare:
        bare = KEYED.sub(_keyed, bare)
        bare = EMPTY_KEYED.sub(WILDCARD, bare)
    if LISTED.search(bare):
        bare = shown = LISTED.sub(WILDCARD, bare)
    return bare, shown


def _keyed(found: re.Match[str]) -> str:
    return found[0] if is_state(found[0]) or _says_state(found) else WILDCARD


def _says_state(found: re.Match[str]) -> bool:
    """Whether a word stands behind a key that says that it is a state."""
    head = found.string[max(0, found.start() - KEY_CHARS) : found.start()]
    return found[0].strip("\"'").isalpha() and STATE_KEY.search(head) is not None


def _joined(found: re.Match[str]) -> str:
    return found[0] if NUMBERED.fullmatch(found[0]) else WILDCARD


def _quoted(found: re.Match[str]) -> str:
    return found[0] if is_state(found[0]) or _says_state(found) else f"{found[1]}{WILDCARD}{found[1]}"
