"""How the show runs: which product comes how often and when."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, time
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from engine.settings.catalogue import Identifier, Strict

Weight = Annotated[int, Field(ge=0, le=9)]
"""How often a product comes against the others, which have 1; 0 is never."""


class Hours(Strict):
    """Weights that hold at a time of the day, from ``begin`` up to ``end``; past midnight where ``end`` is earlier."""

    begin: time
    end: time
    weights: Annotated[dict[Identifier, Weight], Field(min_length=1)]

    @field_validator("begin", "end")
    @classmethod
    def _is_local(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("this is a time of the day in show.time_zone, such as 18:30")
        return value


class Campaign(Strict):
    """Weights, and a sentence of the merchant's own, that hold from ``begin`` up to ``end``.

    ``text`` is said now and then while the campaign lasts; it may say only what is true of the shop. Times without a
    zone are in ``show.time_zone``.
    """

    name: Annotated[str, Field(min_length=1, max_length=40)]
    begin: datetime
    end: datetime
    weights: dict[Identifier, Weight] = Field(default_factory=dict)
    text: Annotated[str, Field(max_length=160)] = ""

    @field_validator("end")
    @classmethod
    def _ends_after_it_begins(cls, end: datetime, info: ValidationInfo) -> datetime:
        begin = info.data.get("begin")
        if begin is not None and end.replace(tzinfo=None) <= begin.replace(tzinfo=None):
            raise ValueError("a campaign must end after it begins")
        return end


class Show(Strict):
    """How the show runs. ``ahead_s`` seconds of finished Performances wait before the air.

    ``rotation``: rounds through the products in another order each, or always in the catalogue's ("listed").
    ``pinned`` is a product that comes back after every ``pin_every`` others. ``weights`` hold always, over them
    those of ``hours``, over these those of ``campaigns``; times are in ``time_zone``. ``approve``: lines wait
    until an operator lets them go, see ``engine.runtime.approval``.
    """

    ahead_s: Annotated[float, Field(ge=4, le=30)] = 12.0
    gap_ms: Annotated[int, Field(ge=80, le=2000)] = 320
    facts_per_visit: Annotated[int, Field(ge=1, le=8)] = 4
    seed: int = 1
    rotation: Literal["shuffled", "listed"] = "shuffled"
    weights: dict[Identifier, Weight] = Field(default_factory=dict)
    pinned: str = ""
    pin_every: Annotated[int, Field(ge=1, le=20)] = 3
    time_zone: str = "UTC"
    hours: tuple[Hours, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    approve: bool = False

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("this is not a time zone, such as Europe/Berlin or Asia/Shanghai") from error
        return name

    @model_validator(mode="after")
    def _with_different_names(self) -> Show:
        names = [campaign.name for campaign in self.campaigns]
        if len(set(names)) < len(names):
            raise ValueError("campaigns need different names")
        return self

    def products_named(self) -> list[tuple[tuple[str | int, ...], str]]:
        """Every product that is named here, with the key path of its place."""
        named: list[tuple[tuple[str | int, ...], str]] = [(("pinned",), self.pinned)] if self.pinned else []
        named += [(("weights", product), product) for product in self.weights]
        named += [(("hours", i, "weights", p), p) for i, each in enumerate(self.hours) for p in each.weights]
        named += [(("campaigns", i, "weights", p), p) for i, each in enumerate(self.campaigns) for p in each.weights]
        return named
