"""What is left of a viewer's offer: everything but the addresses that it names."""

from __future__ import annotations

import pytest
from aiortc import RTCIceCandidate, sdp

from server.errors import BadOfferError
from server.fanout import Fanout
from server.offer import Offer, read_offer
from server.sessions import Sessions

SESSION = (
    "v=0",
    "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1",
    "a=msid-semantic: WMS",
)

KEYS = (
    "a=ice-ufrag:4ZcD",
    "a=ice-pwd:2/1muCWoOi3uLifh0NuRHlKe",
    "a=ice-options:trickle",
    "a=fingerprint:sha-256 " + ":".join(["7B"] * 32),
    "a=setup:actpass",
)

PICTURE = (
    "m=video 9 UDP/TLS/RTP/SAVPF 102 103",
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    *KEYS,
    "a=mid:0",
    "a=recvonly",
    "a=rtcp-mux",
    "a=rtpmap:102 H264/90000",
    "a=rtcp-fb:102 nack",
    "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    "a=rtpmap:103 rtx/90000",
    "a=fmtp:103 apt=102",
)

SOUND = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    *KEYS,
    "a=mid:1",
    "a=recvonly",
    "a=rtcp-mux",
    "a=rtpmap:111 opus/48000/2",
)

CANDIDATES = {
    "host, public": "1 1 udp 2122260223 198.51.100.7 50001 typ host generation 0 network-id 1",
    "host, private": "2 1 udp 2122194687 192.168.1.20 50002 typ host generation 0",
    "host, this machine": "3 1 udp 2122129151 127.0.0.1 22 typ host",
    "host, link-local": "4 1 udp 2122063615 169.254.169.254 80 typ host",
    "host, IPv6": "5 1 udp 2121998079 2001:db8::7 50003 typ host",
    "host, IPv6, unique local": "6 1 udp 2121932543 fd00::7 50004 typ host",
    "mDNS": "7 1 udp 2113937151 5d6d1a5c-64e2-4a0b-9d7d-5b3a3c1f6a0e.local 50005 typ host generation 0",
    "a name": "8 1 udp 2113937150 database.internal 5432 typ host",
    "server-reflexive": "9 1 udp 1686052607 203.0.113.9 50006 typ srflx raddr 10.0.0.5 rport 50002 generation 0",
    "peer-reflexive": "10 1 udp 1862270975 203.0.113.10 50007 typ prflx raddr 10.0.0.5 rport 50002",
    "relayed": "11 1 udp 41885439 203.0.113.11 50008 typ relay raddr 203.0.113.9 rport 50006",
    "TCP": "12 1 tcp 1518280447 10.0.0.5 9 typ host tcptype active generation 0",
    "RTCP": "13 2 udp 2122260222 192.168.1.20 50009 typ host",
}


def text_of(*lines: str, end: str = "\r\n") -> str:
    return "".join(line + end for line in lines)


def remote_candidates(offer: Offer) -> list[RTCIceCandidate]:
    return [each for media in sdp.SessionDescription.parse(offer.text).media for each in media.ice_candidates]


PLAIN = text_of(*SESSION, *PICTURE, *SOUND)
"""An offer before its candidates were gathered."""

LINES = tuple(f"a=candidate:{candidate}" for candidate in CANDIDATES.values())
FULL = text_of(*SESSION, *PICTURE, *LINES, "a=end-of-candidates", *SOUND, *LINES, "a=end-of-candidates")


def test_an_offer_without_candidates_stays_as_it_is() -> None:
    assert read_offer(PLAIN.encode()) == Offer(PLAIN, picture=True, sound=True)


@pytest.mark.parametrize("candidate", CANDIDATES.values(), ids=CANDIDATES)
def test_no_candidate_of_any_kind_is_left(candidate: str) -> None:
    line = f"a=candidate:{candidate}"
    address = candidate.split()[4]
    before = text_of(*SESSION, *PICTURE, line, *SOUND, line)
    assert before.count(address) == 2 + PLAIN.count(address)
    assert read_offer(before.encode()).text == PLAIN


def test_all_candidates_of_both_sections_go_and_everything_else_stays() -> None:
    assert len(sdp.SessionDescription.parse(FULL).media[1].ice_candidates) == len(CANDIDATES)
    assert read_offer(FULL.encode()) == Offer(PLAIN, picture=True, sound=True)


def test_the_end_of_candidates_goes_too_or_nobody_would_be_waited_for() -> None:
    offer = read_offer(FULL.encode())
    assert not any(media.ice_candidates_complete for media in sdp.SessionDescription.parse(offer.text).media)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_what_the_parser_takes_for_the_end_of_a_line_hides_no_candidate(end: str) -> None:
    hidden = f"a=x:1{end}a=candidate:{CANDIDATES['host, this machine']}{end}a=y:2"
    text = text_of(*SESSION, *PICTURE, hidden, *SOUND)
    assert len(sdp.SessionDescription.parse(text).media[0].ice_candidates) == 1
    offer = read_offer(text.encode())
    assert remote_candidates(offer) == []
    assert offer.text == text_of(*SESSION, *PICTURE, "a=x:1", "a=y:2", *SOUND)


def test_a_last_line_without_an_end_and_one_above_the_sections_are_candidates_as_well() -> None:
    text = text_of(*SESSION, LINES[0], *PICTURE, *SOUND) + LINES[1]
    assert read_offer(text.encode()).text == PLAIN


async def test_a_session_tries_no_address_out_of_the_offer() -> None:
    sessions = Sessions(Fanout(lambda: None), 1, lambda: None, lambda: None)
    session_id, answer = await sessions.open(read_offer(FULL.encode()))
    try:
        transports = {sender.transport.transport for sender in sessions._sessions[session_id].connection.getSenders()}
        assert [transport.getRemoteCandidates() for transport in transports] == [[]]
        assert "m=video" in answer
        assert "m=audio" in answer
    finally:
        await sessions.aclose()


TOO_MANY = "the offer must have one video and one audio section, or one of them, and nothing else"


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ((*PICTURE, *PICTURE), TOO_MANY),
        ((*PICTURE, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", *KEYS, "a=sctp-port:5000"), TOO_MANY),
        ([line.replace("recvonly", "sendonly") for line in SOUND], "the audio section must be recvonly, not sendonly"),
        (
            [line.replace("recvonly", "inactive") for line in PICTURE],
            "the video section must be recvonly, not inactive",
        ),
        (
            [line for line in PICTURE if "fingerprint" not in line],
            "the video section has no DTLS fingerprint or ICE credentials",
        ),
        (
            [line for line in SOUND if "ufrag" not in line],
            "the audio section has no DTLS fingerprint or ICE credentials",
        ),
        ((*PICTURE, "a=candidate:1 1 udp x 198.51.100.7 50001 typ host"), "the offer is not valid SDP"),
    ],
)
def test_what_cannot_be_answered_is_refused(sections: tuple[str, ...] | list[str], message: str) -> None:
    with pytest.raises(BadOfferError) as refused:
        read_offer(text_of(*SESSION, *sections).encode())
    assert str(refused.value) == message


@pytest.mark.parametrize(("section", "picture", "sound"), [(PICTURE, True, False), (SOUND, False, True)])
def test_one_of_both_may_be_wanted_alone(section: tuple[str, ...], picture: bool, sound: bool) -> None:
    text = text_of(*SESSION, *section)
    assert read_offer(text.encode()) == Offer(text, picture, sound)
