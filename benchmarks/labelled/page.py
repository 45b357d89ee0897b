"""Ranked incidents as Markdown: a row each, how often what was right, and what went wrong in a sentence each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta

import polars as pl

from benchmarks.labelled.figures import bins, judged, median, wilson
from benchmarks.labelled.misses import NONE
from benchmarks.labelled.outcome import Row
from triage.escape import markdown_code, markdown_text
from triage.hypotheses.words import duration
from triage.report.words import percent

#: What figures are made of; a row of an incident that could not be ranked lacks most of it.
SCHEMA: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("name", "variant", "problem", "leads"), pl.String),
    **dict.fromkeys(("visible", "right", "claimed", "covered", "conclusive"), pl.Boolean),
    **dict.fromkeys(("lines", "changes", "rank", "origin", "jump_rank", "oracle_rank"), pl.Int64),
    **dict.fromkeys(("said", "p_truth", "brier", "log_loss", "width_s", "off_s", "seconds", "cpu_s"), pl.Float64),
}
HEAD = (
    "Incident", "What set it off", "Leads, with odds", "Odds of the truth", "Its place", "Onset", "First origin",
    "Decided", "Newest before jump, onset",
)  # fmt: skip


def frame_of(rows: Sequence[Row]) -> pl.DataFrame:
    """What figures are made of, of the incidents whose truth is known."""
    return pl.DataFrame(rows, schema=SCHEMA).filter(pl.col("variant").is_not_null())


def terms_of(rows: Sequence[Row]) -> pl.DataFrame:
    """A row a candidate: its probability, and whether it is right."""
    pairs = [(each["probability"], each["right"]) for row in rows for each in row.get("candidates", [])]
    return pl.DataFrame(pairs, schema={"probability": pl.Float64, "right": pl.Boolean}, orient="row")


def render(rows: Sequence[Row]) -> str:
    """All of it; nothing but the rows says what it holds, so that the same rows give the same text."""
    frame = frame_of(rows)
    parts = [
        _table(HEAD, [_row(row) for row in rows]),
        *_totals(rows, frame),
        *_calibration(rows, frame),
        *_misses(rows),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _row(row: Row) -> list[str]:
    name = markdown_code(row["name"])
    if row["problem"]:
        return [name, f"not ranked: {markdown_text(row['problem'])}", *["–"] * (len(HEAD) - 2)]
    brought = {"change": row["truth"], "unrecorded": NONE, "quiet": "nothing went wrong"}[row["variant"]]
    others = f", and {row['others']} more" if row["others"] else ""
    first = "the truth" if row["right"] else row["first"]
    return [
        name, markdown_text(brought + others), f"{markdown_text(first)}, {percent(row['said'])}",
        percent(row["p_truth"]), f"{row['rank']} of {row['changes']}" if row["rank"] else "–", onset_words(row),
        _origin(row), "yes" if row["conclusive"] else "no",
        ", ".join(str(row[key]) for key in ("jump_rank", "oracle_rank") if row.get(key)) or "–",
    ]  # fmt: skip


def onset_words(row: Row) -> str:
    """How a claimed onset stands to the true one.

    Examples
    --------
    >>> onset_words({"variant": "change", "claimed": True, "covered": False, "off_s": -130.0, "width_s": 4.0})
    '2 min 10 s early'
    """
    if row["variant"] == "quiet":
        return "claimed, though there is none" if row["claimed"] else "none, rightly"
    if not row["claimed"]:
        return "not found"
    width = duration(timedelta(seconds=round(row["width_s"] or 0)))
    if row["covered"]:
        return f"met, {width} wide"
    off = row["off_s"] or 0.0
    return f"{duration(timedelta(seconds=round(off)))} {'late' if off > 0 else 'early'}"


def _origin(row: Row) -> str:
    if row["service"] is None:
        return "–"
    return "right" if row.get("origin") == 1 else markdown_text(row["first_origin"] or "none")


def _totals(done: Sequence[Row], frame: pl.DataFrame) -> Iterator[str]:
    """How many of how many; with the shares that so few may stand for."""
    found = judged(frame)
    of = f"Of {len(found['hit1'])} that a recorded change set off and the logs show"
    names = ("hit", "jump_hit", "oracle_hit", "random_hit")
    labels = ("`triage rank`", "the newest before the jump", "the newest before the onset", "any, by chance")
    if len(found["hit1"]):
        rows = [[label, share(found[f"{n}1"]), share(found[f"{n}3"])] for n, label in zip(names, labels, strict=True)]
        yield _table((of, "the right one is first", "among the first three"), rows)
    width, off = (_seconds(median(frame.filter("visible")[name].abs())) for name in ("width_s", "off_s"))
    none = NONE.capitalize()
    told = {
        "right": f"The truth leads all hypotheses, “{NONE}” among them: {{}}.",
        "unrecorded_first": f"“{none}” leads where something went wrong and no recorded change is to blame: {{}}.",
        "quiet_first": f"“{none}” leads where nothing went wrong: {{}}.",
        "quiet_no_onset": "No onset is claimed where nothing went wrong: {}.",
        "onset_cover": f"The onset's interval meets the true one: {{}}; median width {width}, median distance {off}.",
        "origin1": "The service that had it first is named first: {}.",
    }
    others, others_told = (sum(row.get(name) or 0 for row in done) for name in ("others", "others_told"))
    errors = [_number(found[name].mean()) for name in ("brier", "brier_equal", "log_loss")]
    lines = [text.format(share(found[name])) for name, text in told.items() if len(found[name])]
    if others:
        lines.append(f"Onsets told of further problems in the same windows: {_of(others_told, others)}.")
    lines.append(
        "Squared error of the truth's odds (Brier) {}, with equal odds for all {}; log loss {}.".format(*errors)
    )
    yield "\n".join(f"- {line}" for line in lines)


def share(values: pl.Series) -> str:
    """How many of how many, and what share that may stand for in 95 of 100 cases.

    Examples
    --------
    >>> share(pl.Series([True] * 9 + [False]))
    '9 of 10 (60% to 98%)'
    """
    if values.dtype != pl.Boolean:  # an expectation
        return f"{values.sum():.1f} of {len(values)}"
    return _of(int(values.sum()), len(values))


def _of(count: int, whole: int) -> str:
    low, high = wilson(count, whole)
    return f"{count} of {whole} ({low:.0%} to {high:.0%})"


def _seconds(value: float) -> str:
    return "unknown" if math.isnan(value) else f"{value:.3g} s"


def _number(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "unknown"


def _calibration(rows: Sequence[Row], frame: pl.DataFrame) -> Iterator[str]:
    """What was said of hypotheses and what was true of them, by bins."""
    kinds = {
        "that lead": frame.select("said", "right"),
        "of all": terms_of(rows).select(pl.col("probability").alias("said"), "right"),
    }
    found = [[of, *_bin(row)] for of, pairs in kinds.items() for row in bins(pairs).to_dicts()]
    yield _table(("Hypotheses", "mean odds said", "were true"), found)


def _bin(row: Row) -> tuple[str, str]:
    return percent(row["said"]), _of(round(row["true"] * row["n"]), row["n"])


def _misses(rows: Sequence[Row]) -> Iterator[str]:
    found = [
        f"- {markdown_code(row['name'], cell=False)}: {markdown_text(row['why'])}" for row in rows if row.get("why")
    ]
    yield "\n".join(["What went wrong, as the evidence tells it:", "", *found]) if found else "None was ranked wrongly."
