"""Deployments of GitLab, and pipelines that deploy by their name.

Fields as in GitLab's REST API reference, "Deployments API" (``iid``, ``environment``, ``deployable``, ``status``,
``sha``) and "Pipelines API" (``source``, ``name``, ``ref``, ``status``).
"""

from __future__ import annotations

from typing import Any

from triage.changes.exports import Object, Told, dig, filled, left_out, listed, numbered, text
from triage.changes.loaders.ci_runs import Run, deploys, kind_of_run, service_in, told_of_runs
from triage.changes.undoing import says_undone

#: States of deployments that did not begin.
NOT_BEGUN = ("created", "blocked", "skipped")


class GitLabDeployments:
    """Each deployment that began is a deploy, from the start to the end of its job."""

    name = "GitLab deployments"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a list of deployments."""
        found = listed(document, "iid", "environment", "status", "created_at")
        if found is None or not all("deployable" in item or "sha" in item for item in found):
            return None
        rows = [_row(item) for item in found if text(item, "status") not in NOT_BEGUN]
        idle = [text(item, "status") for item in found if text(item, "status") in NOT_BEGUN]
        return Told(numbered(rows), left_out(idle, "deployment", "not begun"))


class GitLabPipelines:
    """Each pipeline whose name says that it deploys."""

    name = "GitLab pipelines"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a list of pipelines."""
        found = listed(document, "id", "sha", "ref", "status", "source", "created_at", "web_url")
        return None if found is None else told_of_runs([_pipeline(item) for item in found])


def _row(item: Object) -> dict[str, Any]:
    job, commit = text(item, "deployable", "name"), text(item, "deployable", "commit", "title")
    ref, sha = text(item, "ref"), text(item, "sha")
    begun = text(item, "deployable", "started_at")
    done = text(item, "status") in ("success", "failed", "canceled")
    return filled(
        id=f"gitlab-deployment-{text(item, 'id') or text(item, 'iid')}",
        time=begun or text(item, "created_at"),
        end=text(item, "deployable", "finished_at") or (text(item, "updated_at") if done else None),
        kind="rollback" if says_undone(commit) or says_undone(job) else "deploy",
        service=service_in(job) or _project(text(item, "deployable", "project", "web_url") or _url(item)),
        version=ref if dig(item, "deployable", "tag") is True or any(char.isdigit() for char in ref) else sha[:12],
        summary=commit or job,
        environment=text(item, "environment", "name"),
        result=text(item, "status"),
        sha=sha,
        by=text(item, "user", "username"),
    )


def _pipeline(item: Object) -> Run:
    name, status, ref = text(item, "name"), text(item, "status"), text(item, "ref")
    done = status in ("success", "failed", "canceled")
    row = filled(
        id=f"gitlab-pipeline-{text(item, 'id')}",
        time=text(item, "started_at") or text(item, "created_at"),
        end=(text(item, "finished_at") or text(item, "updated_at")) if done else None,
        kind=kind_of_run(name),
        service=service_in(name) or _project(_url(item)),
        version=ref if any(char.isdigit() for char in ref) else text(item, "sha")[:12],
        summary=name,
        result=status,
    )
    return Run(row, name, deploys(name), "" if done or status == "running" else status)


def _url(item: Object) -> str:
    return text(item, "web_url") or text(item, "deployable", "web_url")


def _project(url: str) -> str:
    """The last part of a project's address, in front of ``/-/``."""
    return url[:300].partition("/-/")[0].rstrip("/").rpartition("/")[2]
