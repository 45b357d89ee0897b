"""Deploys from the tags of a git repository, with the date each tag was made."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from triage.changes.change import Change
from triage.changes.contract import LoadedChanges
from triage.changes.folders import is_repository
from triage.changes.plain import clean
from triage.changes.times import read_time
from triage.changes.wording import complaint, count, one_line, show, some

PREFIX = "git:"
SECONDS = 60
#: First parts of tag names that say what the tag is for, and name no service.
GENERAL = frozenset(
    ["release", "releases", "rel", "version", "ver", "v", "deploy", "deploys", "prod", "production", "tag"]
)

_STRICT = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_FORMAT = "%(refname:strip=2)%00%(creatordate:unix)%00%(objectname)%00%(*objectname)%00%(contents:subject)"
#: Tried in order: `-v1` is surer than a dotted number, that is surer than any number (`cart-2-v1`, `cart-2-1.0`).
_VERSIONS = tuple(
    re.compile(rf"(?:(?P<service>.+?)[-_/@])?(?P<version>{version})")
    for version in (r"[vV]\d[^/@]*", r"\d+(?:\.\d+)+[^/@]*", r"\d[\d._-]*")
)


@dataclass(frozen=True)
class Spec:
    """What ``git:FOLDER?service=NAME`` asks for."""

    folder: str
    service: str | None = None


class GitTags:
    """Each tag is a deploy; its service is the prefix of its name, or the one that is given for all tags."""

    name = "git tags"

    def accepts(self, spec: str) -> bool:
        """``git:FOLDER``, ``git:FOLDER?service=NAME``, or the root of a repository."""
        return spec.startswith(PREFIX) or (Path(spec).is_dir() and is_repository(Path(spec)))

    def load(self, spec: str, tz: tzinfo) -> LoadedChanges:
        """All tags that have a date. Dates of git carry their offset, so `tz` has no part in it.

        Raises
        ------
        ChangesError
            If git is missing, or the folder is no repository.
        """
        asked = parse_spec(spec)
        origin = f"git tags of {one_line(asked.folder)}"
        changes, undated = [], []
        for name, date, made, tagged, subject in _tags(asked.folder):
            change = _change(name, date, tagged or made, subject, asked.service, origin)
            if change is None:
                undated.append(show(name))
            else:
                changes.append(change)
        notes = []
        if undated:
            notes.append(f"{origin}: {count(len(undated), 'tag')} without a usable date left out: {some(undated)}")
        if not changes:
            notes.append(f"{origin}: there are no dated tags")
        return LoadedChanges(tuple(changes), tuple(notes))


def parse_spec(spec: str) -> Spec:
    """The folder and the service that a specification names.

    Raises
    ------
    ChangesError
        For an option other than ``service``.

    Examples
    --------
    >>> parse_spec("git:../shop?service=cart")
    Spec(folder='../shop', service='cart')
    """
    if not spec.startswith(PREFIX):
        return Spec(spec)
    folder, mark, option = spec.removeprefix(PREFIX).rpartition("?")
    if not mark:
        return Spec(option or ".")
    key, _, value = option.partition("=")
    if key != "service" or not value:
        hint = f"{PREFIX}FOLDER?service=cart"
        raise complaint(one_line(spec), f"the option {show(option)}", "service=NAME", hint)
    return Spec(folder or ".", value)


def split_tag(tag: str) -> tuple[str | None, str]:
    """The service and the version that a tag names; without a version in it, all of it is the version.

    Examples
    --------
    >>> split_tag("checkout-v1.2.3"), split_tag("checkout/1.2.3-rc.1"), split_tag("v2.0")
    (('checkout', '1.2.3'), ('checkout', '1.2.3-rc.1'), (None, '2.0'))
    >>> split_tag("@shop/cart@4.0.1"), split_tag("release-2024.05"), split_tag("stable")
    (('@shop/cart', '4.0.1'), (None, '2024.05'), (None, 'stable'))
    """
    short = tag[:255]
    match = next((found for pattern in _VERSIONS if (found := pattern.fullmatch(short))), None)
    if match is None:
        return None, short
    parts = [part for part in (match["service"] or "").split("/") if part and part.lower() not in GENERAL]
    return "/".join(parts) or None, match["version"].lstrip("vV")


def _change(name: str, date: str, commit: str, subject: str, service: str | None, origin: str) -> Change | None:
    try:
        time = read_time(date, UTC).time
    except ValueError:
        return None
    prefix, version = split_tag(name)
    return Change(
        id=name,
        time=time,
        kind="deploy",
        service=service or prefix,
        version=version,
        summary=clean(subject) or None,
        attributes={"tag": name, "commit": commit},
        origin=f"{origin}, tag {show(name)}",
    )


def _tags(folder: str) -> Iterator[list[str]]:
    """Tag name, epoch second, object, object that it points to, subject: of each tag, in order of names."""
    output = _git(folder, "for-each-ref", f"--format={_FORMAT}", "refs/tags")
    for line in output.split("\n"):
        if line:
            yield line.split("\0", 4)


def _git(folder: str, *arguments: str) -> str:
    """What git prints. It may not fetch, ask, page, or follow an environment that points elsewhere."""
    command = ["git", "--no-pager", "-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "-C", folder]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _STRICT
    place, wanted = one_line(folder), "the tags of a git repository"
    try:
        done = subprocess.run(
            [*command, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise complaint(place, "no program 'git'", wanted, "installing git, or a JSON file") from None
    except subprocess.TimeoutExpired:
        raise complaint(place, f"no answer from git in {SECONDS} s", wanted, "a JSON file") from None
    except (OSError, ValueError) as error:
        raise complaint(place, f"{show(str(error))} from running git", wanted, "a JSON file") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise complaint(place, f"'{one_line(said)}' from git", wanted, "another folder, or a JSON file")
    return done.stdout.decode("utf-8", "replace")
