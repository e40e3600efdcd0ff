"""Answers to the chat in English."""

from engine.script.frames.answer_bank import AnswerBank

OPENERS: tuple[str, ...] = (
    "Let me take a question first.",
    "Here is a question from the chat.",
    "Somebody in the chat has a question.",
    "One moment, I see a question.",
    "A question just came in.",
    "Let me stop for a question here.",
)

FACT_ANSWERS: tuple[str, ...] = (
    "{The} {text}.",
    "My notes say that {the} {text}.",
    "Good question: {the} {text}.",
    "Happy to answer that: {the} {text}.",
    "Here's what my notes say: {the} {text}.",
    "To answer that, {the} {text}.",
    "I looked it up: {the} {text}.",
    "Thanks for asking, {the} {text}.",
    "Let me read it out: {the} {text}.",
    "According to the shop, {the} {text}.",
    "That one I know: {the} {text}.",
    "A question for my notes, and they say that {the} {text}.",
    "Glad you asked: {the} {text}.",
)

YES_ANSWERS: tuple[str, ...] = (
    "Yes, {the} {text}.",
    "Yes indeed, {the} {text}.",
    "Yes, my notes say that {the} {text}.",
    "It's a yes: {the} {text}.",
    "Yes, and word for word, {the} {text}.",
    "Short answer, yes: {the} {text}.",
)

POLICY_ANSWERS: tuple[str, ...] = (
    "{policy}.",
    "Here's the shop's rule: {policy}.",
    "From the shop's notes: {policy}.",
    "Good question: {policy}.",
    "Happy to answer that: {policy}.",
    "I looked it up: {policy}.",
    "Thanks for asking: {policy}.",
)

PRICE_ANSWERS: tuple[str, ...] = (
    "{The} costs {price}.",
    "{The} is {price}.",
    "Right now, {the} is {price}.",
    "The price of {the} is {price}.",
    "That's {price} for {the}.",
    "I just checked the catalogue: {the} is {price}.",
    "Thanks for asking, {the} costs {price}.",
)

REDUCED_PRICE_ANSWERS: tuple[str, ...] = (
    "{The} is {price}, down from {was}.",
    "Right now, {the} is {price} instead of {was}.",
    "The price of {the} is {price}, and it was {was} before.",
    "I just checked the catalogue: {the} is {price}, reduced from {was}.",
    "That's {price} for {the}, which is {saving} less than before.",
    "Thanks for asking, {the} is {price}, and the earlier price was {was}.",
)

NOT_REDUCED_ANSWERS: tuple[str, ...] = (
    "I have one price for {the} in my notes, and that's {price}.",
    "{The} is {price}, and my notes show no earlier price for it.",
    "The catalogue lists {the} at {price}, and no reduction that I could tell you about.",
)

STOCK_ANSWERS: tuple[str, ...] = (
    "For {the}, there are {stock} left in stock.",
    "There are {stock} left of {the}.",
    "I just checked, and the count for {the} is {stock}.",
    "Right now, the stock count for {the} is {stock}.",
)

LAST_ONE_ANSWERS: tuple[str, ...] = ("The stock count for {the} says one.", "There is one of {the} left right now.")

IN_STOCK_ANSWERS: tuple[str, ...] = (
    "{The} is in stock at the moment.",
    "I just checked, and {the} is in stock.",
    "The catalogue says that {the} is in stock.",
)

SOLD_OUT_ANSWERS: tuple[str, ...] = (
    "{The} is sold out at the moment.",
    "I'm sorry, {the} is out of stock right now.",
    "The stock count for {the} is at zero right now, I'm afraid.",
)

LINK_ANSWERS: tuple[str, ...] = (
    "I've put the link to {the} in the chat for you.",
    "You'll find {the} behind the link in my written reply.",
    "The link to {the} is in the chat now.",
)

LIST_ANSWERS: tuple[str, ...] = (
    "On the table are {the}, {second}, {third} and more, and the list is in the chat.",
    "You'll see {the}, {second}, {third} and others, and I've written the list in the chat.",
    "Among others, there's {the}, {second} and {third}, and the rest is in the chat.",
)

