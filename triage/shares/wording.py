"""What was found to be shared, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.shares.units import Units


def finding_words(row: Mapping[str, Any], units: Units) -> str:
    """How many failing units have a value, and how many others.

    Parameters
    ----------
    row : mapping
        ``bad``, ``bad_all``, ``other``, ``other_all``, ``against``, ``of``, ``key`` and ``value``.
    """
    what = "requests" if units.requests else "lines"
    service, where = units.cohort.service, ""
    if row["of"] is not None and row["of"] != service:
        where = f" in a line of {row['of']}"
    share = row["other"] / row["other_all"]
    others = "others before" if row["against"] == "before" else "others since"
    of = f" of {service}" if service else ""
    drawn = " looked at" if units.failing > _drawn(units) else ""
    with_key = f" with {row['key']}" if row["bad_all"] < _drawn(units) else ""
    head = f"{int(row['bad']):,} of {int(row['bad_all']):,} failing {what}{of}{drawn}{with_key}"
    return f"{head} have {row['key']}={row['value']}{where}; of the {others} {_percent(share)} have it"


def alike_words(key: str, values: int, most: float, units: Units) -> str:
    """That failures do not depend on a place."""
    what = "requests" if units.requests else "lines"
    of = f" of {units.cohort.service}" if units.cohort.service else ""
    head = f"Failing {what}{of} come from all {values} values of {key} alike"
    return f"{head}: none is over {most:.1f} times as frequent as elsewhere"


def _drawn(units: Units) -> int:
    return int((units.frame["side"] == 0).sum())


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{share:.0%}".replace("%", " %")
