"""Deploys from git tags, read from real repositories made for each test."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triage.changes import load_changes
from triage.changes.loaders.git_tags import split_tag
from triage.errors import ChangesError

FIRST = "2024-05-01T14:00:00+02:00"
SECOND = "2024-05-02T10:30:00-05:00"


def git(folder: Path, *arguments: str, at: str = FIRST) -> str:
    """Run git with a fixed person and time, and none of this computer's settings."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": at,
        "GIT_COMMITTER_DATE": at,
    }
    person = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", *person, "-C", str(folder), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a light tag of one service and, a day later, an annotated one of another."""
    folder = tmp_path / "my shop; echo $HOME"
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "Hold connections in a pool")
    git(folder, "tag", "checkout-v1.2.3")
    git(folder, "tag", "-a", "cart/2.0.0-rc.1", "-m", "Cart 2.0\n\nwith a longer text", at=SECOND)
    return folder


def test_tags_are_deploys_at_their_own_date(shop: Path) -> None:
    commit = git(shop, "rev-parse", "HEAD")
    changes = load_changes(shop)
    assert changes.to_dicts() == [
        {
            "id": "checkout-v1.2.3",
            "time": "2024-05-01T12:00:00Z",
            "kind": "deploy",
            "service": "checkout",
            "version": "1.2.3",
            "summary": "Hold connections in a pool",
            "tag": "checkout-v1.2.3",
            "commit": commit,
        },
        {
            "id": "cart/2.0.0-rc.1",
            "time": "2024-05-02T15:30:00Z",
            "kind": "deploy",
            "service": "cart",
            "version": "2.0.0-rc.1",
            "summary": "Cart 2.0",
            "tag": "cart/2.0.0-rc.1",
            "commit": commit,
        },
    ]
    assert changes.notes == ()
    assert load_changes(changes.to_dicts()).changes == changes.changes


def test_a_service_may_be_given_for_all_tags(shop: Path) -> None:
    assert [change.service for change in load_changes(f"git:{shop}?service=shop")] == ["shop", "shop"]


def test_the_prefix_reads_from_a_folder_within(shop: Path) -> None:
    inner = shop / "services"
    inner.mkdir()
    assert load_changes(f"git:{inner}").changes == load_changes(shop).changes
    with pytest.raises(
        ChangesError, match=r"services: got a folder without files, wanted files with changes, or a git repo.*git:"
    ):
        load_changes(inner)


def test_a_bare_repository_and_the_current_folder(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(shop, "clone", "--quiet", "--bare", ".", "bare.git")
    assert load_changes(shop / "bare.git").changes == load_changes(shop).changes
    monkeypatch.chdir(shop)
    assert len(load_changes("git:")) == 2


def test_tags_and_a_list_are_read_together(shop: Path) -> None:
    flag = {"id": "flag-1", "time": "2024-05-01T18:00:00Z", "kind": "flag"}
    assert [change.id for change in load_changes([f"git:{shop}", flag])] == [
        "checkout-v1.2.3",
        "flag-1",
        "cart/2.0.0-rc.1",
    ]


def test_a_tag_without_a_date_is_noted(shop: Path) -> None:
    (shop / "file").write_text("x")
    git(shop, "tag", "contents", git(shop, "hash-object", "-w", "file"))
    changes = load_changes(shop)
    assert len(changes) == 2
    assert changes.notes[0].endswith("1 tag without a usable date left out: 'contents'")


def test_a_repository_without_tags_is_noted(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    changes = load_changes(tmp_path)
    assert len(changes) == 0
    assert changes.notes == (f"git tags of {tmp_path}: there are no dated tags",)


def test_hostile_text_of_a_tag_is_only_text(shop: Path) -> None:
    git(shop, "tag", "-a", "v9.0", "-m", "\x1b[2J<script> $(touch gone) %00 `id`", at="2024-05-03T00:00:00Z")
    change = load_changes(shop).changes[-1]
    assert (change.service, change.version) == (None, "9.0")
    assert change.summary == "\x1b[2J<script> $(touch gone) %00 `id`"
    assert not (shop / "gone").exists()


def test_the_environment_does_not_lead_elsewhere(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert len(load_changes(shop)) == 2


def test_a_folder_whose_name_looks_like_an_option(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.rename(tmp_path / "--help")
    monkeypatch.chdir(tmp_path)
    assert len(load_changes("--help")) == 2


@pytest.mark.parametrize("folder", ["plain", "missing"])
def test_what_is_no_repository(folder: str, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(ChangesError, match=r"got '.+' from git, wanted the tags of a git repository; try") as caught:
        load_changes(f"git:{tmp_path / folder}")
    assert "\n" not in str(caught.value)


def test_a_broken_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(ChangesError, match=r"got '.*not a git repository.*' from git"):
        load_changes(tmp_path)


def test_an_unknown_option(shop: Path) -> None:
    with pytest.raises(
        ChangesError, match=r"got the option 'since=2024', wanted service=NAME; try git:FOLDER\?service="
    ):
        load_changes(f"git:{shop}?since=2024")
    with pytest.raises(ChangesError, match=r"got the option 'service=', wanted service=NAME"):
        load_changes(f"git:{shop}?service=")


def test_without_git_there_are_no_tags(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChangesError, match=r"got no program 'git', wanted the tags .*; try installing git, or"):
        load_changes(shop)


@pytest.mark.parametrize(
    ("tag", "service", "version"),
    [
        ("v1.2.3", None, "1.2.3"),
        ("1.2.3+build.7", None, "1.2.3+build.7"),
        ("checkout-v1", "checkout", "1"),
        ("checkout-service-1.2.3-rc.1", "checkout-service", "1.2.3-rc.1"),
        ("checkout_2.0", "checkout", "2.0"),
        ("cart-2-v1.0", "cart-2", "1.0"),
        ("cart-2-1.0", "cart-2", "1.0"),
        ("cart/42", "cart", "42"),
        ("@shop/cart@4.0.1", "@shop/cart", "4.0.1"),
        ("release/checkout/1.2.3", "checkout", "1.2.3"),
        ("release-2024.05", None, "2024.05"),
        ("deploy-2024-05-01", None, "2024-05-01"),
        ("stable", None, "stable"),
        ("vendor", None, "vendor"),
    ],
)
def test_names_of_tags(tag: str, service: str | None, version: str) -> None:
    assert split_tag(tag) == (service, version)


def test_dates_are_in_utc(shop: Path) -> None:
    assert [change.time for change in load_changes(shop, tz="Asia/Tokyo")] == [
        datetime(2024, 5, 1, 12, tzinfo=UTC),
        datetime(2024, 5, 2, 15, 30, tzinfo=UTC),
    ]
