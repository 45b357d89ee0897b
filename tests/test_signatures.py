"""Failures are known by their words, in the words of many systems; lines of normal work are not."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.changes.change import KINDS as CHANGES
from triage.patterns.signatures import KINDS, NONE, known_signatures, signature_of, signatures_of

GOLDEN = Path(__file__).parent / "golden" / "signatures"
#: Kinds that need no change behind them, so that there is a claim to make.
BY_THEMSELVES = {"dependency", "resource", "host", "load", "expiry", "data"}


def _rows(name: str) -> list[str]:
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


FAILING = [tuple(row.split(" | ", 1)) for row in _rows("failing.txt")]
NORMAL = _rows("normal.txt")


def test_failures_have_their_signatures() -> None:
    found = signatures_of(pl.Series([text for _, text in FAILING])).to_list()
    assert [(name, text) for name, (_, text) in zip(found, FAILING, strict=True)] == FAILING


def test_normal_work_has_none() -> None:
    found = signatures_of(pl.Series(NORMAL)).to_list()
    assert [(text, name) for text, name in zip(NORMAL, found, strict=True) if name] == []


def test_every_signature_is_in_the_golden_table() -> None:
    assert {each.id for each in known_signatures()} == {name for name, _ in FAILING}


def test_the_table_is_whole() -> None:
    every = known_signatures()
    assert len({each.id for each in every}) == len({each.title for each in every}) == len(every)
    for each in every:
        assert each.kind in KINDS
        assert bool(each.claim) == (each.kind in BY_THEMSELVES), each.id
        assert len(each.title) <= 40 and each.next_check
        assert set(each.likelier) <= {NONE, *CHANGES}
        assert all(0.1 < times < 10 for times in each.likelier.values())


def test_claims_and_checks_name_who_is_concerned() -> None:
    disk, refused = signature_of("disk-full"), signature_of("refused")
    assert disk.claim_for("stock", None) == "The disk of stock filled up"
    assert disk.check_for("stock").startswith("df -h and df -i on the hosts of stock")
    assert refused.claim_for("stock", "db:5432") == "db:5432 takes no connections from stock"
    assert refused.claim_for(None, None) == "What it calls takes no connections from the service"
    assert signature_of("overloaded").claim_for(None, None) == "The service was overloaded"


@given(st.lists(st.one_of(st.none(), st.sampled_from(NORMAL + [text for _, text in FAILING])), max_size=20))
def test_a_text_has_its_signature_whatever_stands_beside_it(texts: list[str | None]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    alone = [signatures_of(pl.Series([text], dtype=pl.String)).item() for text in texts]
    assert signatures_of(column).to_list() == alone


@pytest.mark.parametrize("text", ["", "<script>{service}</script>", "a" * 100_000 + " connection refused"])
def test_odd_texts_have_none(text: str) -> None:
    assert signatures_of(pl.Series([text])).to_list() == [None]
