"""What the shop sells: enough for its database to be filled and for its customers to know what to ask for."""

from __future__ import annotations

ITEMS = 400
PAGE = 20
_SCARCE_EVERY, _SCARCE_AT = 40, 7

COLOURS = ("amber", "black", "blue", "copper", "green", "grey", "ivory", "olive", "red", "teal", "white", "yellow")
GOODS = ("basket", "bowl", "chair", "clock", "desk", "kettle", "lamp", "mirror", "pan", "rug", "shelf", "table", "vase")


def sku(number: int) -> str:
    """Name item `number`, counted from 1.

    >>> sku(7)
    'SKU-00007'
    """
    return f"SKU-{number:05d}"


def name(number: int) -> str:
    """Say what item `number` is.

    >>> name(7)
    'green lamp 7'
    """
    return f"{COLOURS[number % len(COLOURS) - 3]} {GOODS[number % len(GOODS) - 1]} {number}"


def is_scarce(number: int) -> bool:
    """Tell whether item `number` is out of stock: one in forty is.

    >>> [number for number in range(1, 100) if is_scarce(number)]
    [7, 47, 87]
    """
    return number % _SCARCE_EVERY == _SCARCE_AT
