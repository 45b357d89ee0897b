"""The lines of Python that do what was done in the guide: what a widget does, a script can do again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from triage.patterns import Corrections
from triage.settings import Settings


def call(verb: str, *given: Any, **named: Any) -> str:
    """A verb of the incident.

    Examples
    --------
    >>> print(call("decide", "change:1", "rejected", by="ana", note=""))
    incident = incident.decide('change:1', 'rejected', by='ana')
    """
    return f"incident = incident.{verb}({_arguments(given, named)})"


def shown_call(verb: str, *given: Any, **named: Any) -> str:
    """A verb of the incident that only shows something.

    Examples
    --------
    >>> print(shown_call("lines", template="b8", limit=25))
    incident.lines(template='b8', limit=25)
    """
    return f"incident.{verb}({_arguments(given, named)})"


def correction(verb: str, *given: Any, **named: Any) -> str:
    """One more correction of the templates.

    Examples
    --------
    >>> print(correction("mute", "pool is <*>"))
    incident = incident.correct(incident.corrections.mute('pool is <*>'))
    """
    return f"incident = incident.correct(incident.corrections.{verb}({_arguments(given, named)}))"


def correcting(corrections: Corrections) -> str:
    """These corrections, in place of those there are.

    Examples
    --------
    >>> print(correcting(Corrections().mute("pool is <*>")))
    incident = incident.correct({'mute': [{'template': 'pool is <*>'}]})
    """
    return f"incident = incident.correct({corrections.to_dict()!r})"


def reading(settings: Settings, own_checks: object = None) -> str:
    """Reading the logs under other settings; changes, symptom, own checks and what people said stay as they are.

    Examples
    --------
    >>> print(reading(Settings(("logs/",), tz={"redis/*": "Europe/Berlin", "*": "UTC"})))
    incident = triage.load(['logs/'], changes=incident.changes, symptom=incident.symptom, \
tz={'redis/*': 'Europe/Berlin', '*': 'UTC'}).carry_over(incident)
    """
    ranked = ".with_checks(incident.own_checks)" if own_checks else ""
    return (
        f"incident = triage.load({_arguments((list(settings.logs),), _others(settings))}){ranked}.carry_over(incident)"
    )


def loading(logs: list[str], changes: object, symptom: str | None, settings: Settings) -> str:
    """Reading logs for the first time.

    Examples
    --------
    >>> print(loading(["app.log"], "changes.json", None, Settings(("app.log",))))
    incident = triage.load(['app.log'], changes='changes.json')
    """
    given = {"changes": changes, "symptom": symptom, **_set(settings)}
    return f"incident = triage.load({_arguments((logs,), given)})"


class _Raw:
    """A name that stands in a line as it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def _others(settings: Settings) -> dict[str, Any]:
    return {"changes": _Raw("incident.changes"), "symptom": _Raw("incident.symptom"), **_set(settings)}


def _set(settings: Settings) -> dict[str, Any]:
    """The settings that differ from what they are when nothing is said."""
    changed = settings.changed
    if "formats" in changed:
        changed["formats"] = [_Raw(f"triage.LineFormat({_arguments((), one.said)})") for one in settings.formats]
    return changed


def _arguments(given: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    said = [_shown(value) for value in given]
    said += [f"{name}={_shown(value)}" for name, value in named.items() if value not in (None, "", (), {})]
    return ", ".join(said)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return repr(value.isoformat().replace("+00:00", "Z"))
    if isinstance(value, Corrections):
        return repr(value.to_dict())
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_shown, value))}]" if isinstance(value, list) else repr(tuple(value))
    return repr(value)
