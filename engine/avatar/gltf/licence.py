"""What a model's own metadata allows: who may perform with it, and whether for business."""

from __future__ import annotations

from dataclasses import dataclass

from engine.avatar.gltf.document import Object
from engine.settings.licence_words import forbids_selling


@dataclass(frozen=True)
class Licence:
    """A model's terms in its own words; ``forbids`` says in plain English why it may not sell, "" where it may.

    ``limits`` says who may sell with it, where not everybody may; ``third_parties`` are licences of others, whose work
    is in it. ``rights`` is what a merchant has stated to hold
    beyond these terms.
    """

    title: str = ""
    authors: str = ""
    name: str = ""
    address: str = ""
    credit: str = ""
    forbids: str = ""
    limits: str = ""
    copyright: str = ""
    third_parties: str = ""
    rights: str = ""

    def lines(self) -> list[str]:
        """What a person is shown, one fact a line."""
        rows = (
            ("title", self.title), ("by", self.authors), ("licence", self.name), ("terms", self.address),
            ("credit", self.credit), ("copyright", self.copyright), ("third parties", self.third_parties),
            ("but", self.forbids), ("but", self.limits), ("right stated", self.rights),
        )  # fmt: skip
        return [f"{key}: {value}" for key, value in rows if value]


MOST_TERMS = 4000
"""Letters that are kept of what others have a right to be named with."""

_USAGE = {
    "personalNonProfit": "personal use without profit",
    "personalProfit": "a person's use, for profit too",
    "corporation": "use by companies",
}


def of_vrm1(meta: Object) -> Licence:
    """Of ``VRMC_vrm.meta``; what is not written is forbidden, as the specification has it."""
    usage = str(meta.get("commercialUsage", "personalNonProfit"))
    permission = str(meta.get("avatarPermission", "onlyAuthor"))
    credit = str(meta.get("creditNotation", "required")) == "required"
    authors = ", ".join(_text(a) for a in meta.get("authors") or [] if a)
    return Licence(
        title=_text(meta.get("name")),
        authors=authors,
        name=f"VRM: {_USAGE.get(usage, usage)}",
        address=_text(meta.get("otherLicenseUrl") or meta.get("licenseUrl")),
        credit=f"name the author{': ' + authors if authors else ''}" if credit else "",
        forbids=_first(
            "it allows only personal use without profit" if usage not in ("personalProfit", "corporation") else "",
            _only(permission.removeprefix("only")) if permission != "everyone" else "",
        ),
        limits="a person may earn with it, a company may not" if usage == "personalProfit" else "",
        copyright=_text(meta.get("copyrightInformation"), MOST_TERMS),
        third_parties=_text(meta.get("thirdPartyLicenses"), MOST_TERMS),
    )


def of_vrm0(meta: Object) -> Licence:
    """Of ``VRM.meta``; what is not written is forbidden, as the specification has it."""
    name = _text(meta.get("licenseName"))
    allowed = str(meta.get("allowedUserName", "OnlyAuthor"))
    commercial = str(meta.get("commercialUssageName", "Disallow")) == "Allow"
    author = _text(meta.get("author"))
    return Licence(
        title=_text(meta.get("title")),
        authors=author,
        name=name,
        address=_text(meta.get("otherLicenseUrl") or meta.get("otherPermissionUrl")),
        credit=f"name the author: {author}" if name.startswith("CC_BY") and author else "",
        forbids=_first(
            "it does not allow commercial use" if not commercial else "",
            f"its licence {name} does not allow commercial use" if forbids_selling(name) else "",
            _only(allowed.removeprefix("Only")) if allowed != "Everyone" else "",
        ),
    )


def of_gltf(asset: Object) -> Licence:
    """Of a plain glTF's ``asset``: its copyright line, and what exporters write beside it."""
    extras = asset.get("extras")
    extras = extras if isinstance(extras, dict) else {}
    name = _text(extras.get("license") or extras.get("licence"))
    copyright_line = _text(asset.get("copyright"))
    texts = (str(extras.get("license") or extras.get("licence") or ""), str(asset.get("copyright") or ""))
    said = next((_text(text)[:120] for text in texts if forbids_selling(text)), "")
    return Licence(
        title=_text(extras.get("title")),
        authors=_text(extras.get("author")) or copyright_line,
        name=name or "none named in the file",
        address=_text(extras.get("source")),
        forbids=f"“{said}” does not allow commercial use" if said else "",
    )


def _only(who: str) -> str:
    return f"only {'its author' if 'uthor' in who else 'those with a licence of their own'} may perform with it"


def _first(*reasons: str) -> str:
    return next((reason for reason in reasons if reason), "")


def _text(value: object, most: int = 200) -> str:
    """One line of printable text, ``most`` letters at the most."""
    return " ".join("".join(c for c in str(value or "") if c.isprintable()).split())[:most]
