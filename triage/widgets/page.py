"""A page of HTML made in Python, that says what was done with it: what most of the guide is shown with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Act:
    """Something that the reader did.

    Attributes
    ----------
    name : str
        What, as ``data-act`` has it.
    arg : str
        About what, as ``data-arg`` has it.
    value : str
        Of the field that was changed; ``yes`` or nothing for a box.
    fields : mapping
        The named fields of the form around it.
    """

    name: str
    arg: str = ""
    value: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: object) -> Act | None:
        """What a browser sent; None for anything else."""
        if not isinstance(content, dict) or not isinstance(content.get("act"), str):
            return None
        fields = content.get("fields")
        texts = {str(key): str(value) for key, value in fields.items()} if isinstance(fields, dict) else {}
        return cls(content["act"], str(content.get("arg", "")), str(content.get("value", "")), texts)

    def text(self, name: str) -> str:
        """A field without white space around it; empty where there is none."""
        return self.fields.get(name, "").strip()


class Page(anywidget.AnyWidget):
    """Shows HTML and calls back with each `Act`.

    What the reader typed but did not send is in `drafts`, which parts they opened and closed in `opened`, both by id.

    Parameters
    ----------
    heard : callable
        Called with each Act.
    """

    _esm = STATIC / "page.js"
    _css = STATIC / "page.css"

    html = traitlets.Unicode().tag(sync=True)
    drafts = traitlets.Dict().tag(sync=True)
    opened = traitlets.Dict().tag(sync=True)

    def __init__(self, heard: Callable[[Act], None], html: str = "", **traits: Any) -> None:
        super().__init__(html=html, **traits)
        self._heard = heard
        self.on_msg(self._message)

    def _message(self, _widget: Any, content: object, _buffers: Any) -> None:
        if act := Act.of(content):
            self._heard(act)
