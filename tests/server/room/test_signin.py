"""Signing in: cookies, wrong passwords, the limit, the first account."""

from __future__ import annotations

import random
import re

import pytest

from engine.records import Role
from server.room import tries as tries_module
from server.room.tries import KEPT, TRIES_A_MINUTE, TRIES_AT_ONCE, Tries
from tests.server.room.conftest import OWN, PASSWORD, WELCOME, Asked

COOKIE = "everhost_session_8090"


async def test_a_session_is_a_strict_cookie_that_opens_the_api(asked: Asked) -> None:
    assert (await asked.http.get("/api/channels")).status_code == 401
    answer = await asked.sign_in("viewer")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert (await asked.http.get("/api/channels")).status_code == 200
    assert asked.http.cookies[COOKIE] not in (await asked.http.get("/api/channels")).text


async def test_a_session_is_kept_by_port(asked: Asked) -> None:
    """Cookies do not know ports: another control room of this host must not take this one's session."""
    answer = await asked.sign_in("viewer")
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
    other = {"host": "127.0.0.1:8091", "origin": "http://127.0.0.1:8091"}
    assert (await asked.http.get("/api/channels", headers=other)).status_code == 401
    answer = await asked.sign_in("viewer", **other)
    assert answer.headers["set-cookie"].startswith("everhost_session_8091=")
    assert (await asked.http.post("/signout", headers=other)).headers["set-cookie"].startswith("everhost_session_8091=")
    assert (await asked.http.get("/api/channels")).status_code == 200
    for host in ("127.0.0.1", "[::1]"):
        answer = await asked.sign_in("viewer", host=host, origin=f"http://{host}")
        assert answer.headers["set-cookie"].startswith("everhost_session=")


async def test_over_https_the_cookie_stays_there(asked: Asked) -> None:
    answer = await asked.http.post(
        "https://127.0.0.1:8090/signin", data={"name": "viewer", "password": PASSWORD},
        headers={"origin": "https://127.0.0.1:8090"},
    )  # fmt: skip
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_disk_that_cannot_be_written_is_said(asked: Asked) -> None:
    asked.accounts._db.execute("PRAGMA query_only = 1")
    answer = await asked.sign_in("viewer")
    assert (answer.status_code, "the disk may be full" in answer.text) == (503, True)


async def test_a_wrong_password_says_no_more_than_an_unknown_name(asked: Asked) -> None:
    wrong = await asked.sign_in("viewer", "not the password")
    unknown = await asked.sign_in("nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("viewer", "nobody") == unknown.text
    assert "set-cookie" not in wrong.headers


async def test_signing_out_ends_the_session(asked: Asked) -> None:
    await asked.sign_in("viewer")
    secret = asked.http.cookies[COOKIE]
    assert (await asked.http.post("/signout", headers=OWN)).headers["location"] == "/signin"
    asked.http.cookies.set(COOKIE, secret)
    assert (await asked.http.get("/api/channels")).status_code == 401


async def test_guessing_is_slowed_for_a_name_even_with_the_right_password(asked: Asked) -> None:
    for _ in range(TRIES_AT_ONCE):
        assert (await asked.sign_in("admin", "wrong wrong wrong")).status_code == 401
    answer = await asked.sign_in("admin")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


def test_tries_come_back_and_the_memory_is_bounded() -> None:
    now = [0.0]
    tries = Tries(lambda: now[0])
    assert [tries.may_try("mia", "1.1.1.1") for _ in range(TRIES_AT_ONCE + 1)] == [True] * TRIES_AT_ONCE + [False]
    assert not tries.may_try("MIA", "2.2.2.2")
    assert not tries.may_try("leo", "1.1.1.1")
    now[0] = 24.0
    assert tries.may_try("mia", "1.1.1.1")
    for n in range(KEPT + 2):
        tries.may_try(f"name {n}", f"address {n}")
    assert (len(tries._names._whole_at), len(tries._addresses._whole_at)) == (KEPT, KEPT)


def test_whoever_floods_gives_nobody_tries_back() -> None:
    now = [0.0]
    tries = Tries(lambda: now[0])
    passed = 0
    for _ in range(3):
        while tries.may_try("admin", "192.0.2.1"):
            passed += 1
        for n in range(KEPT + 1):
            tries.may_try(f"name {n}", "2001:db8::1")
    assert passed == TRIES_AT_ONCE
    # An address that is blocked fills no memory and blocks no name.
    assert set(tries._names._whole_at) == {"admin", *(f"name {n}" for n in range(TRIES_AT_ONCE))}
    assert tries.may_try("name 77", "2001:db8:1::1")


def test_a_flood_of_more_than_is_remembered_makes_newcomers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries_module, "KEPT", 3)
    now = [0.0]
    tries = Tries(lambda: now[0])
    for name in ("admin", "ben", "cleo"):
        assert [tries.may_try(name, f"of {name}") for _ in range(TRIES_AT_ONCE + 1)] == [True] * TRIES_AT_ONCE + [False]
    # Those who are not remembered push each other out, and have no more tries than one of them.
    told = [tries.may_try(f"name {n % 2}", f"address {n % 2}") for n in range(20)]
    assert told == [True] * TRIES_AT_ONCE + [False] * 15
    assert not tries.may_try("admin", "another")
    now[0] = 12.0
    assert [tries.may_try("admin", "of admin") for _ in range(2)] == [True, False]
    now[0] = 72.0
    for name in ("admin", "dora"):
        assert [tries.may_try(name, f"of {name}") for _ in range(TRIES_AT_ONCE + 1)] == [True] * TRIES_AT_ONCE + [False]


