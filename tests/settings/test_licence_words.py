"""Licences in people's own words, in three languages: what forbids selling is seen, what allows it is left alone."""

from __future__ import annotations

import pytest

from engine.settings.licence_words import forbids_selling

FORBIDDING = (
    "CC_BY_NC", "CC-BY-NC-SA-4.0 (http://creativecommons.org/licenses/by-nc-sa/4.0/)", "CC BY NC 4.0", "cc-nc",
    "Attribution-NonCommercial 4.0", "non commercial", "non\u2011commercial licence",
    "Not for commercial use", "no commercial use", "NO COMMERCIAL USE.", "not to be used for commercial purposes",
    "Cannot be used commercially", "You may not use this model for any commercial purpose", "don't use it commercially",
    "It can't be sold or used in commercial work", "Does not allow commercial use", "never for commercial use",
    "Commercial use is not allowed", "Commercial use: no", "commercial usage prohibited", "Commercial use forbidden",
    "prohibits any commercial use", "Free; commercial use requires a separate licence",
    "ask me for a commercial licence",
    "personal use only", "Free for personal use", "only for personal projects", "for personal or research use",
    "Wav2Lip, personal and research use only", "Research only", "for research purposes", "research purposes",
    "academic use", "for educational use only", "Evaluation only", "Editorial", "Editorial Use Only", "not for profit",
    "非商用", "非商业用途", "非商業使用", "禁止商用", "不可商用", "请勿用于商业用途", "不得用于任何商业目的",
    "不能用於商業用途",
    "禁止用于营利目的", "本模型严禁盈利", "不得用于营利", "禁止以营利为目的使用本模型", "不可营利", "禁止盈利使用",
    "不得用于牟利", "严禁以任何方式谋利", "不得变现", "不能用来赚钱", "請勿獲利", "禁止營利",
    "营利性使用需授权", "盈利请联系作者", "仅供不以营利为目的的使用", "非盈利", "非牟利用途",
    "Not for sale or commercial use", "for private streaming only",
    "No monetization", "no monetisation", "You may not monetize it", "not to be monetized",
    "Monetization is prohibited", "does not allow monetization", "prohibits monetization",
    "商用不可", "商用需授权", "仅供个人使用", "仅限学习交流", "僅供研究", "仅用于学术研究", "仅供非营利使用",
    "商用利用不可", "商業利用は禁止です", "営利目的での利用を禁じます", "商用利用はご遠慮ください",
    "商用ＮＧ", "商用利用は要相談",
    "非営利", "個人利用のみ", "個人での使用に限ります", "研究目的に限る", "私的利用の範囲で",
)  # fmt: skip

ALLOWING = (
    "", "CC0", "CC-BY-4.0", "CC BY-SA 4.0, Ann", "CC_BY_ND", "MIT", "Apache 2.0", "made by this test",
    "SKETCHFAB Standard", "(c) 2026 Northwind Home", "Raleigh, NC Studios", "Sync Labs commercial licence of 2026",
    "Free for personal and commercial use", "personal or commercial use", "for commercial and personal use",
    "Personal use: yes. Commercial use: yes", "Commercial use allowed, research and education too",
    "No attribution required, commercial use is fine", "You do not need to credit us for commercial use",
    "no commercial restrictions", "commercial use is no problem", "not limited to personal projects",
    "Editorial Chair by Ann, CC-BY", "Royalty free", "academic cap, CC0",
    "Monetization is allowed", "You may monetize it", "no monetization limits",
    "可用于营利", "允许盈利", "可用于营利目的", "营利无需授权", "商用不需授权", "可牟利", "不得改变现有署名",
    "可商用", "允许商用，禁止转售", "可商用 禁止转载", "商用授权", "不仅限于个人，也可商用", "可用于个人和商业用途",
    "商用利用可", "商用利用可・改変不可", "商用利用OK、再配布禁止", "商用OK再配布NG", "個人・法人利用可",
)  # fmt: skip


@pytest.mark.parametrize("text", FORBIDDING)
def test_what_forbids_selling_is_seen(text: str) -> None:
    assert forbids_selling(text)


@pytest.mark.parametrize("text", ALLOWING)
def test_what_allows_it_is_left_alone(text: str) -> None:
    assert not forbids_selling(text)
