"""Which numbers of Chinese lines are looked for in what was heard."""

from __future__ import annotations

import pytest
from measure.syllables import figures_in, missed_figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("一共192页", ["yi bai jiu shi er"]),
        ("满99元包邮，收8元运费", ["jiu shi jiu yuan", "ba yuan"]),
        ("14.8乘21厘米", ["shi si dian ba", "er shi yi"]),
        ("打8.5折，50%棉", ["ba wu zhe", "bai fen zhi wu shi"]),
        ("两件一起", []),
    ],
)
def test_numbers_and_prices_are_found(text: str, figures: list[str]) -> None:
    assert [" ".join(each) for each in figures_in(text)] == figures


def test_a_homophone_is_heard_and_another_number_is_missed() -> None:
    assert missed_figures("收8元运费", "收拔元韵费") == ([], 1)
    assert missed_figures("收8元运费", "收六元运费") == (["ba yuan"], 1)
