"""The report as a Jupyter notebook: the parts of the Markdown report as cells, and the calls to go on from.

The format is that of nbformat 4.5. Nothing is run: who opens it reads first, and then has the incident at hand.
"""

from __future__ import annotations

import json
from typing import Any

from triage.report.layout import page_of
from triage.report.markdown import sections
from triage.report.page import Page
from triage.report.words import Summary

#: The part that code takes the place of: its calls, and then what shows that they have worked.
CALLS = "calls"
#: Around a cell of text: JupyterLab and nbconvert look for formulas even where a dollar is escaped.
NO_FORMULAS = '<div class="mathjax_ignore tex2jax_ignore">\n\n{}\n\n</div>'
SHOWN = {
    "plot": "incident.plot()",
    "lines": "incident.lines(hypothesis=incident.hypotheses[0].id)",
}


def render_notebook(summary: Summary) -> str:
    """The report as a notebook; the same summary gives the same text.

    Parameters
    ----------
    summary : mapping
        What `triage.report.summary.summarise` gives.
    """
    page = page_of(summary)
    cells = [cell for name, blocks in sections(page) for cell in _cells(name, blocks, page)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cells(name: str, blocks: tuple[str, ...], page: Page) -> list[dict[str, Any]]:
    if name != CALLS or page.reproduction is None:
        text = NO_FORMULAS.format("\n\n".join(blocks))
        return [{"cell_type": "markdown", "id": name, "metadata": {}, "source": text}]
    code = {CALLS: page.reproduction.code} | SHOWN
    return [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": one,
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for one, source in code.items()
    ]
