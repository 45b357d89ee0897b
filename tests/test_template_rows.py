"""Rows of templates against the slow way: each template's records, sorted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from triage.ingest.held import Records
from triage.template_rows import ORDER, TemplateRows

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "template_id": pl.String,
    "timestamp": pl.Datetime("ns", "UTC"),
    "source": pl.String,
    "line": pl.UInt32,
    "service_name": pl.String,
    "host_name": pl.String,
}
MOMENT = st.integers(0, 3).map(lambda seconds: datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=seconds))
ROW = st.tuples(
    st.sampled_from("abc"),
    st.none() | MOMENT,
    st.none() | st.sampled_from(["x.log", "y.log"]),
    st.none() | st.integers(1, 4),
    st.none() | st.just("web"),
    st.none(),
)


@given(st.lists(ROW, max_size=30))
def test_rows_of_a_template_are_its_records_in_order(rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    found = TemplateRows(Records(frame))
    for template in "abc":
        own = frame.with_row_index("row").filter(pl.col("template_id") == template)
        slow = own.sort(ORDER, nulls_last=True, maintain_order=True)["row"]
        assert found.rows(template).to_list() == slow.to_list()
