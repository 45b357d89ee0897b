"""How sure the choice of a source's format is, and which other format came next."""

from __future__ import annotations

from collections.abc import Container, Sequence, Set
from dataclasses import dataclass

import polars as pl

from triage.ingest.cascade import Cascade, Reader
from triage.ingest.context import Context
from triage.ingest.formats.base import Format
from triage.ingest.formats.generic import GenericFormat
from triage.ingest.formats.plain import DATED_INSIDE
from triage.ingest.traces import attached

#: Lines of the sample that every other format is asked about too.
ASKED = 200
#: Two formats read another time where they differ by so much: one may leave out the fraction.
ANOTHER = pl.duration(seconds=1)


@dataclass(frozen=True)
class Choice:
    """The main format of a source, against the best other one.

    Attributes
    ----------
    main, runner_up : str or None
        Names of formats. Those that only look for a time read nearly any log: they are no runner-up of one that knows
        more, unless they are needed for some of the lines.
    share, runner_up_share : float
        Share of the sample's lines at which a record could begin that each reads with a time; the main format as it is
        used, the other as if it were alone.
    sureness : float
        Chance that the next such line gets its right time: (k + 1) / (n + 2), Laplace's rule of succession, where k of
        n such lines in the sample get a time, and not another one from a runner-up that knows more of a line than
        its time. Near 1 for many lines that are all read, 0.5 for none, near 0 where no format fits.
    """

    main: str | None = None
    share: float = 0.0
    runner_up: str | None = None
    runner_up_share: float = 0.0
    sureness: float = 0.0


def judged(
    done: Cascade,
    times: pl.Series,
    dated: pl.Series,
    readers: Sequence[Reader],
    others: Sequence[Format],
    known: Container[str],
    context: Context,
) -> Choice:
    """Judge what the chosen formats made of a sample.

    Parameters
    ----------
    done : Cascade
        What came of its lines.
    times : polars.Series of datetime
        The time that was found in each line, null where none was.
    dated : polars.Series of bool
        Whether a line has its time from its envelope.
    readers : sequence of Reader
        What `done` was made with.
    others : sequence of Format
        The formats that may read a line of the sample.
    known : container of str
        Names of the formats that the sample holds; of the others some are tried all the same.
    """
    frame = _beginnings(done, times, dated, {reader.format.follower for reader in readers})
    if not len(frame):
        return Choice()
    names = [reader.format.name for reader in readers]
    frame = frame.with_columns(
        pl.col("reader").replace_strict(dict(enumerate(names)), return_dtype=pl.String).alias("format")
    )
    timed = frame.filter(pl.col("dated") | pl.col("timestamp").is_not_null())
    main = _most_frequent(frame["format"], names)
    rivals = [fmt for fmt in others if fmt.name != main and (fmt.name in known or not _finds_any_time(fmt))]
    other, share, disputed = _runner_up(frame, rivals, context)
    read = len(timed) * (1 - disputed)
    own = int((timed["format"] == (main or "")).sum())
    return Choice(main, own / len(frame), other, share, (read + 1) / (len(frame) + 2))


def _most_frequent(found: pl.Series, names: Sequence[str]) -> str | None:
    """Of two that are as frequent, the one that is tried first."""
    counts = dict(found.drop_nulls().value_counts().iter_rows())
    return max(counts, key=lambda name: (counts[name], -names.index(name)), default=None)


def _beginnings(done: Cascade, times: pl.Series, dated: pl.Series, followers: Set[str | None]) -> pl.DataFrame:
    """Lines that a format claims, and others at which a record could begin: no part and no head of a trace."""
    within = attached(done.inner)
    for follower in filter(None, followers):
        within = within | done.inner.str.contains(follower).fill_null(False)
    free = ~(within | within.shift(-1, fill_value=False))
    columns = {"text": done.inner, "timestamp": times, "dated": dated, "reader": done.reader}
    return pl.DataFrame(columns).filter(done.claimed | free)


def _runner_up(frame: pl.DataFrame, rivals: Sequence[Format], context: Context) -> tuple[str | None, float, float]:
    """The other format that reads the most lines, its share, and the share that it gives another time."""
    step = max(1, -(-len(frame) // ASKED))
    asked = frame.gather_every(step)
    best: tuple[str | None, float, float] = (None, 0.0, 0.0)
    for fmt in rivals:
        reading = fmt.read(asked["text"], context)
        if not reading.claimed.any():
            continue
        both = asked.with_columns(reading.fields["timestamp"].alias("other"), reading.claimed.alias("claimed"))
        share = _share(both, pl.col("claimed") & (pl.col("dated") | pl.col("other").is_not_null()))
        if share > best[1]:
            another = (pl.col("timestamp") - pl.col("other")).abs() >= ANOTHER
            best = (fmt.name, share, 0.0 if _finds_any_time(fmt) else _share(both, another))
    return best


def _finds_any_time(fmt: Format) -> bool:
    return isinstance(fmt, GenericFormat) or fmt is DATED_INSIDE


def _share(frame: pl.DataFrame, wanted: pl.Expr) -> float:
    return float(frame.select(wanted.fill_null(False).mean().alias("share"))["share"][0])
