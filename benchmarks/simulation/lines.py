"""Lines while an incident is drawn: which template, when, where, and what the fault has to do with them.

Texts are made at the end, a template at a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.simulation.pace import Flags, Numbers, Rng, Times

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Template:
    """What one kind of line says; slots in braces are drawn for each line."""

    service: int
    level: str
    text: str
    logger: str = "main"
    stack: str = ""


class Lines:
    """Lines of one incident; times are seconds since the window's start."""

    def __init__(self) -> None:
        self.templates: list[Template] = []
        self._number: dict[Template, int] = {}
        self._parts: list[pl.DataFrame] = []

    def add(
        self,
        template: Template,
        times: Times,
        instances: Numbers,
        *,
        requests: Numbers | None = None,
        took: Times | None = None,
        effect: Flags | bool = False,
        slowed: Flags | bool = False,
        removed: bool = False,
        peer: str = "",
        texts: list[str] | None = None,
    ) -> None:
        """Add lines of one template.

        Parameters
        ----------
        template : Template
        times : ndarray
        instances : ndarray of int
            Which instance of the service writes it.
        requests : ndarray of int, optional
            Request that the line belongs to.
        took : ndarray, optional
            Seconds, for the slot ``{ms}``.
        effect : ndarray of bool, or bool
            Whether the line is there, or not there, because of the fault.
        slowed : ndarray of bool, or bool
            Whether the fault changed the duration that the line tells.
        removed : bool
            Whether these are lines that the fault kept from being written.
        peer : str
            Name for the slot ``{peer}``.
        texts : list of str, optional
            What the lines say, where that is not drawn from the template.
        """
        if not len(times):
            return
        if peer:
            text = template.text.replace("{peer}", peer)
            template = Template(template.service, template.level, text, template.logger, template.stack)
        number = self._number.setdefault(template, len(self.templates))
        if number == len(self.templates):
            self.templates.append(template)
        columns = {
            "time": pl.Series(times, dtype=pl.Float64),
            "instance": pl.Series(np.asarray(instances), dtype=pl.Int64),
            "request": pl.Series(requests if requests is not None else np.full(len(times), -1), dtype=pl.Int64),
            "took": pl.Series(took if took is not None else np.full(len(times), np.nan), dtype=pl.Float64),
            "effect": pl.Series(np.broadcast_to(effect, len(times)).copy(), dtype=pl.Boolean),
            "slowed": pl.Series(np.broadcast_to(slowed, len(times)).copy(), dtype=pl.Boolean),
        }
        part = pl.DataFrame(columns).with_columns(
            pl.lit(number, pl.Int64).alias("template"),
            pl.lit(template.service, pl.Int64).alias("service"),
            pl.Series("text", texts if texts is not None else [None] * len(times), dtype=pl.String),
            pl.lit(removed).alias("removed"),
        )
        self._parts.append(part)

    def frame(self) -> pl.DataFrame:
        """All lines in order of time, those kept from being written among them."""
        return pl.concat(self._parts).sort("time", "service", "template", "instance", maintain_order=True)


def written(frame: pl.DataFrame, templates: list[Template], rng: Rng) -> pl.DataFrame:
    """The lines that were written, with ``message``, ``level``, ``logger`` and ``stack``.

    Values are drawn in the order of templates, so the same seed writes the same texts.
    """
    kept = frame.filter(~pl.col("removed")).with_row_index("row")
    parts = []
    for (number,), part in sorted(kept.group_by("template"), key=lambda item: int(item[0][0])):
        template = templates[number]
        ordered = part.sort("row")
        parts.append(
            ordered.with_columns(
                pl.coalesce("text", pl.Series(messages(template.text, ordered, rng), dtype=pl.String)).alias("message"),
                pl.lit(template.level).alias("level"),
                pl.lit(template.logger).alias("logger"),
                pl.lit(template.stack).alias("stack"),
            )
        )
    return pl.concat(parts).sort("row").drop("row")


def messages(text: str, part: pl.DataFrame, rng: Rng) -> list[str]:
    """One text a line."""
    slots = SLOT.findall(text)
    if not slots or not part["text"].null_count():
        return [text] * len(part)
    form = SLOT.sub("%s", text.replace("%", "%%"))
    return [form % values for values in zip(*(_values(slot, part, rng) for slot in slots), strict=True)]


def _values(slot: str, part: pl.DataFrame, rng: Rng) -> list[str]:
    count = len(part)
    if slot == "ms":
        took = part["took"].to_numpy() * 1000
        drawn = np.where(np.isnan(took), rng.lognormal(4, 1, count), took)
        return [f"{value:.0f}" for value in drawn]
    if slot == "id":
        return [f"{value:08x}" for value in rng.integers(1 << 28, 1 << 32, count)]
    if slot == "user":
        return [f"u{value}" for value in rng.integers(1000, 90000, count)]
    if slot == "ip":
        return [f"10.{a}.{b}.{c}" for a, b, c in rng.integers(0, 255, (count, 3))]
    if slot == "amount":
        return [f"{value:.2f}" for value in rng.lognormal(3.5, 1, count)]
    if slot == "n":
        return [str(value) for value in np.ceil(rng.lognormal(2, 1.2, count)).astype(np.int64)]
    raise KeyError(slot)
