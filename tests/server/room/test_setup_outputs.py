"""The keys of outputs in the set-up: none takes another's place, and each stays with its output."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from engine.settings import Rtmp, load_channel
from engine.settings.secrets import keep_secret, kept_secrets, secrets_place
from server.room.setup import api_goods
from server.room.setup.output_keys import OutputKeys, output_that_was
from tests.server.room.conftest import CANARY, ROOT, Asked

SCRIPTS = ROOT / "server" / "room" / "static" / "setup"

A = {"kind": "rtmp", "name": "a", "url": "rtmps://a.example/live"}
B = {"kind": "rtmp", "name": "b", "url": "rtmps://b.example/live"}
"""Two outputs, as a form is told them but for where their keys come from."""


def keys_of(file: Path) -> dict[str, str]:
    """The key of each output by its name, as the channel would send it."""
    outputs = load_channel(file, check_files=False).outputs
    return {each.name: each.key.get_secret_value() for each in outputs if isinstance(each, Rtmp)}


async def outputs_of(asked: Asked) -> tuple[str, list[dict[str, Any]]]:
    """The revision of the file, and its outputs as a form sends them while nothing is changed."""
    form = (await asked.http.get("/api/setup/channels/mia")).json()
    return form["revision"], [{**each, "was": each} for each in form["values"]["outputs"]]


async def save(asked: Asked, revision: str, outputs: list[dict[str, Any]]) -> None:
    wish = {"revision": revision, "changes": {"outputs": outputs}}
    answer = await asked.http.put("/api/setup/channels/mia", json=wish)
    assert answer.status_code == 200, answer.text


async def test_outputs_keep_their_keys_however_they_are_named(setting: Asked, tmp_path: Path) -> None:
    file = setting.room.watches["mia"].channel.file
    revision, outputs = await outputs_of(setting)
    douyin, kuaishou = A | {"name": "抖音", "new_key": "key-1"}, B | {"name": "快手", "new_key": "key-2"}
    await save(setting, revision, [*outputs, douyin, kuaishou])
    assert keys_of(file) == {"old": CANARY, "抖音": "key-1", "快手": "key-2"}

    # One is renamed, and another gets the name that it had.
    revision, (_, one, other) = await outputs_of(setting)
    await save(setting, revision, [one | {"name": "twitch"}, other])
    revision, outputs = await outputs_of(setting)
    await save(setting, revision, [*outputs, A | {"name": "抖音", "new_key": "key-3"}])
    assert keys_of(file) == {"twitch": "key-1", "快手": "key-2", "抖音": "key-3"}

    # Another key for an output takes the place of its own, and of no other.
    revision, (twitch, *others) = await outputs_of(setting)
    await save(setting, revision, [twitch | {"new_key": "key-4"}, *others])
    assert keys_of(file) == {"twitch": "key-4", "快手": "key-2", "抖音": "key-3"}
    assert sorted(kept_secrets(secrets_place(tmp_path / "state")).values()) == ["key-2", "key-3", "key-4"]


async def test_an_output_that_somebody_took_out_meanwhile_gets_no_other_key(setting: Asked) -> None:
    file = setting.room.watches["mia"].channel.file
    one = file.read_text().replace("name: old", "name: b").replace("live.example.com/app", "b.example/live")
    a = f"  - {{kind: rtmp, name: a, url: {A['url']}, key: KEY-OF-A}}\n"
    file.write_text(one.replace("rtmp://b", "rtmps://b").replace("outputs:\n", "outputs:\n" + a))
    assert keys_of(file) == {"a": "KEY-OF-A", "b": CANARY}
    revision, (first, second) = await outputs_of(setting)
    mine = [first, second | {"url": "rtmps://b.example/other"}]
    file.write_text(file.read_text().replace(a, ""))
    late = await setting.http.post("/api/setup/channels/mia/check", json={"revision": revision, "changes": {}})
    assert late.status_code == 409

    # As the form sends them again when its changes are to stay.
    wish = {"revision": late.json()["revision"], "changes": {"outputs": mine}}
    refused = await setting.http.put("/api/setup/channels/mia", json=wish, headers={"accept-language": "zh"})
    (problem,) = refused.json()["problems"]
    assert (refused.status_code, problem["key"]) == (422, "outputs[0].key")
    assert ("文件里已经没有" in problem["message"], "重新输入" in problem["hint"]) == (True, True)
    assert keys_of(file) == {"b": CANARY}
    await save(setting, late.json()["revision"], [first | {"new_key": "typed again"}, mine[1]])
    assert keys_of(file) == {"a": "typed again", "b": CANARY}


async def test_an_output_is_tried_with_its_own_key_or_with_none(
    setting: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    async def ask_once(_module: str, _seconds: float, given: dict[str, Any]) -> dict[str, Any]:
        tried.append(given["key"])
        return {"code": "output_good"}

    monkeypatch.setattr(api_goods, "ask_once", ask_once)
    _, (old,) = await outputs_of(setting)
    for was in (old["was"], old["was"] | {"url": "rtmp://live.example.com/other"}, None):
        wish = {"url": "rtmp://peer.example/x", "channel": "mia", "was": was}
        assert (await setting.http.post("/api/setup/outputs/try", json=wish)).status_code == 200
    assert tried == [CANARY, "", ""]


def keys(before: list[Any], kept: tuple[str, ...] = (), text: str = "") -> OutputKeys:
    return OutputKeys("mia", "mia.yaml", before, kept, [json.dumps(before), text])


def test_an_output_is_known_by_what_it_was() -> None:
    assert output_that_was([A, B], B | {"key_from": "file"}) == B
    assert output_that_was([B, A | {"platform": "twitch"}], A) == A | {"platform": "twitch"}
    for was in (A | {"name": "c"}, A | {"url": "rtmps://c.example/live"}, A | {"kind": "whip"}, 0, None, "a"):
        assert output_that_was([A, B], was) is None
    # Which of two is meant nobody knows.
    assert output_that_was([A | {"key": "1"}, A | {"key": "2"}], A) is None
    for outputs in (None, "soon", {"a": A}, ["a"]):
        assert output_that_was(outputs, A) is None


OURS = {"kind": "rtmp", "name": "a", "url": A["url"], "key": "${MIA_A_KEY}"}


@pytest.mark.parametrize(
    ("kept", "text", "name"),
    [(("MIA_A_KEY",), "", "MIA_A_KEY"), (("MIA_A_KEY", "MIA_A_KEY_2"), "key: ${MIA_A_KEY}", "MIA_A_KEY_3"),
     ((), "", "MIA_A_KEY_2"), ((), "key_env: MIA_A_KEY_2", "MIA_A_KEY_3")],
)  # fmt: skip
def test_a_new_key_keeps_the_name_of_its_output_only_where_nothing_else_goes_by_it(
    kept: tuple[str, ...], text: str, name: str
) -> None:
    made = keys([OURS], kept, text)
    entry = A | {"was": A, "new_key": " typed "}
    assert made.written(0, entry) == OURS | {"key": f"${{{name}}}"}
    assert (made.secrets, made.problems) == ({name: "typed"}, [])


def test_a_name_of_the_environment_is_no_key_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set there goes before what is kept, so a key kept by that name would never be used."""
    monkeypatch.setenv("MIA_A_KEY", "from the environment")
    made = keys([OURS], ("MIA_A_KEY",))
    made.written(0, A | {"was": A, "new_key": "typed"})
    assert made.secrets == {"MIA_A_KEY_2": "typed"}


