"""``everhost check``."""

from __future__ import annotations

from pathlib import Path

from engine.runtime.checks import silence_note, voice_notes
from engine.runtime.picture_checks import body_note
from engine.runtime.studio import follower_of
from engine.runtime.whole_check import whole_check
from engine.settings import Channel, in_chinese, speaks_chinese


def check(file: Path) -> int:
    """Report every mistake of a channel, its catalogue, its campaigns, its voice, its backdrop and its body.

    Raises:
        SettingsError: with all of them.
    """
    channel = whole_check(file)
    facts = sum(len(product.facts) for product in channel.items.products)
    products = len(channel.items.products)
    if speaks_chinese():
        print(f"{file}：没有问题。{channel.name}有{products}件商品、{facts}条事实可讲。")
    else:
        print(f"{file}: all good. {channel.name} has {products} products with {facts} facts to sell.")
    if silence := silence_note(channel):
        if speaks_chinese():
            print(f"词已经备好（everhost script {file}），但还没有声音：{in_chinese(silence)}。")
        else:
            print(f"Its words are ready (everhost script {file}), but it cannot be heard yet: {silence}.")
    for note in voice_notes(channel):
        if speaks_chinese():
            print(f"有一个声音现在不能用，由后面的声音来说：{in_chinese(note)}。")
        else:
            print(f"A voice cannot be used yet, and the next one speaks instead: {note}.")
    if note := body_note(channel):
        print(f"{channel.body.name}{'：' if speaks_chinese() else ': '}{in_chinese(note)}")
    notes = _notes(channel)
    if notes:
        place = channel.catalogue_address or channel.catalogue
        print(f"{notes} statements of the catalogue are not said: everhost catalogue import {place} tells which.")
    return 0


def _notes(channel: Channel) -> int:
    """How many statements the reader of the catalogue did not understand."""
    loaded = follower_of(channel).first()
    return len(loaded.notes) if loaded is not None else 0
