"""A simulated system: services in a call graph, the requests that pass through it, its jobs and its daily noise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from benchmarks.simulation import vocabulary as words
from benchmarks.simulation.lines import Template
from benchmarks.simulation.pace import Rng, log_uniform

#: Share of requests that fail on any day.
DAILY_FAILURES = (1e-5, 5e-3)


@dataclass(frozen=True)
class Job:
    """Work that comes by itself: a consumer, a poller. Each item writes all of `steps`, then one of two outcomes."""

    steps: tuple[Template, ...]
    good: Template
    bad: Template
    bad_share: float
    share: float


@dataclass(frozen=True)
class Service:
    """One service.

    Attributes
    ----------
    name, version : str
    instances : int
    callees : tuple of int
        Services that it calls.
    banners, goodbyes : tuple of Template
        What it writes when it starts and stops; may be nothing.
    background : tuple of (Template, float)
        Lines apart from requests and jobs, with shares of the lines.
    timed_out, refused, answered, failed, mishap : Template
        What it writes where a call, or a request, fails.
    names_peers : bool
        Whether its lines name who was called.
    """

    name: str
    version: str
    instances: int
    callees: tuple[int, ...]
    banners: tuple[Template, ...]
    goodbyes: tuple[Template, ...]
    background: tuple[tuple[Template, float], ...]
    jobs: tuple[Job, ...]
    timed_out: Template
    refused: Template
    answered: Template
    failed: Template
    mishap: Template
    timeout: float
    retries: int
    logger: str
    language: str


@dataclass(frozen=True)
class Node:
    """One service's part in a kind of request."""

    service: int
    start: Template | None
    steps: tuple[Template, ...]
    done: Template | None
    seconds: float
    children: tuple[Node, ...] = ()
    optional: bool = False

    def walk(self) -> list[Node]:
        """The node and all below it."""
        return [self, *(found for child in self.children for found in child.walk())]


@dataclass(frozen=True)
class World:
    """Services, kinds of requests with their shares, and the words that stand for the business.

    The first of these words is what the trouble is about, if it is about any.
    """

    services: tuple[Service, ...]
    requests: tuple[tuple[Node, float], ...]
    daily_failures: float
    nouns: tuple[str, ...] = field(default=())

    def callers(self, service: int) -> list[int]:
        """Services that call it."""
        return [number for number, other in enumerate(self.services) if service in other.callees]

    def passing(self) -> dict[int, float]:
        """Services that take part in requests, with the share of requests that reach each."""
        if not self.requests:
            return dict.fromkeys(range(len(self.services)), 1.0)
        found: dict[int, float] = {}
        for root, share in self.requests:
            for service in {node.service for node in root.walk()}:
                found[service] = found.get(service, 0.0) + share
        return found


def fill(text: str, rng: Rng, nouns: tuple[str, ...] = (), topic: str = "") -> str:
    """A text with its words drawn, the first noun given by `topic` if there is one; slots for values stay."""
    noun, noun2 = (str(word) for word in rng.choice(nouns or words.NOUNS, 2, replace=False))
    drawn = {"noun": topic or noun, "noun2": noun2, "verb": str(rng.choice(words.VERBS))}
    for slot, word in drawn.items():
        text = text.replace("{" + slot + "}", word)
    return text


def draw_world(rng: Rng) -> World:
    """Three to twelve services, called from the first."""
    count = int(rng.integers(3, 13))
    names = draw_names(rng, count)
    callees: list[list[int]] = [[] for _ in names]
    for number in range(1, count):
        for caller in {int(rng.integers(0, number)) for _ in range(1 if rng.random() < 0.7 else 2)}:
            callees[caller].append(number)
    services = tuple(draw_service(rng, n, names, tuple(callees[n])) for n in range(count))
    kinds = int(rng.integers(2, 8))
    shares = rng.lognormal(0, 1.2, kinds)
    roots = [draw_node(rng, services, 0, 0) for _ in range(kinds)]
    requests = tuple((root, float(share)) for root, share in zip(roots, shares / shares.sum(), strict=True))
    nouns = tuple(str(noun) for noun in rng.choice(words.NOUNS, 6, replace=False))
    return World(services, requests, log_uniform(rng, *DAILY_FAILURES), nouns)


def draw_names(rng: Rng, count: int) -> list[str]:
    """Names of services: the first receives requests, some of the last may be stores."""
    middle = [str(name) for name in rng.choice(words.SERVICES, count, replace=False)]
    suffix = str(rng.choice(words.SUFFIXES))
    names = [name + (suffix if rng.random() < 0.8 else "") for name in middle]
    if rng.random() < 0.6:
        names[0] = str(rng.choice(words.FRONTS))
    if count > 4 and rng.random() < 0.5:
        names[-1] = str(rng.choice(words.STORES))
    return names


