"""A hypothesis, and what notebooks and terminals show of one and of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triage.changes import Change
from triage.display import Listed, Markup, aligned, breakable, escaped, facts, folded, percent, table, wrapped
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.signs import Sign

#: Hypotheses that are shown at once; those that a fold holds besides.
SHOWN, MOST = 10, 200


@dataclass(frozen=True, repr=False)
class Hypothesis:
    """One candidate with its odds.

    Attributes
    ----------
    rank : int
        1 is the likeliest.
    kind : str
        ``change``, ``unrecorded``, or one that the logs suggest: ``dependency``, ``resource``, ``host``, ``load``,
        ``expiry``, ``data``, each a special case of ``unrecorded``.
    probability : float
        All hypotheses together sum to 1.
    prior : float
        The probability before any evidence.
    evidence : tuple of Evidence
        Every term of the sum, the heaviest first.
    chance : float or None
        How often some change would score as high, had the trouble begun at any other time (see `placebo`); None where
        that cannot be asked: for `unrecorded`, and without an onset.
    """

    rank: int
    id: str
    kind: str
    claim: str
    probability: float
    prior: float
    evidence: tuple[Evidence, ...]
    next_checks: tuple[str, ...]
    change: Change | None = None
    sign: Sign | None = None
    chance: float | None = None

    @property
    def change_id(self) -> str | None:
        """The change's id, for kind ``change``."""
        return self.change.id if self.change else None

    @property
    def service(self) -> str | None:
        """The service concerned; none for kind ``unrecorded``."""
        about = self.change or self.sign
        return about.service if about else None

    @property
    def evidence_for(self) -> tuple[Evidence, ...]:
        """What speaks for it."""
        return tuple(e for e in self.evidence if e.weight > 0)

    @property
    def evidence_against(self) -> tuple[Evidence, ...]:
        """What speaks against it, or for nothing."""
        return tuple(e for e in self.evidence if e.weight <= 0)

    @property
    def _chance(self) -> str:
        return "" if self.chance is None else f" (as good by chance in {percent(self.chance)} of cases)"

    def __repr__(self) -> str:
        """A few lines for terminals; notebooks show `_repr_html_`."""
        sides = (("for", self.evidence_for), ("against", self.evidence_against))
        rows = [(side, f"{e.weight:+.2f}", e) for side, found in sides for e in found]
        lines = [line for side, weight, e in rows for line in wrapped(_statement(e), f"  {side:<8}{weight:>6}  ")]
        steps = [line for step in self.next_checks for line in wrapped(step, "    - ")]
        about = [("id", self.id), ("prior", f"{percent(self.prior)}, before the evidence below, in nats")]
        head = wrapped(f"Hypothesis {self.rank}: {percent(self.probability)}{self._chance}: {self.claim}")
        return "\n".join([*head, *facts(about), *lines, *(["  check next:", *steps] if steps else [])])

    def _repr_html_(self) -> str:
        sides = (("for", self.evidence_for), ("against", self.evidence_against))
        rows = [(side, f"{e.weight:+.2f}", _with_lines(e)) for side, found in sides for e in found]
        steps = "".join(f"<li>{escaped(step)}</li>" for step in self.next_checks)
        title = f"{self.rank}. {percent(self.probability)} {self.claim}{self._chance}"
        shown = table(["", "weight (nats)", "evidence"], rows, title, {"weight (nats)"})
        return f"{shown}<p>Next checks</p><ol>{steps}</ol>" if steps else shown


def _statement(evidence: Evidence) -> str:
    first = evidence.lines[0] if evidence.lines else None
    return f"{evidence.statement} [{first.source}:{first.line}]" if first else evidence.statement


def _with_lines(evidence: Evidence) -> Markup:
    """The statement, and behind it the raw lines it stands on."""
    statement = escaped(evidence.statement)
    if not evidence.lines:
        return Markup(statement)
    rows = [[breakable(f"{line.source}:{line.line}"), line.text] for line in evidence.lines]
    count = len(rows)
    return Markup(statement + folded("1 line" if count == 1 else f"{count} lines", table(["place", "raw line"], rows)))


class Hypotheses(Listed[Hypothesis]):
    """Hypotheses, the likeliest first: a tuple."""

    __slots__ = ()

    def __repr__(self) -> str:
        """A line a hypothesis for terminals; notebooks show `_repr_html_`."""
        rows = [("", "odds", "hypothesis"), *((f"{h.rank}.", percent(h.probability), h.claim) for h in self[:SHOWN])]
        more = [f"  and {len(self) - SHOWN:,} more"] if len(self) > SHOWN else []
        return "\n".join([_headline(self), *aligned(rows, right={0, 1}), *more]) if self else "no hypotheses"

    def _repr_html_(self) -> str:
        if not self:
            return "<p>No hypotheses.</p>"
        head, numbers, rest = ["", "odds", "hypothesis", "heaviest evidence", "id"], {"", "odds"}, self[SHOWN:]
        hidden = f" (the first {MOST} of them)" if len(rest) > MOST else ""
        more = table(head, _rows(rest[:MOST]), "", numbers)
        fold = folded(f"{len(rest):,} with lower odds{hidden}", more) if rest else ""
        return table(head, _rows(self[:SHOWN]), _headline(self), numbers) + fold


def _headline(hypotheses: Hypotheses) -> str:
    return f"{len(hypotheses):,} hypothes{'is' if len(hypotheses) == 1 else 'es'}, the likeliest first"


def _rows(hypotheses: Sequence[Hypothesis]) -> list[list[object]]:
    return [[h.rank, percent(h.probability), h.claim, _heaviest(h), breakable(h.id)] for h in hypotheses]


def _heaviest(hypothesis: Hypothesis) -> str:
    found = hypothesis.evidence
    return f"{found[0].weight:+.2f} {found[0].statement}" if found else ""
