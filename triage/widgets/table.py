"""A table to sort and page through in the browser: itables', with what the guide needs of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
from itables.widget import ITable

#: Rows a page.
PAGE = 15


class Table(ITable):
    """Rows of which the reader chooses some.

    Parameters
    ----------
    columns : sequence of str
        Names of columns, left to right.
    chosen : callable
        Called with the numbers of the rows chosen, from 0.
    wrapped : str
        The column that takes the room that is left, and wraps.
    timed : str
        The column with times, which have a line for the day and one for the clock where there is little room.
    drawn : str
        The column with rows of blocks, of equally wide characters.
    """

    def __init__(
        self, columns: Sequence[str], chosen: Callable[[list[int]], None], wrapped: str, timed: str, drawn: str
    ) -> None:
        self._columns = list(columns)
        # Given again with each update: what is left out then is set back to what itables thinks best.
        self._options: dict[str, Any] = {
            "select": {"style": "os", "keys": True},  # a row is chosen with Enter too; arrows go from row to row
            "maxBytes": 0,  # what goes to the browser is limited by the caller, who says so
            "maxRows": 0,
            "maxColumns": 0,
            "order": [],
            "autoWidth": False,
            "pageLength": PAGE,
            "allow_html": False,
            "show_dtypes": False,
            "text_in_header_can_be_selected": False,  # else only the arrow beside it sorts
            "classes": "display compact wrap",
            "style": "width:100%;table-layout:auto",
            "layout": {"topStart": None, "topEnd": None, "bottomStart": "info", "bottomEnd": "paging"},
            "columnDefs": [
                {"targets": self._columns.index(wrapped), "width": "60%"},
                {"targets": self._columns.index(timed), "className": "triage-time"},
                {"targets": self._columns.index(drawn), "className": "triage-spark"},
            ],
        }
        super().__init__(self._frame([]), **self._options)
        self._chosen = chosen
        self.observe(self._select, "selected_rows")

    def fill(self, rows: Sequence[Sequence[Any]]) -> None:
        """Show other rows; none of them is chosen."""
        self.unobserve(self._select, "selected_rows")
        self.update(self._frame(rows), selected_rows=[], **self._options)
        self.observe(self._select, "selected_rows")

    def _frame(self, rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
        data = {name: [row[place] for row in rows] for place, name in enumerate(self._columns)}
        return pl.DataFrame(data, strict=False)

    def _select(self, change: dict[str, Any]) -> None:
        self._chosen(list(change["new"]))
