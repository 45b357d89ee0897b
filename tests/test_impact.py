"""What an incident did: requests as logs give them, their routes, and figures before the onset and since."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import triage
from tests.shop import ONSET, START, write_incident
from triage.impact import Impact, find_impact
from triage.impact.requests import find_requests
from triage.impact.routes import find_routes


def requests_of(*lines: tuple[str, dict[str, Any] | None]) -> pl.DataFrame:
    rows = [
        {"service_name": "web", "source": "web.log", "body": body, "attributes": json.dumps(fields) if fields else None}
        for body, fields in lines
    ]
    return find_requests(pl.DataFrame(rows, schema_overrides={"attributes": pl.String}).lazy(), pl.lit(True))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("POST /cart 503", None),
        ("POST /cart?id=7#top 503 12 ms", None),
        ('10.0.0.9 - "POST /cart HTTP/1.1" 503 Service Unavailable', None),
        ("POST http://shop.example/cart 503", None),
        ("POST /cart status=503", None),
        ("request", {"method": "POST", "path": "/cart", "status": 503}),
        ("request", {"http.request.method": "POST", "url.path": "/cart", "http.response.status_code": 503}),
        ("request", {"http": {"method": "POST", "route": "/cart", "target": "/cart?x=1", "status_code": "503"}}),
        ("handled", {"request": {"method": "POST", "uri": "/cart"}, "status": 503}),
        ("request", {"request": "POST /cart HTTP/1.1", "status": "503"}),
        ("", {"RequestMethod": "POST", "RequestPath": "/cart", "DownstreamStatus": 503}),
    ],
    ids=str,
)
def test_a_request_is_read_in_every_usual_spelling(body: str, fields: dict[str, Any] | None) -> None:
    [row] = requests_of((body, fields)).to_dicts()
    assert (row["method"], row["route"], row["requests_since"], row["failing_since"]) == ("POST", "/cart", 1, 1)
    assert (row["service_name"], row["sources"]) == ("web", ["web.log"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("GET /cart failed", None),
        ("we GET nothing", None),
        ("request", {"method": "GET", "path": "/cart"}),
        ("request", {"note": '{"method":"GET","path":"/cart","status":500}'}),
        ("request", {"method": "GET", "path": "cart", "status": 500}),
        ("request", {"method": "GET", "path": "/cart", "status": 5000}),
    ],
    ids=str,
)
def test_a_line_without_method_path_and_status_is_no_request(body: str, fields: dict[str, Any] | None) -> None:
    assert requests_of((body, fields)).is_empty()


def test_what_the_client_did_wrong_does_not_fail() -> None:
    found = requests_of(*((f"GET /cart {status}", None) for status in (200, 404, 499, 500, 504)))
    assert found.select("requests_since", "failing_since").row(0) == (5, 2)


def test_paths_become_routes() -> None:
    paths = {f"/items/SKU-{number}": 1 for number in range(50)} | {"/v1/users": 5, "/cart/": 2, "/": 9}
    routes = find_routes(paths)
    assert set(routes.values()) == {"/items/<*>", "/v1/users", "/cart/", "/"}


def test_names_of_users_are_no_routes_but_pages_are() -> None:
    users = {f"/users/{a}{b}/orders": 1 for a in "abcdefg" for b in "hijklmn"}
    pages = {f"/{a}{b}": 40 for a in "abcdefg" for b in "hijk"}
    scanned = {f"/{a}{b}.php": 1 for a in "abcdefg" for b in "hijk"}
    routes = find_routes(users | pages | scanned)
    assert {routes[path] for path in users} == {"/users/<*>/orders"}
    assert {routes[path] for path in pages} == set(pages)
    assert {routes[path] for path in scanned} == {"/<*>"}


def test_a_rare_name_beside_what_varies_is_one_more_value() -> None:
    assert set(find_routes({"/cart/c-1": 500, "/cart/c-abcdef": 1}).values()) == {"/cart/<*>"}


def test_a_path_of_any_depth_is_cut() -> None:
    assert find_routes({"/a" * 100: 1}) == {"/a" * 100: "/a" * 7 + "/<*>"}


# --- a whole incident ---


@pytest.fixture(scope="module")
def impact(tmp_path_factory: pytest.TempPathFactory) -> Impact:
    folder = write_incident(tmp_path_factory.mktemp("shop"))
    return find_impact(triage.load(folder / "logs", folder / "changes.json").facts)


def test_services_are_counted_before_and_since(impact: Impact) -> None:
    assert abs(impact.since - ONSET) < timedelta(seconds=10)
    found = {service.service: service for service in impact.services}
    assert set(list(found)[:2]) == {"checkout", "inventory"}
    assert found["inventory"].errors_before == found["payments"].errors_since == 0
    assert found["inventory"].errors_since > 500
    assert found["payments"].records_before + found["payments"].records_since == 40 * 60


def test_failing_lines_last_to_the_end(impact: Impact) -> None:
    assert impact.failing
    assert impact.failing.lasts
    assert impact.failing.first >= impact.since
    assert impact.failing.last > START + timedelta(minutes=39)
    assert 0 < impact.failing.longest_pause < 60


def test_logs_that_name_no_requests_have_no_operations(impact: Impact) -> None:
    assert impact.operations == ()


def test_trouble_that_ends_does_not_last(tmp_path: Path) -> None:
    lines = []
    for second in range(3600):
        at = f"{(START + timedelta(seconds=second)).isoformat()}"
        lines.append(f"{at} INFO web: GET /cart/{second} {503 if 1800 <= second < 2400 else 200}")
        if 1800 <= second < 2400:
            lines.append(f"{at} ERROR web: no answer from the database")
    (tmp_path / "web.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = find_impact(triage.load(tmp_path).facts)
    assert found.failing
    assert not found.failing.lasts
    assert found.failing.last < START + timedelta(seconds=2401)
    [operation] = found.operations
    assert (operation.route, operation.requests_before, operation.failing_before) == ("/cart/<*>", 1800, 0)
    assert (operation.requests_since, operation.failing_since) == (1800, 600)


def test_without_trouble_everything_is_since_the_beginning(tmp_path: Path) -> None:
    folder = write_incident(tmp_path, trouble=False)
    found = find_impact(triage.load(folder / "logs", folder / "changes.json").facts)
    assert found.since == found.start
    assert found.failing is None
    assert all(service.records_before == 0 for service in found.services)
