"""The live body of a head by weights: a photo whose mouth region a network draws by the sound.

Everything but the mouth is the photo's own (``PhotoBody``). Where a network is too slow for every picture it draws on
every second or third; where that is not enough, the photo's own lips speak, and ``note`` says so.
"""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path

import numpy as np

from engine.avatar.contract import Heard
from engine.avatar.errors import BodyError
from engine.avatar.framing import View
from engine.avatar.heads.contract import FaceGenerator, HeadError, Image
from engine.avatar.heads.head_file import load_head
from engine.avatar.heads.networks import open_network
from engine.avatar.heads.pasting import Doubles, cut, cut_of, paste
from engine.avatar.heads.wav2lip import Wav2Lip
from engine.avatar.photo.body import PhotoBody, open_photo
from engine.flow import CURVES, SAMPLE_RATE, Floats
from engine.motion.visemes import MOUTH_COLUMNS
from engine.settings import SettingsError
from engine.settings.channel import Canvas
from engine.settings.consent import Consent

KINDS = {"wav2lip": Wav2Lip}
"""Makers of generators by the ``kind`` of head files."""

SHARE = 0.45
"""Part of a picture's duration that the network may take on average; the rest is for the photo and the overlays."""

MOST_STRIDE = 3
"""Fewer new mouths than every third picture look like stop motion: then the photo's own lips are better."""

FADE = int(0.08 * SAMPLE_RATE)
"""Over so many samples at a line's ends the network's mouth takes over from the photo's and gives back."""

log = logging.getLogger(__name__)

_TRIES = 3
_REST_VIEW = View()


class HeadBody:
    """One head on one canvas. Not thread-safe: open, paint and close in one thread."""

    def __init__(self, photo: PhotoBody, generator: FaceGenerator, canvas: Canvas) -> None:
        self._photo, self._generator = photo, generator
        self._picture_s = 1 / canvas.fps
        at_rest = np.zeros(len(CURVES), np.float32)
        canvas_bgr = np.full((canvas.height, canvas.width, 3), 127, np.uint8)
        photo.paint(at_rest, canvas_bgr)
        self._reference = cut(canvas_bgr, cut_of(photo.border(at_rest), generator.size), generator.size)
        self.cost_s = self._measured()
        """CPU seconds that the network takes for a picture on this machine."""
        self._made: Image | None = None
        self._made_for: tuple[Floats | None, int] = None, -1
        self._failure = ""
        self.hears = self.cost_s <= SHARE * MOST_STRIDE * self._picture_s
        """Whether the network is quick enough here to be used."""

    @property
    def note(self) -> str:
        """What is to be said of the network's speed on this machine; "" when it draws every picture."""
        cost, stride = f"{self.cost_s * 1000:.0f} ms CPU a picture", self.stride
        if self._failure:
            return f"{self._failure}; the photo's own lips speak instead"
        if not self.hears:
            times = self.cost_s / (SHARE * MOST_STRIDE * self._picture_s)
            return (
                f"the network takes {cost}, and about {times:.1f} times as fast a machine, or a graphics card with "
                "onnxruntime-gpu, is needed; the photo's own lips speak instead"
            )
        return f"the network takes {cost}, so it draws the mouth on one picture of {stride}" if stride > 1 else ""

    @property
    def consent(self) -> Consent | None:
        """What the person on the photo agreed to."""
        return self._photo.consent

    @property
    def detail(self) -> float:
        """Times the picture's resolution at which the face is drawn; with less the network draws less often, too."""
        return self._photo.detail

    @detail.setter
    def detail(self, detail: float) -> None:
        self._photo.detail = detail

    def paint(self, curves: Floats, canvas_bgr: Image, view: View = _REST_VIEW, heard: Heard | None = None) -> None:
        """Draws the host over ``canvas_bgr`` (height, width, 3), in place.

        ``curves`` move the head, ``heard`` the mouth.
        """
        share = _share(heard) if self.hears else 0.0
        if heard is None or share <= 0:
            self._made = None
            self._photo.paint(curves, canvas_bgr, view)
            return
        shut = curves.copy()
        shut[MOUTH_COLUMNS] *= 1 - share
        self._photo.paint(shut, canvas_bgr, view)
        to_cut = cut_of(self._photo.border(curves, view), self._generator.size)
        try:
            mouth = self._mouth(canvas_bgr, to_cut, heard)
        except HeadError as error:
            log.error("%s; the photo's own lips speak instead", error)  # noqa: TRY400 (the show goes on)
            self._failure, self.hears = str(error), False
            return
        paste(mouth, canvas_bgr, to_cut, share)

    def prepare(self) -> bool:
        """As its photo."""
        return self._photo.prepare()

    def close(self) -> None:
        """Releases the drawing context. May be called again."""
        self._photo.close()

    def _mouth(self, canvas: Image, to_cut: Doubles, heard: Heard) -> Image:
        """The face as the network draws it: anew, or the one before where it is not its turn."""
        turn = round(heard.sample / (SAMPLE_RATE * self._picture_s)) // self.stride
        sound, turn_before = self._made_for
        if self._made is None or turn != turn_before or sound is not heard.pcm_48k:
            face = cut(canvas, to_cut, self._generator.size)
            features = self._generator.features(heard.pcm_48k, heard.sample)
            self._made = self._generator.generate(features, face, self._reference)
            self._made_for = heard.pcm_48k, turn
        return self._made

    @property
    def stride(self) -> int:
        """The network draws on one picture of so many; a coarser tier of the governor makes it more seldom."""
        allowed_s = SHARE * min(1.0, self._photo.detail) * self._picture_s
        return min(max(1, math.ceil(self.cost_s / allowed_s)), MOST_STRIDE)

    def _measured(self) -> float:
        """CPU seconds that one picture of the network takes on this machine, at its best."""
        sound = np.zeros(SAMPLE_RATE // 2, np.float32)
        tries = []
        for _ in range(_TRIES):
            began = time.thread_time()
            self._generator.generate(self._generator.features(sound, 0), self._reference, self._reference)
            tries.append(time.thread_time() - began)
        return min(tries)


def open_head(file: Path, canvas: Canvas, rights: str = "") -> HeadBody:
    """The body that a head file describes, ready to draw on that canvas.

    Raises BodyError when the file has mistakes, its licence forbids selling and no right is stated, the photo or the
    weights cannot be used, and when EGL is missing.
    """
    try:
        head = load_head(file, rights)
    except SettingsError as error:
        raise BodyError(str(error), error.problems) from error
    try:
        generator = KINDS[head.kind](open_network(head.weights))
    except HeadError as error:
        raise HeadError(f"{head.weights}: {error}") from error
    return HeadBody(open_photo(head.photo, canvas), generator, canvas)


def _share(heard: Heard | None) -> float:
    """How much of the mouth is the network's, 0 to 1."""
    if heard is None:
        return 0.0
    return float(np.clip(min(heard.sample, len(heard.pcm_48k) - heard.sample) / FADE, 0.0, 1.0))
