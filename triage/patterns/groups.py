"""Error groups: error templates that are one problem, by their words, their exception and when they occur."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import polars as pl

from triage.ingest.levels import ERROR
from triage.patterns.error_group import ErrorGroup, ErrorGroups
from triage.patterns.group_links import causes, seen_together
from triage.patterns.group_samples import Samples, edges, find_samples
from triage.patterns.group_titles import common_target, plain_words, title_of, unique_titles
from triage.patterns.group_traces import exceptions_alike, group_traces, main_traces, same_traces
from triage.patterns.likeness import Matrix, groups_of_alike, words_alike
from triage.patterns.signatures import Signature, known_signatures
from triage.patterns.stack_traces import StackTraces, find_traces, has_trace

#: Share of each kind of likeness, and the likeness above which templates are one group.
WORDS, EXCEPTION, TOGETHER = 0.45, 0.2, 0.35
ALIKE = 0.5
#: More templates than this are not compared pairwise (the matrix grows with the square): the rarest stand alone.
COMPARED = 1500
#: Part of a group's records whose texts have a signature, from which the group has it.
SIGNED = 0.3
TIME_BINS = 240
#: What failures are called, for logs that carry no levels.
FAILURE = (
    r"(?i)\b(?:error|exception|fail(?:ed|ure|s)?|fatal|panic|refused|denied|timed? ?out|unavailable|aborted"
    r"|crash(?:ed)?)\b"
)

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def error_records(records: Frame) -> Frame:
    """Records that report a failure: severity ERROR and up, an exception, or its words where no level is given."""
    severe = pl.col("severity_number") >= ERROR
    silent = pl.when(pl.col("severity_number").is_null()).then(pl.col("body"))  # no text, and it is not looked at
    worded = silent.str.slice(0, 500).str.contains(FAILURE)
    thrown = pl.col("exception_type").is_not_null() & (pl.col("severity_number").fill_null(ERROR) > 9)
    return records.filter(severe.fill_null(False) | worded.fill_null(False) | thrown)


def group_errors(records: pl.LazyFrame, templates: pl.DataFrame) -> ErrorGroups:
    """Group the error templates of a records table.

    Parameters
    ----------
    records : polars.LazyFrame
        With ``template_id``.
    templates : polars.DataFrame
        ``template_id`` and ``template``.

    Returns
    -------
    ErrorGroups
        A tuple, the largest first.
    """
    errors = error_records(records)
    facts = _facts(errors).collect()
    if not len(facts):
        return ErrorGroups()
    facts = facts.join(templates.select("template_id", "template"), on="template_id", how="left")
    facts = facts.sort(["count", "template_id"], descending=[True, False])
    # What nobody wrote is not looked for.
    traces = find_traces(errors if facts["traced"].any() else errors.head(0))
    labels = _labels(facts, errors, main_traces(facts["template_id"], traces))
    grouped = facts.with_columns(pl.Series("label", labels)).group_by("label", maintain_order=True)
    samples = find_samples(errors, facts)
    found = [_group(part, traces, samples) for _, part in grouped]
    groups = sorted(found, key=lambda g: (-g.count, g.id))
    return ErrorGroups(_linked(groups, errors))


def _linked(groups: Sequence[ErrorGroup], errors: pl.LazyFrame) -> tuple[ErrorGroup, ...]:
    """The groups with what links them, and with titles of their own."""
    caused = causes(groups)
    together = seen_together(groups, errors, {name: group.id for group in groups for name in group.template_ids})
    titles = unique_titles([group.title for group in groups])
    return tuple(
        replace(group, title=title, caused_by=caused.get(group.id), seen_with=together.get(group.id, ()))
        for group, title in zip(groups, titles, strict=True)
    )


def _facts(errors: pl.LazyFrame) -> pl.LazyFrame:
    return errors.group_by("template_id").agg(
        pl.len().alias("count"),
        pl.col("timestamp").min().alias("first"),
        pl.col("timestamp").max().alias("last"),
        pl.col("service_name").drop_nulls().unique().sort().alias("services"),
        pl.col("exception_type").drop_nulls().mode().sort().first().alias("exception"),
        has_trace().any().alias("traced"),
        *edges(),
    )


def _labels(facts: pl.DataFrame, errors: pl.LazyFrame, main: pl.DataFrame) -> list[int]:
    compared = min(len(facts), COMPARED)
    labels = list(range(len(facts)))
    if compared > 1:
        likeness = _likeness(facts.head(compared), errors, main.head(compared))
        labels[:compared] = groups_of_alike(likeness, ALIKE)
        # The numbers of groups are at most as many as were compared.
        labels[compared:] = range(compared + 1, len(facts) + 1)
    # One stack trace, one problem, also of those that are not compared.
    of_trace: dict[str, int] = {}
    for row, trace in enumerate(main["id"]):
        if trace is not None:
            labels[row] = of_trace.setdefault(trace, labels[row])
    return labels


def _likeness(facts: pl.DataFrame, errors: pl.LazyFrame, main: pl.DataFrame) -> Matrix:
    """How alike each pair of templates is, from 0 to 1."""
    same = exceptions_alike(facts["exception"], main)
    # Services fail together because one calls the other: by their times alone they are not told to be one group.
    together = np.where(_one_service(facts["services"]), TOGETHER * _together(facts, errors), 0.0)
    total = WORDS * words_alike(facts["template"].to_list()) + EXCEPTION * same + together
    total[same_traces(main)] = 1.0
    np.fill_diagonal(total, 1.0)
    likeness: Matrix = np.clip(total, 0.0, 1.0)
    return likeness


def _one_service(services: pl.Series) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Whether some service writes both of two templates, or nobody is known to write one of them."""
    lists = services.to_list()
    names = {name: place for place, name in enumerate(sorted({name for one in lists for name in one}))}
    writes = np.zeros((len(lists), len(names) + 1), dtype=np.float32)
    for row, one in enumerate(lists):
        writes[row, [names[name] for name in one]] = 1
    unknown = np.array([not one for one in lists], dtype=bool)
    shared: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = (writes @ writes.T > 0) | unknown[:, None] | unknown
    return shared


