"""The report as Markdown, for a ticket or a chat; tables as GitHub writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from triage.escape import markdown_block, markdown_code, markdown_lines, markdown_text
from triage.report import markdown_people as people
from triage.report.layout import page_of
from triage.report.markdown_tables import bullets, more, table
from triage.report.page import COUNTS, Evidence, GroupRow, Page, Ranked, ShareRow, SourceRow
from triage.report.words import Summary

#: Hypotheses that are shown with their raw lines; the others without.
WITH_LINES = 3
#: Length of a bar that stands for 100%.
BAR = 20


def render_markdown(summary: Summary) -> str:
    """The report as Markdown; the same summary gives the same text.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    """
    page = page_of(summary)
    return "\n\n".join(block for _, blocks in sections(page) for block in blocks) + "\n"


def sections(page: Page) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The parts of the report in the order of reading, each with a short name and its blocks; none is empty."""
    for name, part in PARTS.items():
        if blocks := tuple(part(page)):
            yield name, blocks


def _head(page: Page) -> Iterator[str]:
    yield f"# Incident triage{f', {page.day}' if page.day else ''}"
    yield f"**{markdown_text(page.headline)}**"
    yield from people.diagnosis(page)
    if page.symptom:
        yield f"Reported: {markdown_text(page.symptom)}"
    yield bullets(f"{name}: {markdown_text(value)}" for name, value in page.facts)
    yield "All times are UTC."
    if page.notes.rows:
        yield bullets(f"Note: {markdown_text(note)}" for note in page.notes.rows)
    if page.needs:
        yield "What would help most:"
        yield bullets(markdown_text(need) for need in page.needs)


def _next(page: Page) -> Iterator[str]:
    if page.next_steps:
        yield "## Check next"
        steps = (f"{markdown_text(step.step)} ({markdown_text(step.about)})" for step in page.next_steps)
        yield "\n".join(f"{place}. {step}" for place, step in enumerate(steps, 1))


def _hypotheses(page: Page) -> Iterator[str]:
    yield "## Hypotheses"
    rows = [
        [str(row.rank), markdown_text(row.odds), f"`{_bar(row.share)}`", markdown_text(row.name), row.when]
        for row in page.hypotheses.rows
    ]
    yield table(["#", "probability", "", "hypothesis", "against the onset"], rows)
    yield from more(page.hypotheses, "hypotheses")
    yield from people.own_hypotheses(page)
    if page.origins:
        yield f"Services by where the trouble shows first: {markdown_text(page.origins)}."


def _evidence(page: Page) -> Iterator[str]:
    if page.hypotheses.rows:
        yield "## Evidence"
        for row in page.hypotheses.rows:
            yield from _hypothesis(row)


def _bar(share: float) -> str:
    full = round(share * BAR)
    return "█" * full + "░" * (BAR - full)


def _hypothesis(row: Ranked) -> Iterator[str]:
    yield f"### {row.rank}. {markdown_text(row.name)}, {markdown_text(row.odds)}"
    yield " ".join(filter(None, (markdown_text(row.claim), markdown_text(_beside(row)))))
    if row.decision:
        yield markdown_lines(row.decision[0].upper() + row.decision[1:])
    sides = [[_finding(found) for found in side] or ["nothing found"] for side in (row.supporting, row.opposing)]
    longest = max(len(side) for side in sides)
    padded = [side + [""] * (longest - len(side)) for side in sides]
    yield table(["For", "Against"], zip(*padded, strict=True))
    if row.rank > WITH_LINES:
        return
    lines = dict(line for found in (*row.supporting, *row.opposing) for line in _raw(found))
    for place, text in lines.items():
        yield f"{place}:"
        yield markdown_block(text)


def _beside(row: Ranked) -> str:
    """What stands beside a hypothesis' odds: its prior, and how often one as good comes by chance."""
    prior = f"before any evidence: {row.prior}" if row.prior else ""
    said = "; ".join(filter(None, (prior, f"as good {row.chance}" if row.chance else "")))
    return f"({said})" if said else ""


def _finding(found: Evidence) -> str:
    weight = f"**{found.strength} {found.weight}** ({found.ratio})"
    place = f" {markdown_code(found.lines.rows[0].place)}" if found.lines.rows else ""
    return f"{weight}: {markdown_text(found.statement)}{place}"


def _raw(found: Evidence) -> Iterator[tuple[str, str]]:
    for line in found.lines.rows:
        if line.text is not None:
            yield markdown_code(line.place, cell=False), line.text


def _timeline(page: Page) -> Iterator[str]:
    if page.strip:
        yield "## Timeline"
        yield markdown_block("\n".join(page.strip))
        yield from people.events(page)


def _changes(page: Page) -> Iterator[str]:
    yield "## Recorded changes"
    if not page.changes.rows:
        yield "No changes were given."
        return
    yield table(
        ["#", "time", "against the onset", "change", "summary", "probability"],
        (
            [str(row.number), row.time, row.when, *map(markdown_text, (row.name, row.summary, row.odds))]
            for row in page.changes.rows
        ),
    )
    yield from more(page.changes, "changes")


