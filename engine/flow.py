"""What flows between the rooms: Line, Utterance, Performance, Packet.

These are the only types that cross rooms. A picture crosses as an array: YUV 4:2:0 planar (I420, BT.601 limited
range), shape ``(height * 3 // 2, width)`` uint8, in the slot of the shared ring that bears its number.

Time is counted, never read from a clock: sound in samples at ``SAMPLE_RATE``, pictures by number. Picture *n* at *f*
pictures a second is at sample ``n * SAMPLE_RATE / f``.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 48_000
"""Samples a second of all sound between rooms, and the master clock's unit."""

VIDEO_CLOCK_RATE = 90_000
"""Ticks a second of encoded video pts (RFC 6184, section 5.1)."""

ARKIT_CURVES: tuple[str, ...] = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen", "mouthClose", "mouthFunnel",
    "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft", "mouthPressRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft",
    "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""Apple ARKit's 52 face blendshapes (ARFaceAnchor.BlendShapeLocation), 0 to 1. Left is the host's own left."""

FACE_CURVES: tuple[str, ...] = (*ARKIT_CURVES, "tongueUp")
"""What moves the face, 0 to 1: ARKit's shapes, and ``tongueUp`` of our own (the tongue's tip behind the upper teeth,
as for l, n and th), which ARKit lacks."""

POSE_CURVES: tuple[str, ...] = (
    "headYaw", "headPitch", "headRoll", "gazeYaw", "gazePitch", "bodyYaw", "bodyRoll", "bodyLean", "bodyShift",
    "breath",
)  # fmt: skip
"""Degrees, except ``breath`` (0 out, 1 in) and ``bodyShift`` (centimetres to the host's own left). Yaw > 0 turns to
the host's own left (the viewer's right); pitch > 0 looks up; roll > 0 tips the head to the host's own left;
``bodyLean`` > 0 leans towards the viewer. Gaze is relative to the head."""

ARM_ANGLES: tuple[str, ...] = (
    "armForward", "armOut", "armTwist", "elbow", "forearmTwist", "wristBend", "wristTilt",
)  # fmt: skip
"""Degrees, mirrored for the two sides; all zero is the arm hanging at the side, palm to the thigh.

``armForward`` > 0 lifts the upper arm to the front, ``armOut`` > 0 away from the body, ``armTwist`` > 0 turns it
inwards (a bent forearm swings in front of the belly), ``elbow`` > 0 bends, ``forearmTwist`` > 0 turns the palm up
(supination, seen with the elbow bent to the front: thumb outwards), ``wristBend`` > 0 bends towards the palm,
``wristTilt`` > 0 bends towards the thumb."""

HAND_SHAPES: tuple[str, ...] = ("thumb", "index", "middle", "ring", "little", "spread", "thumbIn")
"""0 to 1: each finger from straight to curled into the fist, the fingers spread apart, the thumb across the palm."""

ARM_CURVES: tuple[str, ...] = tuple(f"{name}{side}" for side in ("Left", "Right") for name in ARM_ANGLES + HAND_SHAPES)
"""``armForwardLeft``, ``thumbRight`` and so on. Left is the host's own left."""

CURVES: tuple[str, ...] = FACE_CURVES + POSE_CURVES + ARM_CURVES
CURVE_INDEX: dict[str, int] = {name: i for i, name in enumerate(CURVES)}

Floats = NDArray[np.float32]


class Framing(enum.StrEnum):
    """How much of the host the picture shows."""

    CLOSE = "close"
    BUST = "bust"
    HALF = "half"


class LineKind(enum.StrEnum):
    """What a line does in the show."""

    GREETING = "greeting"
    NOTICE = "notice"
    OPENER = "opener"
    PITCH = "pitch"
    PRICE = "price"
    ASK = "ask"
    TRANSITION = "transition"
    RECAP = "recap"
    ANSWER = "answer"
    SAY = "say"


