from __future__ import annotations

import logging
import os
import shutil
import time

import numpy as np
import pytest

from engine.flow import Line, LineKind, Phoneme
from engine.script.choose import TEXT_WINDOW
from engine.settings.voice import OneVoice, Voice
from engine.speech import VOICES, Spoken, VoiceError, make_speaker
from engine.speech.cache import SoundCache
from engine.speech.speaker import Speaker


def sound(samples: int, value: float = 0.5) -> Spoken:
    return Spoken(np.full(samples, value, np.float32), (Phoneme("æ", 0, samples),), (0,))


def test_memory_is_bounded_and_forgets_the_oldest():
    cache = SoundCache(memory_bytes=4 * 250)
    for key in "abc":
        cache.put(key, sound(100))
        cache.get("a")
    assert cache.memory_held <= 1000
    assert cache.get("b") is None
    assert cache.get("a") is not None


def test_disk_survives_and_stays_below_the_folder(tmp_path):
    SoundCache(tmp_path / "sound").put("k1", sound(100, 0.25))
    back = SoundCache(tmp_path / "sound").get("k1")
    assert back is not None
    assert np.array_equal(back.pcm_48k, np.full(100, 0.25, np.float32))
    assert back.phonemes == (Phoneme("æ", 0, 100),)
    assert back.word_of == (0,)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["k1.spoken.npz"]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(VoiceError, match=r"cannot keep sound in .*file/sound: Not a directory"):
        SoundCache(tmp_path / "file" / "sound")


def test_disk_is_bounded(tmp_path):
    cache = SoundCache(tmp_path, disk_bytes=6000)
    for i in range(5):
        cache.put(f"k{i}", sound(500))
    assert sum(f.stat().st_size for f in tmp_path.iterdir()) <= 6000
    assert SoundCache(tmp_path).get("k4") is not None


def test_the_disk_holds_more_than_a_show_says_before_it_says_the_same_again(tmp_path, monkeypatch):
    """A line is some six seconds; none comes again within ``TEXT_WINDOW`` lines."""
    line_bytes = 6 * 48_000 * 4
    assert SoundCache(tmp_path)._disk_bytes > 2 * TEXT_WINDOW * line_bytes
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(total=20 * 2**30))
    assert SoundCache(tmp_path)._disk_bytes == 2**30


def test_the_disk_is_not_looked_at_with_every_line(tmp_path, monkeypatch):
    cache, looks = SoundCache(tmp_path, disk_bytes=10_000_000), []
    monkeypatch.setattr(cache, "_prune", looks.append)
    for i in range(100):
        cache.put(f"k{i}", sound(5000))
    assert 5 <= len(looks) <= 9


def test_only_sound_that_is_costly_to_make_is_written(tmp_path):
    speaker = make_speaker(Voice(), tmp_path)
    try:
        speaker.utter(Line("l", LineKind.SAY, "It is here."))
    finally:
        speaker.close()
    assert list(tmp_path.iterdir()) == []
    assert not VOICES.is_quick(OneVoice(backend="kokoro", name="zf_xiaoxiao"))
    assert not VOICES.is_quick(OneVoice(backend="nobody"))


def flipped(whole: bytes, at: int, value: int) -> bytes:
    """``whole`` with another byte in the first entry of its table of contents."""
    place = whole.index(b"PK\x01\x02") + at
    return whole[:place] + bytes([value]) + whole[place + 1 :]


def test_damaged_files_are_forgotten_and_written_again(voice, tmp_path, caplog):
    line = Line("l", LineKind.SAY, "Hello you.")
    first = Speaker(voice, 1.0, SoundCache(tmp_path)).utter(line)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    encrypted, unknown = flipped(whole, 8, 1), flipped(whole, 10, 99)
    for broken in (b"", b"PK\x03\x04 nonsense", whole[: len(whole) // 2], encrypted, unknown):
        file.write_bytes(broken)
        with caplog.at_level(logging.WARNING):
            again = Speaker(voice, 1.0, SoundCache(tmp_path)).utter(line)
        assert np.array_equal(again.pcm_48k, first.pcm_48k)
        assert file.read_bytes() == whole
    assert "forgetting damaged sound" in caplog.text


def test_what_a_killed_process_left_behind_is_removed_and_what_is_being_written_is_not(tmp_path):
    left, fresh = tmp_path / ".a1.part", tmp_path / ".b2.part"
    for file in (left, fresh):
        file.write_bytes(bytes(100))
    os.utime(left, (time.time() - 7200,) * 2)
    SoundCache(tmp_path).put("k1", sound(100))
    assert sorted(file.name for file in tmp_path.iterdir()) == [".b2.part", "k1.spoken.npz"]


def test_a_kept_sound_equals_the_fresh_one(voice, tmp_path):
    line = Line("l", LineKind.SAY, "It is $5.")
    fresh = Speaker(voice, 1.0, SoundCache(tmp_path)).utter(line)
    kept = Speaker(voice, 1.0, SoundCache(tmp_path)).utter(line)
    assert np.array_equal(fresh.pcm_48k, kept.pcm_48k)
    assert fresh.phonemes == kept.phonemes
    assert fresh.words == kept.words
    assert len(list(tmp_path.iterdir())) == 1


def test_captions_with_the_same_words_share_the_sound(voice, tmp_path):
    speaker = Speaker(voice, 1.0, SoundCache(tmp_path))
    a = speaker.utter(Line("l", LineKind.SAY, "It is $5."))
    b = speaker.utter(Line("l", LineKind.SAY, "It is five dollars."))
    assert a.pcm_48k is b.pcm_48k
    assert [w.text for w in b.words] == ["It", "is", "five", "dollars."]
    assert [w.text for w in a.words] == ["It", "is", "$5."]
