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


class AccountsAwayError(ServerError):
    """The accounts cannot be read, or what must be written cannot: a full disk, or one that is away."""

    status = 503
    code = "accounts_away"
    retry_after_s = 10

    def __init__(self) -> None:
        super().__init__("the accounts cannot be read or written now: the disk may be full; the log says more")


class TooManyTriesError(ServerError):
    """Too many wrong passwords for a name or from an address."""

    status = 429
    code = "too_many_tries"
    retry_after_s = 60


class ChannelAwayError(ServerError):
    """The channel's own server does not answer now."""

    status = 502
    code = "channel_away"
