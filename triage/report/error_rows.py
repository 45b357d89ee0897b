"""Error groups and onsets as rows of a page."""

from __future__ import annotations

from triage.escape import clip
from triage.report.onset_words import kind_words, sides, step_words
from triage.report.page import GroupRow, OnsetRow
from triage.report.words import Summary, clock, day_of, interval, lag, number, spark

#: Longest template, title or frame in a table.
CELL = 300
#: Frames of an error group's stack trace, and other groups whose errors are in the same requests.
FRAMES, LINKED = 3, 2


def group_row(group: Summary, summary: Summary) -> GroupRow:
    """An error group with its stack trace, what belongs to it and what to check."""
    day = day_of(summary)
    counts = {drawn["id"]: drawn["counts"] for drawn in summary["timeline"]["groups"]}
    trace = group.get("trace") or {"exception_type": "", "cause": "", "frames": []}
    exception = ", caused by ".join(clip(kind, CELL) for kind in (trace["exception_type"], trace["cause"]) if kind)
    return GroupRow(
        title=clip(group["title"], CELL),
        count=f"{group['count']:,}",
        first=clock(group["first"], day) if group["first"] else "",
        last=clock(group["last"], day) if group["last"] else "",
        services=", ".join(group["services"]),
        spark=spark(counts.get(group["id"], [])),
        exception=exception,
        frames=tuple(clip(frame, CELL) for frame in trace["frames"][:FRAMES]),
        template=clip(group.get("template") or "", CELL),
        links=_links(group, {other["id"]: other["title"] for other in summary["error_groups"]}),
        next_check=group.get("next_check") or "",
    )


def _links(group: Summary, titles: dict[str, str]) -> tuple[str, ...]:
    """Which other groups an error group belongs with, the first few of each kind."""
    caused, beside = [group.get("caused_by")], group.get("seen_with") or []
    kinds = (("caused by", caused), ("in the same requests", beside[:LINKED]))
    return tuple(f"{kind}: {clip(titles[name], CELL)}" for kind, names in kinds for name in names if name in titles)


def onset_row(onset: Summary, summary: Summary) -> OnsetRow:
    """An onset with its interval, and what there was before and after it."""
    day = day_of(summary)
    return OnsetRow(
        at=clock(onset["at"], day),
        interval=interval(onset, day),
        when=lag(onset["at"], summary["incident_onset"]),
        kind=kind_words(onset, day),
        **dict(zip(("before", "after"), sides(onset), strict=True)),
        q_value=number(onset["q_value"]),
        services=", ".join(onset["services"]),
        template=clip(onset["template"], CELL),
        step=clip(step_words(onset), CELL),
    )
