"""What the customers of the shop will do, all decided beforehand from a seed."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .programs import RecorderError
from .shop import catalogue

MOST_A_SECOND = 40  # requests, on average over the window: the machine may be shared
SCARCE_EVERY = 0.0191  # share of the window between two orders of something out of stock
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "ShopApp/3.14 (Android 15)",
)
ADVERTISED = 100  # the number of the item
PROBES = ("/wp-login.php", "/.env", "/admin/config.php", "/favicon.ico", "/robots.txt", "/api/v1/users")


@dataclass(frozen=True)
class Errand:
    """One request that will be made.

    Attributes
    ----------
    at : float
        Seconds after the start of the window.
    method, path : str
        What is asked for.
    body : dict or None
        Sent as JSON.
    address : str
        The loopback address that it comes from; every customer has one.
    agent : str
        The browser, as it names itself.
    patient : bool
        False for a customer who leaves before the answer.
    """

    at: float
    method: str
    path: str
    body: dict[str, Any] | None = None
    address: str = "127.0.0.1"
    agent: str = AGENTS[0]
    patient: bool = True


@dataclass(frozen=True)
class Customers:
    """How many there are.

    Attributes
    ----------
    sessions : float
        A second, on average.
    campaign : tuple of float or None
        From when to when, as shares of the window, how many more come each second and buy at once.
    """

    sessions: float = 1.55
    campaign: tuple[float, float, float] | None = None


def plan(seconds: float, seed: int, customers: Customers | None = None) -> list[Errand]:
    """Decide every request of a window.

    Parameters
    ----------
    seconds : float
        Length of the window.
    seed : int
        The same seed gives the same requests.
    customers : Customers, optional
        How many there are.

    Returns
    -------
    list of Errand
        In order of time.

    Raises
    ------
    RecorderError
        For more requests than `MOST_A_SECOND` on average.

    Examples
    --------
    >>> plan(30, seed=1) == plan(30, seed=1)
    True
    """
    chance, many = random.Random(seed), customers or Customers()
    parts = (_scarce_orders, _monitor, _probes, _crawler)
    planned = [_shoppers(seconds, chance, many.sessions), *(part(seconds, chance) for part in parts)]
    if many.campaign:
        planned.append(_buyers(seconds, chance, *many.campaign))
    errands = [errand for part in planned for errand in part if errand.at < seconds]
    most = MOST_A_SECOND * seconds
    if len(errands) > most:
        raise RecorderError(
            f"{len(errands)} requests planned for {seconds:g} s, wanted {most:.0f} at most; try less --busy"
        )
    return sorted(errands, key=lambda errand: errand.at)


@dataclass
class _Session:
    """A customer on the way through the shop; `hurry` shortens the pauses of short windows."""

    chance: random.Random
    at: float
    hurry: float
    who: Errand = field(init=False)
    cart: str = field(init=False)

    def __post_init__(self) -> None:
        last = [self.chance.randint(1, 254) for _ in range(3)]
        address = "127." + ".".join(map(str, last))
        self.who = Errand(0.0, "GET", "/", address=address, agent=self.chance.choice(AGENTS))
        self.cart = f"c-{self.chance.randrange(16**8):08x}"

    def does(self, method: str, path: str, body: dict[str, Any] | None = None) -> Errand:
        """Make the next request, after a pause."""
        self.at += self.hurry * self.chance.uniform(0.4, 7.0)
        patient = self.chance.random() > 0.006
        return replace(self.who, at=self.at, method=method, path=path, body=body, patient=patient)


def _hurry(seconds: float) -> float:
    return min(1.0, seconds / 360)


def _busyness(at: float) -> float:
    """Vary the arrivals between 0.7 and 1.3 of the mean, slowly and faster."""
    return 1 + 0.18 * math.sin(at / 130) + 0.12 * math.sin(at / 37 + 1)


def _shoppers(seconds: float, chance: random.Random, sessions: float) -> Iterator[Errand]:
    at = 0.0
    while at < seconds:
        at += chance.expovariate(sessions * _busyness(at))
        yield from _visit(_Session(chance, at, _hurry(seconds)))


def _buyers(seconds: float, chance: random.Random, begin: float, end: float, most: float) -> Iterator[Errand]:
    """Come by an advertisement, for one thing: more and more of them in the first third of the time."""
    at, low, high = begin * seconds, begin * seconds, end * seconds
    while at < high:
        at += chance.expovariate(most * min(1.0, 0.1 + 2.7 * (at - low) / (high - low)))
        session = _Session(chance, at, _hurry(seconds) / 2)
        yield session.does("GET", "/")
        yield _fill(session, catalogue.sku(ADVERTISED), 1)
        yield from _pay(session)


def _visit(session: _Session) -> Iterator[Errand]:
    chance = session.chance
    if chance.random() < 0.5:
        yield session.does("GET", "/")
    for _ in range(chance.randint(1, 4)):
        yield _look_around(session)
    if chance.random() < 0.55:
        return
    for _ in range(min(6, 1 + int(chance.expovariate(0.6)))):
        yield session.does("GET", f"/api/items/{_popular(chance)}")
        yield _fill(session, _popular(chance), 1 + int(chance.random() < 0.2))
    yield session.does("GET", f"/api/cart/{session.cart}")
    if chance.random() < 0.7:
        yield from _pay(session)


def _look_around(session: _Session) -> Errand:
    chance = session.chance
    kind = chance.random()
    if kind < 0.35:
        return session.does("GET", f"/api/items?page={1 + int(chance.expovariate(0.4)) % 20}")
    if kind < 0.6:
        words = f"{chance.choice(catalogue.COLOURS)}+{chance.choice(catalogue.GOODS)}"
        return session.does("GET", f"/api/search?q={words}")
    if kind < 0.61:
        return session.does("GET", f"/api/items/{catalogue.sku(chance.randint(900, 999))}")
    return session.does("GET", f"/api/items/{_popular(chance)}")


def _popular(chance: random.Random) -> str:
    """Choose an item that is in stock, some much more often than others."""
    number = 1 + int(chance.paretovariate(0.6)) % catalogue.ITEMS
    return catalogue.sku(number + 1 if catalogue.is_scarce(number) else number)


def _fill(session: _Session, sku: str, quantity: int) -> Errand:
    return session.does("POST", f"/api/cart/{session.cart}", {"sku": sku, "quantity": quantity})


def _pay(session: _Session) -> Iterator[Errand]:
    chance = session.chance
    ending = "0002" if chance.random() < 0.04 else f"{chance.randint(1000, 9999)}"
    payment = session.does("POST", "/api/checkout", {"cart": session.cart, "card": f"tok-{ending}"})
    payment = replace(payment, patient=True)
    yield payment
    if chance.random() < 0.03:  # the button pressed twice
        yield replace(payment, at=payment.at + 0.25)
    if chance.random() < 0.6:
        yield session.does("GET", f"/api/orders/{session.cart.replace('c-', 'ord-')}")


def _scarce_orders(seconds: float, chance: random.Random) -> Iterator[Errand]:
    """Order what is out of stock, now and then: ordinary, and harmless until a version makes it not so."""
    step = SCARCE_EVERY * seconds
    scarce = [number for number in range(1, catalogue.ITEMS + 1) if catalogue.is_scarce(number)]
    for count in range(int(seconds / step)):
        session = _Session(chance, step * (count + chance.uniform(0.1, 0.6)), _hurry(seconds) / 4)
        yield _fill(session, catalogue.sku(chance.choice(scarce)), 1)
        body = {"cart": session.cart, "card": f"tok-{chance.randint(1000, 9999)}"}
        yield replace(session.does("POST", "/api/checkout", body), patient=True)


def _monitor(seconds: float, chance: random.Random) -> Iterator[Errand]:
    for at in range(3, int(seconds), 10):
        yield Errand(at + chance.uniform(0, 0.2), "GET", "/health", address="127.0.0.2", agent="uptime-check/1.3")


def _probes(seconds: float, chance: random.Random) -> Iterator[Errand]:
    """Ask for what is not there, as half of the internet does."""
    at = 0.0
    while at < seconds:
        at += chance.expovariate(1 / 11)
        yield Errand(at, "GET", chance.choice(PROBES), address=f"127.66.{chance.randint(1, 9)}.7", agent="-")


def _crawler(seconds: float, chance: random.Random) -> Iterator[Errand]:
    """Search faster than nginx lets one address, in bursts."""
    at = seconds * 0.04
    while at < seconds:
        for _ in range(chance.randint(6, 10)):
            path = f"/api/search?q={chance.choice(catalogue.GOODS)}"
            yield Errand(at, "GET", path, address="127.80.4.19", agent="PriceBot/0.9 (+http://bot.example/about)")
            at += chance.uniform(0.05, 0.2)
        at += seconds * chance.uniform(0.05, 0.12)