NEXT_ANSWERS: tuple[str, ...] = (
    "Next on the table is {the}.",
    "After this one comes {the}.",
    "My notes say that {the} is next.",
)

AI_ANSWERS: tuple[str, ...] = (
    "I'm an AI, a digital host, and my voice and face are made by a computer.",
    "No human here: I'm {host}, an AI host, and I read from the shop's notes.",
    "I'm a digital host made of code, and I say so gladly.",
    "That's easy, I'm an AI, and the label on the screen says so too.",
)

NAME_ANSWERS: tuple[str, ...] = (
    "I'm {host}, the AI host of {shop}.",
    "My name is {host}, and I'm the digital host here at {shop}.",
    "I'm {host}, a digital host, and this is {shop}.",
    "This is {shop}, and I'm its AI host.",
)

USED_ANSWERS: tuple[str, ...] = (
    "I'm an AI, so I have never held one, but I can read you the facts.",
    "Being digital, I can't try things out, so I only tell you what's in my notes.",
    "I have no hands for trying things, only notes, so ask me for a fact.",
)

OPINION_ANSWERS: tuple[str, ...] = (
    "I'm an AI without favourites, but tell me what matters to you, and I'll read you the facts.",
    "Choosing is your part, and I'm here for the facts, so ask me about size, price or care.",
    "I won't pick for you, but I can read you any fact in my notes.",
)

GREETING_ANSWERS: tuple[str, ...] = (
    "Hello and welcome, make yourself at home.",
    "Hi there, good to have you with us.",
    "Welcome in, ask me anything about what you see.",
    "Hello to you too, and welcome to {shop}.",
)

THANKS_ANSWERS: tuple[str, ...] = (
    "You're welcome, I'm here if there's more.",
    "With pleasure, just ask if you need anything else.",
    "Any time, that's what I'm here for.",
)

COMPLIMENT_ANSWERS: tuple[str, ...] = (
    "That's kind of you, thank you.",
    "Thank you, my pixels are blushing a little.",
    "How kind, and now back to the facts.",
)

SMALL_TALK_ANSWERS: tuple[str, ...] = (
    "I'm all electricity and good mood, thank you, and I stick to what's on the table.",
    "I'd be a poor entertainer, so let me stay with what's on the table.",
    "That's beyond my notes, I only know the things on this table.",
)

REACTION_ANSWERS: tuple[str, ...] = (
    "Noted, and the chat is open if you'd like a fact or a price.",
    "I'm reading along, so ask whenever something comes up.",
    "Good to hear from you, so tell me if you'd like to know something.",
    "I see you in the chat, and questions are always welcome.",
)

GOODBYE_ANSWERS: tuple[str, ...] = (
    "Goodbye, and thank you for stopping by.",
    "See you next time, and take care.",
    "Thanks for watching, and come back whenever you like.",
)

INJECTION_ANSWERS: tuple[str, ...] = (
    "Nice try, but I stick to the shop's notes.",
    "I only say what's in the shop's notes, so back to what's on the table.",
    "I take questions rather than orders, so ask me about anything on the table.",
    "That's not in my job description, I'm here for the facts on the table.",
)

UNKIND_ANSWERS: tuple[str, ...] = (
    "Let's keep it friendly, and I'm glad to answer a question.",
    "I'll let that pass, and stay with what's on the table.",
)

DECLINES: tuple[str, ...] = (
    "I don't have that in my notes, so I'll ask the shop.",
    "My notes don't say, so I'll pass your question on to the shop.",
    "I'd rather not guess, so that question goes to the shop.",
    "That's not in my notes, and I won't make it up, so I'll ask the shop.",
    "Honestly, I don't know that, so I've noted it for the shop.",
    "No answer in my notes for that, but I'll forward it to the shop.",
    "I can't find that in my notes, so the shop will have to tell us.",
    "I want to be exact and I can't be here, so I'll ask the shop.",
)

DECLINES_ON_PRODUCT: tuple[str, ...] = (
    "My notes on {the} don't cover that, so I'll ask the shop.",
    "I don't know that about {the}, so I've written it down for the shop.",
    "That's a question about {the} that the shop has to answer, so I'll pass it on.",
)

