"""Networks of Wav2Lip's shape (Prajwal et al., "A Lip Sync Expert Is All You Need for Speech to Lip Generation", 2020).

In: 16 frames of mel spectrogram (1, 1, 80, 16), and (1, 6, 96, 96): the face with its lower half black, then the same
person with any mouth. Out: the face (1, 3, 96, 96). Colours are BGR, 0 to 1. Larger variants of the same shape
(192, 256 or 288 pixels) do as well: the size is read from the file.
"""

from __future__ import annotations

import numpy as np

from engine.avatar.heads.contract import HeadError, Image, Network
from engine.avatar.heads.mel import BANDS, FRAMES, mel_window
from engine.flow import Floats

SIZE = 96
"""Pixels of a side where the file does not say."""

SIZES = range(64, 513)
CHANNELS = 6


class Wav2Lip:
    """One network of this shape."""

    def __init__(self, network: Network) -> None:
        """Find out its size and the order of its inputs, and try it. Raises HeadError where it has another shape."""
        self._network = network
        self._face_first, self.size = _layout(network)
        black = np.zeros((self.size, self.size, 3), np.uint8)
        self.generate(np.zeros((BANDS, FRAMES), np.float32), black, black)

    def features(self, pcm_48k: Floats, sample: int) -> Floats:
        """See ``FaceGenerator``: mel levels (80, 16)."""
        return mel_window(pcm_48k, sample)

    def generate(self, features: Floats, face: Image, reference: Image) -> Image:
        """See ``FaceGenerator``."""
        both = np.concatenate([face, reference], 2).astype(np.float32) / 255
        both[self.size // 2 :, :, :3] = 0
        picture = np.ascontiguousarray(both.transpose(2, 0, 1)[None])
        sound = np.ascontiguousarray(features[None, None], np.float32)
        made = self._network.run(*((picture, sound) if self._face_first else (sound, picture)))
        if made.shape != (1, 3, self.size, self.size):
            raise HeadError(f"the network gives {made.shape}, not a picture (1, 3, {self.size}, {self.size})")
        if not np.isfinite(made).all():
            raise HeadError("the network gives numbers that are none")
        return np.asarray(np.clip(np.rint(made[0].transpose(1, 2, 0) * 255), 0, 255), np.uint8)


def _layout(network: Network) -> tuple[bool, int]:
    """Whether the picture is the first input, and its side."""
    if not network.inputs:
        return False, SIZE
    found = [(i, shape) for i, shape in enumerate(network.inputs) if len(shape) == 4 and shape[1] == CHANNELS]
    sound = [shape for shape in network.inputs if len(shape) == 4 and shape[1:] == (1, BANDS, FRAMES)]
    if len(network.inputs) != 2 or len(found) != 1 or len(sound) != 1:
        shapes = " and ".join(str(shape).replace("None", "any") for shape in network.inputs)
        raise HeadError(
            f"a network of Wav2Lip's shape takes (1, 1, 80, 16) and (1, 6, 96, 96); this one takes {shapes}"
        )
    index, shape = found[0]
    size = shape[2] or SIZE
    if shape[3] not in {None, size} or size not in SIZES:
        raise HeadError(f"its face is {shape[2]} by {shape[3]} pixels; a square of {SIZES[0]} to {SIZES[-1]} is needed")
    return index == 0, size
