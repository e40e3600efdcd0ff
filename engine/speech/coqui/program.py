"""Runs in Coqui's own environment: loads one voice, then speaks what it is asked over its pipes.

Nothing of this program's other rooms is imported here: they are not installed there. The description of the voice is
JSON on the command line; see ``engine.settings.helper`` for how the two talk. A request is ``{"text", "speed",
"language"}``, an answer ``{"rate", "bytes"}`` and as many bytes of mono float32 samples.

Weights come from safetensors files only. Coqui's own loaders read pickles, so ``torch.load`` is taken away before
anything is loaded: a config that names such a file fails instead of running what is in it.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

Speak = Callable[[str, float, str], tuple[NDArray[np.float32], int]]
"""Text, speed and language to samples and their rate."""

NICER_BY = 5
"""How much this process gives way to the picture; a voice goes before a language model."""

_PR_SET_PDEATHSIG = 1
_NOT_NEEDED = ("disc.", "speaker_encoder.", "dvae.", "torch_mel_spectrogram", "gpt.gpt_inference.", "gpt.gpt.wte.")
"""Weights that only training uses, that we do without, or that the model makes of others."""


class VoiceFileError(Exception):
    """What was given is no voice that can be loaded; the text says why."""


def main() -> int:
    """Load the voice that the command line describes, then answer until the pipe is closed."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICER_BY)
    # A nice value counts within a session only, where Linux groups by it; this program is not of Everhost's packages.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(f"{NICER_BY}", "ascii")
    # Libraries print to standard output; the answers keep it to themselves.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def say(answer: dict[str, Any], body: bytes = b"") -> None:
        out.write(json.dumps(answer).encode() + b"\n" + body)
        out.flush()

    try:
        speak = load(json.loads(sys.argv[1]))
    except Exception as error:  # noqa: BLE001 (whatever Coqui raises is told to the studio, which goes on without it)
        say({"error": f"the voice cannot be loaded: {_told(error)}", "missing": True})
        return 1
    say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            samples, rate = speak(request["text"], request["speed"], request["language"])
        except Exception as error:  # noqa: BLE001 (as above)
            say({"error": _told(error)})
            continue
        body = np.ascontiguousarray(samples, "<f4").tobytes()
        say({"rate": rate, "bytes": len(body)}, body)
    return 0


def load(described: dict[str, Any]) -> Speak:
    """The voice, loaded. Raises VoiceFileError, or whatever Coqui raises."""
    torch.load = _no_pickle
    torch.set_num_threads(int(described["threads"]))
    with torch.inference_mode():
        return {"vits": load_vits, "xtts": load_xtts}[described["kind"]](described)


def load_vits(described: dict[str, Any]) -> Speak:
    """A VITS model with a voice of its own or several."""
    from TTS.config import load_config  # noqa: PLC0415 (each takes seconds, and only one kind is needed)
    from TTS.tts.models.vits import Vits  # noqa: PLC0415

    config = load_config(described["config"])
    for block in (config, config.model_args):
        block.speakers_file = described["speakers"] or None
        block.language_ids_file = None
        block.d_vector_file = None
        block.speaker_encoder_model_path = block.speaker_encoder_config_path = ""
        block.use_speaker_encoder_as_loss = False
    if config.model_args.use_language_embedding or config.model_args.use_d_vector_file:
        raise VoiceFileError("VITS models of several languages, or with speaker vectors, are not spoken with")
    model = Vits(config)
    speaker = described["speaker"]
    names = list(model.speaker_manager.name_to_id) if model.speaker_manager is not None else []
    if config.model_args.use_speaker_embedding and speaker not in names:
        raise VoiceFileError(f"the model has no speaker “{speaker}”; it has: {', '.join(names[:12]) or 'none named'}")
    fill(model, load_file(described["weights"]))
    model.disc = None
    model.eval().to(device())
    own_pace = model.length_scale

    def speak(text: str, speed: float, _language: str) -> tuple[NDArray[np.float32], int]:
        torch.manual_seed(seed(text))
        model.length_scale = own_pace / speed
        with torch.inference_mode():
            made = model.synthesize(text, speaker=speaker or None)
        return flat(made["wav"]), int(config.audio.sample_rate)

    return speak


def load_xtts(described: dict[str, Any]) -> Speak:
    """XTTS, speaking like the person in the sample."""
    from TTS.config import load_config  # noqa: PLC0415
    from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer  # noqa: PLC0415
    from TTS.tts.models.xtts import Xtts  # noqa: PLC0415

    config = load_config(described["config"])
    model = Xtts(config)
    model.tokenizer = VoiceBpeTokenizer(vocab_file=described["vocabulary"])
    model.init_models()
    fill(model, load_file(described["weights"]))
    model.to(device())
    model.eval()
    latents, embedding = model.get_conditioning_latents(
        audio_path=described["sample"],
        max_ref_length=config.max_ref_len,
        gpt_cond_len=config.gpt_cond_len,
        gpt_cond_chunk_len=config.gpt_cond_chunk_len,
        sound_norm_refs=config.sound_norm_refs,
    )

    def speak(text: str, speed: float, language: str) -> tuple[NDArray[np.float32], int]:
        torch.manual_seed(seed(text))
        made = model.inference(
            text,
            {"zh": "zh-cn"}.get(language, language),
            latents,
            embedding,
            temperature=config.temperature,
            length_penalty=config.length_penalty,
            repetition_penalty=config.repetition_penalty,
            top_k=config.top_k,
            top_p=config.top_p,
            speed=speed,
        )
        return flat(made["wav"]), int(config.model_args.output_sample_rate)

    return speak


def fill(model: torch.nn.Module, weights: dict[str, torch.Tensor]) -> None:
    """Put ``weights`` into ``model``. Raises VoiceFileError where they are not those of this config."""
    weights = {name.removeprefix("xtts."): value for name, value in weights.items()}
    own = model.state_dict()
    wrong = [name for name in weights if name in own and own[name].shape != weights[name].shape]
    missing = [name for name in own if name not in weights and not name.startswith(_NOT_NEEDED)]
    foreign = [name for name in weights if name not in own and not name.startswith(_NOT_NEEDED)]
    for what, names in (("has other sizes of", wrong), ("lacks", missing), ("also has", foreign)):
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            raise VoiceFileError(
                f"the weights are not those of this config: the file {what} {', '.join(names[:3])}{more}"
            )
    model.load_state_dict({name: value for name, value in weights.items() if name in own}, strict=False)


def device() -> str:
    """Where the model computes."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def seed(text: str) -> int:
    """The same text is always said the same way."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def flat(sound: Any) -> NDArray[np.float32]:
    """A tensor or an array as mono samples."""
    return np.asarray(sound.cpu() if isinstance(sound, torch.Tensor) else sound, np.float32).reshape(-1)


def _no_pickle(*_: Any, **__: Any) -> NoReturn:
    raise VoiceFileError("the config names a file in pickle format, in which any program can hide; it is not loaded")


def _told(error: Exception) -> str:
    """One line for people."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].strip()[:300]


if __name__ == "__main__":
    sys.exit(main())
