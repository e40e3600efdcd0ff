"""Chinese sentences."""

from engine.script.frames.bank import Bank
from engine.script.frames.zh.closing import ASKS, ASKS_BY_TYPE, RECAP_ENDS, RECAP_OPENS, RECAP_PAIRS, TRANSITIONS
from engine.script.frames.zh.facts import ANY_FACT, BY_TYPE, FIRST_FACT, LAST_FACT, LATER_FACT, PAIRS
from engine.script.frames.zh.manners import MANNERS
from engine.script.frames.zh.notices import NOTICES
from engine.script.frames.zh.opening import GREETINGS, INVITATIONS, OPENERS, OPENERS_BY_CATEGORY, PLANS, WELCOMES
from engine.script.frames.zh.price import IN_STOCK, LAST_ONE, POLICIES, PRICES, REDUCED_PRICES, SOLD_OUT, STOCKS

BANK = Bank(
    greetings=GREETINGS,
    welcomes=WELCOMES,
    notices=NOTICES,
    plans=PLANS,
    invitations=INVITATIONS,
    openers=OPENERS,
    openers_by_category=OPENERS_BY_CATEGORY,
    any_fact=ANY_FACT,
    first_fact=FIRST_FACT,
    later_fact=LATER_FACT,
    last_fact=LAST_FACT,
    pairs=PAIRS,
    prices=PRICES,
    reduced_prices=REDUCED_PRICES,
    stocks=STOCKS,
    last_one=LAST_ONE,
    in_stock=IN_STOCK,
    sold_out=SOLD_OUT,
    policies=POLICIES,
    asks=ASKS,
    transitions=TRANSITIONS,
    recap_opens=RECAP_OPENS,
    recap_pairs=RECAP_PAIRS,
    recap_ends=RECAP_ENDS,
    by_type=BY_TYPE,
    asks_by_type=ASKS_BY_TYPE,
    manners=MANNERS,
)

__all__ = ["BANK"]
