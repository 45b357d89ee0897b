"""What people say of an incident: verbs of `Incident` that record it, each giving a new incident."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from triage.hypotheses import Hypothesis
from triage.ingest.moments import moment
from triage.remarks import Kind, Remark, Remarks
from triage.replacing import replace_keeping
from triage.settings import Moment, Settings
from triage.template_verbs import known
from triage.verdicts import Verdict, Verdicts

if TYPE_CHECKING:
    from _typeshed import DataclassInstance as Base
else:
    Base = object


class PersonVerbs(Base):
    """Decisions and remarks, for whatever has hypotheses and keeps what people said of them."""

    hypotheses: tuple[Hypothesis, ...]
    verdicts: Verdicts
    remarks: Remarks
    settings: Settings

    @property
    def own_hypotheses(self) -> dict[str, Remark]:
        """Hypotheses that people wrote themselves, by id; nothing computes odds for them."""
        return self.remarks.hypotheses

    @property
    def diagnosis(self) -> Remark | None:
        """The final diagnosis, which only a person writes; None until somebody has."""
        return self.remarks.diagnosis

    def decide(self, hypothesis_id: str, decision: str, *, by: str, note: str = "", at: datetime | None = None) -> Self:
        """Record what a person decided; earlier decisions stay.

        Parameters
        ----------
        hypothesis_id : str
            One of this incident's hypotheses, or of `own_hypotheses`.
        decision : str
            ``confirmed``, ``rejected`` or ``open``.
        by : str
            Who decided.
        note : str
            Why.
        at : datetime, optional
            When; now if not given.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Raises
        ------
        UsageError
            If there is no such hypothesis or decision, or nobody is named.
        """
        self._known(hypothesis_id)
        verdict = Verdict.make(hypothesis_id, decision, by=by, note=note, at=at)
        return replace_keeping(self, verdicts=self.verdicts.append(verdict))

    def remark(
        self, text: str, *, by: str, at: Moment = None, about: str = "", written: datetime | None = None
    ) -> Self:
        """Record a note for the timeline: what somebody saw or did, and when.

        Parameters
        ----------
        text : str
            In their words.
        by : str
            Who writes it.
        at : str or datetime, optional
            The time it is about, in the zone of `settings` where it names none; now if not given.
        about : str, optional
            Id of a hypothesis it is about.
        written : datetime, optional
            When it was written; now if not given.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Raises
        ------
        UsageError
            For an empty text or name, what is no time, or a hypothesis that is not there.
        """
        if about:
            self._known(about)
        now = written or datetime.now(UTC)
        return self._with("note", text, by, at=moment(at, "at", self.settings.zone) or now, about=about, written=now)

    def check_off(
        self, check: str, *, by: str, result: str = "", about: str = "", done: bool = True,
        written: datetime | None = None,
    ) -> Self:  # fmt: skip
        """Record that a next check was looked into, and what it showed.

        Parameters
        ----------
        check : str
            Its text, as a hypothesis proposes it.
        by : str
            Who did it.
        result : str, optional
            What it showed.
        about : str, optional
            Id of the hypothesis that proposes it.
        done : bool
            False takes it back.
        written : datetime, optional
            When; now if not given.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Raises
        ------
        UsageError
            For an empty text or name, or a hypothesis that is not there.
        """
        if about:
            self._known(about)
        return self._with("check", check, by, detail=result, about=about, done=done, written=written)

    def suppose(self, claim: str, *, by: str, why: str = "", written: datetime | None = None) -> Self:
        """Record a hypothesis of somebody's own; its id is in `own_hypotheses`, to be decided upon.

        Parameters
        ----------
        claim : str
            One sentence.
        by : str
            Whose it is.
        why : str, optional
            What speaks for it.
        written : datetime, optional
            When; now if not given.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Raises
        ------
        UsageError
            For an empty claim or name.
        """
        return self._with("hypothesis", claim, by, detail=why, written=written)

    def diagnose(self, text: str, *, by: str, written: datetime | None = None) -> Self:
        """Record the final diagnosis in a person's words; the last one stands.

        Parameters
        ----------
        text : str
            What was the matter.
        by : str
            Who says so.
        written : datetime, optional
            When; now if not given.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Raises
        ------
        UsageError
            For an empty text or name.
        """
        return self._with("diagnosis", text, by, written=written)

    def carry_over(self, before: PersonVerbs) -> Self:
        """Take over what people said of another incident: of the same logs, read in another way.

        Parameters
        ----------
        before : Incident
            Its decisions and remarks are taken over; what this one has itself stays.

        Returns
        -------
        Incident
            A new one; this one stays as it is.

        Examples
        --------
        >>> import polars as pl, triage
        >>> logs = pl.DataFrame({"timestamp": ["2026-11-21T02:05:03"], "message": ["ready"]})
        >>> before = triage.load(logs).diagnose("a switch failed", by="ana")
        >>> triage.load(logs, tz="Europe/Berlin").carry_over(before).diagnosis.text
        'a switch failed'
        """
        verdicts, remarks = before.verdicts.merge(self.verdicts), before.remarks.merge(self.remarks)
        return replace_keeping(self, verdicts=verdicts, remarks=remarks)

    def _with(self, kind: Kind, text: str, by: str, written: datetime | None = None, **more: Any) -> Self:
        remark = Remark(kind, text, by, **more, written=written or datetime.now(UTC))
        return replace_keeping(self, remarks=self.remarks.append(remark))

    def _known(self, hypothesis_id: str) -> None:
        known(hypothesis_id, [*(h.id for h in self.hypotheses), *self.own_hypotheses], "hypothesis")
