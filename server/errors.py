"""What can go wrong at the web edge, each with the HTTP status and a short code for programs."""

from __future__ import annotations


class ServerError(Exception):
    """A request that is answered with an error. ``code`` is stable; the text is for people and holds no secret."""

    status = 500
    code = "internal"
    retry_after_s: int | None = None


class BadOfferError(ServerError):
    """The SDP offer cannot be answered: not SDP, wrong media, or no codec in common."""

    status = 400
    code = "bad_offer"


class TooLargeError(ServerError):
    """The body is larger than anything that this server reads."""

    status = 413
    code = "too_large"


class NotAnOfferError(ServerError):
    """The body is not ``application/sdp``."""

    status = 415
    code = "wrong_type"


class HouseFullError(ServerError):
    """As many viewers as the settings allow are watching, or this machine cannot take one now."""

    status = 503
    code = "full"
    retry_after_s = 10


class CrowdError(ServerError):
    """So many viewers are on their way that no more are let in, or that they take all places: one may be free in a
    moment.
    """

    status = 429
    code = "crowd"
    retry_after_s = 1

    def __init__(self) -> None:
        super().__init__("many viewers are just coming; try again in a moment")


class TooOftenError(ServerError):
    """More offers than this server answers, from this address or from all."""

    status = 429
    code = "too_often"
    retry_after_s = 2


class NoSuchSessionError(ServerError):
    """The WHEP session has ended or never was."""

    status = 404
    code = "no_session"


class UnsupportedError(ServerError):
    """A method that the protocol allows to refuse (PATCH: trickle and ICE restart)."""

    status = 405
    code = "unsupported"


class BadWishError(ServerError):
    """Not a wish that the studio knows; the text names the key."""

    status = 422
    code = "bad_wish"


class BusyError(ServerError):
    """Too much is under way."""

    status = 503
    code = "busy"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NoAnswerError(ServerError):
    """A process that should answer does not."""

    status = 504
    code = "no_answer"


class BadRequestError(ServerError):
    """A request asks for what cannot be: times in the wrong order, too long a span, an unknown level."""

    status = 400
    code = "bad_request"


class NoSuchFigureError(ServerError):
    """The process or figure has no history."""

    status = 404
    code = "no_figure"


class LedgerAwayError(ServerError):
    """The ledger cannot be read now."""

    status = 503
    code = "ledger"
    retry_after_s = 10


class NotInstalledError(ServerError):
    """A package is missing on this machine; the text says how to install it."""

    status = 501
    code = "not_installed"


class NotAllowedError(ServerError):
    """No valid control cookie, or the request comes from another site."""

    status = 401
    code = "not_allowed"
