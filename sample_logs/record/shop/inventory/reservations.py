"""Setting stock aside for an order, as up to 2.3.x: taken from the shelf at once."""

from __future__ import annotations

from typing import Any

import psycopg

from ..pool import Connection, Pool

TAKE = """
    UPDATE items SET on_hand = on_hand - %(quantity)s
     WHERE sku = %(sku)s AND on_hand >= %(quantity)s"""
NOTE = "INSERT INTO reservations (order_id, sku, quantity) VALUES (%(order)s, %(sku)s, %(quantity)s)"


def reserve(pool: Pool, order: str, sku: str, quantity: int) -> str:
    """Take `quantity` of an item for an order.

    Returns
    -------
    str
        "reserved", "already reserved" or "out of stock".
    """
    told = {"order": order, "sku": sku, "quantity": quantity}
    with pool.lease() as connection:
        try:
            return _in_one_go(connection, told)
        except psycopg.errors.UniqueViolation:
            return "already reserved"


def _in_one_go(connection: Connection, told: dict[str, Any]) -> str:
    outcome = "reserved"
    with connection.transaction() as transaction:
        connection.execute(NOTE, told)
        if connection.execute(TAKE, told).rowcount == 0:
            outcome = "out of stock"
            raise psycopg.Rollback(transaction)
    return outcome
