"""Records of muted templates take no part in a comparison, and it is said."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from triage.patterns import Outcome


def heard(records: pl.LazyFrame, templates: pl.DataFrame) -> pl.LazyFrame:
    """The records whose templates are not muted."""
    muted = templates.filter("muted")["template_id"]
    return records.filter(~pl.col("template_id").is_in(muted.implode())) if len(muted) else records


def muted_note(name: str, count: int) -> list[str]:
    """A note on records that are left out, if there are any."""
    records = "1 record" if count == 1 else f"{count:,} records"
    return [f"{name}: {records} of muted templates are not compared"] if count else []


def corrections_without_effect(corrected: Sequence[Outcome]) -> list[str]:
    """Notes on corrections, above all those that match nothing."""
    return [f"correction: {one.rule.kind}: {one.rule.says}: {one.note}" for one in corrected if one.note]