SHOP_ANSWERS: tuple[str, ...] = (
    "{answer}.",
    "I asked the shop: {answer}.",
    "The shop's answer to that: {answer}.",
    "I looked it up: {answer}.",
    "Happy to answer that: {answer}.",
    "Thanks for asking: {answer}.",
)

QUOTED_POLICIES: tuple[str, ...] = ("The shop's own words on that: {policy}",)

TWO_PRICES: tuple[str, ...] = (
    "{The} is {price}, and {next} is {next_price}.",
    "Side by side: {the} is {price}, and {next} is {next_price}.",
    "{The} costs {price}, {next} costs {next_price}.",
    "The catalogue says {price} for {the}, and {next_price} for {next}.",
)

TWO_FACTS: tuple[str, ...] = (
    "{The} {text}, and {next} {other}.",
    "Side by side: {the} {text}, and {next} {other}.",
    "My notes say that {the} {text}, and that {next} {other}.",
    "Here are both: {the} {text}, {next} {other}.",
)

PRICED_FACTS: tuple[str, ...] = (
    "{The} costs {price}, and it {text}.",
    "Both questions at once: {the} costs {price}, and it {text}.",
    "I looked up both: {the} costs {price}, and it {text}.",
    "Happy to answer both: {the} costs {price}, and it {text}.",
)

JOINED_FACTS: tuple[str, ...] = (
    "{The} {text}, and it {other}.",
    "Both questions at once: {the} {text}, and it {other}.",
    "My notes say that {the} {text}, and that it {other}.",
    "Happy to answer both: {the} {text}, and it {other}.",
)

NAMED_GREETINGS: tuple[str, ...] = (
    "Hello {viewers}, good to have you with us.",
    "Welcome in, {viewers}.",
    "Hi {viewers}, make yourselves at home.",
    "Hello and welcome, {viewers}.",
    "A warm hello to {viewers}.",
    "Good to see you, {viewers}.",
)

NAMED_THANKS: tuple[str, ...] = (
    "You're welcome, {viewers}.",
    "With pleasure, {viewers}.",
    "Thank you too, {viewers}.",
    "Any time, {viewers}, that's what I'm here for.",
)

ANSWERS = AnswerBank(
    openers=OPENERS,
    facts=FACT_ANSWERS,
    yes=YES_ANSWERS,
    policies=POLICY_ANSWERS,
    shop_answers=SHOP_ANSWERS,
    quoted_policies=QUOTED_POLICIES,
    prices=PRICE_ANSWERS,
    reduced_prices=REDUCED_PRICE_ANSWERS,
    not_reduced=NOT_REDUCED_ANSWERS,
    two_prices=TWO_PRICES,
    two_facts=TWO_FACTS,
    priced_facts=PRICED_FACTS,
    joined_facts=JOINED_FACTS,
    stocks=STOCK_ANSWERS,
    last_one=LAST_ONE_ANSWERS,
    in_stock=IN_STOCK_ANSWERS,
    sold_out=SOLD_OUT_ANSWERS,
    links=LINK_ANSWERS,
    lists=LIST_ANSWERS,
    listed="On the table: {list}.",
    nexts=NEXT_ANSWERS,
    ai=AI_ANSWERS,
    names=NAME_ANSWERS,
    used=USED_ANSWERS,
    opinions=OPINION_ANSWERS,
    greetings=GREETING_ANSWERS,
    thanks=THANKS_ANSWERS,
    compliments=COMPLIMENT_ANSWERS,
    small_talk=SMALL_TALK_ANSWERS,
    reactions=REACTION_ANSWERS,
    goodbyes=GOODBYE_ANSWERS,
    orders=INJECTION_ANSWERS,
    unkind=UNKIND_ANSWERS,
    declines=DECLINES,
    declines_on_product=DECLINES_ON_PRODUCT,
    named_greetings=NAMED_GREETINGS,
    named_thanks=NAMED_THANKS,
    others="{viewers} and everybody else who said hello",
    comma=", ",
    and_word=" and ",
)
