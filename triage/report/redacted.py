"""A summary without secrets and personal data: the same value by the same token wherever it stands in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from triage.redaction import Redactor, own_patterns
from triage.redaction.text import to_bytes, to_text
from triage.report.words import Summary

#: Times, and ids that are hashes or that lines are joined by; ids of changes and hypotheses hold what people wrote.
KEPT = frozenset(
    [
        "at",
        "earliest",
        "latest",
        "until",
        "from",
        "to",
        "first",
        "last",
        "time",
        "end",
        "start",
        "since",
        "written",
        "template_id",
        "template_ids",
        "trace_ids",
        "error_group",
    ]
)
#: Names of files, which become such names again.
PATHS = frozenset({"source", "sources", "logs"})
#: What a change is known to have; of any other field the name says what it is.
OF_CHANGES = frozenset({"id", "time", "end", "kind", "service", "version", "summary", "share", "instances"})
_ADDRESS_LIKE = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){3,}")
#: Values that are looked for without their key are at least so long, and no plain word or number.
LEAST, MOST_VALUES = 5, 2000
_WORD = re.compile(r"[a-z]+|[0-9.,:-]+")


def redact_summary(summary: Summary) -> dict[str, Any]:
    """The summary with everything replaced, and `redaction`: what was, by kind, and how often; never the values.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    """
    redactor = Redactor(own_patterns(keep=sorted(_versions(summary))), users=True)
    # Nearly all texts hold nothing: of ten thousand hypotheses, each text by itself takes half a minute.
    clean = redactor.without(sorted({_safe(text) for text in _texts(summary)}))
    _Walk(redactor, clean).whole(summary)
    found = redactor.tally.to_dict()
    second = _Walk(redactor, clean, _bare(redactor, summary))
    said: dict[str, Any] = second.whole(summary)
    kinds = [{"kind": kind, "count": row["count"], "values": row["values"]} for kind, row in found.items()]
    if second.bare:
        kinds.append({"kind": "one of these again, without what tells it", "count": second.bare, "values": 0})
    return said | {"redaction": {"kinds": kinds}}


def _versions(summary: Summary) -> set[str]:
    """Versions that look like addresses, which they are not."""
    rows = [*summary["changes"], *summary.get("versions", [])]
    texts = {str(row.get(name) or "") for row in rows for name in ("version", "before")}
    return {text for text in texts if _ADDRESS_LIKE.fullmatch(text)}


def _bare(redactor: Redactor, summary: Summary) -> dict[str, str]:
    """Values that were behind a key somewhere and may stand without one elsewhere, with what stands for them."""
    names = {row["service"] for row in summary["changes"]} | {row["service"] for row in summary["origins"]}
    names |= {service for group in summary["error_groups"] for service in group["services"]}
    families = redactor.tokens.values()
    found = {
        value: redactor.tokens.word(family, value)
        for family in ("secret", "user")
        for value in families.get(family, {})
        if len(value) >= LEAST and "@" not in value and not _WORD.fullmatch(value) and value not in names
    }
    return dict(list(found.items())[:MOST_VALUES])


def _texts(value: Any) -> Iterator[str]:
    """All texts in a summary."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


class _Walk:
    """One way through a summary; each text is looked at once, and told the same wherever it stands."""

    def __init__(self, redactor: Redactor, clean: frozenset[str], bare: Mapping[str, str] | None = None) -> None:
        self._redactor, self._clean = redactor, clean
        self._values = bare or {}
        longest = sorted(self._values, key=lambda value: (-len(value), value))
        self._bare = re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in longest)) if longest else None
        self._known: dict[str, str] = {}
        self.bare = 0

    def whole(self, summary: Summary) -> dict[str, Any]:
        return {name: self._part(name, value) for name, value in summary.items()}

    def _part(self, name: str, value: Any) -> Any:
        if name == "changes":
            return [self._change(row) for row in value]
        if name == "shared":
            return [self._shared(row) for row in value]
        return self._any(name, value)

    def _any(self, key: str, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(key, value)
        if isinstance(value, Mapping):
            if key == "versions" and all(isinstance(item, str) for item in value.values()):
                return value  # of packages
            names = self._name if key in ("tz", "services", "clock", "read_as") else self.text
            return {_own(name) or names(name): self._any(name, item) for name, item in value.items()}
        return [self._any(key, item) for item in value] if isinstance(value, list | tuple) else value

    def _text(self, key: str, text: str) -> str:
        if key in KEPT:
            return text
        return self._name(text) if key in PATHS else self.text(text)

    def _change(self, change: Summary) -> dict[str, Any]:
        return {
            name: self._any(name, value) if name in OF_CHANGES else self._behind(name, value)
            for name, value in change.items()
        }

    def _shared(self, row: Summary) -> dict[str, Any]:
        return {**self._any("", dict(row)), "value": self._behind(str(row["key"]), row["value"])}

    def _behind(self, key: str, value: Any) -> Any:
        """A value that its key may tell of."""
        if not isinstance(value, str):
            return self._any(key, value)
        said = self.text(json.dumps({key: value}, ensure_ascii=False))
        try:
            [again] = json.loads(said).values()
        except ValueError:  # what was replaced held a quote of it
            return self.text(value)
        return str(again)

    def _name(self, name: str) -> str:
        # The folder of a user is known by the slash in front of it. `Redactor.name` would count nothing.
        return self.text(f"/{name}")[1:]

    def text(self, text: str) -> str:
        """A text with everything replaced."""
        if text not in self._known:
            found = self._bare.sub(self._token, text) if self._bare else text
            safe = _safe(found)
            self._known[text] = found if safe in self._clean else _again(self._redactor.text(safe))
        return self._known[text]

    def _token(self, found: re.Match[str]) -> str:
        self.bare += 1
        return self._values[found[0]]


def _own(name: str) -> str:
    """A key of our own, which is a plain name; of others', as a pattern of sources, nothing."""
    return name if re.fullmatch("[a-z_]+", name) else ""


def _safe(text: str) -> str:
    return to_text(text.encode("utf-8", "surrogatepass"))


def _again(text: str) -> str:
    return to_bytes(text).decode("utf-8", "surrogatepass")


def redaction_lines(summary: Summary) -> Iterator[str]:
    """What was replaced, a line a kind."""
    for row in (summary.get("redaction") or {}).get("kinds", []):
        places = "1 place" if row["count"] == 1 else f"{row['count']:,} places"
        values = f", {row['values']:,} different" if row["values"] else ""
        yield f"{row['kind']}: {places}{values}"
