"""One file per source of changes, and the registries of them all."""

from __future__ import annotations

from triage.changes.contract import Loader
from triage.changes.exports import Export
from triage.changes.loaders.argocd import ArgoHistory, ArgoTable
from triage.changes.loaders.cdevents import CdEvents
from triage.changes.loaders.csv_file import CsvFile
from triage.changes.loaders.datadog_events import DatadogEvents
from triage.changes.loaders.git_tags import GitTags
from triage.changes.loaders.github_actions import GitHubRuns
from triage.changes.loaders.github_deployments import GitHubDeployments, GitHubReleases
from triage.changes.loaders.gitlab import GitLabDeployments, GitLabPipelines
from triage.changes.loaders.grafana_annotations import GrafanaAnnotations
from triage.changes.loaders.helm_history import HelmHistory, HelmTable
from triage.changes.loaders.jenkins_builds import JenkinsBuilds
from triage.changes.loaders.json_file import JsonFile
from triage.changes.loaders.kubernetes import Kubernetes
from triage.changes.loaders.launchdarkly_audit import LaunchDarklyAudit
from triage.changes.loaders.refused import Refused
from triage.changes.loaders.terraform_runs import TerraformRuns

#: What tools export as JSON. Each knows its own by fields that no other has; what none knows is a plain list.
EXPORTS: tuple[Export, ...] = (
    Kubernetes(), ArgoHistory(), HelmHistory(), GitHubDeployments(), GitHubReleases(), GitHubRuns(),
    GitLabDeployments(), GitLabPipelines(), JenkinsBuilds(), TerraformRuns(), CdEvents(), DatadogEvents(),
    GrafanaAnnotations(), LaunchDarklyAudit(),
)  # fmt: skip

#: Asked in this order: JSON and tables before CSV, because their beginning tells them where the suffix does not.
LOADERS: tuple[Loader, ...] = (GitTags(), JsonFile(EXPORTS), HelmTable(), ArgoTable(), Refused(), CsvFile())

__all__ = ["EXPORTS", "LOADERS"]
