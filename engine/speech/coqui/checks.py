"""What can be wrong with a Coqui voice before it is loaded."""

from __future__ import annotations

import json
from pathlib import Path

from engine.flow import SAMPLE_RATE
from engine.settings.consent import load_consent, local_today
from engine.settings.errors import Problem, SettingsError
from engine.settings.voice import Coqui, OneVoice
from engine.settings.weights import why_not_weights
from engine.speech.base import At
from engine.speech.coqui import place

SAMPLE_S = (3.0, 60.0)
"""How long a sample to clone may be."""

HEARD_S = 2.0
"""So much of it must be heard; the rest are pauses."""

MOST_SAMPLE_BYTES = 50_000_000

CONVERT = "make one: everhost voice convert CHECKPOINT.pth, which also prints the hash"
CONSENT = "a YAML file with the keys who, when, what_for and adult, as for a photo (docs/voices.md)"
NEEDS = "add a block “coqui” below “voice” with the keys “weights”, “sha256” and “config”"


def coqui_languages(voice: OneVoice) -> frozenset[str]:
    """What the merchant says that it speaks."""
    return frozenset(voice.coqui.languages if voice.coqui is not None else ())


def coqui_missing(_: OneVoice) -> str:
    """See ``place.missing``."""
    return place.missing()


def coqui_problems(voice: OneVoice, at: At) -> list[Problem]:
    """Files that are missing, no safetensors, or not those with the hash; a sample without consent."""
    given = voice.coqui
    if given is None:
        return [at("backend", "the voice backend “coqui” needs to know which weights", NEEDS)]
    problems: list[Problem] = []
    if why := why_not_weights(given.weights, given.sha256, ("safetensors",)):
        key, hint = ("sha256", "get the file again, or write down its hash if you know why it changed")
        if "hash" not in why:
            key, hint = "weights", CONVERT
        problems.append(at(f"coqui.{key}", why, hint))
    problems += _config_problems(given, at)
    if given.speakers is not None:
        problems += _json_problems(given.speakers, "speakers", at)
    if given.kind == "xtts":
        return problems + _cloning_problems(given, at)
    for key in ("vocabulary", "sample", "consent"):
        if getattr(given, key) is not None:
            problems.append(at(f"coqui.{key}", f"a VITS voice has no “{key}”", "take it away, or write kind: xtts"))
    return problems


def _config_problems(given: Coqui, at: At) -> list[Problem]:
    problems = _json_problems(given.config, "config", at)
    if problems:
        return problems
    model = json.loads(given.config.read_text(encoding="utf-8")).get("model")
    if model == given.kind:
        return []
    return [at("coqui.config", f"this config is of a model “{model}”", f"the key “kind” says {given.kind}")]


def _json_problems(file: Path, key: str, at: At) -> list[Problem]:
    """A file that is not there or holds no JSON object. Pickles (``speakers.pth``) are among these."""
    try:
        if isinstance(json.loads(file.read_text(encoding="utf-8")), dict):
            return []
    except OSError as error:
        return [at(f"coqui.{key}", f"{file} cannot be read: {error.strerror}", "paths start at this file's own folder")]
    except (ValueError, RecursionError):
        pass
    return [at(f"coqui.{key}", f"{file.name} holds no JSON object", "Coqui saves it as .json; a .pth is not opened")]


def _cloning_problems(given: Coqui, at: At) -> list[Problem]:
    problems: list[Problem] = []
    if given.vocabulary is None:
        problems.append(at("coqui", "XTTS needs its vocabulary", "add the key “vocabulary”: the vocab.json beside it"))
    else:
        problems += _json_problems(given.vocabulary, "vocabulary", at)
    if given.sample is None:
        problems.append(at("coqui", "XTTS needs a sample of a voice", "add the key “sample”: a WAV file of 6 to 30 s"))
    elif why := why_no_sample(given.sample):
        problems.append(at("coqui.sample", why, "record 6 to 30 s of calm speech as WAV"))
    if given.consent is None:
        problems.append(
            at("coqui", "nobody's voice is copied without their consent", f"add the key “consent”: {CONSENT}")
        )
        return problems
    try:
        load_consent(given.consent, local_today())
    except SettingsError as error:
        problems += error.problems
    return problems


def why_no_sample(file: Path) -> str:
    """Why a file cannot be a sample of a voice; "" where it can."""
    # The resampler and the ear are needed only by who clones a voice.
    from engine.speech.hearing import why_no_voice  # noqa: PLC0415
    from engine.speech.sound_file import SoundError, wav_48k  # noqa: PLC0415

    try:
        if file.stat().st_size > MOST_SAMPLE_BYTES:
            return f"{file.name} is larger than {MOST_SAMPLE_BYTES // 1_000_000} MB"
        sound = wav_48k(file.read_bytes())
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    except SoundError as error:
        return f"{file.name} is no sample of a voice: {error}"
    shortest, longest = SAMPLE_S
    seconds = len(sound) / SAMPLE_RATE
    if not shortest <= seconds <= longest:
        return f"{file.name} lasts {seconds:.1f} s; a sample lasts {shortest:g} to {longest:g} s"
    why = why_no_voice(sound, HEARD_S)
    return f"{file.name} is no sample of a voice: {why}" if why else ""
