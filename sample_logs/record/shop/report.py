"""The report of the last minutes, run by the clock: `python -m shop.report --port N --minutes M`."""

from __future__ import annotations

import argparse
import logging
import sys

import psycopg

SUMS = """
    SELECT count(*), coalesce(sum(amount_cents), 0), count(*) FILTER (WHERE amount_cents > 10000)
      FROM charges WHERE made_at > now() - %s * interval '1 minute'"""

log = logging.getLogger("report")


def report(port: int, minutes: float) -> None:
    """Say what was sold."""
    with psycopg.connect(
        host="127.0.0.1", port=port, user="payments", dbname="shop", application_name="report", connect_timeout=5
    ) as db:
        row = db.execute(SUMS, (minutes,)).fetchone()
    count, cents, large = row or (0, 0, 0)
    log.info("%d orders of %.2f in %g minutes, %d of them large", count, cents / 100, minutes, large)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="shop.report")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    told = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s report[%(process)d]: %(message)s")
    report(told.port, told.minutes)
