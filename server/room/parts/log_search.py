"""The log of a channel with a search (``log-view.js``)."""

from __future__ import annotations

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, icon
from server.room.parts.wishes import choice
from server.room.words import Words

LEVELS = ("INFO", "WARNING", "ERROR")


def log_search(watch: ChannelWatch, words: Words) -> None:
    """For admins: the API refuses it to others."""
    with box("section", "log-search"):
        Text("h3", words("log"))
        with box("form", "log-form", role="search"):
            with box("label", "field search"):
                Text("span", words("search"))
                with box("span", "search-box"):
                    icon("search")
                    box("input", type="search", name="text", maxlength="200", autocomplete="off")
            choice(words("level"), "level", {level: words(f"level_{level.lower()}") for level in LEVELS})
        box("log-view", "log-view", src=f"/api{watch.path}/log", none=words("log_none"), tabindex="0")
