"""The spoken notice that the host is an AI: said at the start and again every few minutes."""

NOTICES: tuple[str, ...] = (
    "A short notice: the host of this show is an AI, and this voice and this face are made by a computer.",
    "So that everybody knows: I'm {host}, an AI, and not a person.",
    "Please note that this show is presented by an AI, with a voice and a face made by a computer.",
    "You're listening to an AI host, and nobody in this picture is a person.",
    "As a reminder, I'm an AI host made of code, and what I say comes from the shop's notes.",
    "An AI makes this show, from the voice to the picture.",
    "For everyone who's new: the host here is an AI, and nothing you hear is said by a person.",
    "To be open about it, I'm {host}, and I'm an AI.",
)
