"""What a source's path says about whose lines it holds: service, host or pod, namespace, container."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import orjson
import polars as pl

from triage.ingest.containers import container_facts

#: File names that say what kind of lines these are, not whose: the directory above names the service.
KINDS = {
    "access", "error", "errors", "stdout", "stderr", "out", "err", "log", "logs", "output", "console", "messages",
    "current", "main", "0", "1", "app", "application", "server", "debug", "info", "json", "containers", "pods", "var",
    "previous", "service", "services",
}  # fmt: skip
SUFFIX = re.compile(
    r"(?:\.(?:log|txt|out|err|json|jsonl|ndjson|csv|tsv|parquet|gz|zst|zstd|bz2|xz|lzma|old|bak|orig|save|prev|\d{1,4})|~)+$",
    re.IGNORECASE,
)
DATE = re.compile(r"[-_.]?\d{4}[-_]?\d\d[-_]?\d\d(?:[-_T]?\d{2,6})?$")
#: Letters and digits that Kubernetes draws suffixes from: no vowels, so that no words come about.
SAFE = "bcdfghjklmnpqrstvwxz2456789"
#: What a Deployment or a CronJob adds to make a pod's name: plain wherever it stands.
POD = re.compile(rf"-(?:[a-f0-9]{{6,10}}-[a-z0-9]{{5}}|(?:[{SAFE}]{{8,10}}|\d{{8,10}})-[{SAFE}]{{5}})$")
#: What a DaemonSet or Job, and a StatefulSet, add: too little to know a pod by.
POD_WEAK = re.compile(rf"-(?:(?:\d{{1,4}}-)?[{SAFE}]{{5}}|\d{{1,4}})$")
#: A name of Kubernetes (RFC 1123), and the layouts that its nodes and its tools write.
NAME = r"[a-z0-9](?:[-a-z0-9]{0,251}[a-z0-9])?"
POD_NAME = rf"{NAME}(?:\.{NAME})*"
PODS = re.compile(
    rf"(?:^|/)(?P<namespace>{NAME})_(?P<pod>{POD_NAME})_(?P<uid>[0-9a-f]{{32}}|[0-9a-f-]{{36}})"
    rf"(?:/(?P<container>{NAME})/[^/]+)?$"
)
CONTAINERS = re.compile(
    rf"(?:^|/)(?P<pod>{POD_NAME})_(?P<namespace>{NAME})_(?P<container>{NAME})-(?P<id>[0-9a-f]{{64}})\.log[^/]*$"
)
MUST_GATHER = re.compile(
    rf"(?:^|/)namespaces/(?P<namespace>{NAME})/pods/(?P<pod>{POD_NAME})/(?P<container>{NAME})/(?P=container)/logs/[^/]+$"
)
DOCKER = re.compile(r"(?:^|/)(?P<id>[0-9a-f]{64})/(?P=id)-json\.log[^/]*$")
LAYOUTS = (PODS, CONTAINERS, MUST_GATHER)
#: Characters of a path that are looked at.
MOST = 4096


@dataclass(frozen=True)
class Place:
    """Whose lines a source holds, as far as its path says.

    Attributes
    ----------
    service, host : str or None
        For records that do not name theirs. The host is a pod's full name.
    attributes : str or None
        Further names as JSON text, under OpenTelemetry's names: ``k8s.namespace.name`` and so on.
    forced : bool
        The service is what the user set: it holds for all records.
    """

    service: str | None = None
    host: str | None = None
    attributes: str | None = None
    forced: bool = False

    def called(self, service: str | None) -> Place:
        """The same place with the name that the user gave its service, if they did."""
        return replace(self, service=service, forced=True) if service else self

    def columns(self) -> list[pl.Expr]:
        """Service, host and attributes of records, filled in; what a record says itself stays."""
        service, own = pl.lit(self.service, pl.String), pl.col("attributes")
        filled = [
            (service if self.forced else pl.col("service_name").fill_null(service)).alias("service_name"),
            pl.col("host_name").fill_null(pl.lit(self.host, pl.String)),
        ]
        if not self.attributes:
            return filled
        # Of a name that occurs twice JSON readers take the last: the record's own.
        joined = pl.concat_str(pl.lit(self.attributes[:-1] + ","), own.str.slice(1))
        added = pl.when(own.str.starts_with('{"')).then(joined).otherwise(own.fill_null(pl.lit(self.attributes)))
        return [*filled, added.alias("attributes")]


def place_of(source: str, path: Path | None = None) -> Place:
    """What a source's path says; `path` is where it lies, if what Docker keeps beside it can be looked at.

    Examples
    --------
    >>> place_of("pods/shop_cart-5d4f8c7b9d-x2x4z_0d6a9e3c-52f1-4a67-9a0d-3f0c1a2b4d5e/cart/0.log").service
    'cart'
    >>> place_of("logs/ts-food-service-f5756978c-k8vqf.log.gz")
    Place(service='ts-food-service', host='ts-food-service-f5756978c-k8vqf', attributes=None, forced=False)
    """
    text = source.replace("\\", "/")[-MOST:]
    if found := next(filter(None, (layout.search(text) for layout in LAYOUTS)), None):
        parts = found.groupdict()
        return pod_place(parts["pod"], parts["container"], parts["namespace"])
    if found := DOCKER.search(text):
        return _docker(found["id"], path)
    return Place(service_of(source), pod_of(source))


def pod_place(pod: str, container: str | None = None, namespace: str | None = None) -> Place:
    """What the names of a pod and its container say."""
    names = {"k8s.namespace.name": namespace, "k8s.pod.name": pod, "k8s.container.name": container}
    return Place(workload_of(pod, container), pod, _json(names))


def workload_of(pod: str, container: str | None = None) -> str:
    """The name of what made a pod: the pod's without what a Deployment, DaemonSet, StatefulSet or Job adds.

    Examples
    --------
    >>> workload_of("cart-5d4f8c7b9d-x2x4z"), workload_of("backup-28512345-zt4bn")  # of a Deployment, of a CronJob
    ('cart', 'backup')
    >>> workload_of("redis-0"), workload_of("node-exporter-8xk2p")  # of a StatefulSet, of a DaemonSet
    ('redis', 'node-exporter')
    >>> workload_of("kube-apiserver-worker-a", "kube-apiserver")  # the node's name follows
    'kube-apiserver'
    """
    bare = POD.sub("", pod)
    if bare != pod:
        return bare
    if container and pod.startswith(f"{container}-"):
        return container
    return POD_WEAK.sub("", pod)


def _docker(identity: str, path: Path | None) -> Place:
    facts = container_facts(path.parent) if path else None
    if facts is None:
        return Place(identity[:12], None, _json({"container.id": identity}))
    if facts.pod:
        return pod_place(facts.pod, facts.container, facts.namespace)
    names = {"container.name": facts.container, "container.image.name": facts.image, "container.id": identity}
    return Place(facts.service or facts.container or identity[:12], facts.container, _json(names))


def _json(names: dict[str, str | None]) -> str | None:
    known = {key: name for key, name in names.items() if name}
    return orjson.dumps(known).decode() if known else None


def service_of(source: str) -> str | None:
    """The service that a path names; None for standard input or a path that names none.

    Examples
    --------
    >>> service_of("logs/nginx/access.log.gz"), service_of("logs/checkout-2026-11-21.log")
    ('nginx', 'checkout')
    >>> service_of("logs/ts-food-service-f5756978c-k8vqf.log.gz")
    'ts-food-service'
    """
    if source == "-":
        return None
    path = PurePosixPath(source.replace("\\", "/"))
    for part in (path.name, *(parent.name for parent in path.parents[:2])):
        name = POD.sub("", _bare(part))
        if name and name.lower() not in KINDS:
            return name
    return None


def _bare(name: str) -> str:
    return DATE.sub("", SUFFIX.sub("", name))


def pod_of(source: str) -> str | None:
    """The pod's full name, where the file's name, or the folder's it lies in, looks like one.

    Examples
    --------
    >>> pod_of("logs/ts-food-service-f5756978c-k8vqf.log.gz"), pod_of("dump/cart-5d4f8c7b9d-x2x4z/app.log")
    ('ts-food-service-f5756978c-k8vqf', 'cart-5d4f8c7b9d-x2x4z')
    """
    path = PurePosixPath(source.replace("\\", "/"))
    names = (_bare(path.name), path.parent.name if _bare(path.name).lower() in KINDS else "")
    return next((name for name in names if POD.search(name)), None)
