"""Parts of the Markdown report on what people said and did, and what is left for them to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from triage.escape import markdown_block, markdown_cell, markdown_lines, markdown_text
from triage.report.markdown_tables import bullets, more, table
from triage.report.page import Page
from triage.report.rows import Blank

#: Stands where a person has to write.
BLANK = "\\[to be written\\]"


def diagnosis(page: Page) -> Iterator[str]:
    """The diagnosis as it was written."""
    if page.diagnosis:
        yield f"**Diagnosis** by {markdown_text(page.diagnosis.by)}, {page.diagnosis.at}:"
        yield markdown_lines(page.diagnosis.text)


def impact(page: Page) -> Iterator[str]:
    """Figures on what fails since the onset, and where they are from."""
    if not page.impact:
        return
    yield "## Impact"
    yield bullets(f"{name}: {markdown_text(value)}" for name, value in page.impact)
    if page.services.rows:
        head = ["service", "errors since", "a minute", "of records", "errors before", "a minute", "of records"]
        rows = (
            [
                markdown_text(row.service),
                *(row.errors, row.rate, row.records, row.errors_before, row.rate_before, row.records_before),
            ]
            for row in page.services.rows
        )
        yield _sides(head, rows, page.impact_compared)
        yield from more(page.services, "services")
    if page.operations.rows:
        head = ["operation", "logged by", "failing since", "share", "failing before", "share"]
        cells = (
            (row.operation, row.service, row.failing, row.share, row.failing_before, row.share_before)
            for row in page.operations.rows
        )
        yield _sides(head, ([*map(markdown_text, row)] for row in cells), page.impact_compared)
        yield from more(page.operations, "operations")
    yield bullets(markdown_text(note) for note in page.impact_notes)


def _sides(head: list[str], rows: Iterable[list[str]], compared: bool) -> str:
    """A table of what there is since the onset and was before; without an onset there is one side alone."""
    if compared:
        return table(head, rows)
    end = next(place for place, name in enumerate(head) if name.endswith(" before"))
    return table([name.removesuffix(" since") for name in head[:end]], (row[:end] for row in rows))


def events(page: Page) -> Iterator[str]:
    """What came when."""
    if page.events.rows:
        yield table(
            ["time", "kind", "what", "by"],
            ([row.time, row.kind, markdown_cell(row.what), markdown_text(row.by)] for row in page.events.rows),
        )
        yield from more(page.events, "events")


def own_hypotheses(page: Page) -> Iterator[str]:
    """Hypotheses that people wrote."""
    if page.own:
        yield "Hypotheses that people wrote:"
        yield table(
            ["hypothesis", "why", "whose", "decision"],
            (
                [
                    *map(markdown_cell, (row.claim, row.why)),
                    markdown_text(f"by {row.by}, no odds"),
                    markdown_cell(row.decision),
                ]
                for row in page.own
            ),
        )


def verdict(page: Page) -> Iterator[str]:
    """Who decided what and why, and what was looked into."""
    yield "## Verdict"
    yield markdown_text(page.verdict)
    if page.verdicts:
        yield table(
            ["at", "by", "decision", "hypothesis", "note"],
            (
                [*map(markdown_text, (row.at, row.by, row.decision, row.about)), markdown_cell(row.note)]
                for row in page.verdicts
            ),
        )
    if page.checks:
        yield "Checks that were done:"
        yield table(
            ["check", "result", "about", "by", "at"],
            (
                [*map(markdown_cell, (row.check, row.result)), *map(markdown_text, (row.about, row.by)), row.at]
                for row in page.checks
            ),
        )


def limits(page: Page) -> Iterator[str]:
    """What the data could not say."""
    if page.limits:
        yield "## What the data could not say"
        yield bullets(markdown_text(sentence) for sentence in page.limits)


def reproduction(page: Page) -> Iterator[str]:
    """Versions, and what was read; the calls are apart, for a notebook has a cell for them."""
    if page.reproduction:
        yield "## To reproduce"
        yield bullets(markdown_text(sentence) for sentence in page.reproduction.remarks)
        named = (f"{name} {number}" for name, number in page.reproduction.versions)
        yield f"Versions: {markdown_text(', '.join(named))}."


def calls(page: Page) -> Iterator[str]:
    """The calls as a block of Python."""
    if page.reproduction:
        yield markdown_block(page.reproduction.code, "python")


def redacted(page: Page) -> Iterator[str]:
    """What was replaced, by kind."""
    if page.redacted is None:
        return
    yield "## Redacted"
    if page.redacted:
        yield "Replaced, the same value by the same words everywhere in this document:"
        yield bullets(markdown_text(line) for line in page.redacted)
    else:
        yield "Looked for addresses, e-mail, keys, tokens, account numbers and ids of users; found none."


def blanks(page: Page) -> Iterator[str]:
    """Sections that only people can write."""
    if page.blanks:
        yield "## To be written by people"
        for blank in page.blanks:
            yield _blank(blank)


def _blank(blank: Blank) -> str:
    return f"### {blank.name}\n\n{BLANK}" + (f" {blank.hint}" if blank.hint else "")
