"""Known kinds of failures by their words: the table `signatures.toml`, and which of them a text is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import polars as pl

#: What a failure may point to.
KINDS = ("dependency", "resource", "host", "load", "expiry", "data", "code", "config")
#: What stands for no change, or none that was recorded, in `Signature.likelier`.
NONE = "unrecorded"
#: Characters of a text that are looked at: a message and the first frames of its stack trace.
MOST_CHARS = 2_000


@dataclass(frozen=True)
class Signature:
    """A known kind of failure.

    Attributes
    ----------
    title : str
        What it is called, in a few words.
    kind : str
        What it points to, one of `KINDS`.
    pattern : str
        A Rust regex for its texts.
    next_check : str
        One thing to do at once; ``{service}`` stands for who wrote the text.
    claim : str
        What happened where no change is behind it; empty for what people bring about.
    likelier : mapping
        How many times likelier such failures are with a kind of change, or with `NONE`, than in incidents at large.
    """

    id: str
    title: str
    kind: str
    pattern: str
    next_check: str
    claim: str = ""
    likelier: Mapping[str, float] = field(default_factory=dict)

    def check_for(self, service: str | None) -> str:
        """The next check, for a service."""
        return self.next_check.replace("{service}", service or "the service")

    def claim_for(self, service: str | None, target: str | None) -> str:
        """The claim, for a service and for whom it called."""
        said = self.claim.replace("{service}", service or "the service").replace("{target}", target or "What it calls")
        return said[:1].upper() + said[1:] if said.startswith("the service") else said


@cache
def known_signatures() -> tuple[Signature, ...]:
    """The table, in its order: of those that fit a text the first one counts."""
    table = tomllib.loads((files("triage.patterns") / "signatures.toml").read_text("utf-8"))
    return tuple(_signature(dict(row)) for row in table["signature"])


def _signature(row: dict[str, object]) -> Signature:
    patterns = row.pop("patterns")
    assert isinstance(patterns, list)
    return Signature(pattern=f"(?i)(?:{'|'.join(patterns)})", **row)  # type: ignore[arg-type]


@cache
def signature_of(name: str) -> Signature:
    """The signature with an id."""
    return next(each for each in known_signatures() if each.id == name)


def signatures_of(texts: pl.Series) -> pl.Series:
    """The id of the first signature that fits each text; null where none does.

    Examples
    --------
    >>> texts = ["dial tcp 10.0.0.7:5432: connect: connection refused", "retry limit: 5, timeout=30"]
    >>> signatures_of(pl.Series(texts)).to_list()
    ['refused', None]
    """
    # Texts of one kind differ in numbers, and most are there many times.
    unique = texts.unique().str.slice(0, MOST_CHARS).alias("text").to_frame().unique()
    fits = (pl.when(pl.col("text").str.contains(each.pattern)).then(pl.lit(each.id)) for each in known_signatures())
    found = unique.lazy().select("text", pl.coalesce(*fits, pl.lit(None, pl.String)).alias("id")).collect()
    wanted = texts.str.slice(0, MOST_CHARS).alias("text").to_frame()
    return wanted.join(found, on="text", how="left", nulls_equal=True, maintain_order="left")["id"]
