"""`bank`: another company's service, which `payments` asks whether a card is good. Its log stays with it."""

from __future__ import annotations

import logging
import random
import time
from typing import Any

from .settings import Settings
from .web import Answer, Request

SPREAD = 0.35  # of the logarithm of the time an answer takes
LONGEST = 2.5

log = logging.getLogger("bank")


class Bank:
    """The one copy of the service."""

    errand_seconds = 60.0

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.bank_seconds
        log.info("starting")

    def answer(self, request: Request) -> Answer:
        """Say yes, after a while: cards that are refused are refused before they come here."""
        match request.route:
            case "POST", "authorisations":
                time.sleep(min(LONGEST, self._seconds * random.lognormvariate(0, SPREAD)))
                return Answer(201, {"authorisation": f"auth-{random.randrange(16**10):010x}"})
        return Answer(404, {"error": "no such resource"})

    def journal(self, request: Request, answer: Answer, milliseconds: float) -> None:
        """Write the line of one answer."""
        log.info("%s %s %d %.1f ms", request.method, request.path, answer.status, milliseconds)

    def counters(self) -> dict[str, Any]:
        """Give nothing."""
        return {}

    def errand(self) -> None:
        """Do nothing between requests."""
