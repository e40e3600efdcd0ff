"""Whose the model is: kept, shown, and obeyed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.avatar import BodyError, open_body
from engine.avatar.body_file import read_body, write_body
from engine.avatar.gltf import import_model
from engine.avatar.gltf.licence import of_gltf, of_vrm0, of_vrm1
from engine.avatar.gltf.model import read_model
from engine.settings import in_chinese
from engine.settings.channel import Canvas
from tests.avatar.gltf.conftest import Change


def test_vrm_1_forbids_what_it_does_not_allow() -> None:
    assert "personal use without profit" in of_vrm1({"name": "A"}).forbids
    assert "personal use without profit" in of_vrm1({"commercialUsage": "personalNonProfit"}).forbids
    company = {"commercialUsage": "corporation", "avatarPermission": "everyone", "authors": ["Ann", "Bo"]}
    allowed = of_vrm1(company)
    assert (allowed.forbids, allowed.authors, allowed.credit) == ("", "Ann, Bo", "name the author: Ann, Bo")
    own = of_vrm1(company | {"avatarPermission": "onlyAuthor"})
    assert own.forbids == "only its author may perform with it"
    others = of_vrm1(company | {"avatarPermission": "onlySeparatelyLicensedPerson"})
    assert others.forbids == "only those with a licence of their own may perform with it"


def test_vrm_1_names_who_else_has_a_part_in_it() -> None:
    company = {"commercialUsage": "corporation", "avatarPermission": "everyone"}
    others = {"copyrightInformation": "© 2026 Ann  Lee", "thirdPartyLicenses": "hair: CC BY 4.0, Bo"}
    terms = of_vrm1(company | others)
    assert terms.lines()[-2:] == ["copyright: © 2026 Ann Lee", "third parties: hair: CC BY 4.0, Bo"]
    assert in_chinese(terms.lines()[-1]) == "第三方许可：hair: CC BY 4.0, Bo"
    assert of_vrm1(company | {"thirdPartyLicenses": "hair: " + "a" * 900}).third_parties.endswith("a" * 900)
    assert of_vrm1(company | {"copyrightInformation": 7, "thirdPartyLicenses": None}).lines()[-1] == "copyright: 7"


def test_vrm_0_forbids_what_it_does_not_allow() -> None:
    free = {"commercialUssageName": "Allow", "allowedUserName": "Everyone", "licenseName": "CC0"}
    assert of_vrm0(free).forbids == ""
    assert "does not allow commercial use" in of_vrm0({}).forbids
    assert "CC_BY_NC_SA" in of_vrm0(free | {"licenseName": "CC_BY_NC_SA"}).forbids
    assert of_vrm0(free | {"licenseName": "CC_BY", "author": "Ann"}).credit == "name the author: Ann"
    assert "only its author" in of_vrm0(free | {"allowedUserName": "OnlyAuthor"}).forbids


def test_vrm_1_may_allow_persons_and_not_companies() -> None:
    person = of_vrm1({"commercialUsage": "personalProfit", "avatarPermission": "everyone"})
    assert person.forbids == ""
    assert "but: a person may earn with it, a company may not" in person.lines()
    company = of_vrm1({"commercialUsage": "corporation", "avatarPermission": "everyone"})
    assert not any(line.startswith("but") for line in company.lines())


@pytest.mark.parametrize("extension", ["VRMC_vrm", "VRM"])
def test_an_empty_vrm_is_no_plain_gltf_whose_terms_allow(changed: Callable[[Change], Path], extension: str) -> None:
    file = changed(lambda document: document.update(extensions={extension: {}}))
    with pytest.raises(BodyError, match="no head bone is found"):
        read_model(file)


def test_a_gltf_s_licence_is_read_to_its_end() -> None:
    text = "Made with much care over many evenings. " * 8 + "Not for commercial use."
    assert of_gltf({"extras": {"license": text}}).forbids


@pytest.mark.parametrize(
    "line",
    ["CC-BY-NC-4.0", "CC BY-NC 4.0, Ann", "for non-commercial use", "Editorial", "Personal use only", "商用不可"],
)
def test_gltf_says_it_in_a_line(line: str) -> None:
    assert line in of_gltf({"copyright": line}).forbids
    assert of_gltf({"extras": {"license": line}}).forbids


def test_gltf_without_terms_says_so() -> None:
    assert of_gltf({"version": "2.0"}).lines() == ["licence: none named in the file"]


def test_text_of_a_stranger_is_one_printable_line() -> None:
    assert of_vrm0({"title": "A\x1b[31m\nB  C" + "x" * 500}).title == "A[31mB C" + "x" * 192


def test_import_and_channel_ask_for_the_right(changed: Callable[[Change], Path], tmp_path: Path) -> None:
    def forbid(document: dict[str, Any]) -> None:
        document["extensions"]["VRM"]["meta"]["commercialUssageName"] = "Disallow"

    file = changed(forbid)
    with pytest.raises(BodyError, match=r"does not allow selling with it: it does not allow commercial use.*--rights"):
        import_model(file, "  ", lambda share, what: None, draft=True)
    body, report = import_model(file, "contract of 2026-03-01", lambda share, what: None, draft=True)
    assert "  right stated: contract of 2026-03-01" in report.lines()
    out = tmp_path / "momo.ehb"
    write_body(out, body)
    terms = read_body(out).licence
    assert (terms["kind"], terms["authors"], terms["rights"]) == ("VRM 0.x", "Everhost", "contract of 2026-03-01")
    with pytest.raises(BodyError, match="body_rights"):
        open_body(out, Canvas())
    open_body(out, Canvas(), "contract of 2026-03-01").close()


def test_a_model_is_not_a_body(rabbit: Path) -> None:
    with pytest.raises(BodyError, match=r"everhost avatar import momo\.vrm"):
        open_body(rabbit, Canvas())
