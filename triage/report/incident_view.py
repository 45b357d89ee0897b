"""What notebooks and terminals show of an incident: the headline, what was read, and the leading hypotheses."""

from __future__ import annotations

from triage.display import Markup, aligned, escaped, percent, table, wrapped
from triage.hypotheses import Hypothesis
from triage.incident import Incident
from triage.report.headline import headline
from triage.report.summary import summarise_briefly

#: Hypotheses shown in a notebook and in a terminal.
SHOWN, LINES = 5, 3


def incident_html(incident: Incident) -> str:
    """The headline, a line on what was read, and a table of the leading hypotheses."""
    decided = {id: verdict.decision for id, verdict in incident.verdicts.by_hypothesis().items()}
    head = ["", "odds", "hypothesis", "verdict", "id"]
    rows = [_row(h, decided.get(h.id, "")) for h in incident.hypotheses[:SHOWN]]
    if not any(decided.get(h.id) for h in incident.hypotheses[:SHOWN]):
        head, rows = [n for n in head if n != "verdict"], [[*row[:3], row[4]] for row in rows]
    more = len(incident.hypotheses) - SHOWN
    rest = f"<p>{more:,} more in <code>hypotheses</code></p>" if more > 0 else ""
    said = escaped(headline(summarise_briefly(incident)), 2000)
    return f"<p>{said}</p>{table(head, rows, _read(incident), {'', 'odds'}, {'id'})}{rest}"


def incident_text(incident: Incident) -> str:
    """A few lines that say the same."""
    rows = [(f"{h.rank}.", percent(h.probability), h.claim) for h in incident.hypotheses[:LINES]]
    said = wrapped(headline(summarise_briefly(incident)), "  ")
    return "\n".join([*wrapped(f"Incident: {_read(incident)}"), *said, *aligned(rows, right={0, 1})])


def _row(hypothesis: Hypothesis, verdict: str) -> list[object]:
    return [hypothesis.rank, percent(hypothesis.probability), hypothesis.claim, verdict, Markup(escaped(hypothesis.id))]


def _read(incident: Incident) -> str:
    """What there is, counted."""
    counts = {
        "line": incident.ledger.lines,
        "source": len(incident.ledger.sources),
        "template": len(incident.templates),
        "error group": len(incident.error_groups),
        "change": len(incident.changes),
    }
    told = [f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in counts.items()]
    missing = f", {incident.ledger.unaccounted:,} lines unaccounted for" if incident.ledger.unaccounted else ""
    return f"{', '.join(told)}{missing}"