def _versions(page: Page) -> Iterator[str]:
    if not page.versions.rows:
        return
    yield "## Versions that the logs show"
    yield table(
        ["first line", "against the onset", "version", "before", "recorded change", "a line"],
        (
            [
                *(row.time, row.when),
                *map(markdown_text, (row.name, row.before, row.change)),
                markdown_code(row.place) if row.place else "",
            ]
            for row in page.versions.rows
        ),
    )
    yield from more(page.versions, "versions")


def _groups(page: Page) -> Iterator[str]:
    yield "## Error groups"
    if not page.groups.rows:
        yield "No errors were found."
        return
    yield table(
        ["records", "error", "over time", "services", "first", "last"],
        (
            [row.count, _error(row), _spark(row.spark), markdown_text(row.services), row.first, row.last]
            for row in page.groups.rows
        ),
    )
    yield from more(page.groups, "error groups")


def _shared(page: Page) -> Iterator[str]:
    if not page.shared.rows and not page.alike:
        return
    yield "## What the failing lines share"
    if page.shared.rows:
        rows = (
            [markdown_text(row.statement), markdown_text(row.also), row.ratio, row.q_value, _place(row)]
            for row in page.shared.rows
        )
        yield table(["finding", "the same ones have", "times as often", "q", "a line"], rows)
        yield from more(page.shared, "findings")
    if page.alike:
        yield bullets(markdown_text(sentence) for sentence in page.alike)


def _place(row: ShareRow) -> str:
    return markdown_code(row.lines[0].place) if row.lines else ""


def _error(row: GroupRow) -> str:
    """An error group's title, where its exception is thrown, what belongs to it and what to check, in one cell."""
    thrown = [f"; thrown: {markdown_code(row.exception)}"] if row.exception else []
    frames = [markdown_code(frame) for frame in row.frames]
    rest = [f"; {markdown_text(link)}" for link in row.links]
    rest += [f"; check: {markdown_text(row.next_check)}"] if row.next_check else []
    at = f" at {' from '.join(frames)}" if frames else ""
    return f"{markdown_text(row.title)}{''.join(thrown)}{at}{''.join(rest)}"


def _spark(blocks: str) -> str:
    # A code span would drop the spaces at its edges.
    return f"`{blocks.replace(' ', '·')}`" if blocks else ""


def _onsets(page: Page) -> Iterator[str]:
    yield "## Onsets"
    if not page.onsets.rows:
        yield "No onsets were found."
        return
    yield table(
        ["at", "between", "kind", "per min before", "after", "q", "services", "template"],
        (
            [
                *(row.at, row.interval, row.kind, row.before, row.after, row.q_value),
                markdown_text(row.services),
                markdown_code(row.template) + (f" {markdown_text(row.step)}" if row.step else ""),
            ]
            for row in page.onsets.rows
        ),
    )
    yield from more(page.onsets, "onsets")


def _sureness(page: Page) -> Iterator[str]:
    yield "## How sure this is"
    yield bullets(markdown_text(sentence) for sentence in page.sureness)


def _corrections(page: Page) -> Iterator[str]:
    if not page.corrections.rows:
        return
    yield "## Corrected templates"
    rows = ([row.kind, markdown_code(row.correction), row.records] for row in page.corrections.rows)
    yield table(["kind", "correction", "records"], rows)
    yield from more(page.corrections, "corrections")


def _assumptions(page: Page) -> Iterator[str]:
    if page.assumptions.rows:
        yield "## Assumptions"
        yield bullets(markdown_text(assumption) for assumption in page.assumptions.rows)
        yield from more(page.assumptions, "assumptions")


def _ledger(page: Page) -> Iterator[str]:
    yield "## Every line accounted for"
    yield page.ledger
    if page.folder:
        yield f"All sources lie in {markdown_code(page.folder, cell=False)}."
    yield table(
        ["source", "format", "sureness", "time zone", "encoding", *COUNTS, "time range", "notes"],
        ([markdown_code(row.source), *map(markdown_text, _cells(row))] for row in page.sources.rows),
    )
    yield from more(page.sources, "sources")


def _cells(row: SourceRow) -> tuple[str, ...]:
    return (row.format, row.sureness, row.zone, row.encoding, *row.counts, row.span, row.notes)


def _made_by(page: Page) -> Iterator[str]:
    yield f"Made by {markdown_text(page.made_by)}. It narrows the search; it does not name what set off the trouble."


#: A new part is a function that yields blocks, and a line here.
PARTS: Mapping[str, Callable[[Page], Iterator[str]]] = {
    "head": _head,
    "next": _next,
    "impact": people.impact,
    "time": _timeline,
    "hypotheses": _hypotheses,
    "verdict": people.verdict,
    "evidence": _evidence,
    "changes": _changes,
    "versions": _versions,
    "groups": _groups,
    "shared": _shared,
    "onsets": _onsets,
    "limits": people.limits,
    "sure": _sureness,
    "assumptions": _assumptions,
    "ledger": _ledger,
    "corrections": _corrections,
    "reproduce": people.reproduction,
    "calls": people.calls,
    "redacted": people.redacted,
    "blanks": people.blanks,
    "made": _made_by,
}
