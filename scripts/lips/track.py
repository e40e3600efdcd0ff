"""What a method makes of a sentence, picture by picture, and what the sentence's phonemes say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.flow import SAMPLE_RATE, Floats
from engine.motion.heard_lips import LOOK_AHEAD, HeardLips
from engine.motion.lip_network import Heard, LipNetwork
from engine.motion.lipsync import mouth_curves, picture_seconds
from engine.motion.visemes import MOUTH_CURVES, VISEMES
from lips.examples import true_visemes
from lips.groups import GROUP_NAMES, GROUP_OF
from lips.speech import Sample

FPS = 25
SHUT = 0.06
"""Gap under which lips count as shut: w, the most closed sound that is not, has 0.09, f 0.14."""

Doubles = NDArray[np.float64]
_LIPS = [MOUTH_CURVES.index(f"mouth{part}{side}") for part in ("LowerDown", "UpperUp") for side in ("Left", "Right")]
_JAW = MOUTH_CURVES.index("jawOpen")


@dataclass(frozen=True, slots=True)
class Track:
    """``group`` (index of GROUP_NAMES, -1: none that it knows) and ``gap`` between the lips, one a picture."""

    group: NDArray[np.int64]
    gap: Doubles


def pictures_of(sample: Sample) -> int:
    """Whole pictures of a sentence."""
    return len(sample.pcm_48k) * FPS // SAMPLE_RATE


def moments_of(sample: Sample) -> Doubles:
    """The middle of each picture in seconds."""
    return picture_seconds(pictures_of(sample), FPS)


def gap_of(rows: Floats) -> Doubles:
    """How far apart ``rows`` of MOUTH_CURVES hold the lips: the jaw, and a share of what opens the lips themselves."""
    return np.asarray(rows[:, _JAW] + 0.5 * rows[:, _LIPS].mean(axis=1), np.float64)


def by_phonemes(sample: Sample) -> Track:
    """What the phonemes say: the truth of the groups, and the mouth that the product makes of known times."""
    seconds = moments_of(sample)
    rows = mouth_curves(sample.phonemes, sample.pcm_48k, seconds)
    return Track(np.array(GROUP_OF)[true_visemes(sample.phonemes, seconds)], gap_of(rows))


class _Watched(LipNetwork):
    """The product's network, with its word on visemes kept."""

    def __init__(self) -> None:
        super().__init__()
        self.visemes: list[Floats] = []

    def push(self, pcm_48k: Floats) -> Heard:
        heard = super().push(pcm_48k)
        self.visemes.append(heard.visemes)
        return heard


def by_network(sample: Sample) -> Track:
    """What the product shows of the sound alone, heard picture by picture."""
    network = _Watched()
    lips, pictures = HeardLips(FPS, network), pictures_of(sample)
    sound = np.pad(sample.pcm_48k, (0, LOOK_AHEAD))
    step = SAMPLE_RATE // FPS
    rows = np.concatenate([lips.push(sound[at : at + step]) for at in range(0, len(sound), step)])[:pictures]
    likely = np.concatenate(network.visemes)
    members = np.zeros((len(VISEMES), len(GROUP_NAMES)))
    members[np.arange(len(VISEMES)), GROUP_OF] = 1.0
    at = np.round(moments_of(sample) * 100).astype(int)
    return Track((likely[at] @ members).argmax(axis=1), gap_of(rows))
