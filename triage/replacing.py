"""A changed copy of an immutable object that keeps what was worked out for the one it is made of."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def replace_keeping(one: T, **changes: Any) -> T:
    """`dataclasses.replace`, and what cached properties of `one` hold: for changes that none of them depends on.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from functools import cached_property
    >>> @dataclass(frozen=True)
    ... class Measured:
    ...     values: tuple[int, ...]
    ...     label: str = ""
    ...
    ...     @cached_property
    ...     def total(self) -> int:
    ...         print("adding up")
    ...         return sum(self.values)
    >>> measured = Measured((1, 2))
    >>> measured.total
    adding up
    3
    >>> replace_keeping(measured, label="small").total
    3
    """
    again = replace(one, **changes)
    given = {field.name for field in fields(one)}
    vars(again).update((name, held) for name, held in vars(one).items() if name not in given)
    return again
