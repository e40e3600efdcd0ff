"""The set-up by the API: the logo on a host's clothes, the right to a body, and hosts that only a file names."""

from __future__ import annotations

import asyncio
import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.avatar.body_file import read_body, write_body
from engine.avatar.gltf import import_model
from engine.avatar.human import Looks, load_looks
from engine.avatar.human.template import host_file
from engine.settings import load_channel
from scripts.bodies.mascot import write_mascot
from server.room.setup.helper import Helper
from server.room.setup.logos import Logos
from server.room.setup.places import Host
from server.room.setup.setup import Setup
from server.room.setup.tasks import TaskError
from server.room.setup.tasks.check import check
from server.room.setup.tasks.logo import LONGEST_SIDE, make_logo
from server.room.setup.tasks.portrait import Studio
from server.room.setup.terms import Terms, terms_of
from tests.server.room.conftest import ROOT, Asked

RIGHT = "granted by Ann, contract of 2026-03-01"


def picture(width: int = 300, height: int = 200, alpha: int = 255, kind: str = "PNG") -> bytes:
    """A red picture that is clear on its left."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, width // 2 :] = 200, 20, 30, alpha
    out = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert("RGB") if kind == "JPEG" else image).save(out, kind)
    return out.getvalue()


class Baker(Helper):
    """A helper at the process's edge: it makes every host in no time, and keeps which logo she got."""

    def __init__(self) -> None:
        super().__init__()
        self.logos: list[bytes] = []

    async def ask(self, task: str, seconds: float, **given: Any) -> dict[str, Any]:
        logo = load_looks(Path(given["looks"])).outfit.logo
        self.logos.append(logo.read_bytes() if logo is not None else b"")
        shutil.copyfile(ROOT / "avatars/bodies/mia.ehb", given["out"])
        return {}


@pytest.fixture
def shop(setting: Asked) -> Path:
    """The folder of the channel's file, with a host of its own, ann, whom the channel shows."""
    file = setting.room.watches["mia"].channel.file
    for name in ("looks", "bodies"):
        (file.parent / name).mkdir()
    (file.parent / "looks/ann.yaml").write_text(host_file(Looks(name="ann"), "ann.yaml"))
    shutil.copyfile(ROOT / "avatars/bodies/mia.ehb", file.parent / "bodies/ann.ehb")
    file.write_text(file.read_text().replace(f"{ROOT}/avatars/bodies/mia.ehb", "bodies/ann.ehb"))
    assert load_channel(file).body == file.parent / "bodies/ann.ehb"
    return file.parent


@pytest.fixture
def baker(setting: Asked) -> Baker:
    made = Baker()
    room_setup = setting.room.setup
    assert isinstance(room_setup, Setup)
    room_setup.desk._baker = made
    return made


async def form_of(asked: Asked, channel: str = "mia") -> dict[str, Any]:
    answer = await asked.http.get(f"/api/setup/channels/{channel}")
    assert answer.status_code == 200, answer.text
    form: dict[str, Any] = answer.json()
    return form


async def uploaded(asked: Asked, content: bytes) -> str:
    answer = await asked.http.post("/api/setup/logos", files={"file": ("../../My logo.png", content)})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["value"])


def wish_of(form: dict[str, Any], host: str, **looks: Any) -> dict[str, Any]:
    return {"revision": form["revision"], "changes": {}, "host": host, "looks": looks,
            "looks_revision": form["looks_revision"]}  # fmt: skip


async def save(asked: Asked, wish: dict[str, Any]) -> dict[str, Any]:
    """Save looks; what became of the job."""
    answer = await asked.http.put("/api/setup/channels/mia", json=wish)
    assert answer.status_code == 202, answer.text
    async with asyncio.timeout(60):
        while True:
            job: dict[str, Any] = (await asked.http.get(f"/api/setup/jobs/{answer.json()['job']}")).json()
            if job["state"] != "working":
                return job
            await asyncio.sleep(0.05)


