"""The order of rotated files: ``app.log.2.gz`` was written before ``app.log.1``, and that before ``app.log``."""

from __future__ import annotations

import re

PACKED = re.compile(r"\.(?:gz|zst|zstd|bz2|xz|zip|Z)$", re.IGNORECASE)
#: What rotation adds: a word, a number that grows with age, or a date that does not.
WORD = re.compile(r"(?:\.(?:old|bak|orig|save)|[.-]prev(?:ious)?)(?=(?:\.(?:log|txt|out|json))?$)|~$", re.IGNORECASE)
NUMBER = re.compile(
    r"^(?P<base>.+?)[.-](?P<number>\d{1,4})$|^(?P<stem>.+?)[.-](?P<at>\d{1,3})(?P<end>\.(?:log|txt|out|json))$"
)
DATE = re.compile(
    r"^(?P<base>.+?)[.\-_](?P<date>\d{4}-?\d\d-?\d\d(?:[-_T.]?\d{2,6})?(?:[.-]\d{1,3})?)(?P<end>\.\w{1,5})?$"
)


def age_key(path: str) -> tuple[str, int, str]:
    """A key that sorts the files of a rotated set from the oldest to the one being written, sets by their names.

    Examples
    --------
    >>> sorted(["app.log", "app.log.1", "app.log.10.gz", "app.log.2.gz", "web.log"], key=age_key)
    ['app.log.10.gz', 'app.log.2.gz', 'app.log.1', 'app.log', 'web.log']
    >>> sorted(["app.log", "app.log-20261121.gz", "app-2026-11-20.log"], key=age_key)
    ['app-2026-11-20.log', 'app.log-20261121.gz', 'app.log']
    >>> sorted(["app.log", "app.log.old", "app.log.1"], key=age_key)
    ['app.log.1', 'app.log.old', 'app.log']
    """
    folder, _, name = path.rpartition("/")
    bare = PACKED.sub("", name)
    if dated := DATE.match(bare):
        return (f"{folder}/{_set(dated['base'], dated['end'])}", 0, re.sub(r"\D", "", dated["date"]))
    if numbered := NUMBER.match(bare):
        number = int(numbered["number"] or numbered["at"])
        base = numbered["base"] or f"{numbered['stem']}{numbered['end']}"
        return (f"{folder}/{_set(base, None)}", 1, f"{9999 - number:04}")
    if WORD.search(bare):
        return (f"{folder}/{_set(WORD.sub('', bare), None)}", 2, name)
    return (f"{folder}/{_set(bare, None)}", 3, name)


def _set(base: str, end: str | None) -> str:
    """The name of the set: with and without its suffix alike, for rotation may put the date on either side."""
    return re.sub(r"\.(?:log|txt|out|json)$", "", base + (end or ""))
