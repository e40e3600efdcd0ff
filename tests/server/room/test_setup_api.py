"""The set-up by the API: who may, what is written, and what is not lost or told."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from pydantic import BaseModel, SecretStr

from engine.records import Role
from engine.runtime.bus import Bus
from engine.runtime.messages import Restart
from engine.settings import Channel, load_channel
from server.room.setup.desk import _beside
from server.room.setup.text import SECRET_KEYS, difference, hidden, revision_of
from tests.server.room.conftest import BASE, CANARY, OWN, PASSWORD, Asked, be


def operations(asked: Asked) -> list[tuple[str, str]]:
    """Method and path of everything that the set-up and the users' page can do."""
    paths = asked.app.openapi()["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    return [(method, path) for method, path in found if path.startswith(("/api/setup", "/api/users", "/api/tokens"))]


def filled(path: str) -> str:
    names = {"channel_id": "mia", "language": "en", "name": "mia", "backend": "hibari", "job_id": "x", "version": "x",
             "import_id": "x", "label": "x"}  # fmt: skip
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_only_an_admin_may_and_only_from_the_own_site(setting: Asked) -> None:
    known = operations(setting)
    assert len(known) >= 25
    file = setting.room.watches["mia"].channel.file
    before = file.read_text()
    body = {"url": "rtmp://x/y", "name": "x", "label": "x", "role": "viewer", "looks": {}, "form": "f",
            "revision": "", "channel": "mia", "keep": {}}  # fmt: skip
    for method, path in known:
        schema = setting.app.openapi()["paths"][path][method.lower()]
        assert "Role: admin" in schema["description"] or "throughout" in schema["description"], path
    # The form of a body is checked before the role, so each operation gets one that fits.
    for method, path in known:
        fits = _fitting(setting, method, path, body)
        setting.http.cookies.clear()
        assert (await setting.http.request(method, filled(path), **fits)).status_code == 401, (method, path)
        for role in ("viewer", "operator"):
            be(setting, role)
            assert (await setting.http.request(method, filled(path), **fits)).status_code == 403, (method, path, role)
        be(setting, "admin")
        if method != "GET":
            for origin in ("https://evil.example", "null", "http://127.0.0.1:9999"):
                answer = await setting.http.request(method, filled(path), headers={"origin": origin}, **fits)
                assert answer.status_code == 403, (method, path, origin)
        answer = await setting.http.request(method, filled(path), headers={"host": "evil.example"}, **fits)
        assert answer.status_code == 403, (method, path)
    assert file.read_text() == before
    assert [each.name for each in setting.accounts.all()] == ["admin", "operator", "viewer"]
    assert setting.room.setup is not None


def _fitting(asked: Asked, method: str, path: str, values: dict[str, Any]) -> dict[str, Any]:
    """A request body with just the keys that the operation's schema has."""
    schema = asked.app.openapi()
    content = schema["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return {}
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return {"json": {key: values[key] for key in schema["components"]["schemas"][name]["properties"] if key in values}}


async def test_a_token_of_an_admin_may_without_an_origin(setting: Asked) -> None:
    setting.http.cookies.clear()
    del setting.http.headers["origin"]
    for role, status in ((Role.ADMIN, 200), (Role.OPERATOR, 403)):
        token = setting.accounts.add_token(f"bot-{role}", role)
        answer = await setting.http.get("/api/setup/channels", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == status


async def form_of(asked: Asked) -> dict[str, Any]:
    answer = await asked.http.get("/api/setup/channels/mia")
    assert answer.status_code == 200
    form: dict[str, Any] = answer.json()
    return form


OLD = {"kind": "rtmp", "name": "old", "url": "rtmp://live.example.com/app"}
KEPT = OLD | {"was": OLD, "key_from": "file"}
MORE = {
    "kind": "rtmp", "name": "new one", "platform": "twitch", "url": "rtmps://b.example/x", "new_key": f"{CANARY}-2",
    "backup_url": "rtmps://c.example/x", "new_backup_key": f"{CANARY}-3",
}  # fmt: skip
"""An output as it was, and one with keys that are typed in."""


async def test_changes_are_checked_written_and_kept(setting: Asked, tmp_path: Path) -> None:
    file = setting.room.watches["mia"].channel.file
    before = file.read_text()
    form = await form_of(setting)
    assert (form["running"], form["host"], form["values"]["name"]) == (True, "mia", "Mia")
    assert form["values"]["outputs"] == [
        {"kind": "rtmp", "name": "old", "url": "rtmp://live.example.com/app", "key_from": "file", "backup_key_from": ""}
    ]
    wrong_outputs = [KEPT, MORE | {"url": "http://b"}]
    wrong = {"revision": form["revision"], "changes": {"voice.speed": 3, "outputs": wrong_outputs}}
    told = (await setting.http.post("/api/setup/channels/mia/check", json=wrong)).json()
    assert [(p["key"], p["line"], p["hint"]) for p in told["problems"]] == [
        ("voice.speed", 4, "must be at most 1.4"),
        ("outputs[1].url", 14, "an address is like rtmp://live.example.com/app, or begins with rtmps://"),
    ]
    refused = await setting.http.put("/api/setup/channels/mia", json=wrong, headers={"accept-language": "zh"})
    assert (refused.status_code, refused.json()["error"]) == (422, "problems")
    assert refused.json()["problems"][0]["message"] == "不能是“3”"
    assert file.read_text() == before

    wanted = {
        "revision": form["revision"],
        "changes": {"voice.speed": 1.2, "show.pinned": "mug", "outputs": [KEPT, MORE]},
    }
    told = (await setting.http.post("/api/setup/channels/mia/check", json=wanted)).json()
    assert told["problems"] == []
    assert told["effects"] == {"voice.speed": "restart", "show.pinned": "now", "outputs": "restart"}
    saved = await setting.http.put("/api/setup/channels/mia", json=wanted)
    assert saved.status_code == 200
    text = file.read_text()
    assert text.startswith("# The shop's own notes stay.\nname: Mia   # what she is called\n")
    assert f"    key: {CANARY}\n" in text
    assert '    key: "${MIA_NEW_ONE_KEY}"\n' in text
    assert saved.json()["revision"] == revision_of(text)
    channel = load_channel(file)
    sent = channel.outputs[1]
    assert (sent.key.get_secret_value(), sent.backup_key.get_secret_value()) == (f"{CANARY}-2", f"{CANARY}-3")
    assert (sent.platform, sent.backup_url) == ("twitch", "rtmps://c.example/x")
    (version,) = (await setting.http.get("/api/setup/channels/mia/versions")).json()

    late = await setting.http.put("/api/setup/channels/mia", json=wanted)
    assert (late.status_code, late.json()["error"]) == (409, "changed_meanwhile")
    assert {"kind": "+", "line": 6, "text": "  pinned: mug"} in [row | {"line": 6} for row in late.json()["difference"]]
    rows = (await setting.http.get(f"/api/setup/channels/mia/versions/{version}")).json()
    assert any(row["kind"] == "-" and "speed: 1.2" in row["text"] for row in rows)
    back = await setting.http.post(
        f"/api/setup/channels/mia/versions/{version}", json={"revision": saved.json()["revision"]}
    )
    assert back.status_code == 200
    assert file.read_text() == before

    again = await setting.http.get("/api/setup/channels/mia")
    assert CANARY not in "".join(
        [each.text for each in (refused, saved, late, back, again)] + [json.dumps([told, rows])]
    )
    # The keys are in no file but the one of secrets and the channel that held one before.
    holders = {path.name for path in (tmp_path / "state").rglob("*") if path.is_file() and CANARY in path.read_text()}
    assert holders - {each for each in holders if each.endswith("-" + each[16:24] + ".yaml")} == {"secrets.json"}
    assert oct((tmp_path / "state" / "secrets.json").stat().st_mode)[-3:] == "600"
    assert not list(file.parent.glob(".*"))


async def test_what_no_form_may_set(setting: Asked) -> None:
    form = await form_of(setting)
    for key in ("file", "items", "records", "alarms.webhook", "alarms.secret", "server.viewer_token", "", "nope"):
        wish = {"revision": form["revision"], "changes": {key: "x"}}
        answer = await setting.http.put("/api/setup/channels/mia", json=wish)
        assert (answer.status_code, answer.json()["error"]) == (422, "bad_key"), key


async def test_names_that_no_new_channel_may_have(setting: Asked) -> None:
    wish = {"name": "X", "language": "en", "host": "leo", "changes": {}}
    for name in ("../mia", "..", "a b", ".hidden", "x" * 41, "mia", "a/b"):
        answer = await setting.http.get(f"/api/setup/channels/{name}", params={"language": "en", "name": "X"})
        assert answer.status_code in (404, 409), name
        assert (await setting.http.put(f"/api/setup/channels/{name}", json=wish)).status_code in (404, 405, 409), name
    assert [path.name for path in setting.room.watches["mia"].channel.file.parent.iterdir()] == ["mia.yaml"]


async def test_a_broken_or_foreign_file_is_left_alone(setting: Asked) -> None:
    folder = setting.room.watches["mia"].channel.file.parent
    (folder / "broken.yaml").write_text("name: [\n")
    (folder / "goods.yaml").write_text("shop: x\nproducts: []\n")
    (folder / "plain.yaml").write_text("name: A\nbody: x.ehb\n")
    (folder / "anchored.yaml").write_text(
        "name: A\nbody: x.ehb\nvoice: &v {speed: 1.0}\nshow: {weights: {}}\nchat: *v\n"
    )
    names = [each["id"] for each in (await setting.http.get("/api/setup/channels")).json()]
    assert names == ["mia", "anchored", "plain"]
    assert (await setting.http.get("/api/setup/channels/goods")).status_code == 404
    form = (await setting.http.get("/api/setup/channels/anchored")).json()
    answer = await setting.http.post(
        "/api/setup/channels/anchored/check", json={"revision": form["revision"], "changes": {"voice.speed": 1.1}}
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "cannot_edit")


async def test_a_catalogue_is_read_and_approved_fact_by_fact(setting: Asked) -> None:
    table = b"Name,Price,Stock,Material,Zorblax\nLake Mug,12.50,40,stoneware,77\nTray,9.00,3,pine,5\n"
    wrong = await setting.http.post("/api/setup/catalogues", files={"file": ("goods.exe", table)})
    assert (wrong.status_code, wrong.json()["error"]) == (422, "catalogue_kind")
    nothing = await setting.http.post("/api/setup/catalogues", data={"address": "http://127.0.0.1/x"})
    assert nothing.json()["error"] == "catalogue_where"
    large = await setting.http.post("/api/setup/catalogues", files={"file": ("goods.csv", b"x" * 20_100_000)})
    assert large.status_code == 413
    told = await setting.http.post(
        "/api/setup/catalogues",
        files={"file": ("../../goods.csv", table)},
        data={"shop": "Lake House", "currency": "eur"},
    )
    read = told.json()
    assert told.status_code == 200, told.text
    assert [product["name"] for product in read["products"]] == ["Lake Mug", "Tray"]
    assert {note["code"] for note in read["not_understood"]} == {"unknown_column"}
    mug = read["products"][0]
    keep = {mug["id"]: [mug["facts"][0]["id"]], "foreign": ["x"]}
    path = f"/api/setup/catalogues/{read['id']}/approve"
    assert (await setting.http.post(path, json={"channel": "mia", "keep": {}})).json()["error"] == "nothing_approved"
    assert (await setting.http.post(path, json={"channel": "../x", "keep": keep})).status_code == 422
    made = (await setting.http.post(path, json={"channel": "mia", "keep": keep})).json()
    assert made == {"catalogue": "catalogues/mia.yaml", "products": 1, "facts": 1}
    text = (setting.room.watches["mia"].channel.file.parent / made["catalogue"]).read_text()
    assert "Lake Mug" in text
    assert "Tray" not in text.partition("products:")[2].partition("# Not understood")[0]


async def test_users_may_be_managed_and_an_admin_stays(setting: Asked) -> None:
    http = setting.http
    assert (await http.patch("/api/users/admin", json={"role": "viewer"})).json()["error"] == "last_admin"
    assert (await http.patch("/api/users/admin", json={"disabled": True})).json()["error"] == "last_admin"
    assert (await http.delete("/api/users/admin")).json()["error"] == "last_admin"
    assert (await http.post("/api/users", json={"name": "viewer", "role": "admin"})).json()["error"] == "name_taken"
    assert (await http.post("/api/users", json={"name": "x y", "role": "admin"})).json()["error"] == "bad_name"
    short = {"name": "zoe", "role": "viewer", "password": "short"}
    assert (await http.post("/api/users", json=short)).json()["error"] == "bad_password"
    invited = (await http.post("/api/users", json={"name": "zoe", "role": "admin"})).json()
    assert invited["address"].startswith(f"{BASE}/join#")
    listed = {user["name"]: user for user in (await http.get("/api/users")).json()}
    assert (listed["zoe"]["invited"], listed["admin"]["you"], listed["viewer"]["sessions"]) == (True, True, 0)
    secret = invited["address"].partition("#")[2]
    joining = {"invitation": secret, "password": PASSWORD, "again": PASSWORD}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(setting.app, client=("127.0.0.1", 1)), base_url=BASE
    ) as guest:
        assert (await guest.post("/join", data=joining)).status_code == 403
        assert (await guest.post("/join", data=joining, headers=OWN)).status_code == 303
        assert (await guest.post("/join", data=joining, headers=OWN)).status_code == 403
    assert (await http.patch("/api/users/admin", json={"role": "viewer"})).status_code == 204
    assert (await http.get("/api/users")).status_code == 401


async def test_invitations_cannot_be_guessed_quickly(setting: Asked) -> None:
    wrong = {"invitation": "x", "password": PASSWORD, "again": PASSWORD}
    answers = [(await setting.http.post("/join", data=wrong)).status_code for _ in range(8)]
    assert answers.count(403) == 5
    assert answers[-1] == 429


def test_secrets_are_hidden_wherever_they_stand() -> None:
    text = (
        f'records: postgresql://u:{CANARY}@h/d\nalarms: {{webhook: "https://x/{CANARY}", secret: "{CANARY}"}}\n'
        f"server: {{viewer_token: {CANARY}}}  # viewer_token: '{CANARY}'\n"
        f"outputs:\n  - key: >\n      {CANARY}\n  # key: {CANARY}\n  - {{kind: rtmp, key: '${{NAME}}'}}\n"
    )
    assert CANARY not in hidden(text)
    assert "${NAME}" in hidden(text)
    assert CANARY not in hidden(f"outputs: [\n  key: {CANARY}\n")
    assert CANARY not in hidden(f"all: &all\n  key: {CANARY}\n  again: [*all, *all]\n")
    assert CANARY not in hidden(f"key: {CANARY}\ndeep: " + "[" * 1000 + "]" * 1000)
    assert CANARY not in str(difference(text, text.replace("kind", "other")))


def secrets_of(kind: Any) -> set[str]:
    """The keys of a settings model, however deep, whose values are secrets."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.items()
        own = {name for name, field in fields if SecretStr in (field.annotation, *get_args(field.annotation))}
        return own.union(*(secrets_of(field.annotation) for _, field in fields))
    return set().union(*(secrets_of(each) for each in get_args(kind)))


def test_every_secret_of_a_channel_is_hidden() -> None:
    found = secrets_of(Channel)
    assert {"key", "token", "secret", "viewer_token"} <= found
    assert found <= SECRET_KEYS


def test_files_of_a_helper_are_gone_after_it(tmp_path: Path) -> None:
    with _beside(tmp_path / "mia.yaml", "x") as place:
        assert place.read_text() == "x"
        assert oct(place.stat().st_mode)[-3:] == "600"
    assert list(tmp_path.iterdir()) == []


RESTART = "/api/setup/channels/mia/restart"


@pytest.fixture
def restarts(setting: Asked, tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """By whom a restart was wished on the channel's bus since the last time."""
    assert "mia" in setting.room.watches
    bus = Bus(tmp_path / "run", (Restart,))

    def heard() -> list[str]:
        found: list[str] = []
        message = bus.receive(1500)
        while message is not None:
            assert isinstance(message, Restart)
            found.append(message.user)
            message = bus.receive()
        return found

    yield heard
    bus.close()


@pytest.mark.parametrize(
    ("more", "key"),
    [("canvas: {backdrop: sudio}\n", "canvas.backdrop"), ("voice: {name: hart}\n", "voice.name"),
     ("policy: {platform: nowhere}\n", "policy.platform"), ("moves_like: nobody.ehm\n", "moves_like")],
)  # fmt: skip
async def test_a_restart_for_a_file_with_mistakes_leaves_the_channel_on_air(
    setting: Asked, restarts: Callable[[], list[str]], more: str, key: str
) -> None:
    file = setting.room.watches["mia"].channel.file
    file.write_text(file.read_text() + more)
    refused = await setting.http.post(RESTART)
    assert (refused.status_code, refused.json()["error"]) == (422, "problems")
    assert [problem["key"] for problem in refused.json()["problems"]] == [key]
    assert restarts() == []


async def test_a_restart_to_a_port_that_another_program_has_is_refused(
    setting: Asked, restarts: Callable[[], list[str]]
) -> None:
    file = setting.room.watches["mia"].channel.file
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        file.write_text(f"{file.read_text()}  port: {taken.getsockname()[1]}\n")
        refused = await setting.http.post(RESTART, headers={"accept-language": "zh"})
    (problem,) = refused.json()["problems"]
    assert (refused.status_code, problem["key"]) == (422, "server.port")
    assert "打不开" in problem["message"]
    assert restarts() == []


async def test_a_restart_for_a_good_file_is_told_to_the_supervisor(
    setting: Asked, restarts: Callable[[], list[str]]
) -> None:
    file = setting.room.watches["mia"].channel.file
    file.write_text(file.read_text().replace("name: Mia ", "name: Ann ", 1))
    assert (await setting.http.post(RESTART)).status_code == 202
    assert restarts() == ["admin"]
    assert setting.room.watches["mia"].channel.name == "Ann"


async def test_secrets_that_cannot_be_read_are_told_and_nothing_is_written(setting: Asked, tmp_path: Path) -> None:
    file = setting.room.watches["mia"].channel.file
    before = file.read_text()
    kept = tmp_path / "state" / "secrets.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text('{"OLD": "spoilt')
    form = await form_of(setting)
    refused = await setting.http.put(
        "/api/setup/channels/mia", json={"revision": form["revision"], "changes": {"outputs": [KEPT, MORE]}}
    )
    assert (refused.status_code, refused.json()["error"]) == (500, "cannot_write")
    assert "left as they are" in refused.json()["detail"]
    assert (kept.read_text(), file.read_text()) == ('{"OLD": "spoilt', before)
