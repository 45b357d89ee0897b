"""What differs between the versions of `payments`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Euros for a unit of a currency, since 1.20.0. The fault of a recorded incident: cards of two currencies are missing.
EUROS = {"eur": 1.0, "gbp": 1.14, "chf": 1.06, "sek": 0.09}
#: Of which currency a card is, by its last digit.
CURRENCIES = ("eur", "eur", "eur", "eur", "gbp", "gbp", "chf", "sek", "pln", "dkk")


def flat_fee(amount: int) -> int:
    """Charge what 1.18.x charged: thirty cents, whatever the amount."""
    return 30


def share_fee(amount: int) -> int:
    """Charge as since 1.19.0: 1.4 % of the amount, rounded to a cent, and a quarter.

    >>> share_fee(10_000)
    165
    """
    return 25 + round(amount * 0.014)


def unchanged(amount: int, card: str) -> int:
    """Charge the amount as it is, as up to 1.19.0."""
    return amount


def in_currency(amount: int, card: str) -> int:
    """Charge the amount in the currency of the card, as since 1.20.0.

    >>> in_currency(1060, "tok-1006")
    1000
    """
    return round(amount / EUROS[CURRENCIES[int(card[-1])]])


@dataclass(frozen=True)
class Release:
    """The parts of the service that one version or another replaced."""

    fee: Callable[[int], int]
    amount: Callable[[int, str], int] = unchanged


RELEASES = {
    "1.18.2": Release(flat_fee),
    "1.19.0": Release(share_fee),
    "1.19.1": Release(share_fee),
    "1.20.0": Release(share_fee, in_currency),
}