async def test_a_logo_is_uploaded_shown_saved_and_taken_off(setting: Asked, shop: Path, baker: Baker) -> None:
    http = setting.http
    form = await form_of(setting)
    assert (form["host"], form["listed"]) == ("ann", True)
    assert (await http.get("/api/setup/hosts/ann/logo")).status_code == 404
    value = await uploaded(setting, picture())
    shown = await http.get(f"/api/setup/logos/{value.removeprefix('upload:')}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    wish = wish_of(form, "ann", **{"outfit.logo": value})
    told = (await http.post("/api/setup/channels/mia/check", json=wish)).json()
    assert told["problems"] == []
    (new,) = [row["text"] for row in told["looks_difference"] if row["kind"] == "+"]
    assert f"  logo: logos/{value.removeprefix('upload:')} " in new
    assert not (shop / "looks/logos").exists()

    assert (await save(setting, wish))["state"] == "done"
    logo = load_looks(shop / "looks/ann.yaml").outfit.logo
    assert logo == shop / "looks/logos" / value.removeprefix("upload:")
    assert baker.logos == [logo.read_bytes()] == [shown.content]
    for place in ("hosts/ann", "channels/mia"):
        assert (await http.get(f"/api/setup/{place}/logo")).content == shown.content

    form = await form_of(setting)
    assert (await save(setting, wish_of(form, "", **{"outfit.logo": ""})))["state"] == "done"
    assert load_looks(shop / "looks/ann.yaml").outfit.logo is None
    assert "# a picture beside this file" in (shop / "looks/ann.yaml").read_text()
    assert baker.logos[1:] == [b""]


async def test_a_host_of_the_channels_own_keeps_the_logo(setting: Asked, shop: Path, baker: Baker) -> None:
    (shop / "elsewhere").mkdir()
    (shop / "elsewhere/sign.png").write_bytes(picture())
    shutil.copyfile(ROOT / "avatars/bodies/mia.ehb", shop / "elsewhere/eve.ehb")
    looks = host_file(Looks(name="eve"), "eve.yaml").replace("  logo: ", "  logo: sign.png")
    (shop / "elsewhere/eve.yaml").write_text(looks)
    for name in ("mia", "other"):
        text = (shop / "mia.yaml").read_text().replace("bodies/ann.ehb", "elsewhere/eve.ehb")
        (shop / f"{name}.yaml").write_text(text)
    form = await form_of(setting)
    assert (form["host"], form["listed"], form["shared_with"]) == ("eve", False, ["other"])
    assert (await setting.http.get("/api/setup/channels/mia/logo")).content == picture()
    # She is none of the hosts to choose from, and is changed all the same.
    assert (await save(setting, wish_of(form, "", **{"face.eye_size": 0.5})))["state"] == "done"
    assert load_channel(shop / "mia.yaml").body == shop / "bodies/mia.ehb"
    assert load_looks(shop / "looks/mia.yaml").outfit.logo is not None
    assert baker.logos == [picture()]
    assert (shop / "elsewhere/eve.yaml").read_text() == looks


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [(b"", "logo_kind", ""), (b"GIF89a", "logo_kind", ""), (picture()[:300], "logo_kind", ""),
     (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo_kind", ""), (picture(8, 20), "logo_small", "8 × 20"),
     (picture(alpha=90), "logo_clear", "")],
)  # fmt: skip
async def test_what_is_no_logo_is_refused(setting: Asked, content: bytes, code: str, detail: str) -> None:
    answer = await setting.http.post("/api/setup/logos", files={"file": ("a.png", content)})
    assert (answer.status_code, answer.json()["error"], answer.json()["detail"]) == (422, code, detail)


async def test_a_logo_that_is_too_large_or_forgotten(setting: Asked, shop: Path) -> None:
    large = await setting.http.post("/api/setup/logos", files={"file": ("a.png", b"x" * 8_100_000)})
    assert (large.status_code, large.json()["error"]) == (413, "too_large")
    form = await form_of(setting)
    wish = wish_of(form, "ann", **{"outfit.logo": "upload:logo-0123456789abcdef.png"})
    gone = await setting.http.post("/api/setup/channels/mia/check", json=wish)
    assert (gone.status_code, gone.json()["error"]) == (404, "no_file")
    for name in ("logo-0123456789abcdef.png", "..%2Fsecrets.json", "x"):
        assert (await setting.http.get(f"/api/setup/logos/{name}")).status_code == 404
    # A file that is no picture is not given out.
    (shop / "looks/ann.yaml").write_text(host_file(Looks(name="ann"), "a").replace("  logo: ", "  logo: ../mia.yaml"))
    assert (await setting.http.get("/api/setup/hosts/ann/logo")).status_code == 404


def test_a_logo_is_kept_small_upright_and_without_what_a_camera_wrote(tmp_path: Path) -> None:
    image = Image.new("RGB", (1600, 800), (10, 200, 30))
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "canary-camera"
    image.save(tmp_path / "a.jpg", exif=exif)
    told = make_logo({"given": str(tmp_path / "a.jpg"), "out": str(tmp_path / "out.png")})
    assert (told["width"], told["height"]) == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert b"canary" not in (tmp_path / "out.png").read_bytes()
    again = make_logo({"given": str(tmp_path / "a.jpg"), "out": str(tmp_path / "again.png")})
    assert again["name"] == told["name"]
    (tmp_path / "a.webp").write_bytes(picture(kind="WEBP"))
    assert make_logo({"given": str(tmp_path / "a.webp"), "out": str(tmp_path / "w.png")})["width"] == 300


def test_a_sketch_wears_the_logo_that_is_there(tmp_path: Path) -> None:
    helper = Helper()
    logos = Logos(helper, tmp_path / "logos")
    (tmp_path / "sign.png").write_bytes(picture())
    host = Host("eve", tmp_path / "eve.ehb", tmp_path / "eve.yaml")
    for value, drawn in (("sign.png", str(tmp_path / "sign.png")), ("gone.png", None)):
        looks = logos.drawn({"eyes": "#000000", "outfit": {"logo": value}}, host)
        assert looks == {"eyes": "#000000", "outfit": {"logo": drawn}}
    for looks in ({}, {"outfit": None}, {"outfit": {"logo": ""}}):
        assert logos.drawn(looks, None) == looks


def test_looks_that_are_wrong_are_not_drawn() -> None:
    with pytest.raises(TaskError, match="looks_wrong"):
        Studio().draw({"looks": {"hair": {"style": "wig"}}, "brand": "#e63348", "backdrop": "studio"})


@pytest.fixture
def momo(setting: Asked) -> Path:
    """The channel shows a mascot whose licence does not allow selling; at its import a right was stated."""
    file = setting.room.watches["mia"].channel.file
    write_mascot(file.parent / "momo.vrm", 0.3, commercial=False)
    body, _ = import_model(file.parent / "momo.vrm", RIGHT, lambda share, what: None, draft=True)
    write_body(file.parent / "momo.ehb", body)
    file.write_text(file.read_text().replace(f"{ROOT}/avatars/bodies/mia.ehb", "momo.ehb"))
    return file


async def test_the_right_to_a_body_is_asked_for_and_written(setting: Asked, momo: Path) -> None:
    form = await form_of(setting)
    assert (form["host"], form["listed"], form["looks"]) == ("momo", False, None)
    assert (form["forbids"], form["stated"]) == (True, RIGHT)
    wish: dict[str, Any] = {"revision": form["revision"], "changes": {"persona.manner": "calm"}}
    refused = await setting.http.put("/api/setup/channels/mia", json=wish, headers={"accept-language": "zh"})
    (problem,) = refused.json()["problems"]
    assert (problem["key"], problem["line"]) == ("body_rights", 5)
    assert problem["message"] == "这个形象的许可不允许用来卖货：不允许商业使用"
    assert "你对这个形象的权利" in problem["hint"]
    # Only to look at it no right is needed.
    portrait = await setting.http.get("/api/setup/channels/mia/portrait.jpg")
    assert (portrait.status_code, portrait.headers["content-type"]) == (200, "image/jpeg")
    wish["changes"]["body_rights"] = RIGHT
    assert (await setting.http.put("/api/setup/channels/mia", json=wish)).status_code == 200
    assert load_channel(momo).body_rights == RIGHT


def test_the_terms_of_bodies(tmp_path: Path) -> None:
    mia = ROOT / "avatars/bodies/mia.ehb"
    assert terms_of(mia) == Terms()
    body = read_body(mia)
    body.imported = True
    body.licence = {"forbids": "it does not allow commercial use", "rights": RIGHT}
    write_body(tmp_path / "a.ehb", body)
    assert terms_of(tmp_path / "a.ehb") == Terms(True, RIGHT)
    (tmp_path / "b.ehb").write_bytes(b"no body")
    for head, forbids in (("forbidden", True), ("allowed", False), ("forbidden\nrights: mine", False)):
        (tmp_path / f"{len(head)}.yaml").write_text(f"kind: wav2lip\ncommercial: {head}\n")
        assert terms_of(tmp_path / f"{len(head)}.yaml").forbids is forbids
    for name in ("b.ehb", "none.ehb", "c.ehp"):
        assert terms_of(tmp_path / name) == Terms()


def test_mistakes_of_a_head_stand_at_the_body(tmp_path: Path) -> None:
    (tmp_path / "ann.yaml").write_text("kind: wav2lip\nphoto: none.ehp\n")
    (tmp_path / "mia.yaml").write_text(f"name: Mia\nbody: ann.yaml\ncatalogue: {ROOT}/assets/catalogue/demo.yaml\n")
    file = str(tmp_path / "mia.yaml")
    problems = check({"draft": file, "file": file})["problems"]
    assert problems
    assert {(problem["own"], problem["at"]) for problem in problems} == {(False, "body")}


async def test_a_body_that_was_deleted_is_told_as_the_file_has_it(setting: Asked, shop: Path) -> None:
    (shop / "bodies/ann.ehb").unlink()
    form = await form_of(setting)
    assert (form["host"], form["listed"], form["values"]["body"]) == ("ann", False, "bodies/ann.ehb")
    wish = {"revision": form["revision"], "changes": {"persona.manner": "calm"}}
    told = (await setting.http.post("/api/setup/channels/mia/check", json=wish)).json()
    assert [(problem["key"], problem["line"]) for problem in told["problems"]] == [("body", 5)]
    before = (shop / "mia.yaml").read_text()
    assert (await setting.http.put("/api/setup/channels/mia", json=wish)).status_code == 422
    assert (shop / "mia.yaml").read_text() == before


async def test_a_host_of_the_same_name_elsewhere_is_not_taken_for_a_listed_one(setting: Asked, shop: Path) -> None:
    file = shop / "mia.yaml"
    file.write_text(file.read_text().replace("bodies/ann.ehb", "gone/leo.ehb"))
    form = await form_of(setting)
    assert (form["host"], form["listed"]) == ("leo", False)
