"""What is one template and what is two: values are alike, plain words tell messages apart, lists have any length."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from triage.patterns.drain import WILDCARD
from triage.patterns.merge import merge
from triage.patterns.refine import Skeleton, skeleton, split, template_of
from triage.patterns.shapes import shapes_of
from triage.patterns.templates import find_templates

WORDS = ["worker", "started", "stopped", "<NUM>", "<HEX>", "<IP>", "blk_<NUM>", "size=<NUM>", "a.b.c", "x", "took"]
shapes = st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=3).map(" ".join), min_size=1, max_size=12)


def _templates(*messages: str) -> list[str]:
    return sorted(triage.mine(list(messages)).templates["template"])


@pytest.mark.parametrize(
    ("messages", "template"),
    [
        (("exit code 0 of job 12345678", "exit code -1 of job 12ab34cd56"), "exit code <NUM> of job <*>"),
        (("vis=0 mask=0x2000 on screen", "vis=0xff mask=0 on screen"), "vis=<*> mask=<*> on screen"),
        (("overlap:true on top", "overlap:false on top"), "overlap:<*> on top"),
        (("forwarded for 10.0.0.1 now", "forwarded for 10.0.0.1,10.0.0.2 now"), "forwarded for <IP> now"),
        (("delete blk_1 blk_2 blk_3", "delete blk_4"), "delete <*>"),
        (("wrote core.12 at once", "wrote core.7 at once"), "wrote core.<NUM> at once"),
        (("peer db1.example:80 left", "peer web-2.example:443 left"), "peer <*> left"),
        (("retry of worker-1 in 12ms", "retry of worker-2 in 3s"), "retry of <*> in <*>"),
        (("acl tty=ssh user= set", "acl tty=none user=ana set"), "acl tty=<*> user=<*> set"),
        (('pulled "web" again', 'pulled "shop" again'), 'pulled "<*>" again'),
        (("codes [1 2 3] seen", "codes [4] seen", "codes [5 6] seen"), "codes [<*>] seen"),
        (("told (ana), twice", "told (10.0.0.1), twice"), "told (<*>), twice"),
        (("stored (size 4.2 KB)", "stored (size 312 B)"), "stored (size <SIZE>)"),
        (("wrote /var/lib/shop/a.db in time", "wrote C:\\shop\\data\\b.db in time"), "wrote <PATH> in time"),
        (("session of user ana opened", "session of user root opened"), "session of user <*> opened"),
    ],
)
def test_values_are_alike(messages: tuple[str, ...], template: str) -> None:
    assert _templates(*messages) == [template]


@pytest.mark.parametrize(
    "messages",
    [
        ("instance spawned successfully in zone b", "instance destroyed successfully in zone b"),
        ("state changed from NEW to RUNNING for it", "state changed from RUNNING to DONE for it"),
        ("link up on interface en0", "link down on interface en0"),
        ("reason = AuthFail:sts:5_rsn:3 told by peer", "reason = RoamFail:sts:5_rsn:0 told by peer"),
    ],
)
def test_plain_words_keep_messages_apart(messages: tuple[str, ...]) -> None:
    assert len(_templates(*messages)) == 2


def test_many_words_at_a_place_are_names() -> None:
    assert _templates(*(f"order of {word} was shipped" for word in ("tea", "ink"))) == [
        "order of ink was shipped",
        "order of tea was shipped",
    ]
    goods = ("tea", "ink", "oil", "rum", "salt", "silk", "wool", "wine", "rice")
    assert _templates(*(f"order of {word} was shipped" for word in goods)) == ["order of <*> was shipped"]
    states = ("opened", "closed", "full", "empty", "reading", "ready", "lost")
    assert len(_templates(*(f"the bay is {state} again" for state in states))) == len(states)


def test_endpoints_of_access_logs_stay_apart() -> None:
    bodies = [f"GET /{thing}/{n}/items HTTP/1.1" for thing in ("orders", "users", "carts") for n in range(3)]
    none = pl.Series([None] * len(bodies), dtype=pl.String)
    frame = pl.DataFrame({"body": bodies, "pinned": ["200"] * len(bodies), "exception_type": none})
    _, shapes = shapes_of(frame)
    assert sorted(set(find_templates(shapes)["template"])) == [
        f"GET /{thing}/<NUM>/items <*> 200" for thing in ("carts", "orders", "users")
    ]


def test_requests_of_access_logs_keep_their_path() -> None:
    body, none = "GET /api/orders/17 HTTP/1.1", pl.Series([None], dtype=pl.String)
    frame = pl.DataFrame({"body": [body], "pinned": ["200"], "exception_type": none})
    assert shapes_of(frame)[1]["shape"].to_list() == ["GET /api/orders/<NUM> HTTP/<NUM>"]
    bare = frame.with_columns(pinned=none)
    assert shapes_of(bare)[1]["shape"].to_list() == ["GET <PATH> HTTP/<NUM>"]


@given(lines=shapes, seed=st.randoms())
def test_parts_hold_each_member_once_whatever_the_order(lines: list[str], seed: object) -> None:
    members = [one for one in sorted(set(map(skeleton, lines))) if len(one.words) == 3]
    parts = [sorted(part) for part in split(members)]
    assert sorted(one for part in parts for one in part) == members
    seed.shuffle(members)  # type: ignore[attr-defined]
    assert sorted(sorted(part) for part in split(members)) == sorted(parts)
    merged = [sorted(part) for part in merge(parts)]
    assert sorted(one for part in merged for one in part) == sorted(members)
    assert sorted(sorted(part) for part in merge(sorted(parts, key=str, reverse=True))) == sorted(merged)
    for part in parts:
        for word, *seen in zip(template_of(part).split(), *(one.words for one in part), strict=True):
            assert len(set(seen)) == 1 or word == WILDCARD


def test_words_that_were_reduced_are_shown_as_wildcards() -> None:
    found = skeleton("took <NUM> ms in x").reduced(["took", "<*>", "ms", "in", "<*>"])
    assert found == Skeleton(("took", "<*>", "ms", "in", "<*>"), ("took", "<NUM>", "ms", "in", "<*>"))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("probe result {}", ("healthy", "unhealthy", "unknown")),
        ("health check of node 7: {}", ("pass", "warn", "crit", "unknown")),
        ("node became {} in term 3", ("leader", "follower", "candidate")),
        ("caught {} in handler", ("KeyError", "ValueError", "TimeoutError", "OSError")),
        ("connection to {} lost", ("payments", "orders", "auth", "billing")),
    ],
)
def test_a_few_words_at_a_place_tell_messages_apart(form: str, words: tuple[str, ...]) -> None:
    mined = triage.mine([form.format(word) for word in words for _ in range(3)])
    assert mined.templates["count"].to_list() == [3] * len(words)


def test_what_was_waited_for_is_no_name_elsewhere() -> None:
    waits = [f"timed out waiting for {what}" for what in ("disk", "network")]
    fails = [f"{what} failed on node 7" for what in ("disk", "network")]
    assert set(triage.mine([*waits, *fails]).templates["template"]) >= {"disk failed on node <NUM>"}


def test_a_word_of_many_marks_is_looked_at_once() -> None:
    text = "x " + "." * 2000 + "7x,7" + ":" * 2000 + "\N{LATIN SMALL LETTER E WITH ACUTE} end"
    assert len(triage.mine([text]).ids) == 1


@pytest.mark.parametrize("key", ["result=", "jobStatus=", "exit_state=", "job[phase]="])
def test_few_words_behind_a_key_of_states_tell_messages_apart(key: str) -> None:
    words = ("pass", "skip", "flaky")
    messages = [f"job {n} ended {key}{word} by {user}" for n in range(9) for word in words for user in ("ana", "bo")]
    assert sorted(triage.mine(messages).templates["template"]) == [
        f"job <NUM> ended {key}{word} by <*>" for word in sorted(words)
    ]


@pytest.mark.parametrize("key", ["user=", "reaction=", "host_name="])
def test_words_behind_other_keys_are_values(key: str) -> None:
    messages = [f"job {n} ended {key}{word}" for n in range(9) for word in ("ana", "bo", "cleo")]
    assert triage.mine(messages).templates["template"].to_list() == [f"job <NUM> ended {key}<*>"]


def test_what_is_no_word_behind_a_key_of_states_is_a_value() -> None:
    messages = [f"job ended result=r{n}-{n * 7}" for n in range(9)]
    assert triage.mine(messages).templates["template"].to_list() == ["job ended result=<*>"]
