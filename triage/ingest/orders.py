"""Whether 03/04/05 is a day, a month or a year first: decided by all dates of a sample together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl

from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.formats.generic import LEAD_CHARS, TIME_CHARS, WORDS
from triage.ingest.spellings import SYNTAXES, Syntax

#: A file is seldom written to for so long, or so long after what it tells of.
LONG_PAST = timedelta(days=3653)


def find_layouts(text: pl.Series, context: Context) -> tuple[Context, tuple[str, ...]]:
    """The context with a layout for each syntax whose order is not plain, and notes on what evidence there was."""
    notes = []
    head = text.str.slice(0, LEAD_CHARS + TIME_CHARS)
    for syntax in SYNTAXES:
        if len(syntax.layouts) < 2:
            continue
        found = head.filter(head.str.contains(syntax.hint))
        found = found.str.extract(rf"^{WORDS}(?P<all>{syntax.pattern})", 2).drop_nulls() if len(found) else found
        if not len(found):
            continue
        layout, why = _best(found, syntax, context)
        context = replace(context, layouts={**context.layouts, syntax.name: layout})
        notes.append(f"dates such as {found[0].split()[0][:10]} were read as {_named(layout)}: {why}")
    return context, tuple(notes)


def _best(found: pl.Series, syntax: Syntax, context: Context) -> tuple[str, str]:
    """The layout that reads the most dates; of those the one in whose order time runs on; else the usual one."""
    layouts = syntax.layouts
    if found.str.contains(r"^[\[(<]?[0-9][^0-9]").any():  # no program writes a year of two digits with one
        layouts = tuple(layout for layout in layouts if not layout.startswith("%y"))
    read = {
        layout: timestamps.parse(found, replace(context, layouts={syntax.name: layout}), (syntax,)).utc
        for layout in layouts
    }
    counts = {layout: len(times) - times.null_count() for layout, times in read.items()}
    most = [layout for layout in layouts if counts[layout] == max(counts.values())]
    if len(most) == 1:
        return most[0], "no other order is possible for all of them"
    late = [layout for layout in most if not _in_future(read[layout], context)] or most
    if len(late) == 1:
        return late[0], "read otherwise, they lie after the file was written"
    spans = {layout: _disorder(read[layout]) for layout in late}
    best = min(late, key=lambda layout: (spans[layout], layouts.index(layout)))
    if sum(span == spans[best] for span in spans.values()) == 1:
        return best, "so they lie closest together"
    recent = [layout for layout in late if not _long_past(read[layout], context)]
    if recent and best not in recent:
        return recent[0], "read otherwise, they lie many years before the file was written"
    return best, "the usual order, for nothing in the log decides it"


def _in_future(times: pl.Series, context: Context) -> bool:
    return context.not_after is not None and bool((times > context.not_after).any())


def _long_past(times: pl.Series, context: Context) -> bool:
    return context.not_after is not None and bool((times < context.not_after - LONG_PAST).all())


def _disorder(times: pl.Series) -> int:
    """How far time moves from line to line, in all, in seconds: in the wrong order of day and month it jumps."""
    return int(times.drop_nulls().dt.epoch("s").diff().abs().sum() or 0)


def _named(layout: str) -> str:
    words = {"d": "day", "m": "month", "y": "year", "Y": "year"}
    return "/".join(words[char] for char in layout.split()[0].replace("%", "").split("/"))
