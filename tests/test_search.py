"""Search among templates: each condition alone, all together, and what cannot be asked."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from triage.errors import UsageError
from triage.search import search_templates
from triage.search_hints import nothing_found

ROWS = [
    ("t1", "Pool empty after <NUM> ms", 17, ["inventory"], 5),
    ("t2", "order <NUM> (placed)", 9, ["checkout", "shop"], 1),
    ("t3", "straße <*> + 5%", None, [], 9),
    ("t4", "the \x07 rings", 5, [], 20),
]
NAMES = ["template_id", "template", "severity_number", "services", "minute"]
TABLE = (
    pl.DataFrame(ROWS, schema=NAMES, orient="row")
    .with_columns(pl.datetime(2026, 11, 21, 2, "minute", time_zone="UTC").alias("first"))
    .drop("minute")
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["t1", "t2", "t3", "t4"]),
        ({"text": "pool EMPTY"}, ["t1"]),
        ({"text": "pool\n  empty aft…"}, ["t1"]),
        ({"text": "«BEL» rings"}, ["t4"]),
        ({"text": "the \x07 rings"}, ["t4"]),
        ({"text": "(placed)"}, ["t2"]),
        ({"text": "STRASSE"}, []),
        ({"text": "STRAßE <*> +"}, ["t3"]),
        ({"text": ".*"}, []),
        ({"regex": r"^order .*\)$"}, ["t2"]),
        ({"regex": "pool"}, []),
        ({"regex": "(?i)pool|order"}, ["t1", "t2"]),
        ({"level": "ERROR"}, ["t1"]),
        ({"level": "info"}, ["t1", "t2"]),
        ({"level": "fatal"}, []),
        ({"service": "shop"}, ["t2"]),
        ({"since": "2026-11-21T02:05:00Z"}, ["t1", "t3", "t4"]),
        ({"until": datetime(2026, 11, 21, 2, 5, tzinfo=UTC)}, ["t1", "t2"]),
        ({"since": "2026-11-21 03:02", "until": "2026-11-21 03:05", "zone": "Europe/Berlin"}, ["t1"]),
        ({"text": "<num>", "level": "INFO", "service": "inventory"}, ["t1"]),
    ],
)
def test_what_fits_all_that_is_asked(asked: dict, found: list[str]) -> None:
    assert search_templates(TABLE, **asked)["template_id"].to_list() == found


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"text": 5}, "text: got 5, wanted text, or None"),
        ({"text": "\ud800"}, "text: .* holds half a character"),
        ({"regex": "("}, r"regex: '\(' is no Rust regex \(unclosed group\): see docs.rs/regex"),
        ({"regex": "(?=a)"}, "look-around, .* is not supported.*write out what stands around"),
        ({"regex": "(a{1000}){1000}"}, "regex: .* is too large when it is spelled out: ask for less"),
        ({"level": "errr"}, "level: 'errr' is no level: did you mean ERROR?"),
        ({"level": "7"}, "level: '7' is no level: wanted one of TRACE, DEBUG, INFO"),
        ({"service": "inventry"}, "service: no template is of 'inventry': did you mean 'inventory'?"),
        ({"service": "x"}, "service: no template is of 'x': there are checkout, inventory, shop"),
        ({"since": "soon"}, "since: 'soon' is no point in time"),
        ({"since": "2026-11-22", "until": "2026-11-21"}, r"since .* is after until .*: swap them\?"),
    ],
)
def test_what_cannot_be_asked(asked: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        search_templates(TABLE, **asked)
    assert "\n" not in str(error.value)


def test_a_text_of_any_length_can_be_looked_for() -> None:
    assert search_templates(TABLE, "ab" * 150_000).is_empty()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"text": "pool", "level": "fatal"}, "holds “pool” at fatal or graver: 1 does at lower levels"),
        ({"text": "pool", "service": "shop"}, "holds “pool” of shop: 1 does elsewhere"),
        ({"level": "fatal"}, "is there at fatal or graver: 4 do at lower levels"),
        ({"regex": "^pool"}, "matches “^pool”: 1 does in any case: begin with (?i)"),
        ({"regex": "^x"}, "matches “^x”"),
        (
            {"text": "2026-11-21T02:05:12Z ERROR Pool empty after 31 ms (7)"},
            "a line such as that is of t1: Pool empty after",
        ),
        ({"text": "ordr <NUM> (placed)"}, "the closest is “order <NUM> (placed)”"),
        ({"text": "pool emty"}, "did you mean “empty”?"),
        ({"text": "zebra"}, "none holds the word “zebra”"),
        ({"text": "empty pool"}, "all its words are there, but not next to each other"),
        ({"text": "a\x1b[31m"}, "holds “a«ESC»[31m”"),
    ],
)
def test_a_search_that_finds_nothing_says_what_may_help(asked: dict, said: str) -> None:
    assert search_templates(TABLE, **asked).is_empty()
    line = nothing_found(TABLE, **asked)
    assert line.startswith("none of 4 templates ")
    assert said in line and "\n" not in line
