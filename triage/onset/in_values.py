"""Onsets of what lines say, and of which of two outcomes they tell, as rows of the table of onsets."""

from __future__ import annotations

import numpy as np
import polars as pl

from triage.onset.bad_values import is_bad
from triage.onset.beside import as_onsets, from_baseline
from triage.onset.frame import ONSETS
from triage.onset.sequences import step_time
from triage.onset.series import UNIT, Series, Window
from triage.onset.siblings import find_mix_shifts
from triage.onset.significance import q_values
from triage.onset.values import Shift, find_shifts

#: Of columns that may hold nothing at all, as the service does where lines name none.
_TYPES = {name: dtype for name, dtype in ONSETS.items() if dtype == pl.String or name == "shown"}


def find_onsets_in_values(
    records: pl.LazyFrame,
    series: Series,
    window: Window,
    templates: pl.DataFrame,
    *,
    baseline: Window | None = None,
    coverage: float = 0.90,
    max_q: float = 0.05,
) -> tuple[pl.DataFrame, int]:
    """Onsets of the kinds *slower*, *shifted* and *mix shift* (see `values` and `siblings`), and how many were tested.

    Parameters
    ----------
    records : polars.LazyFrame
        See `values.find_shifts`.
    series, window, baseline
        As for `find_onsets`.
    templates : polars.DataFrame
        ``template_id`` and ``template``.
    """
    records = from_baseline(records, baseline)
    inside, parameters = find_shifts(records, series, templates)
    between, families = find_mix_shifts(records, series, templates)
    shifts = [*inside, *between]
    tested = parameters + families
    if not shifts:
        return ONSETS.to_frame(), tested
    p = np.exp([shift.step.log_p for shift in shifts])
    # What showed no shift at all was tested as well.
    q = q_values(np.r_[p, np.ones(tested - len(p))])[: len(p)]
    rows = [_row(shift, float(p[k]), float(q[k]), coverage) for k, shift in enumerate(shifts) if q[k] <= max_q]
    if not rows:
        return ONSETS.to_frame(), tested
    found = pl.DataFrame(rows, infer_schema_length=None, schema_overrides=_TYPES)
    return as_onsets(_plainest(found), series, window, baseline), tested


def _plainest(found: pl.DataFrame) -> pl.DataFrame:
    """Of shifts of one kind in one unit that may be of one time the one that says most: of a failure, if one does.

    The same news often stands in several fields: a status, an outcome, an error; and in the text besides.
    """
    bad = is_bad(pl.col("parameter")).fill_null(False)
    ordered = found.with_columns(bad=bad, row=pl.int_range(pl.len())).sort(
        "bad", "llr", "row", descending=[True, True, False]
    )
    kept: dict[tuple[str | None, ...], list[tuple[int, int]]] = {}
    rows = []
    for *key, earliest, latest, row in ordered.select(*UNIT, "kind", "earliest", "latest", "row").iter_rows():
        others = kept.setdefault(tuple(key), [])
        if all(latest < early or late < earliest for early, late in others):
            others.append((earliest, latest))
            rows.append(row)
    return found[sorted(rows)]


def _row(shift: Shift, p: float, q: float, coverage: float) -> dict[str, object]:
    when = step_time(shift.step, shift.times, coverage)
    seen = int((shift.times < when.at).sum())
    return {
        **shift.unit,
        "kind": shift.kind,
        **{name: getattr(when, name) for name in ("at", "earliest", "latest")},
        "llr": shift.step.llr,
        "dispersion": shift.step.dispersion,
        "p_value": p,
        "q_value": q,
        "count_before": seen,
        "count_after": len(shift.times) - seen,
        "given": shift.given,
        "parameter": shift.parameter,
        "part_before": shift.part_before,
        "part_after": shift.part_after,
        "part_unit": shift.part_unit,
        "shown": [{"source": source, "line": line} for source, line in shift.shown],
    }
