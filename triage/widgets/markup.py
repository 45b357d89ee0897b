"""HTML of the guide: templates that escape whatever they are given, with nothing invisible in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from triage.escape import clip, visible

#: Longest text of one value. Raw lines have their own limit.
MOST = 4000


def render(template: str, **facts: Any) -> str:
    """The HTML of a template; every value is escaped, and shown with what has no shape of its own in it.

    What is given back by the browser, such as ids and what people type, goes through the filter `exact`.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/``, without its ending.
    """
    return _environment().get_template(f"{template}.html.j2").render(**facts)


def load_templates() -> None:
    """Read all templates, of which the first use would else take as long as a click may."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


@cache
def _environment() -> Environment:
    found = Environment(
        autoescape=True,
        finalize=_shown,
        loader=PackageLoader("triage.widgets", "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    found.filters["number"] = "{:,}".format
    found.filters["exact"] = exact
    found.globals["heights"] = _heights
    return found


def exact(value: str) -> Markup:
    """A value that comes back from the browser, or is edited there: escaped, and otherwise as it is.

    Examples
    --------
    >>> str(exact('a"\u200bb'))
    'a&#34;\u200bb'
    """
    return Markup.escape(value.encode("utf-8", "backslashreplace").decode())


def _heights(counts: Sequence[int]) -> list[float]:
    """Heights of bars, the highest being 10; none that is there is too low to see."""
    top = max(counts, default=0)
    return [max(0.8, 10 * count / top) if count else 0.0 for count in counts]


def _shown(value: Any) -> Any:
    if isinstance(value, Markup):
        return value  # made here, of parts that were escaped
    return visible(clip(value, MOST)) if isinstance(value, str) else value
