"""The targets of the guard and the policy packs over the labelled lines of tests/corpora."""

from __future__ import annotations

import pytest
from words import guard as guard_section
from words import policy as policy_section
from words.corpus import rows

GUARD, POLICY = ("guard_en", "guard_zh"), ("policy_cn", "policy_en")


def test_the_corpora_are_as_large_as_they_should_be_and_ids_are_unique() -> None:
    lines = [row for name in GUARD for row in rows(name)]
    violations = [row for name in POLICY for row in rows(name) if not row["ok"]]
    lawful = [row for name in POLICY for row in rows(name) if row["ok"]]
    assert len(lines) >= 400
    assert sum("-zh-" in row["id"] for row in lines) >= 200
    assert len(violations) >= 200
    assert sum(bool(row["disguise"]) for row in violations) >= 100
    assert len(lawful) >= 100
    ids = [row["id"] for name in (*GUARD, *POLICY) for row in rows(name)]
    assert len(set(ids)) == len(ids)
    texts = [row["text"] for name in (*GUARD, *POLICY) for row in rows(name)]
    assert len(set(texts)) > 0.99 * len(texts)


def test_the_guard_meets_its_targets() -> None:
    found = guard_section.labelled(guard_section.guards())
    assert found["all"]["stopped_percent"] >= guard_section.STOPPED_PERCENT, found
    assert found["all"]["blocked_percent"] <= guard_section.BLOCKED_PERCENT, found
    assert found["held"]["stopped_percent"] >= guard_section.STOPPED_PERCENT, found["held"]
    assert found["held"]["blocked_percent"] <= guard_section.BLOCKED_PERCENT, found["held"]
    assert found["ms_a_line"]["mean"] <= guard_section.LINE_MS


def test_the_policies_meet_their_targets() -> None:
    found = policy_section.measure()
    assert found["all"]["stopped_percent"] >= policy_section.STOPPED_PERCENT, found
    assert found["all"]["blocked_percent"] <= policy_section.BLOCKED_PERCENT, found


@pytest.mark.parametrize("name", GUARD)
def test_every_line_cites_facts_that_its_catalogue_has(name: str) -> None:
    judges = guard_section.guards()
    for row in rows(name):
        book = judges[row["catalogue"]].book
        assert row["product"] is None or row["product"] in book.products, row
        assert all(book.value(fact_id) is not None for fact_id in row["facts"]), row
