"""Roll-outs of Kubernetes: a ReplicaSet for each version of a Deployment, a ControllerRevision of others.

Fields as in the Kubernetes API reference, "ReplicaSet" and "ControllerRevision"; the annotations
``deployment.kubernetes.io/revision``, ``deployment.kubernetes.io/revision-history`` and ``kubernetes.io/change-cause``
as in its "Well-Known Labels, Annotations and Taints". Argo Rollouts writes ReplicaSets as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from triage.changes.exports import Object, dig, filled, objects, text
from triage.changes.undoing import says_undone
from triage.changes.wording import show, some

REVISIONS = ("ReplicaSet", "ControllerRevision")
_NUMBERS = ("deployment.kubernetes.io/revision", "rollout.argoproj.io/revision")
_HISTORY = "deployment.kubernetes.io/revision-history"
_CAUSE = "kubernetes.io/change-cause"
_RESTARTED = "kubectl.kubernetes.io/restartedAt"


def rollout_rows(found: Iterable[Object]) -> tuple[list[dict[str, Any]], list[str]]:
    """A row for each revision, and notes on those that came back at a time which is not told.

    A revision with the images of the one before it changed something else: a restart if it says so, else ``config``.
    """
    owners: dict[tuple[str, str], list[Object]] = defaultdict(list)
    for item in found:
        owners[text(item, "metadata", "namespace"), _owner(item)].append(item)
    rows, again = [], []
    for (_, owner), revisions in sorted(owners.items(), key=lambda pair: pair[0]):
        before: Object | None = None
        for item in sorted(revisions, key=lambda one: (text(one, "metadata", "creationTimestamp"), _number(one))):
            rows.append(_row(item, owner, before))
            before = item
            if _annotation(item, _HISTORY):
                again.append(f"{show(owner)} to revision {_number(item)}")
    notes = []
    if again:
        notes.append(
            f"went back to an earlier ReplicaSet, at a time which that does not tell: {some(again)}; "
            "kubectl get events -o json may tell it"
        )
    return rows, notes


def _row(item: Object, owner: str, before: Object | None) -> dict[str, Any]:
    images, cause = _images(item), _annotation(item, _CAUSE)
    namespace, name = text(item, "metadata", "namespace"), text(item, "metadata", "name")
    # A ReplicaSet that came back bears a later number than that with which it was made.
    first = _annotation(item, _HISTORY).split(",")[0]
    return filled(
        id=f"{namespace}/{name}" if namespace else name,
        time=text(item, "metadata", "creationTimestamp"),
        kind="rollback" if says_undone(cause) else _kind(item, before),
        service=owner,
        version=_version(images, owner) or text(_labels(item), "app.kubernetes.io/version"),
        summary=cause,
        namespace=namespace,
        rollout_revision=first or _number(item),
        images=images,
    )


def _kind(item: Object, before: Object | None) -> str:
    if before is None or not _images(item) or _images(item) != _images(before):
        return "deploy"
    new = dig(item, "spec", "template", "metadata", "annotations", _RESTARTED)
    return (
        "restart" if new and new != dig(before, "spec", "template", "metadata", "annotations", _RESTARTED) else "config"
    )


def _owner(item: Object) -> str:
    """The name of the Deployment or other that a revision belongs to; without the hash of the revision otherwise."""
    owner = text(item, "metadata", "ownerReferences", 0, "name")
    name = text(item, "metadata", "name")
    return (
        owner or name.removesuffix("-" + (text(_labels(item), "pod-template-hash") or name.rpartition("-")[2])) or name
    )


def _number(item: Object) -> str:
    given = next((_annotation(item, name) for name in _NUMBERS if _annotation(item, name)), "")
    return given or text(item, "revision")


def _annotation(item: Object, name: str) -> str:
    return text(item, "metadata", "annotations", name)


def _labels(item: Object) -> Any:
    return dig(item, "metadata", "labels")


def _images(item: Object) -> list[str]:
    spec = dig(item, "spec", "template", "spec") or dig(item, "data", "spec", "template", "spec")
    return [text(one, "image") for one in objects(dig(spec, "containers")) or [] if text(one, "image")]


def _version(images: list[str], owner: str) -> str:
    """The tag of the image that is named like the owner, else of the first."""
    own = [image for image in images if split_image(image)[0].rpartition("/")[2] == owner]
    return split_image((own or images or [""])[0])[1]


def split_image(image: str) -> tuple[str, str]:
    """Name and tag of a container's image; the beginning of the digest where there is no tag.

    Examples
    --------
    >>> split_image("registry.example:5000/shop/cart:2.4.1"), split_image("shop/cart@sha256:0b31b1c02ff458ad")
    (('registry.example:5000/shop/cart', '2.4.1'), ('shop/cart', '0b31b1c02ff4'))
    """
    name, _, digest = image.partition("@")
    front, colon, tag = name.rpartition(":")
    if colon and "/" not in tag:
        return front, tag
    return name, digest.rpartition(":")[2][:12]