def test_keys_of_one_list_have_different_names() -> None:
    long = "x" * 80
    made = keys([])
    for place, name in enumerate(("a b", "a-b", long)):
        made.written(place, A | {"name": name, "new_key": f"{place}", "new_backup_key": f"{place}+"})
    assert len(made.secrets) == len(set(made.secrets)) == 6
    assert list(made.secrets.values()) == ["0", "0+", "1", "1+", "2", "2+"]


def test_an_output_is_taken_over_once() -> None:
    made = keys([A | {"key": "secret"}])
    assert made.written(0, A | {"was": A}) == A | {"key": "secret"}
    assert "key" not in made.written(1, A | {"was": A, "name": "copy"})
    assert [problem["key"] for problem in made.problems] == ["outputs[1].key"]


@pytest.mark.parametrize(
    ("entry", "lost"),
    [({"was": A}, ["key"]), ({"was": A | {"key_from": "MIA_A_KEY"}}, ["key"]), ({"was": A | {"key_from": ""}}, []),
     ({"was": A, "new_key": "typed"}, []), ({}, []), ({"was": 0}, ["key"]),
     ({"was": A | {"key_from": ""}, "backup_url": "rtmps://c.example/x"}, ["backup_key"]),
     ({"was": A | {"key_from": "", "backup_key_from": ""}, "backup_url": "rtmps://c.example/x"}, []),
     ({"kind": "whip", "was": A}, ["token"]), ({"kind": "recording", "was": A}, [])],
)  # fmt: skip
def test_a_key_that_is_lost_is_told(entry: dict[str, Any], lost: list[str]) -> None:
    made = keys([B | {"key": "secret"}])
    written = made.written(3, A | entry)
    assert [problem["key"] for problem in made.problems] == [f"outputs[3].{key}" for key in lost]
    assert ("was" in written, "secret" in json.dumps(written)) == (False, False)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_form_sends_for_good_what_an_output_was(tmp_path: Path) -> None:
    shutil.copytree(SCRIPTS, tmp_path / "setup")
    (tmp_path / "setup/package.json").write_text('{"type": "module"}')
    command = ["node", str(Path(__file__).with_name("outputs_form.mjs")), str(tmp_path / "setup/outputs.js")]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == [
        {"kind": "rtmp", "name": "b2", "url": "rtmps://b/x",
         "was": {"kind": "rtmp", "name": "b", "url": "rtmps://b/x", "key_from": "B_KEY", "backup_key_from": ""}},
        {"kind": "whip", "name": "webrtc", "url": ""},
    ]  # fmt: skip


def test_a_name_that_is_kept_by_another_run_is_taken(tmp_path: Path) -> None:
    """Two channels of one name in different folders share the secrets of the machine."""
    keep_secret(secrets_place(tmp_path), "MIA_A_KEY", "of another")
    made = OutputKeys("mia", "mia.yaml", None, kept_secrets(secrets_place(tmp_path)), [])
    made.written(0, A | {"new_key": "typed"})
    assert made.secrets == {"MIA_A_KEY_2": "typed"}
