"""The incidents that can be recorded, one a file."""

from __future__ import annotations

from ..scenario import Scenario
from . import (
    bank_gone,
    canary,
    checkout_5xx,
    currency_rollback,
    flag_for_some,
    flash_sale,
    full_memory,
    migration_lock,
    quiet_half_hour,
    silent_stop,
    slow_search,
    tight_timeout,
    two_at_once,
)

_ALL = (
    checkout_5xx, currency_rollback, slow_search, tight_timeout, flag_for_some, canary, migration_lock, bank_gone,
    full_memory, flash_sale, two_at_once, silent_stop, quiet_half_hour,
)  # fmt: skip
INCIDENTS: dict[str, Scenario] = {one.SCENARIO.name: one.SCENARIO for one in _ALL}
