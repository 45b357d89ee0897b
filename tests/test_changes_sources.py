"""Changes of several sources: files given together, folders, ids over sources, and what is told twice."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.changes import load_changes
from triage.changes.merging import source_names
from triage.errors import ChangesError

NOON, ONE = "2024-05-01T12:00:00Z", "2024-05-01T13:00:00Z"
DEPLOY = {"id": "7", "time": NOON, "kind": "deploy", "service": "cart", "version": "2.0"}
GOLDEN = Path(__file__).parent / "golden" / "changes" / "good"


def _written(folder: Path, name: str, rows: Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_ids_of_different_sources_are_told_apart_by_the_names_of_the_sources(tmp_path: Path) -> None:
    one = _written(tmp_path, "one.json", [DEPLOY, {**DEPLOY, "id": "only"}])
    two = _written(tmp_path, "two.json", [{**DEPLOY, "time": ONE}])
    changes = load_changes([one, two])
    assert [change.id for change in changes] == ["one:7", "only", "two:7"]
    assert changes.notes[0] == "1 id of several sources for different changes, now with their names: '7'"


def test_ids_do_not_depend_on_the_order_of_the_sources(tmp_path: Path) -> None:
    files = [
        _written(tmp_path, "a.json", [DEPLOY]),
        _written(tmp_path, "b.json", [{**DEPLOY, "time": ONE}]),
        _written(tmp_path, "c.json", [DEPLOY]),
    ]
    results = {tuple(change.id for change in load_changes(list(order))) for order in permutations(files)}
    assert results == {("a:7", "b:7")}


def test_the_same_row_in_two_files_is_one_change(tmp_path: Path) -> None:
    files = [_written(tmp_path, name, [DEPLOY]) for name in ("one.json", "two.json")]
    changes = load_changes(files)
    assert [change.id for change in changes] == ["7"]
    assert changes.notes == (f"1 repetition of a change left out: {files[1]}, row 1",)


def test_two_changes_under_one_id_in_one_source_are_refused_still(tmp_path: Path) -> None:
    path = _written(tmp_path, "one.json", [DEPLOY, {**DEPLOY, "time": ONE}])
    with pytest.raises(ChangesError, match=r"one\.json, row 2, field 'id': got '7', which .*row 1 has for another"):
        load_changes([path, _written(tmp_path, "two.json", [])])
    with pytest.raises(ChangesError, match=r"got '7', which changes, row 1 has for another change"):
        load_changes([DEPLOY, {**DEPLOY, "time": ONE}])


def test_a_name_in_front_that_makes_no_new_id_is_refused(tmp_path: Path) -> None:
    one = _written(tmp_path, "one.json", [DEPLOY, {**DEPLOY, "id": "one:7"}])
    with pytest.raises(ChangesError, match=r"field 'id': got 'one:7', which is another change's id as well"):
        load_changes([one, _written(tmp_path, "two.json", [{**DEPLOY, "time": ONE}])])


def test_sources_of_one_name_are_told_apart_by_their_folders() -> None:
    assert source_names(["x/a/c.json", "x/b/c.json"]) == {"x/a/c.json": "a/c", "x/b/c.json": "b/c"}
    assert source_names(["c.json", "c.csv"]) == {"c.json": "c.json", "c.csv": "c.csv"}


# --- folders ---


def test_every_file_of_a_folder_is_told_by_its_content(tmp_path: Path) -> None:
    for name in ("helm-history.txt", "github-deployments.json", "semicolons.csv"):
        (tmp_path / f"{name}.bak").write_bytes((GOLDEN / name).read_bytes())
    (tmp_path / "README.md").write_text("# changes\n")
    (tmp_path / ".hidden").write_text("[]")
    (tmp_path / "old").mkdir()
    changes = load_changes(tmp_path)
    single = [load_changes(GOLDEN / name) for name in ("helm-history.txt", "github-deployments.json", "semicolons.csv")]
    assert {change.id for change in changes} >= {change.id for one in single[:2] for change in one}
    assert len(changes) == sum(map(len, single))
    assert f"{tmp_path}: 1 file left out: 'README.md'" in changes.notes
    assert f"{tmp_path}: 1 folder left out: 'old'" in changes.notes


def test_a_broken_file_in_a_folder_is_no_less_an_error(tmp_path: Path) -> None:
    _written(tmp_path, "good.json", [DEPLOY])
    (tmp_path / "bad.json").write_text("[{")
    with pytest.raises(ChangesError, match=r"bad\.json, line 1, column 3: got text that is not JSON"):
        load_changes(tmp_path)


# --- told twice ---


def _twice(tmp_path: Path, first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    files = [_written(tmp_path, "helm.json", [first]), _written(tmp_path, "argo.json", [second])]
    changes = load_changes(files)
    assert len(changes) == 2
    return [note for note in changes.notes if "told twice" in note]


def test_the_same_deploy_by_two_tools_is_told_and_kept(tmp_path: Path) -> None:
    other = {**DEPLOY, "id": "h-3", "time": "2024-05-01T12:00:09Z", "service": "Cart", "version": "a84d88e"}
    said = "1 pair of changes may be one change told twice; both are kept and share its odds: '7' and 'h-3'"
    assert _twice(tmp_path, DEPLOY, other) == [said]


@pytest.mark.parametrize(
    "other",
    [
        {"time": "2024-05-01T12:03:00Z"},
        {"time": "2024-05-01T12:00:09Z", "version": "2.1"},
        {"time": "2024-05-01T12:00:09Z", "service": "mail"},
        {"time": "2024-05-01T12:00:09Z", "kind": "rollback"},
    ],
)
def test_other_deploys_are_not_taken_for_the_same(tmp_path: Path, other: dict[str, str]) -> None:
    assert _twice(tmp_path, DEPLOY, {**DEPLOY, "id": "h-3", **other}) == []


def test_a_deploy_while_another_tool_says_it_goes_on_is_the_same(tmp_path: Path) -> None:
    long = {**DEPLOY, "end": "2024-05-01T12:05:00Z"}
    assert len(_twice(tmp_path, long, {**DEPLOY, "id": "h-3", "time": "2024-05-01T12:03:00Z"})) == 1


# --- the law ---

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["a", "b", "c"]),
            "time": st.sampled_from([NOON, ONE]),
            "kind": st.sampled_from(["deploy", "flag"]),
            "service": st.sampled_from(["cart", "mail"]),
        }
    ),
    max_size=3,
    unique_by=lambda row: row["id"],
)


@given(lists=st.lists(ROWS, min_size=1, max_size=3), turn=st.randoms(use_true_random=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_sources_make_one_list_of_unique_ids_in_any_order(tmp_path: Path, lists: list[Any], turn: Any) -> None:
    files = [_written(tmp_path, f"{place}.json", rows) for place, rows in enumerate(lists)]
    changes = load_changes(files).changes
    assert len({change.id for change in changes}) == len(changes)
    distinct = {tuple(sorted(row.items())) for rows in lists for row in rows}
    assert len(changes) == len(distinct)
    shuffled = list(files)
    turn.shuffle(shuffled)
    assert load_changes(shuffled).changes == changes
