"""``everhost check``."""

from __future__ import annotations

from pathlib import Path

from engine.runtime.checks import lacks_of_others, ledger_problems, silence_note, voice_consent_notes, voice_notes
from engine.runtime.picture_checks import body_notes
from engine.runtime.recording_checks import recording_note
from engine.runtime.studio import follower_of
from engine.runtime.whole_check import whole_check
from engine.settings import Channel, SettingsError, in_chinese, speaks_chinese
from engine.settings.consent import local_today


def check(file: Path) -> int:
    """Report every mistake of a channel, its catalogue, campaigns, voice, backdrop and body, and of its ledger.

    Raises:
        SettingsError: with all of them.
    """
    channel = whole_check(file)
    if problems := ledger_problems(channel):
        raise SettingsError(problems)
    _tell_goods(file, channel)
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
    _tell_others(channel)
    _tell_notes(channel)
    if note := recording_note(channel):
        print(f"{in_chinese(note)}。" if speaks_chinese() else f"{note}.")
    notes = _notes(channel)
    if notes:
        command = f"everhost catalogue import {channel.catalogue_address or channel.catalogue}"
        if speaks_chinese():
            print(f"目录里有{notes}句话不会说：用 {command} 看是哪些。")
        else:
            print(f"{notes} statements of the catalogue are not said: {command} tells which.")
    return 0


def _tell_notes(channel: Channel) -> None:
    """Of the body and of the people who agreed to be shown or heard."""
    today = local_today()
    about = [(channel.body.name, note) for note in body_notes(channel, today)]
    about += [("voice", note) for note in voice_consent_notes(channel, today)]
    for name, note in about:
        print(f"{name}：{in_chinese(note)}" if speaks_chinese() else f"{name}: {note}")


def _tell_goods(file: Path, channel: Channel) -> None:
    """How much there is to sell, and in which money."""
    facts = sum(len(product.facts) for product in channel.items.products)
    products = len(channel.items.products)
    currencies = ", ".join(sorted({product.currency for product in channel.items.products}))
    if speaks_chinese():
        print(f"{file}：没有问题。{channel.name}有{products}件商品、{facts}条事实可讲，价格的货币：{currencies}。")
    else:
        goods = f"{products} product{'' if products == 1 else 's'} with {facts} fact{'' if facts == 1 else 's'}"
        good = f"{channel.name} has {goods} to sell, with prices in {currencies}."
        print(f"{file}: all good. {good}")


def _tell_others(channel: Channel) -> None:
    for language, why in lacks_of_others(channel).items():
        if speaks_chinese():
            print(f"voice.others.{language}：这种语言的台词现在还不能说：{in_chinese(why)}。")
        else:
            print(f"voice.others.{language}: lines in this language cannot be spoken yet: {why}.")


def _notes(channel: Channel) -> int:
    """How many statements the reader of the catalogue did not understand."""
    loaded = follower_of(channel, patient=True).first()
    return len(loaded.notes) if loaded is not None else 0
