"""Batches of log-mel frames as other throats, rooms, microphones and streets would give them: anew for every batch."""

from __future__ import annotations

import math

import numpy as np
import torch

from engine.motion.mel import BANDS, FLOOR, HIGHEST_HZ, LOWEST_HZ

THROAT = (0.86, 1.17)
"""Factors on the frequencies of the formants."""

GAIN_DB = (-18.0, 8.0)
NOISE_DB = (8.0, 45.0)
"""Noise below speech."""

DECAY_S = (0.08, 0.5)
DIRECT_DB = (0.0, 14.0)
"""Direct sound over the room's."""

COLOUR_DB = 5.0
"""Spread of each of the slow waves over the bands that make a microphone's colour."""

WAVES = 4
MASKED_BANDS = 6
TAIL = 40
"""Frames that a room's tail has."""

_PER_NEPER = 10 / math.log(10)


def disguised(mel: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Natural logarithms of power, shape ``(batch, frames, BANDS)``, disguised row by row."""
    power = torch.exp(_other_throat(mel, chance)) - FLOOR
    power = power.clamp_min(0.0)
    loud = power.mean((1, 2), keepdim=True) + FLOOR
    power = _in_room(power, chance)
    power = power + loud * _noise(power, chance)
    db = _colour(len(mel), chance) + _line(len(mel), chance) + _between(GAIN_DB, (len(mel), 1, 1), chance)
    out = torch.log(power * torch.exp(db / _PER_NEPER) + FLOOR)
    return _masked(out, chance)


def _between(edges: tuple[float, float], shape: tuple[int, ...], chance: torch.Generator) -> torch.Tensor:
    return edges[0] + (edges[1] - edges[0]) * torch.rand(shape, generator=chance)


def _some(share: float, batch: int, chance: torch.Generator) -> torch.Tensor:
    """1 for about ``share`` of the rows, else 0; shape ``(batch, 1, 1)``."""
    return (torch.rand((batch, 1, 1), generator=chance) < share).float()


def _hertz() -> torch.Tensor:
    """The middle of each band."""
    low, high = (2595.0 * math.log10(1.0 + hz / 700.0) for hz in (LOWEST_HZ, HIGHEST_HZ))
    mels = torch.from_numpy(np.linspace(low, high, BANDS + 2)[1:-1].astype(np.float32))
    return 700.0 * (10 ** (mels / 2595.0) - 1)


def _other_throat(mel: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """The bands moved by a factor of their frequency."""
    hertz = _hertz()
    factor = torch.exp(_between((math.log(THROAT[0]), math.log(THROAT[1])), (len(mel), 1), chance))
    wanted = hertz * factor
    above = torch.searchsorted(hertz, wanted.clamp(float(hertz[0]), float(hertz[-1]))).clamp(1, BANDS - 1)
    share = ((wanted - hertz[above - 1]) / (hertz[above] - hertz[above - 1])).clamp(0.0, 1.0)[:, None, :]
    at = above[:, None, :].expand(mel.shape)
    return mel.gather(2, at - 1) * (1 - share) + mel.gather(2, at) * share


def _in_room(power: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """With the tail of a room in some rows."""
    batch, frames, bands = power.shape
    decay = _between(DECAY_S, (batch, 1), chance)
    tail = 10 ** (-6 * torch.arange(1, TAIL + 1) * 0.01 / decay)
    tail = tail / tail.sum(1, keepdim=True) * 10 ** (-_between(DIRECT_DB, (batch, 1), chance) / 10)
    tail = tail * _some(0.35, batch, chance)[:, :, 0]
    kernel = torch.cat([tail.flip(1), torch.ones(batch, 1)], 1)[:, None, None, :].expand(-1, bands, -1, -1)
    sound = torch.nn.functional.pad(power.transpose(1, 2), (TAIL, 0)).reshape(1, batch * bands, -1)
    out = torch.nn.functional.conv1d(sound, kernel.reshape(batch * bands, 1, -1), groups=batch * bands)
    return out.reshape(batch, bands, frames).transpose(1, 2)


def _noise(power: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Hiss of any colour, or two others of the batch who talk backwards; as a share of the speech's power."""
    batch = len(power)
    slope = _between((-2.0, 1.0), (batch, 1, 1), chance)
    hiss = (torch.arange(BANDS) + 1.0) ** slope
    hiss = hiss / hiss.mean(2, keepdim=True) * torch.empty_like(power).exponential_(1.0, generator=chance).sqrt()
    others = sum(power[torch.randperm(batch, generator=chance)].flip(1) for _ in range(2))
    assert isinstance(others, torch.Tensor)
    babble = others / (others.mean((1, 2), keepdim=True) + FLOOR)
    is_babble = _some(0.35, batch, chance)
    kind = babble * is_babble + hiss * (1 - is_babble)
    return kind * 10 ** (-_between(NOISE_DB, (batch, 1, 1), chance) / 10) * _some(0.6, batch, chance)


def _colour(batch: int, chance: torch.Generator) -> torch.Tensor:
    """A smooth curve over the bands, in decibels."""
    waves = torch.stack([torch.cos(math.pi * k * (torch.arange(BANDS) + 0.5) / BANDS) for k in range(1, WAVES + 1)])
    size = COLOUR_DB * torch.randn((batch, 1, WAVES), generator=chance) / torch.arange(1.0, WAVES + 1) ** 0.5
    return size @ waves


def _line(batch: int, chance: torch.Generator) -> torch.Tensor:
    """What a thin line takes from low and high bands, in decibels: 12 an octave."""
    hertz = _hertz()
    high = _between((3000.0, 7600.0), (batch, 1, 1), chance)
    low = _between((60.0, 350.0), (batch, 1, 1), chance)
    octaves = torch.log2(hertz / high).clamp_min(0.0) + torch.log2(low / hertz).clamp_min(0.0)
    return -12.0 * octaves * _some(0.3, batch, chance)


def _masked(mel: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """A few neighbouring bands replaced by their mean over the batch, in some rows."""
    batch = len(mel)
    first = torch.randint(0, BANDS - MASKED_BANDS, (batch, 1), generator=chance)
    width = torch.randint(1, MASKED_BANDS + 1, (batch, 1), generator=chance)
    bands = torch.arange(BANDS)
    hidden = ((bands >= first) & (bands < first + width))[:, None, :] & (_some(0.35, batch, chance) > 0)
    return torch.where(hidden, mel.mean((0, 1), keepdim=True), mel)
