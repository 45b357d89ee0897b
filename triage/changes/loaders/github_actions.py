"""Runs of GitHub Actions that deploy.

Fields as in GitHub's REST API reference, "Workflow runs" (``workflow_runs[]``), and in the manual of the GitHub CLI,
``gh run list --json`` (``databaseId``, ``workflowName``, ``displayTitle``, ``startedAt``, ``updatedAt``, ``status``).
"""

from __future__ import annotations

from typing import Any

from triage.changes.exports import Object, Told, filled, listed, objects, text
from triage.changes.loaders.ci_runs import Run, deploys, kind_of_run, service_in, told_of_runs

#: Fields of which the GitHub CLI's list has at least one beside status and time.
_CLI = {"workflowName", "displayTitle", "headSha", "databaseId"}
#: Conclusions of runs that did nothing.
NOTHING_DONE = ("skipped", "action_required", "stale", "startup_failure")


class GitHubRuns:
    """Each run of a workflow whose name, file or event says that it deploys, from its start to its last update."""

    name = "GitHub Actions"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of an answer of the API, of several pages, or of what the GitHub CLI lists."""
        found = objects(document, "workflow_runs")
        if found and all({"status", "created_at", "head_sha"} <= item.keys() for item in found):
            return told_of_runs([_of_api(item) for item in found])
        short = listed(document, "status", "startedAt") or listed(document, "status", "createdAt") or []
        known = short and all(_CLI & item.keys() for item in short)
        return told_of_runs([_of_cli(item) for item in short]) if known else None


def _of_api(item: Object) -> Run:
    workflow, title, path = text(item, "name"), text(item, "display_title"), text(item, "path")
    row = _row(
        number=text(item, "id"), workflow=workflow, title=title, status=text(item, "status"),
        time=text(item, "run_started_at") or text(item, "created_at"), end=text(item, "updated_at"),
        result=text(item, "conclusion"), sha=text(item, "head_sha"), branch=text(item, "head_branch"),
        repository=text(item, "repository", "name"),
    )  # fmt: skip
    by_name = deploys(workflow, path) or text(item, "event") in ("deployment", "release")
    return Run(row, workflow, by_name, _idle(text(item, "status"), text(item, "conclusion")))


def _of_cli(item: Object) -> Run:
    workflow, title = text(item, "workflowName") or text(item, "name"), text(item, "displayTitle")
    row = _row(
        number=text(item, "databaseId") or text(item, "number"), workflow=workflow, title=title,
        time=text(item, "startedAt") or text(item, "createdAt"), end=text(item, "updatedAt"),
        status=text(item, "status"), result=text(item, "conclusion"), sha=text(item, "headSha"),
        branch=text(item, "headBranch"), repository=_of_url(text(item, "url")),
    )  # fmt: skip
    by_name = deploys(workflow) or text(item, "event") in ("deployment", "release")
    return Run(row, workflow, by_name, _idle(text(item, "status"), text(item, "conclusion")))


def _row(
    *, number: str, workflow: str, title: str, time: str, end: str, status: str, result: str, sha: str, branch: str,
    repository: str,
) -> dict[str, Any]:  # fmt: skip
    return filled(
        id=f"github-run-{number}" if number else None,
        time=time,
        end=end if status == "completed" else None,
        kind=kind_of_run(title, workflow),
        service=service_in(workflow) or repository,
        version=branch if any(char.isdigit() for char in branch) else sha[:12],
        summary=": ".join(part for part in (workflow, title) if part),
        result=result,
        sha=sha,
        repository=repository,
    )


def _idle(status: str, conclusion: str) -> str:
    """Why a run changed nothing; empty where it did, or may have."""
    if conclusion in NOTHING_DONE:
        return conclusion
    return "" if status in ("completed", "in_progress", "") else status


def _of_url(url: str) -> str:
    """The repository in the address of a run."""
    parts = url[:300].split("/")
    return parts[parts.index("actions") - 1] if "actions" in parts[3:] else ""
