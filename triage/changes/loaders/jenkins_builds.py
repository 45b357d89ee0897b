"""Builds of Jenkins jobs that deploy by their name.

Fields as in the remote access API of Jenkins (``JOB/api/json?tree=fullName,builds[number,timestamp,duration,result,
building,fullDisplayName,description]``): ``timestamp`` is in milliseconds since 1970, ``duration`` in milliseconds.
"""

from __future__ import annotations

from typing import Any

from triage.changes.exports import Object, Told, dig, filled, objects, text
from triage.changes.loaders.ci_runs import Run, deploys, kind_of_run, service_in, told_of_runs


class JenkinsBuilds:
    """Each build of a job whose name says that it deploys, from ``timestamp`` for its ``duration``."""

    name = "Jenkins"

    def told(self, document: Any, source: str) -> Told | None:
        """The rows of a job, or of several (``jobs``)."""
        jobs = objects(document, "jobs") or ([document] if isinstance(document, dict) else objects(document))
        if not jobs or not all(_is_job(job) for job in jobs):
            return None
        return told_of_runs([_row(build, job) for job in jobs for build in objects(dig(job, "builds")) or []])


def _is_job(job: Object) -> bool:
    builds = objects(dig(job, "builds"))
    return builds is not None and all({"number", "timestamp"} <= build.keys() for build in builds)


def _row(build: Object, job: Object) -> Run:
    shown = text(build, "fullDisplayName").rpartition(" #")[0].replace(" » ", "/")
    name = text(job, "fullName") or text(job, "name") or shown
    began, lasted = build["timestamp"], build.get("duration")
    done = isinstance(began, int) and isinstance(lasted, int) and lasted > 0 and build.get("building") is not True
    said = text(build, "description")
    row = filled(
        id=f"jenkins-{name or 'build'}-{text(build, 'number')}",
        time=began,
        end=began + lasted if done else None,
        kind=kind_of_run(said, name),
        service=service_in(name),
        summary=said or f"{name} #{text(build, 'number')}".strip(),
        result=text(build, "result").lower(),
    )
    return Run(row, name, deploys(name, said), "not built" if text(build, "result") == "NOT_BUILT" else "")
