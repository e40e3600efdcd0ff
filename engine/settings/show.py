"""How the show runs: which product comes how often and when."""

from __future__ import annotations

import re
import zoneinfo
from datetime import datetime, time
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.settings.catalogue import Identifier, Strict

Weight = Annotated[int, Field(ge=0, le=9)]
"""How often a product comes against the others, which have 1; 0 is never."""


def _written_otherwise(what: str, right: str) -> PydanticCustomError:
    """A mistake that names ``what`` should stand there, and how it is written."""
    return PydanticCustomError("written_otherwise", "write it as {right}", {"what": what, "right": right})


class Hours(Strict):
    """Weights that hold at a time of the day, from ``begin`` up to ``end``; past midnight where ``end`` is earlier."""

    begin: time
    end: time
    weights: Annotated[dict[Identifier, Weight], Field(min_length=1)]

    @field_validator("begin", "end", mode="before")
    @classmethod
    def _is_no_number(cls, value: Any) -> Any:
        """A number alone would count seconds from midnight: 8 is not eight o'clock. The day ends at 00:00."""
        text = str(value).strip()
        hour = re.fullmatch(r"(\d{1,2})(\d\d)?", text)
        if hour is not None and int(hour[1]) < 24:
            raise _written_otherwise("a time of the day", f"{int(hour[1]):02}:{hour[2] or '00'}")
        if text in {"24", "24:00", "24:00:00", "2400"}:
            raise _written_otherwise("a time of the day", "00:00")
        if re.fullmatch(r"[+-]?\d+(\.\d*)?", text):
            raise _written_otherwise("a time of the day", "18:30")
        return value

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

    @field_validator("begin", "end", mode="before")
    @classmethod
    def _is_no_number(cls, value: Any) -> Any:
        """A number alone would count seconds from 1970: 20260302 is not a day of 2026."""
        text = str(value).strip()
        day = re.fullmatch(r"(20\d\d)([01]\d)([0-3]\d)", text)
        if day is not None:
            raise _written_otherwise("a date and time", f"{day[1]}-{day[2]}-{day[3]}T00:00")
        if re.fullmatch(r"[+-]?\d+(\.\d*)?", text):
            raise _written_otherwise("a date and time", "2026-03-01T18:00")
        return value

    @field_validator("end")
    @classmethod
    def _ends_after_it_begins(cls, end: datetime, info: ValidationInfo) -> datetime:
        begin = info.data.get("begin")
        if begin is not None and begin.tzinfo is not None and end.tzinfo is not None:
            is_after = end > begin
        else:  # what has no zone is in the shop's, and so is the other, nearly always
            is_after = begin is None or end.replace(tzinfo=None) > begin.replace(tzinfo=None)
        if not is_after:
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
