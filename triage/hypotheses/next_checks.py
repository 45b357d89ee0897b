"""What a person can do next to confirm or rule out a hypothesis."""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate, name_of
from triage.hypotheses.facts import Facts
from triage.hypotheses.signs import leading_signature
from triage.hypotheses.words import clock, duration

BY_KIND: dict[str, tuple[str, ...]] = {
    "deploy": (
        "Compare {service} instances with and without {version}: do only the new ones fail?",
        "Read what changed in {what} around the code that the first failing lines name",
        "Roll {service} back on one instance and watch whether its errors stop there",
    ),
    "rollback": ("Check which version of {service} is running everywhere, and whether the rollback finished",),
    "flag": ("Turn the flag off for a small share of users and compare their error rate with the rest",),
    "config": (
        "Compare the configuration of {service} before and after {time}",
        "Restore the old value on one instance",
    ),
    "scale": ("Look at the load per instance, connection counts and limits of {service} around {time}",),
    "migration": ("Look for locks, long statements and changed query plans since {time}",),
    "infrastructure": ("Check hosts, network and certificates that {service} depends on since {time}",),
    "other": ("Ask whoever made {what} what it touches, and whether it can be undone on one instance",),
}


def next_checks(candidate: Candidate, facts: Facts) -> tuple[str, ...]:
    """Steps for a person, the cheapest first."""
    if candidate.sign:
        return (candidate.sign.next_check, *_without_change(facts)[:1])
    if candidate.change is None:
        return (*_first_of_all(facts), *_without_change(facts))
    change = candidate.change
    words = {
        "service": change.service or "the service",
        "version": change.version or "the change",
        "what": f"the {name_of(change)}",
        "time": clock(change.time),
    }
    return tuple(step.format_map(words) for step in BY_KIND.get(change.kind, BY_KIND["other"]))


def _first_of_all(facts: Facts) -> tuple[str, ...]:
    """What to do at once about a known kind of failure."""
    told = leading_signature(facts)
    return (told[0].check_for(told[1]),) if told else ()


def _without_change(facts: Facts) -> tuple[str, ...]:
    if facts.onset is None:
        return (
            "Check that the logs cover the time of the symptom and the services concerned",
            "Give a longer baseline: logs from before the trouble",
        )
    width = duration(facts.onset.latest - facts.onset.earliest)
    where = facts.origins[0].service if facts.origins else "the first failing service"
    return (
        f"Ask what else happened about {clock(facts.onset.at)} (the interval is {width} wide): "
        "infrastructure, certificates, quotas, data, traffic, a change nobody recorded",
        f"Look at what {where} depends on: the first failing lines name it or time out on it",
    )
