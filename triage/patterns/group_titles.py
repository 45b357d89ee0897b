"""Titles of error groups, as a person would write them: who, what, and the exception."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from triage.patterns.signatures import MOST_CHARS, Signature

#: Characters of a title, and of the services in front of it.
MOST, SERVICE_CHARS = 80, 30
#: Texts that agree in a value, for it to be taken for a part of the template.
AGREE = 3
MASK = re.compile(r"<(?:\*|[A-Z][A-Z0-9_]*)>")
GAP = "…"
SEVERAL = re.compile(r"…(?:[^\w…]*…)+")
#: What programs put in front of a message.
LEVELS = frozenset(
    "trace debug info notice warn warning error err severe critical crit fatal alert emerg e w f".split()  # noqa: SIM905
)
#: What closes the part of a line that names thread, request or logger, and words in front of it at most.
HEAD_END, HEAD_WORDS = re.compile(r"^(?:\[[^\]]*\]:?|[|-]|--)$"), 2
#: A host with its port; what stands before the colon of a place in the code ends in one of these.
PLACE = re.compile(r"(?<![\w.:/-])([A-Za-z0-9][\w.-]{1,60}):([1-9]\d{1,4})(?![\w.])")
CODE = re.compile(r"\.(?:py|go|java|kt|scala|rb|js|mjs|ts|c|cc|cpp|h|rs|cs|php|ex|exs|dart|swift|pl|lua)$")


def plain_words(template: str, texts: Sequence[str], services: Sequence[str] = ()) -> str:
    """What a template says, without masks, ids, levels and names of its services.

    A value that is the same in all texts is a part of it.

    Parameters
    ----------
    template : str
        With ``<*>`` or ``<NAME>`` for what varies.
    texts : sequence of str
        Some of its texts.
    services : sequence of str
        Who writes them.

    Examples
    --------
    >>> plain_words("ERROR [<*>] call to <*> failed: status <NUM>", ["ERROR [7] call to db failed: status 503"] * 3)
    'call to db failed: status 503'
    >>> plain_words("ERROR [<*>] call to <*> failed: status <NUM>", [])
    'call to … failed: status …'
    """
    tokens = _first_line(template)
    same = _same_values(tokens, [_first_line(text) for text in texts])
    shown = [same.get(place, MASK.sub(GAP, token)) for place, token in enumerate(tokens)]
    text = SEVERAL.sub(GAP, " ".join(_without_head(shown, services))).strip(" :,;=([{|-")
    return text if _says(text) else ""


def _without_head(tokens: list[str], services: Sequence[str]) -> list[str]:
    """The message, without level, service, thread, request and logger in front of it."""
    ends = [place for place, token in enumerate(tokens[: HEAD_WORDS + 1]) if HEAD_END.match(token)]
    rest = tokens[ends[-1] + 1 :] if ends and len(tokens) > ends[-1] + 2 else tokens
    own = {name.casefold() for name in services}
    while len(rest) > 1 and (not _says(rest[0]) or _in_front(rest[0], own)):
        rest = rest[1:]
    return rest


def _first_line(text: str) -> list[str]:
    return text[:MOST_CHARS].lstrip().split("\n", 1)[0].split()


def _says(token: str) -> bool:
    return any(char.isalnum() for char in token.replace(GAP, ""))


def _in_front(token: str, services: set[str]) -> bool:
    bare = token.strip("[](){}<>:|,-")
    level = bare.casefold() in LEVELS and (bare.isupper() or bare != token)
    return level or bare.casefold() in services or ("." in bare and bare.casefold().split(".")[0] in services)


def _same_values(template: list[str], texts: list[list[str]]) -> dict[int, str]:
    """Words of the texts where the template has masks, if they are the same in all."""
    if len(texts) < AGREE or any(len(text) != len(template) for text in texts):
        return {}
    masked = [place for place, token in enumerate(template) if MASK.search(token)]
    return {place: texts[0][place] for place in masked if len({text[place] for text in texts}) == 1}


def common_target(texts: Sequence[str]) -> str | None:
    """The host and port that all texts name, the last if there are more; None where they name none.

    Examples
    --------
    >>> texts = [f"read 10.0.0.5:{port}->db:5432: connection reset by peer" for port in (41822, 41900)]
    >>> common_target(texts)
    'db:5432'
    """
    if len(texts) < 2:
        return None
    found = [[f"{host}:{port}" for host, port in PLACE.findall(text[:500].replace("->", " ")) if _host(host)]
             for text in texts]  # fmt: skip
    return next((place for place in reversed(found[0]) if all(place in others for others in found)), None)


def _host(name: str) -> bool:
    return not name.isdigit() and not CODE.search(name.casefold())


def title_of(
    words: str, services: Sequence[str], signature: Signature | None, exception: str | None, target: str | None
) -> str:
    """A title of at most `MOST` characters.

    Parameters
    ----------
    words : str
        What the most frequent template says.
    services : sequence of str
        Who writes it, the one with most of it first.
    exception : str or None
        The type, with its package or without.
    target : str or None
        Host and port of what was called.
    """
    kind = (exception or "").rpartition(".")[2].rpartition("::")[2]
    who = _who(services)
    room = MOST - len(who)
    words = " ".join(word for word in words.split() if word.strip("[](){}<>:,;") not in {exception, kind})
    ending = f" ({kind})" if kind and kind.casefold() not in words.casefold() and len(kind) < room // 2 else ""
    text = clip_words(words, room - len(ending))
    if signature and not _tells(text, signature):
        to = f" to {target}" if target and signature.id == "refused" else f" ({target})" if target else ""
        named = f"{signature.title}{to}"
        whole = f"{named}: {words}" if words else named
        # What failed says more than the exception's name where there is no room for both.
        ending = ending if len(whole) + len(ending) <= room else ""
        text = clip_words(whole, room - len(ending))
    return f"{who}{text or 'error without words'}{ending}"


def _tells(text: str, signature: Signature) -> bool:
    """Whether a text says by itself what the signature does."""
    return signature.title in text.casefold() or bool(pl.Series([text]).str.contains(signature.pattern).item())


def _who(services: Sequence[str]) -> str:
    if not services:
        return ""
    named = ", ".join(services) if len(services) < 3 else services[0]
    if len(named) > SERVICE_CHARS:
        named = services[0]
    more = len(services) - (named.count(", ") + 1)
    shown = named if len(named) <= SERVICE_CHARS else f"{named[: SERVICE_CHARS - 1]}{GAP}"
    return f"{shown}{f' and {more} more' if more else ''}: "


def clip_words(text: str, most: int) -> str:
    """A text of at most so many characters, cut between words.

    Examples
    --------
    >>> clip_words("upstream timed out while reading", 25)
    'upstream timed out while…'
    """
    if len(text) <= most:
        return text
    head = text[: most - 1]
    cut = head if text[most - 1].isspace() else head.rpartition(" ")[0]
    return (cut if len(cut) > most // 2 else head).rstrip(f" :,;=([{{-{GAP}") + GAP


def unique_titles(titles: Sequence[str]) -> list[str]:
    """The titles, with a number behind those that came before.

    Examples
    --------
    >>> unique_titles(["db: timed out", "db: timed out", "web: crashed"])
    ['db: timed out', 'db: timed out (2)', 'web: crashed']
    """
    taken: set[str] = set()
    found = []
    for title in titles:
        number, name = 1, title
        while name in taken:
            number += 1
            name = f"{clip_words(title, MOST - 5)} ({number})"
        taken.add(name)
        found.append(name)
    return found
