"""How many alarms last, and a sound for a new one (``alarm-bell.js``)."""

from __future__ import annotations

from collections.abc import Sequence

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import box, set_attributes
from server.room.words import Words

TEXTS = ("alarms_none", "alarms_some", "sound_on", "sound_off")


class AlarmBell:
    """The bell of all channels, which leads to their health; muted or not is the browser's own choice."""

    def __init__(self, watches: Sequence[ChannelWatch], words: Words) -> None:
        self._watches = watches
        texts = {f"text_{name}": words(name) for name in TEXTS}
        self._bell = box("alarm-bell", "bell", **texts)
        self.refresh()

    def refresh(self) -> None:
        """Tell how many last, and when the newest was raised."""
        active = [alarm for watch in self._watches for alarm in watch.sight.alarms.active]
        newest = max((alarm.at for alarm in active), default=0.0)
        set_attributes(self._bell, active=str(len(active)), newest=f"{newest:.3f}")
