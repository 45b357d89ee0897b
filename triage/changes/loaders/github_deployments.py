"""Deployments of GitHub, with or without their statuses.

Fields as in GitHub's REST API reference, "Deployments" and "Deployment statuses" (``gh api repos/O/R/deployments``),
and in its GraphQL reference, object "Deployment".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from triage.changes.exports import Object, Told, dig, filled, listed, numbered, objects, text
from triage.changes.undoing import says_undone

#: States in which a deployment is at work, and in which it is through. `inactive` is what a later one makes of it.
BEGUN, THROUGH = {"in_progress"}, {"success", "failure", "error"}
_ADDRESS = re.compile(
    r"https?://[^/]{1,100}/(?:(?:api/v3/)?repos/[^/]{1,100}/(?P<api>[^/]{1,100})|[^/]{1,100}/(?P<page>[^/]{1,100}))",
    re.ASCII,
)
_BRANCH = re.compile(r"[^\d]+|refs/heads/.*", re.ASCII)


class GitHubDeployments:
    """Each deployment is a deploy of the repository: from ``in_progress`` to ``success``, ``failure`` or ``error``.

    Statuses stand in a deployment (``statuses``), or in the same list, each with its ``deployment_url``.
    """

    name = "GitHub deployments"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a list of deployments, also of GraphQL's ``nodes``."""
        nodes = dig(document, "data", "repository", "deployments", "nodes")
        found = objects(nodes) if nodes is not None else objects(document)
        if not found or not all(_is_deployment(item) or _is_status(item) for item in found):
            return None
        by_url: dict[str, list[Object]] = {}
        for status in filter(_is_status, found):
            by_url.setdefault(text(status, "deployment_url"), []).append(status)
        deployments = [item for item in found if not _is_status(item)]
        if not deployments:
            return None
        rows = [_row(item, [*_statuses(item), *by_url.pop(text(item, "url"), [])]) for item in deployments]
        lost = sum(map(len, by_url.values()))
        notes = (f"statuses without their deployment left out: {lost}",) if lost else ()
        bare = all("in_progress_at" not in row for row in rows) and not any("end" in row for row in rows)
        told = ("no statuses of the deployments: each begins when it was created, and no end is known",) if bare else ()
        for row in rows:
            row.pop("in_progress_at", None)
        return Told(numbered(rows), notes + told)


class GitHubReleases:
    """Each release that was published is a deploy, at the time it was published."""

    name = "GitHub releases"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a list of releases, as of the REST API (``tag_name``) or of ``gh release list --json``."""
        found = listed(document, "tag_name", "published_at") or listed(document, "tagName", "publishedAt")
        if found is None:
            return None
        rows = [_release(item) for item in found]
        drafts = len(rows) - len([row for row in rows if row])
        notes = (f"drafts left out, since they were not published: {drafts}",) if drafts else ()
        return Told(numbered([row for row in rows if row]), notes)


def _is_deployment(item: Object) -> bool:
    rest = {"sha", "environment", "created_at"} <= item.keys() and ("statuses_url" in item or "task" in item)
    return rest or ({"createdAt", "environment"} <= item.keys() and "statuses" in item)


def _is_status(item: Object) -> bool:
    return {"state", "deployment_url", "created_at"} <= item.keys()


def _statuses(item: Object) -> list[Object]:
    held = item.get("statuses")
    return objects(dig(held, "nodes") if isinstance(held, dict) else held) or []


def _row(item: Object, statuses: Iterable[Object]) -> dict[str, Any]:
    steps = sorted((_at(step), text(step, "state").lower()) for step in statuses if _at(step))
    begun = next((at for at, state in steps if state in BEGUN), None)
    through = next(((at, state) for at, state in steps if state in THROUGH and at >= (begun or "")), (None, None))
    ref, sha = text(item, "ref") or text(item, "ref", "name"), text(item, "sha") or text(item, "commitOid")
    summary, task = text(item, "description"), text(item, "task") or "deploy"
    number = text(item, "id") or text(item, "databaseId")
    return filled(
        id=f"github-deployment-{number}" if number else None,
        time=begun or _at(item),
        in_progress_at=begun,
        end=through[0],
        kind="rollback" if says_undone(summary) or says_undone(task) else _kind(task),
        service=_repository(item),
        version=sha[:12] if _BRANCH.fullmatch(ref) or not ref or sha.startswith(ref) else ref,
        summary=summary,
        environment=text(item, "environment") or text(item, "original_environment"),
        result=through[1],
        ref=ref,
        sha=sha,
        by=text(item, "creator", "login"),
    )


def _at(item: Object) -> str:
    return text(item, "created_at") or text(item, "createdAt")


def _kind(task: str) -> str:
    return "migration" if "migrat" in task.lower() else "deploy"


def _repository(item: Object) -> str:
    """The name of the repository, from the addresses in an object of the API."""
    for name in ("repository_url", "statuses_url", "url", "html_url"):
        if match := _ADDRESS.match(text(item, name)[:300]):
            return match["api"] or match["page"]
    return text(item, "repository", "name")


def _release(item: Object) -> dict[str, Any]:
    at = text(item, "published_at") or text(item, "publishedAt")
    if not at or item.get("draft") is True or item.get("isDraft") is True:
        return {}
    tag, title = text(item, "tag_name") or text(item, "tagName"), text(item, "name")
    return filled(
        id=f"github-release-{text(item, 'id') or tag}",
        time=at,
        kind="rollback" if says_undone(title) else "deploy",
        service=_repository(item),
        version=tag,
        summary=title or None,
        prerelease=True if item.get("prerelease") is True or item.get("isPrerelease") is True else None,
    )
