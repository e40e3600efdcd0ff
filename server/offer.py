"""Reads a WHEP offer and refuses what cannot be answered, before a connection is made for it."""

from __future__ import annotations

from dataclasses import dataclass

from aiortc import sdp

from server.errors import BadOfferError

MAX_OFFER_BYTES = 32_768
"""A browser's offer for one picture and one sound is 4 to 8 kB."""

SDP_ERRORS = (ValueError, KeyError, IndexError, AttributeError, AssertionError, TypeError)
"""What aiortc's parser raises for text that is not SDP."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A checked offer: its text without candidates, and which media it wants."""

    text: str
    picture: bool
    sound: bool


def read_offer(body: bytes) -> Offer:
    """Check an offer.

    The client's candidates are left out: the client reaches this server, whose checks answer to wherever the client
    came from (RFC 8445, peer-reflexive). So an offer cannot make this server send to addresses of its choice, and
    no time goes into resolving mDNS names.

    Raises:
        BadOfferError: the text is not SDP, or asks for something else than one picture and one sound to receive.
    """
    try:
        text = body.decode("utf-8")
        description = sdp.SessionDescription.parse(text)
    except UnicodeDecodeError as error:
        raise BadOfferError("the offer is not UTF-8 text") from error
    except SDP_ERRORS as error:
        raise BadOfferError("the offer is not valid SDP") from error
    kinds = [media.kind for media in description.media]
    if not kinds or any(kinds.count(kind) > 1 or kind not in ("audio", "video") for kind in kinds):
        raise BadOfferError("the offer must have one video and one audio section, or one of them, and nothing else")
    for media in description.media:
        if media.direction not in ("recvonly", "sendrecv"):
            raise BadOfferError(f"the {media.kind} section must be recvonly, not {media.direction}")
        if not (media.dtls and media.dtls.fingerprints and media.ice and media.ice.usernameFragment):
            raise BadOfferError(f"the {media.kind} section has no DTLS fingerprint or ICE credentials")
    return Offer(_without_candidates(text), "video" in kinds, "audio" in kinds)


def _without_candidates(text: str) -> str:
    kept = [line for line in text.splitlines() if not line.startswith(("a=candidate:", "a=end-of-candidates"))]
    return "\r\n".join(kept) + "\r\n"
