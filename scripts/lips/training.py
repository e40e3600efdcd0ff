"""Training: augmented copies of all sentences, random stretches of them, and the epoch that validates best."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engine.motion.lip_network import AHEAD, LipNetwork
from engine.motion.mel import LogMel
from engine.motion.visemes import VISEMES
from lips.augment import augmented
from lips.examples import Example, example
from lips.groups import GROUP_NAMES, GROUP_OF
from lips.network import LipModel, read_onnx, write_onnx
from lips.speech import Sample, minutes, samples

COPIES = 3
STRETCH = 200
"""Moments of one stretch: 2 s."""

BATCH = 32
RATE = 2.5e-3
SMOOTHING = 0.03
SHARES = (0.6, 0.6, 12.0, 1.5)
"""Of the visemes', their groups', the mouth's and the held lips' loss."""

MASKED_BANDS = 6
SEED = 8

_GROUP_OF = torch.tensor(GROUP_OF)
_MEMBERS = functional.one_hot(_GROUP_OF, len(GROUP_NAMES)).float()


@dataclass(frozen=True, slots=True)
class _Pool:
    """All examples one behind the other; ``bounds[i]`` is where example *i* begins."""

    mel: torch.Tensor
    viseme: torch.Tensor
    mouth: torch.Tensor
    held: torch.Tensor
    bounds: NDArray[np.int64]


def train(file: Path, epochs: int, begin: Path | None = None) -> None:
    """Train on "train", from the network ``begin`` on where one is given; write the one that validates best."""
    torch.manual_seed(SEED)
    chance = np.random.default_rng(SEED)
    speech, checked = samples("train"), [example(s) for s in samples("validate")]
    print(f"{minutes(speech):.1f} minutes of speech", flush=True)
    pool = _pool(speech, chance)
    model = LipModel(pool.mel.mean(0).numpy(), pool.mel.std(0).numpy())
    print(f"{sum(p.numel() for p in model.parameters())} weights, {len(pool.mel) / 6000:.0f} minutes with copies")
    if begin is not None:
        read_onnx(model, begin)
    steps = epochs * (len(pool.mel) // (BATCH * STRETCH))
    adam = torch.optim.AdamW(model.parameters(), RATE, weight_decay=1e-3)
    slower = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps, pct_start=0.1)
    best, kept, began = 0.0, copy.deepcopy(model.state_dict()), time.monotonic()
    for step in range(steps):
        loss = _loss(model, pool, chance)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        slower.step()
        if step % 100 == 99 or step == steps - 1:
            score = validated(model, checked)
            print(f"{step + 1}/{steps} {time.monotonic() - began:.0f} s loss {loss.item():.3f} {score}", flush=True)
            if score["group"] > best:
                best, kept = score["group"], copy.deepcopy(model.state_dict())
                write_onnx(model, file)
    model.load_state_dict(kept)
    write_onnx(model, file)
    _same(model, file, samples("validate")[0])


def _same(model: LipModel, file: Path, sample: Sample) -> None:
    """Ends the program where the written network does not say what the trained one says."""
    heard = LipNetwork(file).push(sample.pcm_48k)
    model.eval()
    with torch.no_grad():
        visemes, mouth, held = (x[0, AHEAD:] for x in model(torch.from_numpy(LogMel().push(sample.pcm_48k))[None]))
    wanted = (torch.softmax(visemes, 1), torch.sigmoid(mouth), torch.sigmoid(held))
    for said, want in zip((heard.visemes, heard.mouth, heard.held), wanted, strict=True):
        if not np.allclose(said, want.numpy(), atol=1e-3):
            raise SystemExit(f"{file} says something else than what was trained")


def _pool(speech: list[Sample], chance: np.random.Generator) -> _Pool:
    made: list[Example] = [example(s) for s in speech]
    for _ in range(COPIES):
        made += [example(augmented(s, speech, chance)) for s in speech]
    lengths = [len(e.viseme) for e in made]
    return _Pool(
        torch.from_numpy(np.concatenate([e.mel for e in made])),
        torch.from_numpy(np.concatenate([np.pad(e.viseme, (0, AHEAD)) for e in made])),
        torch.from_numpy(np.concatenate([np.pad(e.mouth, ((0, AHEAD), (0, 0))) for e in made])),
        torch.from_numpy(np.concatenate([np.pad(e.held, ((0, AHEAD), (0, 0))) for e in made])),
        np.concatenate([[0], np.cumsum([n + AHEAD for n in lengths])]),
    )


def _loss(model: LipModel, pool: _Pool, chance: np.random.Generator) -> torch.Tensor:
    """Of one batch of stretches, each within one example (short examples go on into the next)."""
    at = chance.choice(len(pool.bounds) - 1, BATCH)
    room = np.maximum(1, pool.bounds[at + 1] - pool.bounds[at] - STRETCH - AHEAD)
    first = np.minimum(pool.bounds[at] + chance.integers(0, room), len(pool.mel) - STRETCH - AHEAD)
    moments = torch.from_numpy(first)[:, None] + torch.arange(STRETCH)
    frames = torch.from_numpy(first)[:, None] + torch.arange(STRETCH + AHEAD)
    mel = pool.mel[frames].clone()
    band = int(chance.integers(0, mel.shape[2] - MASKED_BANDS))
    mel[: BATCH // 3, :, band : band + int(chance.integers(1, MASKED_BANDS))] = float(mel.mean())
    visemes, mouth, held = (x[:, AHEAD:] for x in model(mel))
    return (
        SHARES[0]
        * functional.cross_entropy(
            visemes.reshape(-1, len(VISEMES)), pool.viseme[moments].reshape(-1), label_smoothing=SMOOTHING
        )
        + SHARES[1]
        * functional.nll_loss(
            torch.log(torch.softmax(visemes, 2) @ _MEMBERS + 1e-7).reshape(-1, len(GROUP_NAMES)),
            _GROUP_OF[pool.viseme[moments]].reshape(-1),
        )
        + SHARES[2] * functional.mse_loss(torch.sigmoid(mouth), pool.mouth[moments])
        + SHARES[3] * functional.binary_cross_entropy_with_logits(held, pool.held[moments])
    )


def validated(model: LipModel, checked: list[Example]) -> dict[str, Any]:
    """Shares of moments with the right viseme, and with the right group of visemes; error of the mouth's curves."""
    model.eval()
    groups = np.array(GROUP_OF)
    right, alike, total, off = 0, 0, 0, 0.0
    with torch.no_grad():
        for e in checked:
            visemes, mouth, _ = (x[0, AHEAD:].numpy() for x in model(torch.from_numpy(e.mel)[None]))
            right += int((visemes.argmax(1) == e.viseme).sum())
            likely = np.exp(visemes - visemes.max(1, keepdims=True)) @ _MEMBERS.numpy()
            alike += int((likely.argmax(1) == groups[e.viseme]).sum())
            off += float(np.abs(1 / (1 + np.exp(-mouth)) - e.mouth).mean(1).sum())
            total += len(visemes)
    model.train()
    return {"viseme": round(right / total, 4), "group": round(alike / total, 4), "mouth_off": round(off / total, 4)}
