"""A person at the guide, without a browser: they see the HTML of its pages, and do what a page sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from triage.widgets.frame import Guide
from triage.widgets.page import Page


@dataclass
class Seen(HTMLParser):
    """The elements and the text of a page."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def pages(guide: Guide) -> list[Page]:
    """All pages that are shown, from the top."""
    head, body, *below = guide.widget.children
    return [head, *(one for one in body.children if isinstance(one, Page)), *below]


def seen(guide: Guide) -> Seen:
    """What is on the screen."""
    found = Seen()
    for page in pages(guide):
        found.feed(page.html)
    return found


def do(guide: Guide, act: str, arg: str = "", value: str = "", **fields: str) -> None:
    """Do something that is on the screen: press a button, fill in a form, change a field.

    Raises
    ------
    AssertionError
        If nothing on the screen does that.
    """
    for page in pages(guide):
        found = Seen()
        found.feed(page.html)
        for _tag, attributes in found.elements:
            if attributes.get("data-act") == act and attributes.get("data-arg", "") == arg:
                content = {"act": act, "arg": arg, "value": value, "fields": fields}
                page._handle_custom_msg(content, [])
                return
    raise AssertionError(f"nothing on the screen does {act} {arg}: {seen(guide).text[:2000]}")


def args_of(guide: Guide, act: str) -> list[str]:
    """What can be done so: the arguments of all elements on the screen with an act."""
    return [one["data-arg"] for _, one in seen(guide).elements if one.get("data-act") == act and "data-arg" in one]
