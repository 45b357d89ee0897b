"""What people say of the made-up incident of `shop`: notes, a check, an own hypothesis, verdicts, a diagnosis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import triage

AFTER = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def decided(incident: triage.Incident) -> triage.Incident:
    """The incident with all of it, at fixed times."""
    at = [AFTER + timedelta(minutes=minute) for minute in range(8)]
    first, second = incident.hypotheses[:2]
    told = (
        incident.remark("Paged by the probe;\ncart is fine", by="ana", at="2026-11-21T02:22:00Z", written=at[0])
        .check_off(first.next_checks[0], by="ben", result="they do", about=first.id, written=at[1])
        .suppose("The bank is down", by="cleo", why="their page is yellow", written=at[2])
    )
    [own] = told.own_hypotheses
    return (
        told.remark("They answered", by="cleo", about=own, at="2026-11-21T02:50:00Z", written=at[3])
        .decide(own, "rejected", by="cleo", note="payments is quick", at=at[4])
        .decide(second.id, "rejected", by="ana", note="nothing fits it", at=at[5])
        .decide(first.id, "confirmed", by="ana", note="rolled back,\nand it was over", at=at[6])
        .diagnose("The new version leaks.\n\nOne connection a call.", by="ana", written=at[7])
    )
