"""PostgreSQL: a new cluster in a temporary directory, with the shop's tables in it."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import psycopg

from .programs import Command, Programs, free_port, path_of, run, unprivileged
from .shop import catalogue

ZONE = "Europe/Berlin"  # of the log only; printed with every time, CET or CEST
ADMIN = "shop"
IN_STOCK = 100_000

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "fsync": "off",  # nothing here outlives the recording
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_timezone": ZONE,
    "log_connections": "on",
    "log_disconnections": "on",
    "log_statement": "mod",
    "log_min_duration_statement": "500",
    "log_lock_waits": "on",
}

TABLES = """
    CREATE TABLE items (
        sku text PRIMARY KEY,
        name text NOT NULL,
        price_cents integer NOT NULL,
        on_hand integer NOT NULL CHECK (on_hand >= 0));
    CREATE TABLE reservations (
        order_id text, sku text REFERENCES items, quantity integer NOT NULL, PRIMARY KEY (order_id, sku));
    CREATE TABLE holds (
        order_id text, sku text REFERENCES items, quantity integer NOT NULL, until timestamptz NOT NULL,
        PRIMARY KEY (order_id, sku));
    CREATE TABLE charges (
        order_id text PRIMARY KEY, card text NOT NULL, amount_cents integer NOT NULL, fee_cents integer NOT NULL,
        made_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE sales (sku text NOT NULL, sold_at timestamptz NOT NULL);
    CREATE ROLE inventory LOGIN;
    CREATE ROLE payments LOGIN;
    GRANT SELECT, UPDATE ON items TO inventory;
    GRANT SELECT ON sales TO inventory;
    GRANT SELECT, INSERT, DELETE ON reservations, holds TO inventory;
    GRANT SELECT, INSERT ON charges TO payments;"""
SALES = """
    INSERT INTO sales
    SELECT 'SKU-' || lpad((1 + n::bigint * 7919 %% %s)::text, 5, '0'),
           timestamptz '2026-01-01' + n * interval '9 seconds'
      FROM generate_series(1, %s) AS n"""
ITEM = "INSERT INTO items VALUES (%s, %s, %s, %s)"


def start(programs: Programs, directory: Path, log: Path, sales: int = 0) -> int:
    """Start PostgreSQL, make the shop's database with so many sales of the past in it, and give the port."""
    user, port, data = unprivileged(), free_port(), directory / "postgresql"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    _initialise(data, user)
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    arguments = [path_of("postgres"), "-D", str(data), "-p", str(port), *options]
    # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    command = Command("PostgreSQL", arguments, log, data, user=user, stop_with=signal.SIGINT)
    programs.start(command, lambda: _answers(port))
    _fill(port, sales)
    return port


def _initialise(data: Path, user: str | None) -> None:
    arguments = [path_of("initdb"), "-D", str(data), "-U", ADMIN, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    run(Command("initdb", arguments, data.with_name("initdb.txt"), data, user=user))


def _connect(port: int, database: str) -> psycopg.Connection:
    unlogged = "-c log_statement=none"  # the log is about the shop, not about how its tables came to be
    return psycopg.connect(host="127.0.0.1", port=port, user=ADMIN, dbname=database, autocommit=True, options=unlogged)


def _answers(port: int) -> bool:
    try:
        _connect(port, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _fill(port: int, sales: int) -> None:
    with _connect(port, "postgres") as connection:
        connection.execute("CREATE DATABASE shop")
    with _connect(port, "shop") as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.executemany(ITEM, [_item(number) for number in range(1, catalogue.ITEMS + 1)])
        cursor.execute(SALES, (catalogue.ITEMS, sales))


def _item(number: int) -> tuple[str, str, int, int]:
    on_hand = 0 if catalogue.is_scarce(number) else IN_STOCK
    return catalogue.sku(number), catalogue.name(number), 499 + 37 * number, on_hand
