"""Titles of error groups read as a person would write them, and say which groups are told by one problem."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from triage.patterns.group_titles import MOST, common_target, plain_words, title_of, unique_titles
from triage.patterns.signatures import signature_of, signatures_of

GOLDEN = Path(__file__).parent / "golden" / "titles.txt"
ROWS = [
    [cell if cell != "-" else "" for cell in line.split(" | ")]
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
MESSAGES = {
    "java.net.ConnectException": "Connection refused",
    "org.example.dao.ResourceFailureException": "connection pool exhausted, 20 of 20 in use",
}


def _title(services: str, exception: str, template: str) -> str:
    names = services.split(", ") if services else []
    text = "\n".join([template, f"{exception}: {MESSAGES.get(exception, '')}"])
    found = signatures_of(pl.Series([text])).item()
    signature = signature_of(found) if found else None
    return title_of(plain_words(template, [], names), names, signature, exception or None, None)


@pytest.mark.parametrize("row", ROWS, ids=[row[2] for row in ROWS])
def test_titles(row: list[str]) -> None:
    services, exception, template, title = row
    assert _title(services, exception, template) == title


def test_what_all_texts_say_is_a_part_of_the_title() -> None:
    texts = [f"call {n} to db:5432 failed: status 503" for n in range(4)]
    assert plain_words("call <NUM> to <*> failed: status <NUM>", texts) == "call … to db:5432 failed: status 503"
    assert plain_words("call <NUM> to <*> failed: status <NUM>", texts[:2]) == "call … to … failed: status …"


def test_a_target_is_one_that_all_texts_name() -> None:
    assert common_target(["connect to db:5432 at pool.py:31", "connect to db:5432 at pool.py:31"]) == "db:5432"
    assert common_target(["connect to db:5432", "connect to db:5433"]) is None
    assert common_target(["at 04:03:01 connect to db:5432"]) is None


words = st.text(st.sampled_from("abc <*>…ERROR[]():.-\t\u202e5"), max_size=120)


@given(words, st.lists(words.filter(bool), max_size=4), st.sampled_from([None, "timeout", "disk-full"]), words)
def test_a_title_is_one_short_line(template: str, services: list[str], name: str | None, exception: str) -> None:
    signature = signature_of(name) if name else None
    title = title_of(plain_words(template, [], services), services, signature, exception, None)
    assert 0 < len(title) <= MOST
    assert "\n" not in title


@given(st.lists(st.sampled_from(["a", "a (2)", "b", "c" * MOST]), max_size=12))
def test_titles_are_made_unique_and_stay_short(titles: list[str]) -> None:
    found = unique_titles(titles)
    assert len(set(found)) == len(found) == len(titles)
    assert all(len(title) <= MOST for title in found)


def _log(folder: Path) -> Path:
    """Stock is refused by its database and throws; shop passes that on as a failure of its own; mail has another."""
    stock, shop, mail = [], [], []
    for n in range(30):
        at, trace = f"2026-11-21T04:{n:02d}:00", f"{n:032x}"
        stock.append(
            f'{{"time": "{at}.100Z", "level": "error", "trace_id": "{trace}", "message": '
            f'"hold {n} not taken: dial db:5432: connection refused"}}'
        )
        shop.append(
            f'{{"time": "{at}.200Z", "level": "error", "trace_id": "{trace}", "message": "order {n}: stock said 502"}}'
        )
        mail.append(f'{{"time": "{at}.300Z", "level": "error", "message": "letter {n} came back"}}')
    for name, lines in (("stock", stock), ("shop", shop), ("mail", mail)):
        (folder / f"{name}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_groups_of_one_problem_told_at_two_ends_are_linked(tmp_path: Path) -> None:
    groups = {group.services[0]: group for group in triage.load(_log(tmp_path)).error_groups}
    assert {name: group.title for name, group in groups.items()} == {
        "stock": "stock: hold … not taken: dial db:5432: connection refused",
        "shop": "shop: order …: stock said 502",
        "mail": "mail: letter … came back",
    }
    assert groups["stock"].seen_with == (groups["shop"].id,)
    assert groups["shop"].seen_with == (groups["stock"].id,)
    assert groups["mail"].seen_with == ()
    signature = groups["stock"].signature
    assert signature is not None and (signature.id, groups["stock"].target) == ("refused", "db:5432")
    assert groups["stock"].next_check and groups["mail"].next_check is None


JAVA = """2026-11-21 04:{n:02d}:00,100 ERROR shop - {said}
{exception}: {said}
\tat org.example.{place}.run({place}.java:{line})
"""
CAUSE = """Caused by: org.example.StoreGone: store {n} is gone
\tat org.example.Store.read(Store.java:7)
"""


def test_a_group_names_the_one_whose_exception_it_followed_from(tmp_path: Path) -> None:
    text = ""
    for n in range(40):
        order = {"n": n, "said": f"order {n} was lost", "exception": "org.example.OrderLost", "place": "Order"}
        store = {"n": n, "said": f"no shelf {n}", "exception": "org.example.StoreGone", "place": "Store"}
        text += JAVA.format(**order, line=12) + CAUSE.format(n=n) if n % 2 else JAVA.format(**store, line=7)
    (tmp_path / "shop.log").write_text(text, encoding="utf-8")
    groups = triage.load(tmp_path).error_groups
    assert len(groups) == 2
    of = {group.exception: group for group in groups}
    assert of["org.example.OrderLost"].caused_by == of["org.example.StoreGone"].id
    assert of["org.example.StoreGone"].caused_by is None
    report = tmp_path / "report.md"
    triage.load(tmp_path).report(report)
    assert f"caused by: {of['org.example.StoreGone'].title}" in report.read_text(encoding="utf-8")
