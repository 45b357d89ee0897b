"""Prefixes that say which pod a line is from: ``kubectl logs --prefix``, and stern, which follows many pods."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats.base import Opened, Reading, not_wrapped
from triage.ingest.names import SAFE, pod_place
from triage.ingest.schema import FIELDS, conform

NAME, POD_NAME = "[a-z0-9][a-z0-9-]*", "[a-z0-9][a-z0-9.-]*"
#: kubectl: ``[pod/NAME/CONTAINER] text``.
KUBECTL_LINE = rf"^\[pod/(?P<pod>{POD_NAME})/(?P<container>{NAME})\] ?(?P<inner>.*)$"
#: stern: ``[NAMESPACE ]POD CONTAINER text``; the pod's name must be one that Kubernetes made.
STERN_LINE = rf"^(?:(?P<namespace>{NAME}) )?(?P<pod>{POD_NAME}-[a-z0-9]+) (?P<container>{NAME}) (?P<inner>.*)$"
STERN_POD = rf"-(?:[a-f0-9]{{6,10}}-[a-z0-9]{{5}}|[{SAFE}]{{8,10}}-[{SAFE}]{{5}})$"
STERN_WEAK = rf"-(?:[{SAFE}]{{5}}|\d{{1,4}})$"


@dataclass(frozen=True)
class PodPrefix:
    """Takes each line out from behind the names of its pod and container.

    Attributes
    ----------
    pattern : str
        With the groups ``pod``, ``container``, ``inner`` and perhaps ``namespace``.
    made : bool
        Whether only names count that Kubernetes made.
    """

    name: str
    pattern: str
    made: bool

    @property
    def is_pod(self) -> pl.Expr:
        """Whether what was found is a pod."""
        pod = pl.col("pod")
        if not self.made:
            return pod.is_not_null()
        known = pod.str.starts_with(pl.col("container") + "-") & pod.str.contains(STERN_WEAK)
        return pod.str.contains(STERN_POD) | known

    def open(self, text: pl.Series, context: Context) -> Opened:
        """Pod, namespace and container as fields, and the text inside; such a prefix has no time."""
        groups = text.str.extract_groups(self.pattern).struct.unnest()
        groups = groups.select(pl.when(self.is_pod).then(pl.all()))
        claimed = groups["pod"].is_not_null()
        if not claimed.any():
            return not_wrapped(text)
        partial = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
        fields = conform(_placed(groups), FIELDS)
        return Opened(Reading(fields, claimed), groups["inner"], partial, _stream(groups))


def _stream(groups: pl.DataFrame) -> pl.Series:
    names = [name for name in ("namespace", "pod", "container") if name in groups.columns]
    return groups.select(pl.concat_str(names, separator="/", ignore_nulls=True).alias("stream"))["stream"]


def _placed(groups: pl.DataFrame) -> pl.DataFrame:
    """Service, host and attributes of each line; there are few pods, so each is looked at once."""
    names = [name for name in ("pod", "container", "namespace") if name in groups.columns]
    pods = groups.select(names).unique().drop_nulls("pod")
    places = [pod_place(row["pod"], row["container"], row.get("namespace")) for row in pods.iter_rows(named=True)]
    known = pods.with_columns(
        pl.Series("service_name", [place.service for place in places], dtype=pl.String),
        pl.Series("host_name", [place.host for place in places], dtype=pl.String),
        pl.Series("attributes", [place.attributes for place in places], dtype=pl.String),
    )
    return groups.join(known, on=names, how="left", nulls_equal=True, maintain_order="left")


KUBECTL = PodPrefix("kubectl", KUBECTL_LINE, made=False)
STERN = PodPrefix("stern", STERN_LINE, made=True)
