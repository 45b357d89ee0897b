"""Charges as the database keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from ..pool import Pool
from ..upstream import Upstream

CHARGE = "INSERT INTO charges (order_id, card, amount_cents, fee_cents) VALUES (%s, %s, %s, %s)"
ORDER = "SELECT order_id, amount_cents, made_at FROM charges WHERE order_id = %s"


@dataclass(frozen=True)
class Charge:
    """What is taken from a card; amounts in cents."""

    order: str
    card: str
    amount: int
    fee: int


def charge(pool: Pool, wanted: Charge, bank: Upstream | None) -> bool:
    """Charge a card, once the bank has agreed; False where the order was charged before."""
    with pool.lease() as connection:
        try:
            with connection.transaction():
                connection.execute(CHARGE, (wanted.order, wanted.card, wanted.amount, wanted.fee))
                if bank:
                    bank.call("POST", "/authorisations", {"card": wanted.card, "amount": wanted.amount})
        except psycopg.errors.UniqueViolation:
            return False
    return True


def order(pool: Pool, wanted: str) -> dict[str, Any] | None:
    """Give a paid order, or None where there is none."""
    with pool.lease() as connection:
        row = connection.execute(ORDER, (wanted,)).fetchone()
    return {"order": row[0], "amount_cents": row[1], "paid_at": row[2].isoformat()} if row else None
