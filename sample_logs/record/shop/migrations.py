"""Changes of the tables: `python -m shop.migrations --port N --pause S`, which is not a service but ends by itself.

The fault of a recorded incident is here: the pauses that spare the database stand within the transaction, so that the
lock of ALTER TABLE is held through all of them.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time

import psycopg

BATCHES = 20
ADD = "ALTER TABLE charges ADD COLUMN settled_at timestamptz"
COUNT = "SELECT count(*) FROM charges"
FILL = """
    UPDATE charges SET settled_at = made_at
     WHERE order_id IN (SELECT order_id FROM charges WHERE settled_at IS NULL LIMIT %s)"""

log = logging.getLogger("migrations")


def settled_at(port: int, pause: float) -> None:
    """Add the time of settlement to the charges, with what is known of those there are."""
    with psycopg.connect(host="127.0.0.1", port=port, user="shop", dbname="shop", application_name="migrations") as db:
        row = db.execute(COUNT).fetchone()
        rows = int(row[0]) if row else 0
        log.info("0042 settled_at: begins, %d charges", rows)
        db.execute(ADD)
        for batch in range(1, BATCHES + 1):
            db.execute(FILL, (rows // BATCHES + 1,))
            log.info("0042 settled_at: %d of %d charges", min(rows, batch * (rows // BATCHES + 1)), rows)
            time.sleep(pause)
    log.info("0042 settled_at: done")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="shop.migrations")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pause", type=float, required=True)
    told = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)-5s %(message)s")
    settled_at(told.port, told.pause)
