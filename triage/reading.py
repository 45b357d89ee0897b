"""From what the user names to records with templates: the part of the way that needs no changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from triage.ingest import Ingested, read_into
from triage.ingest.as_polars import is_frame
from triage.ingest.engine import Engine
from triage.ingest.frames import read_frame
from triage.ingest.options import Progress, ReadOptions
from triage.ingest.schema import empty_records
from triage.patterns import Corrections, Outcome, assign_templates, corrected_templates, error_records, shapes_of
from triage.patterns.corrections import NONE
from triage.settings import Settings


def read(logs: Any, settings: Settings, engine: Engine | None = None, progress: Progress | None = None) -> Ingested:
    """Records and ledger of paths or a frame."""
    if is_frame(logs):
        return read_frame(logs, settings.zone, settings.columns)
    frames: list[pl.DataFrame] = []
    ledger = read_into(frames.append, logs, options_of(settings, engine, progress))
    return Ingested(pl.concat(frames) if frames else empty_records(), ledger)


def options_of(settings: Settings, engine: Engine | None = None, progress: Progress | None = None) -> ReadOptions:
    """How logs are read under these settings."""
    how = ReadOptions(
        tz=settings.tz,
        services=settings.services,
        clock=settings.clock,
        since=settings.since,
        formats=settings.formats,
        progress=progress,
        columns=settings.columns,
    )
    return replace(how, engine=engine) if engine else how


def find_patterns(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records with ``template_id``, and the table of templates."""
    return find_corrected(records, NONE)[:2]


def find_corrected(
    records: pl.DataFrame, corrections: Corrections
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Outcome, ...]]:
    """Records with ``template_id``, the table of templates, and what became of each correction."""
    place, shapes = shapes_of(records, corrections)
    mined, outcomes = corrected_templates(shapes, corrections)
    ids = assign_templates(shapes, mined)["template_id"]
    texts = mined.select("template_id", "template").unique().sort("template_id")
    return records.with_columns(ids[place]), texts, outcomes


def describe_templates(records: pl.DataFrame, texts: pl.DataFrame, corrections: Corrections = NONE) -> pl.DataFrame:
    """Count, severity, services, first, last, and if it is muted, of each template; the most frequent first."""
    failing = error_records(records)["template_id"].unique()
    facts = records.group_by("template_id").agg(
        pl.len().cast(pl.UInt64).alias("count"),
        pl.col("severity_number").max(),
        pl.col("severity_text").drop_nulls().mode().sort().first(),
        pl.col("service_name").drop_nulls().unique().sort().alias("services"),
        pl.col("timestamp").min().alias("first"),
        pl.col("timestamp").max().alias("last"),
    )
    return (
        texts.join(facts, on="template_id", how="inner")
        .with_columns(
            pl.col("template_id").is_in(failing.implode()).alias("failing"), corrections.is_muted().alias("muted")
        )
        .sort(["count", "template_id"], descending=[True, False])
    )


def between(records: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Records not before `since` nor after `until`; untimed ones only where neither is set."""
    if settings.since:
        records = records.filter(pl.col("timestamp") >= settings.since)
    if settings.until:
        records = records.filter(pl.col("timestamp") <= settings.until)
    return records
