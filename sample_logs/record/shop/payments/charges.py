"""Charges as the database keeps them."""

from __future__ import annotations

from typing import Any

import psycopg

from ..pool import Pool

CHARGE = "INSERT INTO charges (order_id, card, amount_cents, fee_cents) VALUES (%s, %s, %s, %s)"
ORDER = "SELECT order_id, amount_cents, made_at FROM charges WHERE order_id = %s"


def charge(pool: Pool, order: str, card: str, amount: int, fee: int) -> bool:
    """Charge a card (amounts in cents); False where the order was charged before."""
    with pool.lease() as connection:
        try:
            connection.execute(CHARGE, (order, card, amount, fee))
        except psycopg.errors.UniqueViolation:
            return False
    return True


def order(pool: Pool, wanted: str) -> dict[str, Any] | None:
    """Give a paid order, or None where there is none."""
    with pool.lease() as connection:
        row = connection.execute(ORDER, (wanted,)).fetchone()
    return {"order": row[0], "amount_cents": row[1], "paid_at": row[2].isoformat()} if row else None