@dataclass(frozen=True, slots=True)
class Question:
    """One chat message that the desk has let through: plain text, cleaned and cut to the length allowed."""

    question_id: str
    viewer: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken sentence, with the catalogue facts that prove it and the product it shows.

    ``text`` is what captions show ("$19.99"); the voice's normaliser turns it into words. ``reply`` is the
    written reply that goes to the chat with an answer. ``catalogue_version`` is the version the facts were read
    from. ``framing`` is how the line is best seen (None: as the one before); ``push_in`` asks for a slow approach of
    the camera while it lasts. ``pause_ms`` is silence behind it beyond the channel's gap. ``addressed`` are the viewers
    that it calls by name. ``writer`` is who wrote it: "template", or a language model with its name; ``allowed`` the
    guard's word on it (None: not asked).
    """

    line_id: str
    kind: LineKind
    text: str
    fact_ids: tuple[str, ...] = ()
    product_id: str | None = None
    mood: str = "warm"
    question: Question | None = None
    reply: str = ""
    catalogue_version: int = 0
    framing: Framing | None = None
    push_in: bool = False
    pause_ms: int = 0
    addressed: tuple[str, ...] = ()
    writer: str = "template"
    allowed: bool | None = None


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One phoneme (misaki/Kokoro alphabet; "" is silence) with its place in samples at ``SAMPLE_RATE``.

    ``tone`` is that of a Mandarin syllable, 1 to 4, on the last part of its vowel; 0 on all else and in the light tone.
    """

    symbol: str
    start: int
    end: int
    tone: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the caption shows it, with the samples in which it is heard."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """A Line as sound: mono float32 PCM at ``SAMPLE_RATE`` within ±1, its phonemes and its words, in order.

    There are no phonemes where the voice does not know when they are heard; the mouth then moves by the sound.
    """

    line: Line
    pcm_48k: Floats
    phonemes: tuple[Phoneme, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that happens at a picture of a Performance, such as ``look_at_card``."""

    kind: str
    picture: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Performance:
    """An Utterance as acting.

    ``curves`` has shape ``(pictures, len(CURVES))``, float32, one row a picture from the Performance's first
    sample on. Rows hold what the speech adds; idle life (blinks, breath, sway) is added by the stage. ``words`` are
    the caption words in samples from the Performance's start.
    """

    performance_id: str
    line: Line
    pcm_48k: Floats
    curves: Floats
    words: tuple[Word, ...]
    cues: tuple[Cue, ...] = ()
    fps: int = 25

    @property
    def pictures(self) -> int:
        """Pictures from the first to the last row of ``curves``."""
        return int(self.curves.shape[0])

    def mute(self) -> Performance:
        """The same without its sound, for who only draws."""
        return replace(self, pcm_48k=np.zeros(0, np.float32))


@dataclass(frozen=True, slots=True)
class Card:
    """What the product card shows now: text ready for display, the price read from the catalogue.

    ``saving`` is a coupon's text: what is saved against the price before ("": no coupon).
    """

    product_id: str
    item_number: int
    name: str
    details: str
    price: str
    was_price: str
    stock: str
    picture: str
    link: str = ""
    saving: str = ""


class Stream(enum.StrEnum):
    """The encoded streams: the picture, the same sound twice (WebRTC takes Opus, RTMP and MP4 take AAC), and a smaller
    picture, which is made only while a viewer's line needs it.
    """

    VIDEO = "video"
    SMALL = "small"
    OPUS = "opus"
    AAC = "aac"


PICTURES = frozenset({Stream.VIDEO, Stream.SMALL})

STREAM_CLOCK: dict[Stream, int] = {
    Stream.VIDEO: VIDEO_CLOCK_RATE,
    Stream.SMALL: VIDEO_CLOCK_RATE,
    Stream.OPUS: SAMPLE_RATE,
    Stream.AAC: SAMPLE_RATE,
}


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded access unit, made once for everybody. ``pts`` and ``duration`` count ``1 / STREAM_CLOCK[stream]``.

    Video is H.264 Annex B with SPS and PPS in band before each IDR; dts equals pts (no B-frames). AAC is raw (no
    ADTS).
    """

    stream: Stream
    data: bytes
    pts: int
    duration: int
    is_keyframe: bool = False


@dataclass(frozen=True, slots=True)
class MediaFormat:
    """What a joiner must know before the first packet. ``aac_config`` is the AudioSpecificConfig."""

    width: int
    height: int
    fps: int
    aac_config: bytes = b""


def picture_sample(number: int, fps: int) -> int:
    """First sample of picture ``number``; exact for every fps that divides ``SAMPLE_RATE``, else rounded down."""
    return number * SAMPLE_RATE // fps


def picture_at(sample: int, fps: int) -> int:
    """Number of the picture on show at ``sample``."""
    return (sample * fps) // SAMPLE_RATE


def picture_pts(number: int, fps: int) -> int:
    """Presentation time of picture ``number`` in ``VIDEO_CLOCK_RATE`` ticks."""
    return int(Fraction(number * VIDEO_CLOCK_RATE, fps))


def rest_curves() -> Floats:
    """A row of ``CURVES`` with the face at rest."""
    return np.zeros(len(CURVES), np.float32)
