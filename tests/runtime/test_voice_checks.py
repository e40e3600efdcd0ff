"""What `everhost check` says of voices: file, line and key, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from engine.runtime import checks
from engine.runtime.checks import lacks_of_others, silence_note, speech_problems, voice_notes, voice_problems
from engine.runtime.picture_checks import body_problems
from engine.settings import Channel, Problem, SettingsError, in_chinese, load_channel
from engine.settings.weights import sha256_of
from engine.speech import kokoro_voices
from engine.speech.coqui import place
from engine.stage import typeface
from tests.settings.test_weights import plain_pickle, safetensors
from tests.speech.sounds import noise, silence, speech, wav

ROOT = Path(__file__).resolve().parents[2]
CONSENT = "who: Ann Example\nwhen: 2026-01-02\nwhat_for: the voice of our host\nadult: true\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    safetensors(tmp_path / "v.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({"model": "vits"}))
    (tmp_path / "xtts.json").write_text(json.dumps({"model": "xtts"}))
    (tmp_path / "vocab.json").write_text("{}")
    (tmp_path / "ann.wav").write_bytes(wav(np.tile(speech(), 3)))
    (tmp_path / "ann.yaml").write_text(CONSENT)
    monkeypatch.delenv("SPEECH_KEY", raising=False)
    return tmp_path


def channel(folder: Path, voice: str) -> Channel:
    text = (ROOT / "avatars" / "mia.yaml").read_text().replace("../assets/", f"{ROOT}/assets/")
    text, count = re.subn(r"(?m)^voice:\n(?:  .*\n|\s*#.*\n)*", voice, text)
    assert count == 1
    (folder / "mia.yaml").write_text(text)
    return load_channel(folder / "mia.yaml", check_files=False)


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    assert re.search("[一-鿿]", in_chinese(problems[0].message)), problems[0].message
    return problems[0]


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "mia.yaml").read_text().splitlines()
    return next(i for i, line in enumerate(lines, 1) if text in line)


def coqui(folder: Path, **changed: str | None) -> str:
    given = {
        "weights": "v.safetensors",
        "sha256": sha256_of(folder / "v.safetensors"),
        "config": "config.json",
    } | changed
    rows = "".join(f"    {key}: {value}\n" for key, value in given.items() if value is not None)
    return f"voice:\n  backend: coqui\n  name: ann\n  coqui:\n{rows}"


def xtts(folder: Path, **changed: str | None) -> str:
    whole = {
        "kind": "xtts",
        "config": "xtts.json",
        "vocabulary": "vocab.json",
        "sample": "ann.wav",
        "consent": "ann.yaml",
    }
    return coqui(folder, **(whole | changed))


def test_good_voices_have_no_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEECH_KEY", "k")
    endpoint = (
        "voice:\n  backend: endpoint\n  name: alloy\n  endpoint:\n    address: https://api.example.com/v1\n"
        "    model: tts-1\n    key_env: SPEECH_KEY\n  fallback:\n    - backend: hibari\n"
    )
    for voice in (endpoint, coqui(folder), xtts(folder)):
        assert voice_problems(channel(folder, voice)) == []


def test_paths_start_at_the_channels_folder(folder: Path) -> None:
    given = channel(folder, coqui(folder)).voice.coqui
    assert given is not None
    assert given.weights == folder / "v.safetensors"
    (below,) = channel(folder, "voice:\n  fallback:\n" + indented(coqui(folder))).voice.fallback
    assert below.coqui is not None
    assert below.coqui.config == folder / "config.json"


def indented(voice: str) -> str:
    first, *rest = voice.removeprefix("voice:\n").splitlines()
    return f"    - {first.strip()}\n" + "".join(f"    {row}\n" for row in rest)


@pytest.mark.parametrize(
    ("voice", "key", "message", "row"),
    [
        ("voice:\n  backend: nope\n", "voice.backend", "there is no voice backend “nope”", "backend: nope"),
        ("voice:\n  name: nope\n", "voice.name", "there is no voice “nope”", "name: nope"),
        ("voice:\n  backend: endpoint\n  name: a\n", "voice.backend", "needs to know which endpoint", "backend: end"),
        ("voice:\n  backend: coqui\n  name: a\n", "voice.backend", "needs to know which weights", "backend: coqui"),
        (
            "voice:\n  fallback:\n    - name: heart\n    - {backend: kokoro, name: nope}\n",
            "voice.fallback[1].name", "there is no voice “nope”", "backend: kokoro, name: nope",
        ),
        (
            "voice:\n  backend: endpoint\n  name: a\n  endpoint:\n    address: https://a.example/v1\n    model: m\n"
            "    key_env: SPEECH_KEY\n",
            "voice.endpoint.key_env", "the environment variable SPEECH_KEY is not set", "key_env:",
        ),
        (
            "voice:\n  fallback:\n    - backend: endpoint\n      name: a\n      endpoint:\n"
            "        address: https://a.example/v1\n        model: m\n        languages: [zh]\n",
            "voice.fallback[0].name", "the voice “a” of “endpoint” does not speak English", "      name: a",
        ),
        ("voice:\n  others:\n    ja: nope\n", "voice.others.ja", "there is no voice “nope”", "ja: nope"),
        (
            "voice:\n  others:\n    ja: ef_dora\n",
            "voice.others.ja", "the voice “ef_dora” of “kokoro” does not speak Japanese", "ja: ef_dora",
        ),
        (
            "voice:\n  others:\n    en: af_heart\n",
            "voice.others.en", "English is the channel's own language, which its first voice speaks", "en: af_heart",
        ),
    ],
)  # fmt: skip
def test_wrong_voices(folder: Path, voice: str, key: str, message: str, row: str) -> None:
    problem = only(voice_problems(channel(folder, voice)))
    assert problem.key == key
    assert message in problem.message
    assert (problem.file, problem.line) == (folder / "mia.yaml", line_of(folder, row))
    assert problem.hint


@pytest.mark.parametrize(
    ("changed", "key", "message"),
    [
        ({"weights": "no.safetensors"}, "weights", "there are no weights at"),
        ({"weights": "evil.pth"}, "weights", "evil.pth is a pickle, in which any program can hide"),
        ({"weights": "evil.safetensors"}, "weights", "evil.safetensors is a pickle"),
        ({"weights": "config.json"}, "weights", "config.json is no safetensors file"),
        ({"sha256": "0" * 63 + "1"}, "sha256", "is not the file whose hash is written down"),
        ({"config": "no.json"}, "config", "cannot be read"),
        ({"config": "xtts.json"}, "config", "this config is of a model “xtts”"),
        ({"config": "v.safetensors"}, "config", "v.safetensors holds no JSON object"),
        ({"config": "deep.json"}, "config", "deep.json holds no JSON object"),
        ({"speakers": "evil.pth"}, "speakers", "evil.pth holds no JSON object"),
        ({"sample": "ann.wav"}, "sample", "a VITS voice has no “sample”"),
    ],
)
def test_wrong_weights(folder: Path, changed: dict[str, str], key: str, message: str) -> None:
    for name in ("evil.pth", "evil.safetensors"):
        plain_pickle(folder / name)
    (folder / "deep.json").write_text("[" * 200_000)
    problem = only(voice_problems(channel(folder, coqui(folder, **changed))))
    assert problem.key == f"voice.coqui.{key}"
    assert message in problem.message
    assert problem.line == line_of(folder, f"    {key}:")


@pytest.mark.parametrize(
    ("changed", "key", "message"),
    [
        ({"consent": None}, "coqui", "nobody's voice is copied without their consent"),
        ({"sample": None}, "coqui", "XTTS needs a sample of a voice"),
        ({"vocabulary": None}, "coqui", "XTTS needs its vocabulary"),
        ({"sample": "short.wav"}, "coqui.sample", "short.wav lasts 1.0 s; a sample lasts 3 to 60 s"),
        ({"sample": "config.json"}, "coqui.sample", "config.json is no sample of a voice"),
        ({"sample": "mute.wav"}, "coqui.sample", "mute.wav is no sample of a voice: the sound is silence"),
        ({"sample": "hiss.wav"}, "coqui.sample", "hiss.wav is no sample of a voice: the sound is noise or a tone"),
        ({"sample": "cut.wav"}, "coqui.sample", "cut.wav is no sample of a voice: the WAV file is cut off"),
        ({"vocabulary": "v.safetensors"}, "coqui.vocabulary", "holds no JSON object"),
    ],
)
def test_wrong_cloning(folder: Path, changed: dict[str, str | None], key: str, message: str) -> None:
    (folder / "short.wav").write_bytes(wav(noise(1.0)))
    (folder / "mute.wav").write_bytes(wav(silence(10.0)))
    (folder / "hiss.wav").write_bytes(wav(noise(10.0)))
    (folder / "cut.wav").write_bytes(wav(noise(10.0))[:500_000])
    problem = only(voice_problems(channel(folder, xtts(folder, **changed))))
    assert problem.key == f"voice.{key}"
    assert message in problem.message


def test_a_consent_that_does_not_hold_is_told_with_its_own_line(folder: Path) -> None:
    (folder / "ann.yaml").write_text(CONSENT.replace("true", "false") + "until: 2026-02-01\n")
    found = voice_problems(channel(folder, xtts(folder)))
    assert [(p.file, p.line, p.key) for p in found] == [
        (folder / "ann.yaml", 4, "adult"),
        (folder / "ann.yaml", 5, "until"),
    ]


@pytest.mark.parametrize(
    ("block", "key", "message"),
    [
        (
            "  endpoint: {address: http://example.com, model: m}\n",
            "voice.endpoint.address",
            "neither an https:// address",
        ),
        ("  endpoint: {address: https://k@example.com, model: m}\n", "voice.endpoint.address", "without user, key"),
        ("  endpoint: {address: https://example.com}\n", "voice.endpoint.model", "missing"),
        ("  endpoint: {address: https://example.com, model: m, key: secret}\n", "voice.endpoint.key", "not a key"),
        ("  endpoint: {address: https://example.com, model: m, format: mp3}\n", "voice.endpoint.format", "not allowed"),
        ("  coqui: {weights: a, config: b, sha256: abc}\n", "voice.coqui.sha256", "not written right"),
        ("  fallback: [{fallback: []}]\n", "voice.fallback[0].fallback", "not a key"),
        ("  fallback: hibari\n", "voice.fallback", "must be a list"),
        ("  others: {de: ef_dora}\n", "voice.others.de", "not a key"),
        ("  others: jf_alpha\n", "voice.others", "must be a block"),
    ],
)
def test_wrong_keys(folder: Path, block: str, key: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        channel(folder, f"voice:\n{block}")
    (problem,) = caught.value.problems
    assert problem.key == key
    assert message in problem.message
    assert problem.line == line_of(folder, block.strip()[:9])


def test_what_is_not_installed_only_matters_where_nobody_else_can_speak(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(place, "PYTHON", folder / "nowhere")
    alone = channel(folder, coqui(folder))
    assert "run `make coqui`" in only(speech_problems(alone)).message
    both = channel(folder, coqui(folder) + "  fallback:\n    - name: heart\n")
    assert (speech_problems(both), silence_note(both)) == ([], "")
    (note,) = voice_notes(both)
    assert "run `make coqui`" in note


def test_a_voice_whose_files_are_damaged_is_told(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(kokoro_voices.missing, "__defaults__", (folder,))
    (folder / "voices").mkdir()
    (folder / "vocab.json").write_text('{"a": 1}')
    for name, size in (("model.onnx", kokoro_voices.MODEL_BYTES), ("voices/af_heart.bin", 1024)):
        with (folder / name).open("wb") as file:
            file.truncate(size)
    problem = only(speech_problems(channel(folder, "voice:\n  backend: kokoro\n  name: af_heart\n")))
    assert problem.message == "voice 'af_heart' of backend 'kokoro' is damaged (voices/af_heart.bin): run `make zh`"


def test_what_other_languages_lack_is_told_and_keeps_the_show_from_starting(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(kokoro_voices.missing, "__defaults__", (folder,))
    made = channel(folder, "voice:\n  others: {ja: jf_alpha, hi: hf_beta}\n")
    assert (voice_problems(made), silence_note(made), voice_notes(made)) == ([], "", [])
    japanese, hindi = speech_problems(made)
    assert (japanese.key, japanese.line) == ("voice.others.ja", line_of(folder, "others:"))
    assert "'jf_alpha' of backend 'kokoro' is not installed (model.onnx" in japanese.message
    assert "run `make tongues`" in hindi.message
    assert set(lacks_of_others(made)) == {"ja", "hi"}
    assert all(
        re.search("[一-鿿]", in_chinese(p.message)) and re.search("[一-鿿]", in_chinese(p.hint)) for p in (japanese,)
    )


@pytest.mark.parametrize(("language", "voice", "font"), [("ja", "jf_alpha", "CJK"), ("hi", "hf_beta", "Devanagari")])
def test_letters_that_cannot_be_drawn_are_told(folder: Path, monkeypatch, language, voice, font) -> None:
    monkeypatch.setattr(checks, "missing_of_voice", lambda _: "")
    monkeypatch.setattr(checks, "CJK_FONTS", folder / "none")
    monkeypatch.setattr(typeface, "HINDI_FONTS", folder / "none")
    problem = only(speech_problems(channel(folder, f"voice:\n  others: {{{language}: {voice}}}\n")))
    assert f"Noto Sans {font}" in problem.message
    assert "run `make tongues`" in problem.message


def test_a_heads_mistakes_are_told_with_the_lines_of_its_own_file(folder: Path) -> None:
    plain_pickle(folder / "net.pth")
    (folder / "head.yaml").write_text(
        "kind: wav2lip\nphoto: no.ehp\nweights: net.pth\nsha256: " + "0" * 63 + "a\n"
        "licence: research only\ncommercial: forbidden\n"
    )
    text = (ROOT / "avatars" / "mia.yaml").read_text().replace("../assets/", f"{ROOT}/assets/")
    (folder / "mia.yaml").write_text(text.replace("body: bodies/mia.ehb", "body: head.yaml"))
    found = body_problems(load_channel(folder / "mia.yaml"))
    assert [(p.file, p.line, p.key) for p in found] == [
        (folder / "head.yaml", line, key) for line, key in ((2, "photo"), (3, "weights"), (6, "commercial"))
    ]
    assert all(re.search("[一-鿿]", in_chinese(p.message)) and re.search("[一-鿿]", in_chinese(p.hint)) for p in found)