def _together(facts: pl.DataFrame, errors: pl.LazyFrame) -> Matrix:
    """Cosine of the square roots of counts per time bin: do they occur at the same times, at the same rates?"""
    second = pl.col("timestamp").dt.epoch("s").alias("s")
    timed = errors.filter(pl.col("timestamp").is_not_null()).group_by("template_id", second).len().collect()
    counts = np.zeros((len(facts), TIME_BINS))
    if len(timed):
        low, high = int(timed["s"].min()), int(timed["s"].max())  # type: ignore[arg-type]
        bins = ((pl.col("s") - low) * TIME_BINS // max(1, high - low + 1)).alias("bin")
        rows = facts.select("template_id").with_row_index("row")
        cells = timed.with_columns(bins).join(rows, on="template_id").group_by("row", "bin").agg(pl.col("len").sum())
        counts[cells["row"].to_numpy(), cells["bin"].to_numpy()] = cells["len"].to_numpy()
    roots = np.sqrt(counts)
    norms = np.linalg.norm(roots, axis=1, keepdims=True)
    unit = np.divide(roots, norms, out=np.zeros_like(roots), where=norms > 0)
    likeness: Matrix = unit @ unit.T
    return likeness


def _group(part: pl.DataFrame, traces: StackTraces, samples: Samples) -> ErrorGroup:
    rows: list[dict[str, Any]] = part.to_dicts()
    ids = tuple(row["template_id"] for row in rows)
    services = tuple(dict.fromkeys(s for row in rows for s in row["services"]))
    firsts = [row["first"] for row in rows if row["first"] is not None]
    main, trace_ids = group_traces(ids, traces)
    lasts = [row["last"] for row in rows if row["last"] is not None]
    signature, exception = _signature(rows, samples), _exception(part)
    template, texts = str(rows[0]["template"]), samples.texts.get(ids[0], [])
    target = common_target(texts) if signature and signature.kind == "dependency" else None
    # A name in front of what several services write is whom they speak of.
    words = plain_words(template, texts, services if len(services) == 1 else ())
    return ErrorGroup(
        id="g" + hashlib.blake2b(" ".join(sorted(ids)).encode(), digest_size=4).hexdigest(),
        title=title_of(words, services, signature, exception, target),
        count=sum(int(row["count"]) for row in rows),
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        services=services,
        template_ids=ids,
        trace=main,
        trace_ids=trace_ids,
        template=template,
        exception=exception,
        signature=signature,
        target=target,
    )


def _exception(part: pl.DataFrame) -> str | None:
    """The exception of most of a group's records that have one."""
    named = part.filter(pl.col("exception").is_not_null()).group_by("exception").agg(pl.col("count").sum())
    return str(named.sort("count", "exception", descending=[True, False])["exception"][0]) if len(named) else None


def _signature(rows: list[dict[str, Any]], samples: Samples) -> Signature | None:
    """What most texts of a group are, if enough are."""
    told: dict[str, float] = {}
    for row in rows:
        names = samples.signatures[row["template_id"]]
        for name in filter(None, names):
            told[name] = told.get(name, 0.0) + row["count"] / len(names)
    # The table's order decides between equals.
    best = max(known_signatures(), key=lambda each: told.get(each.id, 0.0))
    return best if told.get(best.id, 0.0) >= SIGNED * sum(row["count"] for row in rows) else None
