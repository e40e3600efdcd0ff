"""What a bank of answers to the chat holds, the same in every language."""

from __future__ import annotations

from dataclasses import dataclass

from engine.script.frames.bank import Frames


@dataclass(frozen=True)
class AnswerBank:
    """The answers of one language. The viewer's own words are never spoken.

    ``openers``: what the host says before an answer that is not made yet.
    ``facts``: a fact. ``yes``: a fact that surely says yes. ``policies``: a rule of the shop.
    ``shop_answers``: what the shop answered to a question, with ``{answer}``.
    ``quoted_policies``: a rule that is written in another language, for written replies.
    ``prices``, ``reduced_prices``, ``not_reduced``: a price; the last answers "is it reduced?".
    ``two_prices``, ``two_facts``: two products side by side, with ``{next}`` and ``{next_price}`` or ``{other}``.
    ``priced_facts``, ``joined_facts``: two answers about one product, with ``{price}`` or ``{other}``.
    ``stocks``, ``last_one``, ``in_stock``, ``sold_out``: the stock. ``links``: the link is in the chat.
    ``lists``: what is on the table, with ``{second}`` and ``{third}``. ``listed``: the written list, with ``{list}``.
    ``nexts``: what comes next.
    ``ai`` … ``goodbyes``: talk; ``reactions`` answer what asks nothing ("lol", "ok").
    ``orders``: to those who try to steer. ``unkind``: to the unkind.
    ``declines``, ``declines_on_product``: the catalogue does not say.
    ``named_greetings``, ``named_thanks``: to several viewers, with ``{viewers}``; ``others`` joins the last of them
    (``{viewers}``) with those that are not named; ``comma`` and ``and_word`` join names.
    """

    openers: Frames
    facts: Frames
    yes: Frames
    policies: Frames
    shop_answers: Frames
    quoted_policies: Frames
    prices: Frames
    reduced_prices: Frames
    not_reduced: Frames
    two_prices: Frames
    two_facts: Frames
    priced_facts: Frames
    joined_facts: Frames
    stocks: Frames
    last_one: Frames
    in_stock: Frames
    sold_out: Frames
    links: Frames
    lists: Frames
    listed: str
    nexts: Frames
    ai: Frames
    names: Frames
    used: Frames
    opinions: Frames
    greetings: Frames
    thanks: Frames
    compliments: Frames
    small_talk: Frames
    reactions: Frames
    goodbyes: Frames
    orders: Frames
    unkind: Frames
    declines: Frames
    declines_on_product: Frames
    named_greetings: Frames
    named_thanks: Frames
    others: str
    comma: str
    and_word: str
