"""What the control room refuses, each with its HTTP status and a short code."""

from __future__ import annotations

from server.errors import ServerError


class ForbiddenError(ServerError):
    """Somebody known asks for more than the role allows, or the request comes from another site or name."""

    status = 403
    code = "forbidden"


class NoSuchChannelError(ServerError):
    """No channel of this run has that id."""

    status = 404
    code = "no_channel"


class TooManyTriesError(ServerError):
    """Too many wrong passwords for a name or from an address."""

    status = 429
    code = "too_many_tries"
    retry_after_s = 60


class ChannelAwayError(ServerError):
    """The channel's own server does not answer now."""

    status = 502
    code = "channel_away"
