"""Sending the customers' requests when their time has come, never more than a fixed number at once."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType

from .customers import Errand

AT_ONCE = 64
PATIENCE = 8.0


@dataclass
class Load:
    """Sends a plan to nginx in the background, for the length of a `with` block.

    Attributes
    ----------
    port : int
        Where nginx listens.
    errands : sequence of Errand
        What to send, in order of time.
    outcomes : Counter
        How many requests ended with which status; "left" and the names of errors are counted too.
    """

    port: int
    errands: Sequence[Errand]
    outcomes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="customer")
        self._sender = threading.Thread(target=self._send_all, name="customers")

    def __enter__(self) -> Load:
        self._began = time.monotonic()
        self._sender.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._sender.join()
        self._workers.shutdown(cancel_futures=True)

    def _send_all(self) -> None:
        for errand in self.errands:
            if self._stop.wait(max(0.0, self._began + errand.at - time.monotonic())):
                return
            self._workers.submit(self._send, errand)

    def _send(self, errand: Errand) -> None:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, source_address=(errand.address, 0)
        )
        body = None if errand.body is None else json.dumps(errand.body)
        try:
            connection.request(errand.method, errand.path, body, {"User-Agent": errand.agent, "Host": "shop.example"})
            self.outcomes[str(connection.getresponse().status) if errand.patient else "left"] += 1
        except (OSError, http.client.HTTPException) as failure:
            self.outcomes[type(failure).__name__] += 1
        finally:
            connection.close()
