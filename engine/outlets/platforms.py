"""What platforms ask of a session that lasts for days: after how long it is renewed, on our own choice of moment."""

from __future__ import annotations

from collections.abc import Mapping

from engine.settings.channel import Platform

HOUR_S = 3600.0

WRAP_S = 2**31 / 1000
"""FLV counts milliseconds in 32 bits, and many players take them as signed: a session must end before 24.86 days."""

GENERIC_S = 23 * 24 * HOUR_S

RENEW_S: Mapping[Platform, float] = {
    "generic": GENERIC_S,
    # Twitch ends a broadcast at 48 h, Facebook at 8 h; YouTube keeps an archive only of what is under 12 h.
    "twitch": 47.5 * HOUR_S,
    "facebook": 7.75 * HOUR_S,
    "youtube": 11.75 * HOUR_S,
    # No limit is published: a day is our own caution.
    "douyin": 24 * HOUR_S,
    "taobao": 24 * HOUR_S,
    "bilibili": 24 * HOUR_S,
}
"""Seconds after which a session is ended and begun anew at the next IDR, without a picture lost on our side."""
