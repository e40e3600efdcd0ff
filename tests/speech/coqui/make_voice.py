"""Runs in Coqui's environment: makes small voices with random weights of Coqui's own classes, as a trainer saves them.

``make_voice.py vits|xtts FOLDER`` writes ``model.pth`` (as Coqui's trainer does), ``config.json``, and for XTTS
``vocab.json``.
"""

# ruff: noqa: PLC0415 (each import takes seconds, and only one kind is made)
from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def make_vits(folder: Path) -> None:
    from TTS.tts.configs.shared_configs import CharactersConfig
    from TTS.tts.configs.vits_config import VitsConfig
    from TTS.tts.models.vits import Vits, VitsArgs

    args = VitsArgs(
        hidden_channels=32,
        hidden_channels_ffn_text_encoder=64,
        num_layers_text_encoder=2,
        num_layers_posterior_encoder=2,
        num_layers_flow=2,
        upsample_initial_channel_decoder=64,
        init_discriminator=False,
        length_scale=2.5,
    )
    characters = CharactersConfig(
        characters_class="TTS.tts.models.vits.VitsCharacters",
        pad="_",
        blank="",
        eos="",
        bos="",
        characters=LETTERS,
        punctuations="!'(),-.:;? ",
        phonemes="",
    )
    config = VitsConfig(model_args=args, characters=characters, use_phonemes=False, text_cleaner="basic_cleaners")
    model = Vits(config)
    model.disc = None
    let_letters_differ(model)
    save(model, config, folder)


def let_letters_differ(model: torch.nn.Module) -> None:
    """Untrained, a VITS hums one steady note, which the studio's ear refuses as it should.

    So each letter gets a level and a colour of its own (two random directions of the latent space), without noise, and
    the loudest sample is 0.3.
    """
    with torch.no_grad():
        projection = model.text_encoder.proj
        half = projection.weight.shape[0] // 2
        projection.weight[:half, :, 0] = torch.randn(half, 2) @ (
            torch.tensor([[1.0], [0.4]]) * torch.randn(2, projection.weight.shape[1])
        )
        projection.weight[half:] = 0
        projection.bias[:half], projection.bias[half:] = 0, -6.0
        for name, value in model.waveform_decoder.named_parameters():
            if name.endswith("bias"):
                value.zero_()
        model.eval()
        loudest = np.abs(np.asarray(model.synthesize("Some coffee for an hour.")["wav"])).max()
        model.waveform_decoder.conv_post.weight *= 0.3 / float(loudest)


def make_xtts(folder: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from TTS.tts.configs.xtts_config import XttsConfig
    from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer
    from TTS.tts.models.xtts import Xtts

    words = ["[STOP]", "[UNK]", "[SPACE]", "[START]", "[en]", "[zh-cn]", *LETTERS, *",.!?'"]
    letters = Tokenizer(models.BPE({word: i for i, word in enumerate(words)}, [], unk_token="[UNK]"))
    letters.add_special_tokens(words[:6])
    letters.pre_tokenizer = pre_tokenizers.Whitespace()
    letters.save(str(folder / "vocab.json"))
    config = XttsConfig()
    args = config.model_args
    args.gpt_layers, args.gpt_n_model_channels, args.gpt_n_heads = 2, 64, 2
    args.gpt_max_audio_tokens = 60
    args.decoder_input_dim = 64
    model = Xtts(config)
    model.tokenizer = VoiceBpeTokenizer(vocab_file=str(folder / "vocab.json"))
    model.init_models()
    save(model, config, folder)


def save(model: torch.nn.Module, config: object, folder: Path) -> None:
    config.save_json(str(folder / "config.json"))
    torch.save(
        {"config": json.loads((folder / "config.json").read_text()), "model": model.state_dict()}, folder / "model.pth"
    )


if __name__ == "__main__":
    torch.manual_seed(7)
    {"vits": make_vits, "xtts": make_xtts}[sys.argv[1]](Path(sys.argv[2]))
