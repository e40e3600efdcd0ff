"""What the persona's manner changes in the English bank."""

from engine.script.frames.bank import Manner

_WARM = Manner(
    adds={
        "openers": (
            "Come a little closer, this is the {name}.",
            "Let me show you the {name}, and take your time with it.",
            "Settle in, here's the {name}.",
            "I'd like you to meet the {name}.",
        ),
        "any_fact": (
            "So that you know what you're getting, {the} {text}.",
            "Straight off the data sheet, {the} {text}.",
            "For you at home, the plain fact: it {text}.",
            "I'm glad to tell you this one straight: {the} {text}.",
        ),
        "invitations": (
            "It's nice to read you, so go ahead and type in the chat.",
            "Tell me how your day is going, the chat is open.",
        ),
        "transitions": ("Whenever you're ready, let's look at {next}.", "Come along with me to {next}."),
        "welcomes": ("Lovely that you're here, welcome to {shop}; I'm {host}, your AI host.",),
    }
)

_LIVELY = Manner(
    adds={
        "openers": (
            "Here we go, it's the {name}!",
            "Ready for the next one, because here comes the {name}!",
            "Eyes on the screen, it's the {name}!",
            "Okay, okay, item {number}, the {name}!",
            "And in with the {name}!",
        ),
        "any_fact": (
            "Listen up: {the} {text}!",
            "Okay, fact time: {the} {text}!",
            "Ready, here it comes: {the} {text}!",
            "Boom, next fact: it {text}!",
            "Check this out: {the} {text}!",
            "Quick one for you: {the} {text}!",
        ),
        "prices": (
            "Drum roll, please: {the} is {price}!",
            "And the number is in: {the}, {price}!",
            "Price time, and {the} is {price}!",
        ),
        "reduced_prices": (
            "Price time: {the} is {price}, down from {was}!",
            "Here's a number that moved: {the} is {price}, and it was {was} before!",
        ),
        "invitations": ("Come on, chat, give me something to look up!", "Fill up that chat, I read it all!"),
        "transitions": ("Hop, hop, on we go to {next}!", "Next stop, {next}!", "Swap it, and here's {next}!"),
        "recap_opens": ("Speed round, here are some prices again!",),
        "welcomes": ("Hello, hello, new faces; I'm {host}, the AI host of {shop}!",),
    },
    leaves_out=frozenset(
        {
            "Facts first and no drum roll: that's how we do it here.",
            "Onwards, at an unhurried pace, to {next}.",
            "No rush at all, so take your time and look around with me.",
        }
    ),
)

_CALM = Manner(
    adds={
        "openers": (
            "Next, quietly, the {name}.",
            "We move on to the {name}.",
            "Please have a look at the {name}.",
            "In front of us now, the {name}.",
        ),
        "any_fact": (
            "To put it simply, {the} {text}.",
            "As the notes have it, {the} {text}.",
            "Calmly and plainly: {the} {text}.",
            "As simply as I can: {the} {text}.",
        ),
        "invitations": (
            "When you have a question, the chat is there.",
            "Take your time with questions, I'll read them all.",
        ),
        "transitions": ("After {the}, we come to {next}.", "In no hurry, we go on to {next}."),
        "recap_ends": ("That's enough numbers for a while.",),
    },
    leaves_out=frozenset(
        {
            "Get your ruler out: it {text}.",
            "Oh, and it {text}.",
            "Say hello to the {name}.",
            "Round and round the table we go, and everything comes up again.",
            "Lid off the box: {the} {text}.",
            "All eyes on the {name}, mine included, even if they're made of pixels.",
            "Are you team practical or team pretty when it comes to {the}?",
        }
    ),
)

MANNERS: dict[str, Manner] = {"warm": _WARM, "lively": _LIVELY, "calm": _CALM}
