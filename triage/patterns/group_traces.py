"""What stack traces say about which templates are one problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from triage.display import facts, table, wrapped
from triage.patterns.stack_traces import StackTraces

#: What is said for one problem where exceptions agree and their frames have nothing in common, and what is added as far
#: as they have.
APART, SHARED = -0.5, 2.0
#: Columns of what a template's main stack trace is.
MAIN = ("id", "exception_type", "cause", "frames", "in_app")

#: Frames that a terminal shows.
FRAMES = 20

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, repr=False)
class StackTrace:
    """One row of `Incident.traces`, as a part of something else: the most frequent stack trace of an error group.

    Attributes
    ----------
    frames : tuple of str
        The application's functions, from where it was thrown outwards; of libraries where not `in_app`.
    count : int
        Records of the group that have it.
    """

    id: str
    exception_type: str | None
    cause: str | None
    frames: tuple[str, ...]
    in_app: bool
    count: int

    @property
    def exception(self) -> str:
        """The exception, and what it followed from."""
        kind = self.exception_type or "no exception"
        return f"{kind}, caused by {self.cause}" if self.cause else kind

    def _title(self) -> str:
        whose = "the application's frames" if self.in_app else "frames of libraries"
        return f"Stack trace {self.id}: {self.exception}; {self.count:,} records; {whose}, outwards"

    def __repr__(self) -> str:
        """A line a frame for terminals; notebooks show `_repr_html_`."""
        frames = facts([("at" if place == 0 else "", frame) for place, frame in enumerate(self.frames[:FRAMES])])
        more = [f"  and {len(self.frames) - FRAMES:,} more"] if len(self.frames) > FRAMES else []
        return "\n".join([*wrapped(self._title()), *frames, *more])

    def _repr_html_(self) -> str:
        return table([self._title()], [[frame] for frame in self.frames])


def main_traces(template_ids: pl.Series, traces: StackTraces) -> pl.DataFrame:
    """The most frequent stack trace of each template: `MAIN`, null where it has none, in the order of the templates."""
    ordered = traces.by_template.sort("count", "id", descending=[True, False])
    main = ordered.unique("template_id", keep="first").join(traces.table.select(MAIN), on="id")
    wanted = template_ids.alias("template_id").to_frame()
    return wanted.join(main, on="template_id", how="left", maintain_order="left").select(MAIN)


def group_traces(template_ids: tuple[str, ...], traces: StackTraces) -> tuple[StackTrace | None, tuple[str, ...]]:
    """The most frequent stack trace of some templates, and the ids of all they have."""
    own = traces.by_template.filter(pl.col("template_id").is_in(list(template_ids)))
    counts = own.group_by("id").agg(pl.col("count").sum()).sort("count", "id", descending=[True, False])
    if not len(counts):
        return None, ()
    main, count = counts.row(0)
    row: dict[str, Any] = traces.table.select(MAIN).row(by_predicate=pl.col("id") == main, named=True)
    return StackTrace(**{**row, "frames": tuple(row["frames"])}, count=int(count)), tuple(counts["id"])


def exceptions_alike(exceptions: pl.Series, main: pl.DataFrame) -> Matrix:
    """How much exceptions and frames speak for each pair of templates being one problem: at most 1, below 0 against.

    Of wrapped exceptions what they followed from counts. Thrown at one place they agree, whatever led there.

    Parameters
    ----------
    exceptions : polars.Series of str
        The exception of each template, null where it has none.
    main : polars.DataFrame
        See `main_traces`.
    """
    root = np.array(pl.select(pl.coalesce(main["cause"], exceptions)).to_series().fill_null("").to_list())
    agree = root[:, None] == root[None, :]
    alike: Matrix = agree.astype(float)
    alike[agree & (root == "")] = 0.5  # no exception on either side says little
    rows = np.flatnonzero(main["frames"].is_not_null().to_numpy())
    if len(rows) > 1:
        both = np.ix_(rows, rows)
        alike[both] = np.where(agree[both], _frames_alike(main["frames"].gather(rows)), 0.0)
    return alike


def _frames_alike(frames: pl.Series) -> Matrix:
    lists = frames.to_list()
    names = {name: place for place, name in enumerate(sorted({name for one in lists for name in one}))}
    holds = np.zeros((len(lists), len(names)), dtype=np.float32)
    for row, one in enumerate(lists):
        holds[row, [names[name] for name in one]] = 1
    shared = holds @ holds.T
    every = holds.sum(axis=1)
    share = shared / (every[:, None] + every[None, :] - shared)
    thrown = np.array([names[one[0]] for one in lists])
    one_place = thrown[:, None] == thrown[None, :]
    alike: Matrix = np.where(one_place, 1.0, np.clip(APART + SHARED * share, APART, 1.0))
    return alike


def same_traces(main: pl.DataFrame) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Whether two templates have the same main stack trace."""
    ids = np.array(main["id"].fill_null("").to_list())
    same: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = (ids[:, None] == ids[None, :]) & (ids != "")[:, None]
    return same
