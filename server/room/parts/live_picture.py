"""A channel's live picture (``live-player.js``), muted until somebody wants to hear it."""

from __future__ import annotations

from nicegui.element import Element

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import box
from server.room.words import Words

PLAYER_TEXTS = ("connecting", "reconnecting", "blocked", "full", "sound")


def live_picture(watch: ChannelWatch, words: Words, *, sound_on_hover: bool) -> Element:
    """The picture in its own shape. With ``sound_on_hover`` it is heard while the pointer is over it."""
    canvas = watch.channel.canvas
    return box(
        "live-player",
        "screen",
        src=f"{watch.path}/whep",
        ratio=f"{canvas.width} / {canvas.height}",
        hover="yes" if sound_on_hover else "no",
        **{f"text_{name}": words(name) for name in PLAYER_TEXTS},
    )