def test_nobody_ever_has_more_tries_than_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries_module, "KEPT", 4)
    chance, now, step = random.Random(7), [1e6], 60 / TRIES_A_MINUTE
    tries = Tries(lambda: now[0])
    whole_at: dict[str, float] = {}
    passed = 0
    for _ in range(20_000):
        now[0] += chance.expovariate(1.0)
        who = f"{chance.randrange(12) ** 2 // 12}"
        if tries.may_try(who, who):
            whole_at[who] = max(now[0], whole_at.get(who, 0.0)) + step
            assert whole_at[who] <= now[0] + TRIES_AT_ONCE * step + 0.01
            passed += 1
    assert passed > 5000


def test_a_right_password_is_forgiven_for_its_name_and_address() -> None:
    tries = Tries(lambda: 7.3)
    for _ in range(3):
        assert [tries.may_try("Mia", "1.1.1.1") for _ in range(TRIES_AT_ONCE + 1)] == [True] * TRIES_AT_ONCE + [False]
        tries.forgive("mia", "1.1.1.1")


async def test_the_first_account_is_made_once(empty: Asked) -> None:
    made = {"token": WELCOME, "name": "anna", "password": PASSWORD, "again": PASSWORD}
    assert (await empty.http.get("/welcome?token=guess")).status_code == 403
    page = await empty.http.get(f"/welcome?token={WELCOME}")
    assert (page.status_code, WELCOME in page.text) == (200, True)
    assert (await empty.http.post("/welcome", data=made | {"token": "guess"}, headers=OWN)).status_code == 403
    assert (await empty.http.post("/welcome", data=made | {"again": "another one"}, headers=OWN)).status_code == 422
    assert (await empty.http.post("/welcome", data=made | {"name": "<b>"}, headers=OWN)).status_code == 422
    assert empty.accounts.all() == []
    assert (await empty.http.post("/welcome", data=made, headers=OWN)).status_code == 303
    assert [(each.name, each.role) for each in empty.accounts.all()] == [("anna", Role.ADMIN)]
    assert (await empty.http.get("/api/channels")).status_code == 200
    again = await empty.http.post("/welcome", data=made | {"name": "eve"}, headers=OWN)
    assert (again.status_code, len(empty.accounts.all())) == (403, 1)


async def test_an_empty_welcome_token_opens_nothing(empty: Asked) -> None:
    empty.room.welcome_token = ""
    assert (await empty.http.get("/welcome?token=")).status_code == 403


async def test_the_plain_pages_are_escaped_strict_and_in_both_languages(asked: Asked) -> None:
    answer = await asked.sign_in("<script>alert(1)</script>", "x")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "same-origin"
    page = await asked.http.get("/signin", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert 'lang="zh"' in page.text
    assert "登录" in page.text
    asked.http.cookies.set("everhost_language", "en")
    page = await asked.http.get("/signin", headers={"accept-language": "zh-CN"})
    assert 'lang="en"' in page.text
    for file in re.findall(r'(?:src|href)="(/[^"#]+)', page.text):
        assert (await asked.http.get(file)).status_code == 200, file
