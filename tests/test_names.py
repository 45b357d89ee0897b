"""Whose lines a source holds: golden paths in `golden/names/paths.txt`, Docker's own files, prefixes of kubectl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.errors import UsageError
from triage.ingest import read_logs
from triage.ingest.names import place_of, workload_of
from triage.ingest.overrides import parse_services

CASES = [
    line.split(" -> ")
    for line in (Path(__file__).parent / "golden" / "names" / "paths.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
ID = "0123456789abcdef" * 4
LINE = "2026-11-21T02:05:12Z INFO ready\n"


@pytest.mark.parametrize(("path", "expected"), CASES, ids=[case[0][-60:] for case in CASES])
def test_golden_paths(path: str, expected: str) -> None:
    place = place_of(path)
    assert " | ".join(part or "-" for part in (place.service, place.host, place.attributes)) == expected


@given(path=st.text(alphabet=st.sampled_from("abz09-_./\\é \n"), max_size=300))
def test_any_path_names_something_or_nothing(path: str) -> None:
    place = place_of(path)
    assert place.service is None or place.service
    assert place.attributes is None or json.loads(place.attributes)


def _docker(folder: Path, config: object) -> Path:
    own = folder / "containers" / ID
    own.mkdir(parents=True)
    row = {"log": "hello\n", "stream": "stdout", "time": "2026-11-21T02:05:12.1Z"}
    (own / f"{ID}-json.log").write_text(json.dumps(row) + "\n")
    (own / "config.v2.json").write_text(json.dumps(config))
    (own / "hostconfig.json").write_text("{}")
    return folder / "containers"


def test_a_container_is_named_by_what_docker_keeps_beside_its_log(tmp_path: Path) -> None:
    labels = {"com.docker.compose.service": "web"}
    logs = _docker(tmp_path, {"Name": "/shop-web-1", "Config": {"Image": "shop/web:4", "Labels": labels}})
    found = read_logs(logs)
    (row,) = found.records.to_dicts()
    assert (row["service_name"], row["host_name"]) == ("web", "shop-web-1")
    assert json.loads(row["attributes"]) == {
        "container.name": "shop-web-1",
        "container.image.name": "shop/web:4",
        "container.id": ID,
        "stream": "stdout",
    }
    assert [source.lines for source in found.ledger.sources] == [1]


def test_a_container_that_kubernetes_made(tmp_path: Path) -> None:
    labels = {f"io.kubernetes.{key}": name for key, name in _POD.items()}
    logs = _docker(tmp_path, {"Name": "/k8s_cart_cart-5d4f8c7b9d-x2x4z_shop", "Config": {"Labels": labels}})
    (row,) = read_logs(logs).records.to_dicts()
    assert (row["service_name"], row["host_name"]) == ("cart", "cart-5d4f8c7b9d-x2x4z")
    assert json.loads(row["attributes"])["k8s.namespace.name"] == "shop"


_POD = {"pod.name": "cart-5d4f8c7b9d-x2x4z", "pod.namespace": "shop", "container.name": "cart"}


@pytest.mark.parametrize("config", [[], {"Name": 3, "Config": "x"}, {"Name": "", "Config": {"Labels": []}}])
def test_a_container_with_an_odd_config_goes_by_its_id(tmp_path: Path, config: object) -> None:
    (row,) = read_logs(_docker(tmp_path, config)).records.to_dicts()
    assert row["service_name"] == ID[:12]


def test_what_a_record_says_itself_stays(tmp_path: Path) -> None:
    folder = tmp_path / "shop_cart-5d4f8c7b9d-x2x4z_0d6a9e3c-52f1-4a67-9a0d-3f0c1a2b4d5e" / "cart"
    folder.mkdir(parents=True)
    row = {"time": "2026-11-21T02:05:12Z", "service": "basket", "host": "node-a", "msg": "x", "k8s.pod.name": "other"}
    (folder / "0.log").write_text(json.dumps(row) + "\n")
    (found,) = read_logs(tmp_path).records.to_dicts()
    assert (found["service_name"], found["host_name"]) == ("basket", "node-a")
    assert json.loads(found["attributes"]) == {
        "k8s.namespace.name": "shop",
        "k8s.container.name": "cart",
        "k8s.pod.name": "other",
    }


def test_no_suffix_is_taken_off_a_word() -> None:
    assert workload_of("api-green") == "api-green"
    assert workload_of("api-7") == "api"


def test_a_service_that_the_user_sets(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text('{"time":"2026-11-21T02:05:12Z","service":"basket","msg":"x"}\n')
    (tmp_path / "b.log").write_text(LINE)
    found = read_logs(tmp_path, services={"a.log": "cart"})
    assert found.records["service_name"].to_list() == ["cart", "b"]
    assert any(note.startswith("the service was set to cart (") for note in found.ledger.assumptions)
    with pytest.raises(UsageError, match="services: no source matches 'c'"):
        read_logs(tmp_path, services={"c": "cart"})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["cart"], "--service: got 'cart', wanted PATTERN=NAME"),
        (["a.log="], "wanted PATTERN=NAME"),
        (["a.log=x", "a.log=y"], "'a.log' is given twice"),
    ],
)
def test_services_that_are_none(values: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_services(values)