def draw_service(rng: Rng, number: int, names: list[str], callees: tuple[int, ...]) -> Service:
    """One service with templates of its own."""
    nouns = tuple(str(noun) for noun in rng.choice(words.NOUNS, 9, replace=False))
    logger = str(rng.choice(["main", "api", "core", "handler", "worker"]))

    def one(level: str, texts: list[str]) -> Template:
        return Template(number, level, fill(str(rng.choice(texts)), rng, nouns), logger)

    def shares(many: int, spread: float) -> list[float]:
        return [float(share) for share in rng.lognormal(0, spread, many)]

    silent, named = rng.random() < 0.2, rng.random() < 0.7
    banner = [] if silent else words.BANNERS[int(rng.integers(len(words.BANNERS)))]
    count = int(log_uniform(rng, 3, 60))
    normal = [(one("INFO" if rng.random() < 0.8 else "DEBUG", words.WORK), s) for s in shares(count, 1.8)]
    warnings = [(one("WARN", words.WARNINGS), 0.05 * s) for s in shares(int(rng.integers(0, 5)), 1.3)]
    errors = [(one("ERROR", words.ERRORS), 0.02 * s) for s in shares(int(rng.integers(0, 5)), 1.3)]
    calls = [[text for text in texts if named == ("{peer}" in text)] for texts in words_of_calls()]
    return Service(
        name=names[number],
        version=f"{rng.integers(0, 9)}.{rng.integers(0, 40)}.{rng.integers(0, 12)}",
        instances=int(rng.choice([1, 2, 3, 4], p=[0.4, 0.35, 0.15, 0.1])),
        callees=callees,
        banners=tuple(Template(number, "INFO", text.replace("{name}", names[number]), "main") for text in banner),
        goodbyes=() if silent else (Template(number, "INFO", str(rng.choice(words.GOODBYES)), "main"),),
        background=tuple(normal + warnings + errors),
        jobs=tuple(draw_job(rng, number, nouns) for _ in range(int(rng.choice(3, p=[0.5, 0.35, 0.15])))),
        timed_out=one(*_call_level(rng), calls[0]),
        refused=one(*_call_level(rng), calls[1]),
        answered=one(*_call_level(rng), calls[2]),
        failed=one(str(rng.choice(["ERROR", "WARN", "INFO"], p=[0.7, 0.2, 0.1])), words.FAILED),
        mishap=one("ERROR", words.ERRORS),
        timeout=float(rng.choice([1, 2, 3, 5, 10, 30])),
        retries=int(rng.choice([0, 1, 2, 3], p=[0.5, 0.2, 0.2, 0.1])),
        logger=logger,
        language=str(rng.choice(["java", "python", "none"])),
    )


def words_of_calls() -> list[list[str]]:
    """Texts for a call that timed out, was refused, was answered with an error."""
    return [words.TIMED_OUT, words.REFUSED, words.ANSWERED]


def _call_level(rng: Rng) -> tuple[str]:
    return (str(rng.choice(["ERROR", "WARN"], p=[0.75, 0.25])),)


def draw_job(rng: Rng, number: int, nouns: tuple[str, ...] = ()) -> Job:
    """A job of a service; its outcomes are two lines, or two words in one line."""
    steps = tuple(Template(number, "INFO", fill(str(rng.choice(words.WORK)), rng, nouns), "job") for _ in range(2))
    good, bad = words.OUTCOMES[int(rng.integers(len(words.OUTCOMES)))]
    text = fill(str(rng.choice(["{noun} {id} OUTCOME", "{noun} {id} result=OUTCOME in {ms} ms"])), rng, nouns)
    level = str(rng.choice(["INFO", "WARN"], p=[0.7, 0.3]))
    return Job(
        steps=steps[: int(rng.integers(0, 3))],
        good=Template(number, "INFO", text.replace("OUTCOME", good), "job"),
        bad=Template(number, level, text.replace("OUTCOME", bad), "job"),
        bad_share=log_uniform(rng, 0.002, 0.2),
        share=float(rng.lognormal(0, 1)),
    )


def with_jobs(rng: Rng, world: World, number: int) -> World:
    """The same with a job in a service that has none."""
    own = world.services[number]
    if own.jobs:
        return world
    changed = replace(own, jobs=(draw_job(rng, number, world.nouns),))
    return replace(world, services=(*world.services[:number], changed, *world.services[number + 1 :]))


def draw_node(rng: Rng, services: tuple[Service, ...], number: int, depth: int) -> Node:
    """What a kind of request does in a service, and below it."""
    own = services[number]

    def line(text: str) -> Template:
        return Template(number, "INFO", fill(text, rng), own.logger)

    called = [callee for callee in own.callees if rng.random() < 0.75] if depth < 4 else []
    path = fill("/{noun}/{noun2}", rng)
    start = line(str(rng.choice([f"GET {path} from {{ip}}", "request for {noun} {id}", f"POST {path} user {{user}}"])))
    timed = str(
        rng.choice(
            [f"{path} 200 in {{ms}} ms", "{noun} {id} done in {ms} ms", f"answered {path} 200", "{noun} {id} sent"]
        )
    )
    return Node(
        service=number,
        start=start if rng.random() < 0.5 else None,
        steps=tuple(line(str(rng.choice(words.WORK))) for _ in range(int(rng.choice(3, p=[0.4, 0.4, 0.2])))),
        done=line(timed) if rng.random() < 0.85 else None,
        seconds=log_uniform(rng, 0.001, 0.15),
        children=tuple(draw_node(rng, services, callee, depth + 1) for callee in called),
        optional=depth > 0 and rng.random() < 0.15,
    )
