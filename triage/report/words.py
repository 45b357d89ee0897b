"""How a report puts things in words: times, chances, weights, and the sentence above it all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from triage.display import percent as percent
from triage.escape import short
from triage.hypotheses.weights import known_weights
from triage.hypotheses.words import change_phrase, duration, listed

Summary = Mapping[str, Any]

#: Weights in nats from which evidence is called moderate and strong: half and one unit on the scale of powers
#: of ten (H. Jeffreys, Theory of Probability, 3rd edition, appendix B).
MODERATE, STRONG = math.log(10) / 2, math.log(10)
#: Characters of a person's own hypothesis that a sentence quotes.
QUOTED = 120
#: Behind the id of a hypothesis that somebody decided upon, and that the data does not give any more.
GONE = "no longer among the hypotheses"
SPARKS = "▁▂▃▄▅▆▇█"


def moment(text: str) -> datetime:
    """A time of the summary (RFC 3339, UTC)."""
    return datetime.fromisoformat(text)


def clock(text: str, day: str = "") -> str:
    """Time of day, with the date in front where it is another day than `day`.

    Examples
    --------
    >>> clock("2026-11-20T02:14:07.212Z", day="2026-11-20"), clock("2026-11-19T23:00:00Z", day="2026-11-20")
    ('02:14:07', '2026-11-19 23:00:00')
    """
    at = moment(text)
    return at.strftime("%H:%M:%S") if at.date().isoformat() == day else at.strftime("%Y-%m-%d %H:%M:%S")


def day_of(summary: Summary) -> str:
    """The date that a report may leave out: that of the onset, else that of the first record."""
    onset, window = summary["incident_onset"], summary["window"] or {}
    text = onset["at"] if onset else window.get("from")
    return moment(text).date().isoformat() if text else ""


def by_chance(rate: float | None) -> str:
    """A chance rate in words; empty where there is none.

    Examples
    --------
    >>> by_chance(0.124), by_chance(0.005), by_chance(1.0), by_chance(None)
    ('by chance in 12% of cases', 'by chance in <1% of cases', 'by chance in >99% of cases', '')
    """
    return "" if rate is None else f"by chance in {percent(rate)} of cases"


def number(value: float) -> str:
    """A number with three significant digits and thousands set apart.

    Examples
    --------
    >>> number(0.0), number(23.1234), number(61204), number(3.2e-9)
    ('0', '23.1', '61,204', '3.2e-09')
    """
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "line"), counted(0, "line"), counted(61204, "error record")
    ('1 line', '0 lines', '61,204 error records')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def strength(weight: float) -> str:
    """What a weight is called: strong, moderate or weak; neutral where it rounds to nothing.

    Examples
    --------
    >>> strength(2.71), strength(-1.31), strength(0.41), strength(0)
    ('strong', 'moderate', 'weak', 'neutral')
    """
    size = abs(weight)
    if size >= STRONG:
        return "strong"
    if size >= MODERATE:
        return "moderate"
    return "weak" if size >= 0.005 else "neutral"


def signed(weight: float) -> str:
    """A weight with its sign.

    Examples
    --------
    >>> signed(2.706), signed(-0.62), signed(0.0)
    ('+2.71', '−0.62', '0.00')
    """
    sign = "+" if weight > 0 else "−"
    return f"{sign}{abs(weight):.2f}" if abs(weight) >= 0.005 else "0.00"


def ratio(weight: float) -> str:
    """How many times likelier the finding is one way than the other.

    Examples
    --------
    >>> ratio(2.71), ratio(-0.62), ratio(-8.0), ratio(0.0)
    ('15 : 1', '1 : 1.9', '1 : 2,981', '1 : 1')
    """
    size = min(math.exp(min(abs(weight), 20.0)), 1e6)
    words = f"{size:,.0f}" if size >= 9.95 else f"{size:.1f}".removesuffix(".0")
    return f"{words} : 1" if weight > 0 else f"1 : {words}"


def interval(onset: Mapping[str, Any], day: str) -> str:
    """The times between which an onset lies."""
    early, late = clock(onset["earliest"], day), clock(onset["latest"], day)
    return early if early == late else f"{early} to {late}"


def lag(time: str, onset: Mapping[str, str] | None) -> str:
    """When something stands against the onset.

    Examples
    --------
    >>> onset = {"at": "2026-11-20T02:14:07Z", "earliest": "2026-11-20T02:14:03Z", "latest": "2026-11-20T02:14:11Z"}
    >>> lag("2026-11-20T02:08:55Z", onset), lag("2026-11-20T02:14:05Z", onset), lag("2026-11-20T02:20:00Z", None)
    ('5 min 12 s before', 'within the onset interval', '')
    """
    if onset is None:
        return ""
    at = moment(time)
    if moment(onset["earliest"]) <= at <= moment(onset["latest"]):
        return "within the onset interval"
    delay = moment(onset["at"]) - at
    return f"{duration(delay)} {'before' if delay.total_seconds() > 0 else 'after'}"


def change_name(change: Summary) -> str:
    """A change in a few words.

    Examples
    --------
    >>> change_name({"id": "c1", "kind": "deploy", "service": "inventory", "version": "2.4.0"})
    'deploy of inventory 2.4.0'
    """
    share, instances = change.get("share"), change.get("instances")
    # What was no share and no list of names where it was read is kept under these names as it came.
    named = isinstance(instances, list) and all(isinstance(one, str) for one in instances)
    return change_phrase(
        change["kind"],
        change.get("service"),
        change.get("version"),
        change["id"],
        canary=change.get("canary") is True,
        share=share if isinstance(share, float) and 0 <= share <= 1 else None,
        instances=instances if instances and named else (),
    )


def hypothesis_name(hypothesis: Summary, summary: Summary) -> str:
    """A hypothesis in a few words; its claim where there is nothing shorter."""
    if hypothesis["kind"] == "unrecorded":
        return "none of the recorded changes"
    change = _change_of(hypothesis, summary)
    if change:
        return change_name(change)
    return f"no recorded change: {hypothesis['name']}" if hypothesis.get("name") else str(hypothesis["claim"])


def hypothesis_lag(hypothesis: Summary, summary: Summary) -> str:
    """When the change of a hypothesis stands against the onset; empty where either is missing."""
    change = _change_of(hypothesis, summary)
    return lag(change["time"], summary["incident_onset"]) if change else ""


def _change_of(hypothesis: Summary, summary: Summary) -> Summary | None:
    return next((c for c in summary["changes"] if c["id"] == hypothesis["change_id"]), None)


def verdict_sentence(summary: Summary) -> str:
    """Who decided what; that nobody has, where nobody has. What was rejected is told beside it."""
    verdict = summary["verdict"]
    rejected = [row for row in standing(summary).values() if row["decision"] == "rejected" and row != verdict]
    sentences = []
    if verdict:
        about = named_hypothesis(verdict["hypothesis_id"], summary)
        sentences = [f"Verdict of {verdict['by']}: {verdict['decision']}, {about}."]
    elif not rejected:
        return "No verdict yet: a person decides."
    if rejected:
        named = [f"{named_hypothesis(row['hypothesis_id'], summary)} (by {row['by']})" for row in rejected]
        sentences.append(f"Rejected: {listed(named)}.")
    return " ".join(sentences if verdict else [*sentences, "Nothing is confirmed yet."])


def standing(summary: Summary) -> dict[str, Any]:
    """The latest decision about each hypothesis that has any."""
    return {row["hypothesis_id"]: row for row in sorted(summary["verdicts"], key=lambda row: moment(row["at"]))}


def decided(hypothesis: Summary, summary: Summary) -> str:
    """What a person decided about a hypothesis, in a few words; empty where nobody has, or it was left open."""
    row = standing(summary).get(hypothesis["id"])
    return f"{row['decision']} by {row['by']}" if row and row["decision"] != "open" else ""


def named_hypothesis(wanted: str, summary: Summary) -> str:
    """The hypothesis with an id in a few words; the id where it is gone, as after another correction of templates."""
    found = next((h for h in summary["hypotheses"] if h["id"] == wanted), None)
    own = next((one for one in summary.get("own_hypotheses", []) if one["id"] == wanted), None)
    if own:
        return f"own hypothesis “{short(own['claim'], QUOTED)}”"
    return hypothesis_name(found, summary) if found else f"{wanted} ({GONE})"


def sureness(summary: Summary) -> tuple[str, ...]:
    """Sentences on how far the figures can be trusted."""
    tests, onsets = summary["multiplicity"], len(summary["onsets"])
    kept = f"kept with q ≤ {number(tests['max_q'])}"
    by_chance = f"about {number(tests['expected_false'])} of them expected by chance alone"
    tested = "1 series was" if tests["series_tested"] == 1 else f"{tests['series_tested']:,} series were"
    sentences = [f"{tested} tested; onsets found: {onsets:,} ({kept}), {by_chance}."]
    if onset := summary["incident_onset"]:
        width = duration(moment(onset["latest"]) - moment(onset["earliest"]))
        sentences.append(f"The onset of the incident is known to within {width}, not to the moment.")
    if any(hypothesis.get("chance") is not None for hypothesis in summary["hypotheses"]):
        sentences.append(
            "“By chance in 10% of cases”: had the trouble begun at another of the times in which changes are listed, "
            "some change would score as high as this one in 10% of cases."
        )
    count = len(summary["hypotheses"])
    sentences.append(
        f"Each probability is a prior plus the weights shown, scaled so that all hypotheses ({count}) sum to 100%: "
        "what none of them considers is not in it."
    )
    if any(hypothesis.get("name") for hypothesis in summary["hypotheses"]):
        most = percent(known_weights().suggested_most)
        sentences.append(f"What the logs suggest without a change has at most {most} of what no recorded change has.")
    return tuple(sentences)


def spark(counts: list[int], width: int = 30) -> str:
    """Counts over time as a row of blocks, each the sum of equally many bins.

    Examples
    --------
    >>> spark([0, 0, 1, 9, 4, 9])
    '  ▁█▄█'
    """
    step = max(1, -(-len(counts) // width))
    sums = [sum(counts[i : i + step]) for i in range(0, len(counts), step)]
    top = max(sums, default=0)
    return "".join(" " if not value else SPARKS[max(0, math.ceil(8 * value / top) - 1)] for value in sums)
