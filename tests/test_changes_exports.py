"""What tools export: every form has golden cases, is known by its content alone, and survives whatever is in it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.changes import load_changes
from triage.changes.exports import Object
from triage.changes.loaders import EXPORTS
from triage.changes.loaders.kubernetes_events import GAP, event_rows
from triage.changes.partial import take_partial
from triage.changes.undoing import says_undone
from triage.errors import ChangesError

GOLDEN = Path(__file__).parent / "golden" / "changes" / "good"
FILES = sorted(path for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json"))
PLAIN = {"incident-folder.json", "later.txt", "none.json", "one-a-line.ndjson", "partial.json", "synonyms.json"}
JSON = [path for path in FILES if path.suffix == ".json" and path.name not in PLAIN and "pages" not in path.name]


def _document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_export_has_a_golden_case() -> None:
    documents = [_document(path) for path in JSON]
    documents.append([json.loads(line) for line in (GOLDEN / "cdevents.ndjson").read_text().splitlines()])
    known = {export.name for export in EXPORTS for document in documents if export.told(document, "x") is not None}
    assert known | {"Argo CD"} == {export.name for export in EXPORTS}


@pytest.mark.parametrize("path", JSON, ids=lambda path: path.name)
def test_a_document_is_known_to_one_export_only(path: Path) -> None:
    knowing = [export.name for export in EXPORTS if export.told(_document(path), "x") is not None]
    assert len(knowing) == 1


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_plain_list_is_no_export(name: str) -> None:
    if name.endswith(".json"):
        assert [export.name for export in EXPORTS if export.told(_document(GOLDEN / name), "x") is not None] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_changes_that_are_written_to_a_file_are_read_back_the_same(path: Path, tmp_path: Path) -> None:
    changes = load_changes(path)
    (tmp_path / "changes.json").write_text(json.dumps(changes.to_dicts()), encoding="utf-8")
    assert load_changes(tmp_path / "changes.json").changes == changes.changes


@pytest.mark.parametrize("path", JSON, ids=lambda path: path.name)
def test_no_name_of_a_file_is_needed_and_no_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "export").write_bytes(path.read_bytes())
    changes = load_changes(tmp_path / "export").changes
    assert changes == load_changes(path).changes == load_changes(_document(path)).changes


@pytest.mark.parametrize(
    "name", ["github-runs-api.json", "terraform-runs.json", "launchdarkly.json", "datadog-events-v2.json"]
)
def test_pages_are_read_as_one_answer(name: str, tmp_path: Path) -> None:
    document = _document(GOLDEN / name)
    (list_name,) = [key for key in ("workflow_runs", "data", "items") if key in document]
    pages = [{**document, list_name: [item]} for item in document[list_name]]
    whole = load_changes(GOLDEN / name).changes
    (tmp_path / "slurped.json").write_text(json.dumps(pages))
    (tmp_path / "behind.json").write_text("\n".join(json.dumps(page, indent=1) for page in pages))
    (tmp_path / "lines.ndjson").write_text("\n".join(json.dumps(page) for page in pages))
    for file in ("slurped.json", "behind.json", "lines.ndjson"):
        assert load_changes(tmp_path / file).changes == whole


@pytest.mark.parametrize(
    "answer", [{"data": [], "links": {}}, {"total_count": 0, "workflow_runs": []}, {"events": []}, {"items": []}]
)
def test_an_answer_with_nothing_in_it_is_no_change(answer: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text(json.dumps(answer))
    changes = load_changes(tmp_path / "answer.json")
    assert not changes.changes
    assert changes.notes[0].startswith(f"{tmp_path / 'answer.json'}"[:150])
    listed = {"apiVersion": "v1", "kind": "List", "items": []}
    assert not load_changes(listed).changes


def test_statuses_in_a_file_of_their_own_are_no_deployments(tmp_path: Path) -> None:
    status = {"state": "success", "deployment_url": "https://api.github.com/repos/a/b/deployments/1", "id": 2}
    (tmp_path / "s.json").write_text(json.dumps([status | {"created_at": "2024-05-01T12:00:00Z"}]))
    changes = load_changes(tmp_path / "s.json")
    assert [change.kind for change in changes] == ["other"]


def test_runs_of_which_none_deploys_are_told_and_give_no_change() -> None:
    runs = [run for run in _document(GOLDEN / "github-runs.json") if "test" in run["workflowName"]]
    changes = load_changes(runs)
    assert not changes.changes
    assert "none of the runs says by its name that it deploys" in changes.notes[-1]


# --- events of Kubernetes ---


def _event(minute: float, reason: str = "ScalingReplicaSet", name: str = "cart", message: str = "") -> Object:
    at = f"2024-05-01T{12 + int(minute) // 60:02}:{int(minute) % 60:02}:00Z"
    about = {"kind": "Deployment", "name": name, "namespace": "shop"}
    return {"kind": "Event", "involvedObject": about, "reason": reason, "message": message, "firstTimestamp": at}


def test_events_of_a_workload_without_a_long_pause_are_one_change() -> None:
    pause = int(GAP.total_seconds()) // 60
    minutes = [0, 1, 5, 5 + pause, 6 + 2 * pause]
    rows, _ = event_rows([_event(minute) for minute in minutes], "x")
    assert [row["time"][11:16] for row in rows] == ["12:00", "12:26"]
    assert rows[0]["end"][11:16] == "12:15"


def test_going_back_within_the_same_minutes_is_a_rollback_of_its_own() -> None:
    said = ["up replica set cart-7d9f8c6b5d from 0 to 1", "down replica set cart-5c6d7f8b9c from 1 to 0"]
    back = ["up replica set cart-5c6d7f8b9c from 0 to 1", "down replica set cart-7d9f8c6b5d from 1 to 0"]
    rows, _ = event_rows([_event(n, message=f"Scaled {text}") for n, text in enumerate([*said, *back])], "x")
    assert [row["kind"] for row in rows] == ["deploy", "rollback"]


def test_more_of_the_same_replica_set_is_scaling() -> None:
    said = ["up replica set cart-7d9f8c6b5d from 3 to 6", "down replica set cart-7d9f8c6b5d from 6 to 3"]
    rows, _ = event_rows([_event(n, message=f"Scaled {text}") for n, text in enumerate(said)], "x")
    assert [row["kind"] for row in rows] == ["scale"]


@given(order=st.permutations(range(21)))
@settings(max_examples=30)
def test_the_order_of_events_makes_no_difference(order: list[int]) -> None:
    events = _document(GOLDEN / "kubernetes-events.json")["items"]
    assert event_rows([events[place] for place in order], "x") == event_rows(events, "x")


def test_every_event_is_in_a_change_or_told_to_be_left_out() -> None:
    events = [_event(n, reason) for n, reason in enumerate(["ScalingReplicaSet", "FailedCreate", "Whatever"])]
    rows, notes = event_rows(events, "x")
    assert len(rows) == 1
    assert notes[0].startswith("1 event made into 1 change: ")
    assert notes[1].endswith("everyday work: FailedCreate (1), Whatever (1)")


def test_a_roll_out_that_its_replica_set_and_events_tell_of_is_one_change() -> None:
    names = ("kubernetes-events.json", "replicasets.json")
    events, sets = (_document(GOLDEN / name)["items"] for name in names)
    both = load_changes({"apiVersion": "v1", "kind": "List", "items": [*events, *sets]})
    alone = [load_changes(GOLDEN / name) for name in names]
    assert len(both) == len(alone[0]) + len(alone[1]) - 1
    assert [(change.kind, change.version) for change in both if change.attributes.get("replica_set")] == [
        ("deploy", "2.4.0"),
        ("rollback", "2.3.9"),
    ]
    assert "changes: 1 ReplicaSet told of by events as well, made into one change each" in both.notes


def test_a_replica_set_without_its_time_is_refused_whatever_events_tell() -> None:
    names = ("kubernetes-events.json", "replicasets.json")
    events, sets = (_document(GOLDEN / name)["items"] for name in names)
    del sets[0]["metadata"]["creationTimestamp"]
    with pytest.raises(ChangesError, match=r"^changes, row 1, field 'time': got nothing, wanted an ISO 8601 time"):
        load_changes({"apiVersion": "v1", "kind": "List", "items": [*events, *sets]})


# --- rollbacks and parts ---


@pytest.mark.parametrize(
    "text",
    ["Rollback to 3", "Rolled back to 2", "rolling back cart", 'Revert "a"', "fix(cart): revert the pool", "Undo 2.4.0",
     "[cart] roll back", "Deploy 2.3.9 (rolled back to it)", "Automatic rollback", "reverted", "backed out 2.4"],
)  # fmt: skip
def test_words_of_undoing(text: str) -> None:
    assert says_undone(text)


@pytest.mark.parametrize(
    "text",
    ["Upgrade complete", "Add a rollback button", "Rollback support for orders", "Backward compatible", "Undocumented",
     "reverse proxy", "", "Convert to cents", "deploy undone-service-list"],
)  # fmt: skip
def test_words_that_undo_nothing(text: str) -> None:
    assert not says_undone(text)


@pytest.mark.parametrize(
    ("given_as", "share"),
    [
        ({"share": 0.1}, 0.1), ({"share": "10%"}, 0.1), ({"percentage": 10}, 0.1), ({"percent": "2.5"}, 0.025),
        ({"canary": "10 %"}, 0.1), ({"share": "1/8"}, 0.125), ({"fraction": "1 of 4"}, 0.25), ({"rollout": 25}, 0.25),
        ({"share": 10}, None), ({"percentage": -1}, None), ({"share": True}, None), ({"canary": True}, None),
        ({"rollout": "blue/green"}, None), ({"weight": 10}, None), ({"share": "1/0"}, None), ({"share": "1e-3"}, None),
        ({"canary": True, "weight": 10}, 0.1), ({"percentage": 100}, 1.0), ({"share": [1]}, None),
    ],
)  # fmt: skip
def test_spellings_of_a_share(given_as: dict[str, Any], share: float | None) -> None:
    left = dict(given_as)
    found = take_partial(left, {name: name for name in left})
    assert found.share == share
    assert share is not None or left == given_as


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("web-1", ("web-1",)), ("web-1, web-2;web-3", ("web-1", "web-2", "web-3")), (["a", "b", "a"], ("a", "b")),
        (3, ()), ("3", ()), ([1, 2], ()), ([], ()), ({"a": 1}, ()),
    ],
)  # fmt: skip
def test_spellings_of_instances(value: Any, names: tuple[str, ...]) -> None:
    left = {"hosts": value}
    assert take_partial(left, {"hosts": "hosts"}).instances == names
    assert left == ({} if names else {"hosts": value})


# --- whatever is in it ---

STRANGE: list[Any] = [
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "x" * 5000,
    "\x1b[2J",
    [],
    {},
    [[]],
    {"a": {}},
    "2024-05-01T12:00:00Z",
    1714564800000,
]


def _changed(value: Any, turn: random.Random) -> Any:
    """The same document with one thing in it replaced by a strange one."""
    if turn.random() < 0.15 or not isinstance(value, dict | list) or not value:
        return turn.choice(STRANGE)
    if isinstance(value, dict):
        key = turn.choice(sorted(value))
        return {**value, key: _changed(value[key], turn)}
    place = turn.randrange(len(value))
    return [*value[:place], _changed(value[place], turn), *value[place + 1 :]]


@given(path=st.sampled_from(JSON), seed=st.integers(0, 10**9), times=st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None)
def test_a_spoilt_export_is_read_or_refused_in_one_line(path: Path, seed: int, times: int, tmp_path: Path) -> None:
    document, turn = _document(path), random.Random(seed)
    for _ in range(times):
        document = _changed(document, turn)
    file = tmp_path / "spoilt.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    try:
        changes = load_changes(file)
    except ChangesError as error:
        assert str(error).isprintable()
        assert len(str(error)) < 1000
    else:
        json.dumps(changes.to_dicts(), allow_nan=False)
        assert all(note.isprintable() for note in changes.notes)
