"""How the show is run: approve mode, mood, framing, captions, and the label's corner."""

from __future__ import annotations

from nicegui.element import Element

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, set_attributes
from server.room.parts.wishes import choice, plain
from server.room.words import Words


class Switch:
    """On or off; pressing it wishes the other."""

    def __init__(self, label: str, hint: str, watch: ChannelWatch, name: str) -> None:
        with box("div", "switch-row"):
            with box("p"):
                Text("span", label, "switch-label").props["id"] = f"{name}-label"
                Text("span", hint, "hint")
            self._button = box(
                "button", "switch", type="button", role="switch", id_=name, aria_labelledby=f"{name}-label",
                data_channel=watch.channel_id,
            )  # fmt: skip

    def show(self, is_on: bool, other: dict[str, object]) -> None:
        """Show what is so; ``other`` is the wish for what is not."""
        set_attributes(self._button, aria_checked="true" if is_on else "false", data_wish=plain(other))


class MannerCard:
    """Choices that hold until they are changed or the run ends."""

    def __init__(self, watch: ChannelWatch, words: Words) -> None:
        self._watch = watch
        here = {"data_channel": watch.channel_id}
        manner, picture = plain({"type": "manner"}), plain({"type": "picture"})
        moods = {"": words("by_director")} | words.group("mood_")
        framings = {"": words("by_director")} | words.group("framing_")
        with box("section", "card manner", aria_labelledby="manner-title"):
            with box("header"):
                Text("h2", words("manner")).props["id"] = "manner-title"
            self._approving = Switch(words("approve_mode"), words("approve_hint"), watch, "approve-mode")
            with box("div", "field-row"):
                self._mood: Element = choice(words("mood"), "mood", moods, data_choose=manner, **here)
                self._framing: Element = choice(words("framing"), "framing", framings, data_choose=manner, **here)
            self._captions = Switch(words("captions"), words("captions_hint"), watch, "captions")
            self._label: Element | None = None
            if watch.channel.canvas.portrait:
                self._label = choice(words("label"), "label", words.group("corner_"), data_choose=picture, **here)
            Text("p", words("label_hint"), "hint")
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        show = self._watch.show
        self._approving.show(show.approving, {"type": "approval", "on": not show.approving})
        self._captions.show(show.captions, {"type": "picture", "captions": not show.captions})
        set_attributes(self._mood, value=show.mood or "")
        set_attributes(self._framing, value=show.framing or "")
        if self._label is not None:
            set_attributes(self._label, value=show.label)
