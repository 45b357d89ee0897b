"""Routes: paths of requests with what varies from request to request written as ``<*>``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import polars as pl

VARIES = "<*>"
#: Up to so many names in one place of a path are kept; of more, or beside what varies, those with this share of the
#: requests there.
FEW, LEAST_SHARE = 20, 0.01
#: Parts of a path that are told apart, and characters of one; a longer one is no name.
DEEPEST, LONGEST = 8, 40
_VERSION = re.compile(r"v[0-9]{1,2}")
#: What frameworks write for a variable part of a route: {id}, :id, <id>.
_PLACEHOLDER = re.compile(r"\{.*\}|:\w+|<.*>")
_NAME = re.compile(r"[^0-9%@=/]+")


def without_query(path: pl.Expr) -> pl.Expr:
    """Paths without scheme, host, query and long numbers; millions of them become few.

    Examples
    --------
    >>> paths = pl.DataFrame({"path": ["http://a.example/cart/77121?x=1", "/v2/cart;s=1"]})
    >>> paths.select(without_query(pl.col("path")))["path"].to_list()
    ['/cart/<*>', '/v2/cart']
    """
    path = path.str.slice(0, 500).str.replace(r"^[a-z]{2,8}://[^/?#]*", "").str.replace(r"[?#;].*$", "")
    return path.str.replace_all("/[^/]*[0-9][^/]*[0-9][^/]*", f"/{VARIES}")


def find_routes(counts: Mapping[str, int]) -> dict[str, str]:
    """The route of each path.

    Parameters
    ----------
    counts : mapping
        How many requests each path had, of one service and method.

    Examples
    --------
    >>> find_routes({"/items/a-1": 3, "/v2/cart": 1, "/users/{id}": 2, "/": 1})
    {'/items/a-1': '/items/<*>', '/v2/cart': '/v2/cart', '/users/{id}': '/users/{id}', '/': '/'}
    >>> many = {f"/users/{first}{last}": 1 for first in "abcde" for last in "fghij"}
    >>> set(find_routes(many).values())
    {'/users/<*>'}
    """
    parts = {path: tuple(map(_masked, path.split("/", DEEPEST)[1:])) for path in counts}
    for depth in range(DEEPEST):
        there: dict[tuple[str, ...], Counter[str]] = {}
        for path, own in parts.items():
            if len(own) > depth:
                there.setdefault(own[:depth], Counter())[own[depth]] += counts[path]
        rare = {(*before, name) for before, names in there.items() for name in _rare(names)}
        parts = {path: _replaced(own, depth) if own[: depth + 1] in rare else own for path, own in parts.items()}
    return {path: "/" + "/".join(own) for path, own in parts.items()}


def _masked(part: str) -> str:
    if _VERSION.fullmatch(part) or _PLACEHOLDER.fullmatch(part) or not part:
        return part
    return part if len(part) <= LONGEST and _NAME.fullmatch(part) else VARIES


def _rare(names: Counter[str]) -> list[str]:
    """Names that are no part of a route: rare ones of many, or beside others that vary; all where none stands out."""
    if len(names) <= FEW and VARIES not in names:
        return []
    least = LEAST_SHARE * names.total()
    alike = len(names) > FEW and names.most_common(1)[0][1] < 2 * names.total() / len(names)
    return [name for name, count in names.items() if count < least or alike]


def _replaced(own: tuple[str, ...], depth: int) -> tuple[str, ...]:
    return (*own[:depth], VARIES, *own[depth + 1 :])
