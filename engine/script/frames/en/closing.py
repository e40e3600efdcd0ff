"""Questions to the viewers, transitions and recaps."""

from engine.settings import FactType

ASKS: tuple[str, ...] = (
    "Is {the} for you, or would it be a gift for somebody?",
    "Who comes to mind when you see {the}?",
    "What else would you like to know about {the}?",
    "What would you check first before buying {the}?",
    "Any questions about {the}, just type them in the chat.",
    "Tell me in the chat what you'd use {the} for.",
    "Would {the} earn its place in your home?",
    "What matters more to you with {the}, the looks or the numbers?",
    "If you own something like {the}, what do you like about yours?",
    "Which fact about {the} should I look up for you?",
    "Type a question about {the}, and I'll see whether my notes know.",
    "Did I leave anything out about {the}?",
    "Would you pick {the} for yourself?",
    "If {the} could do one more thing, what should it be?",
    "Are you team practical or team pretty when it comes to {the}?",
    "Do you have one more question before we leave {the}?",
)

ASKS_BY_TYPE: dict[FactType, tuple[str, ...]] = {
    FactType.SIZE: (
        "Would that size work where you are?",
        "Do you have the space for {the}, or is it time for the tape measure?",
    ),
    FactType.COLOUR: ("Would that colour suit your place?", "Does the colour of {the} go with what you have?"),
    FactType.WEIGHT: ("Is that lighter or heavier than you expected of {the}?",),
    FactType.CARE: ("Does that sound easy enough to look after?", "Are you the careful kind with things like {the}?"),
    FactType.CAPACITY: ("Would that be enough for your day?", "Is that more or less than you expected of {the}?"),
    FactType.BATTERY: ("How long is a normal day away from a socket for you?",),
    FactType.MATERIAL: ("Is the material something you look at first?", "Do you choose by material or by looks?"),
    FactType.COMPATIBILITY: ("Would that work with what you have at home?",),
    FactType.POWER: ("Are you someone who reads the watts on the label?",),
    FactType.IN_BOX: ("Is that all you'd need in the box?",),
    FactType.USE: ("Where would you put {the}?",),
}

TRANSITIONS: tuple[str, ...] = (
    "From here, let's go over to {next}.",
    "That was {the}, and next we have {next}.",
    "I'll put {the} aside, and bring out {next}.",
    "Stay with me, because {next} comes next.",
    "So much for {the}, now on to {next}.",
    "Let's leave {the} there and turn to {next}.",
    "My notes go on with {next}.",
    "Next in line is {next}.",
    "Let me turn the page to {next}.",
    "We have more on the table, and {next} is next.",
    "Keep {the} in mind while we look at {next}.",
    "You can always ask me about {the} later, so let's see {next}.",
    "And with that, we go from {the} to {next}.",
    "In a moment you'll see {next}.",
    "Let's clear the table and make room for {next}.",
    "If {the} wasn't for you, maybe {next} is more your thing.",
    "That's what I have on {the}, so here comes {next}.",
    "The next card belongs to {next}.",
    "Moving along the table, we get to {next}.",
    "Now let me swap the card to {next}.",
    "Thanks for looking at {the} with me, and now for {next}.",
    "Onwards, at an unhurried pace, to {next}.",
    "Time to give {next} a turn.",
)

RECAP_OPENS: tuple[str, ...] = (
    "That was everything on the table, so here's a short recap with prices.",
    "We've been through the whole table, so let me sum up.",
    "One round done, so here are some prices again in case you came in late.",
    "Before we start over, a quick look back at the prices.",
    "Let me read you some of the prices again, all from the catalogue.",
    "Time for a recap, for everyone who came in halfway.",
)

RECAP_PAIRS: tuple[str, ...] = (
    "{The} is {price}, and {next} is {next_price}.",
    "We had {the} at {price} and {next} at {next_price}.",
    "On the list, {the} costs {price}, and {next} costs {next_price}.",
    "There was {the} for {price}, and {next} for {next_price}.",
    "At {price} there's {the}, and at {next_price} there's {next}.",
    "You saw {the}, which is {price}, and {next}, which is {next_price}.",
    "{price} is the price of {the}, and {next} comes to {next_price}.",
    "From the catalogue: {the} at {price}, and {next} at {next_price}.",
)

RECAP_ENDS: tuple[str, ...] = (
    "That's the list, and now we start again from the top, in another order.",
    "And so the table turns, so let's begin the next round.",
    "Stay for another round, or come back later, I'll be here either way.",
    "Round and round the table we go, and everything comes up again.",
    "I don't get tired, so let's go around once more.",
    "If you missed something, it will be back on the table soon.",
)
