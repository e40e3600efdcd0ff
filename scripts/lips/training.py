"""Training: random stretches of all sentences at other paces, each batch disguised anew; what is kept is the mean of
the weights over the last steps, where it validates best.
"""

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
from torch.optim import swa_utils

from engine.motion.lip_network import AHEAD, LipNetwork
from engine.motion.mel import LogMel
from engine.motion.visemes import VISEMES
from lips.augment import padded
from lips.disguise import disguised
from lips.examples import Example, example
from lips.groups import GROUP_NAMES, GROUP_OF
from lips.network import LipModel, write_onnx
from lips.speech import Sample, minutes, samples
from lips.voices import TRAINED

STRETCH = 200
"""Moments of one stretch: 2 s."""

BATCH = 32
RATE = 2.5e-3
SMOOTHING = 0.03
SHARES = (0.6, 0.6, 12.0, 1.5)
"""Of the visemes', their groups', the mouth's and the held lips' loss."""

PACE = (0.8, 1.25)
"""Frames of the sentence that go into one of the stretch."""

MEAN = 0.998
"""What each step leaves of the mean of the weights."""

CHECK_EACH = 500
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


def train(file: Path, steps: int) -> None:
    """Train one network on the voices of each of ``TRAINED``, and write them as one: what they say is averaged."""
    checked = [example(s) for s in samples("validate")]
    models = [_trained(part, SEED + i, steps, checked) for i, part in enumerate(TRAINED)]
    write_onnx(models, file)
    _same(models, file, samples("validate")[0])


def _trained(part: str, seed: int, steps: int, checked: list[Example]) -> LipModel:
    """A network trained on a part, as it was where it validated best."""
    torch.manual_seed(seed)
    chance, disguises = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    speech = samples(part)
    pool = _pool(speech, chance)
    model = LipModel(pool.mel.mean(0).numpy(), pool.mel.std(0).numpy())
    weights = sum(p.numel() for p in model.parameters())
    print(f"{part}: {minutes(speech):.1f} minutes of speech, {weights} weights", flush=True)
    mean = swa_utils.AveragedModel(model, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(MEAN))
    adam = torch.optim.AdamW(model.parameters(), RATE, weight_decay=1e-2)
    slower = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps, pct_start=0.1)
    best, kept, began, losses = 0.0, model.state_dict(), time.monotonic(), 0.0
    for step in range(1, steps + 1):
        loss = _loss(model, pool, chance, disguises)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        slower.step()
        mean.update_parameters(model)
        losses += loss.item()
        if step % CHECK_EACH == 0 or step == steps:
            score = validated(mean.module, checked)
            print(f"{step}/{steps} {time.monotonic() - began:.0f} s loss {losses / CHECK_EACH:.3f} {score}", flush=True)
            losses = 0.0
            if score["group"] > best:
                best, kept = score["group"], copy.deepcopy(mean.module.state_dict())
    model.load_state_dict(kept)
    return model.eval()


def _same(models: list[LipModel], file: Path, sample: Sample) -> None:
    """Ends the program where the written network does not say what the trained ones say together."""
    heard = LipNetwork(file).push(sample.pcm_48k)
    mel = torch.from_numpy(LogMel().push(sample.pcm_48k))[None]
    with torch.no_grad():
        logits = [[x[0, AHEAD:] for x in model(mel)] for model in models]
    for i, said in enumerate((heard.visemes, heard.mouth, heard.held)):
        each = [torch.softmax(x[i], 1) if i == 0 else torch.sigmoid(x[i]) for x in logits]
        if not np.allclose(said, torch.stack(each).mean(0).numpy(), atol=5e-3):
            raise SystemExit(f"{file} says something else than what was trained")


def _pool(speech: list[Sample], chance: np.random.Generator) -> _Pool:
    """All sentences, with silence before and behind them."""
    made: list[Example] = [example(padded(s, chance)) for s in speech]
    lengths = [len(e.viseme) for e in made]
    return _Pool(
        torch.from_numpy(np.concatenate([e.mel for e in made])),
        torch.from_numpy(np.concatenate([np.pad(e.viseme, (0, AHEAD)) for e in made])),
        torch.from_numpy(np.concatenate([np.pad(e.mouth, ((0, AHEAD), (0, 0))) for e in made])),
        torch.from_numpy(np.concatenate([np.pad(e.held, ((0, AHEAD), (0, 0))) for e in made])),
        np.concatenate([[0], np.cumsum([n + AHEAD for n in lengths])]),
    )


def _loss(model: LipModel, pool: _Pool, chance: np.random.Generator, disguises: torch.Generator) -> torch.Tensor:
    """Of one batch of stretches, each within one example (short examples go on into the next), each at its pace."""
    at = chance.choice(len(pool.bounds) - 1, BATCH)
    pace = np.exp(chance.uniform(np.log(PACE[0]), np.log(PACE[1]), BATCH))
    whole = np.ceil((STRETCH + AHEAD) * pace).astype(int) + 1
    room = np.maximum(1, pool.bounds[at + 1] - pool.bounds[at] - whole)
    first = np.minimum(pool.bounds[at] + chance.integers(0, room), len(pool.mel) - whole)
    # What is said of a moment is due AHEAD frames later, at any pace.
    moments = torch.from_numpy(first)[:, None] + torch.from_numpy(
        np.outer(pace, np.arange(STRETCH)).round().astype(int)
    )
    places = first[:, None] + np.outer(pace, np.arange(STRETCH + AHEAD))
    below = torch.from_numpy(np.floor(places).astype(int))
    share = torch.from_numpy((places % 1.0).astype(np.float32))[:, :, None]
    mel = disguised(pool.mel[below] * (1 - share) + pool.mel[below + 1] * share, disguises)
    with torch.autocast("cpu", torch.bfloat16):
        said = model(mel)
    visemes, mouth, held = (x[:, AHEAD:].float() for x in said)
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
