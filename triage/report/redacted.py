"""A summary without secrets and personal data: the same value by the same token wherever it stands in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from triage.escape import CUT
from triage.hypotheses.evidence import LINE_CHARS
from triage.redaction import Redactor, own_patterns
from triage.redaction.text import to_bytes, to_text
from triage.report.bare_values import BareValues
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
_NAME = re.compile("[a-z_]+")
_ADDRESS_LIKE = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){3,}")
#: Ids of hypotheses, and what those of changes begin with before the id of the change.
IDS, CHANGE = frozenset({"id", "hypothesis_id", "about"}), "change-"
#: The end of a text that was cut: what an address, a key or a number may have lost its own end in.
_LAST = re.compile(rf"(?:\b[0-9]+[ -]){{0,5}}[\w.@%+~=:/-]*{CUT}$")


def redact_summary(summary: Summary) -> dict[str, Any]:
    """The summary with everything replaced, and `redaction`: what was, by kind, and how often; never the values.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    """
    redactor = Redactor(own_patterns(keep=sorted(_versions(summary))), users=True)
    texts = _Texts()
    texts.whole(summary)
    # Nearly all texts hold nothing: of ten thousand hypotheses, each text by itself takes half a minute.
    clean = redactor.without(sorted(texts.found))
    _Redacted(redactor, clean).whole(summary)
    found = redactor.tally.to_dict()
    second = _Redacted(redactor, clean, BareValues(redactor.tokens, _services(summary)))
    said: dict[str, Any] = second.whole(summary)
    kinds = [{"kind": kind, "count": row["count"], "values": row["values"]} for kind, row in found.items()]
    if second.count:
        kinds.append({"kind": "one of these again, without what tells it", "count": second.count, "values": 0})
    return said | {"redaction": {"kinds": kinds}}


def _versions(summary: Summary) -> set[str]:
    """Versions that look like addresses, which they are not."""
    rows = [*summary["changes"], *summary.get("versions", [])]
    texts = {str(row.get(name) or "") for row in rows for name in ("version", "before")}
    return {text for text in texts if _ADDRESS_LIKE.fullmatch(text)}


def _services(summary: Summary) -> set[str]:
    names = {row["service"] for row in summary["changes"]} | {row["service"] for row in summary["origins"]}
    return {name for name in names if name} | {name for row in summary["error_groups"] for name in row["services"]}


class _Walk:
    """One way through a summary, to each of its texts with what tells of it."""

    def text(self, text: str) -> str:
        """What becomes of a text."""
        raise NotImplementedError

    def statement(self, text: str) -> str:
        """What becomes of a sentence of ours, which may quote words of others."""
        return self.text(text)

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
        if key in IDS and text.startswith(CHANGE):  # what its change has for an id is replaced in both alike
            return CHANGE + self.text(text.removeprefix(CHANGE))
        if key == "statement":
            return self.statement(text)
        return self._name(text) if key in PATHS else self.text(text)

    def _change(self, change: Summary) -> dict[str, Any]:
        return {name: self._of_change(name, value) for name, value in change.items()}

    def _of_change(self, name: str, value: Any) -> Any:
        if name not in OF_CHANGES:
            return self._behind(name, value)
        return self.text(value) if name == "id" else self._any(name, value)

    def _shared(self, row: Summary) -> dict[str, Any]:
        return {**self._any("", dict(row)), "value": self._behind(str(row["key"]), row["value"])}

    def _behind(self, key: str, value: Any) -> Any:
        """A value that others gave, and its key may tell of."""
        if isinstance(value, Mapping):
            return {self.text(name): self._behind(name, item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._behind(key, item) for item in value]
        if value is None or isinstance(value, bool):
            return value
        # First as it is: in JSON, what is to be told by its beginning may stand behind an n that means a line end.
        own = self.text(value) if isinstance(value, str) else value
        said = self.text(json.dumps({key: own}, ensure_ascii=False))
        try:
            [again] = json.loads(said).values()
        except ValueError:  # what was replaced held a quote of it
            return own
        return again

    def _name(self, name: str) -> str:
        # The folder of a user is known by the slash in front of it. `Redactor.name` would count nothing.
        return self.text(f"/{name}")[1:]


class _Texts(_Walk):
    """All texts that are looked at."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def text(self, text: str) -> str:
        self.found.add(_safe(text))
        return text


class _Redacted(_Walk):
    """Everything replaced; each text is looked at once, and told the same wherever it stands."""

    def __init__(self, redactor: Redactor, clean: frozenset[str], bare: BareValues | None = None) -> None:
        self._redactor, self._clean, self._bare = redactor, clean, bare
        self._known: dict[str, str] = {}

    @property
    def count(self) -> int:
        """How often a value was replaced that stood without its key."""
        return self._bare.count if self._bare else 0

    def text(self, text: str) -> str:
        if text not in self._known:
            found = self._bare.replaced(_uncut(text)) if self._bare else _uncut(text)
            safe = _safe(found)
            self._known[text] = found if safe in self._clean else _again(self._redactor.text(safe))
        return self._known[text]

    def statement(self, text: str) -> str:
        return self.text(self._bare.unquoted(text) if self._bare else text)


def _uncut(text: str) -> str:
    """A raw line without what a value has lost its end in: half an address is not known for one, and tells enough."""
    return _LAST.sub(CUT, text) if len(text) == LINE_CHARS + len(CUT) and text.endswith(CUT) else text


def _own(name: str) -> str:
    """A key of our own, which is a plain name; of others', as a pattern of sources, nothing."""
    return name if _NAME.fullmatch(name) else ""


def _safe(text: str) -> str:
    return text if text.isascii() else to_text(text.encode("utf-8", "surrogatepass"))


def _again(text: str) -> str:
    return to_bytes(text).decode("utf-8", "surrogatepass")


def redaction_lines(summary: Summary) -> Iterator[str]:
    """What was replaced, a line a kind."""
    for row in (summary.get("redaction") or {}).get("kinds", []):
        places = "1 place" if row["count"] == 1 else f"{row['count']:,} places"
        values = f", {row['values']:,} different" if row["values"] else ""
        yield f"{row['kind']}: {places}{values}"
