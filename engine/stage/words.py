"""The few words that the picture itself says, by the channel's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageWords:
    """``label`` are the two lines of the permanent label; in China it must hold "AI" and 生成 (GB 45438-2025)."""

    label: tuple[str, str]
    live: str
    asks: str
    somebody: str
    item: str
    back: str
    goes_on: str
    cart: bool
    """Whether the item's number has the yellow cart before it."""


WORDS: dict[str, StageWords] = {
    "en": StageWords(
        label=("AI-generated", "digital host"),
        live="{host} is live",
        asks="{viewer} asks",
        somebody="A viewer",
        item="Item {number}",
        back="Back in a moment",
        goes_on="The show goes on right here",
        cart=False,
    ),
    "zh": StageWords(
        label=("AI生成", "数字人主播"),
        live="{host} 直播中",
        asks="{viewer} 问",
        somebody="观众",
        item="{number}号链接",
        back="马上回来",
        goes_on="直播稍后继续，请别走开",
        cart=True,
    ),
}
"""Language of a channel: its words."""
