"""Greetings and openers. In each greeting the host says that it is an AI."""

GREETINGS: tuple[str, ...] = (
    "Hi, and welcome to {shop}; I'm {host}, the shop's AI host.",
    "Hello and welcome to {shop}; my name is {host}, and I'm a digital host.",
    "Welcome in, this is {shop}, and I'm {host}, your AI host.",
    "Good to have you here at {shop}; I'm {host}, a digital host made of code.",
)

WELCOMES: tuple[str, ...] = (
    "If you've just joined, welcome to {shop}; I'm {host}, an AI host.",
    "Welcome to everyone who's new: this is {shop}, and I'm {host}, a digital host.",
    "A warm hello if you're new here; I'm {host}, the AI host of {shop}.",
    "You're watching {shop}, and I'm {host}, the host who is made of code.",
    "In case we haven't met, I'm {host}, the digital host at {shop}.",
    "Hello again from {shop}; it's {host}, your AI host, and the next round begins.",
    "New here, or back again, welcome to {shop}; I'm {host}, a digital host.",
    "This is still {shop}, and I'm still {host}, an AI host who never needs a coffee break.",
)

PLANS: tuple[str, ...] = (
    "I'll show you everything on the table, one by one, with its price.",
    "Everything I tell you comes from the shop's own notes, so I stick to what they say.",
    "I'm an AI, so I have never held these things myself, and I'll only tell you what's in my notes.",
    "We'll go through the table one thing at a time, and I'll read you the facts and the price.",
    "I can't try anything out, being digital, but I do know the notes by heart.",
    "Facts first and no drum roll: that's how we do it here.",
    "If something isn't in my notes, I'll say so, and the shop can answer it.",
    "No rush at all, so take your time and look around with me.",
)

INVITATIONS: tuple[str, ...] = (
    "Type a question in the chat at any time, and I'll look in my notes for the answer.",
    "The chat is open, so ask me about size, price or care whenever you like.",
    "Questions are welcome in the chat, and the odd ones are welcome too.",
    "If you want to know something, just type it in the chat.",
    "Ask away in the chat, and if my notes don't know, I'll ask the shop.",
    "You can interrupt me in the chat at any time, I don't lose my place easily.",
    "Something on your mind about any of these, put it in the chat.",
    "I read the chat, so a question there comes straight to me.",
)

OPENERS: tuple[str, ...] = (
    "Next up is the {name}.",
    "Let's look at the {name}.",
    "Here's the {name}, item {number} on our list.",
    "Item {number} is the {name}, so let's see what it's about.",
    "Now for the {name}.",
    "This is the {name}, and I'll go through the facts with you.",
    "On the table now, you see the {name}.",
    "Time for item {number}, the {name}.",
    "Say hello to the {name}.",
    "Let me introduce the {name}.",
    "Have a look at the picture: this is the {name}.",
    "We've come to the {name}, and there's a bit to tell.",
    "On screen you can see item {number}, the {name}.",
    "My next set of notes is about the {name}.",
    "Let's give a minute to the {name}.",
    "Here comes the {name}, with the plain facts first.",
    "Let's open the page on the {name}.",
    "And here we have the {name}, item {number} in the shop.",
    "The next thing on the table is the {name}.",
    "If you've been waiting for the {name}, here it is.",
    "Let's turn to the {name} and see what my notes say.",
    "You're looking at the {name}, which is item {number}.",
    "All eyes on the {name}, mine included, even if they're made of pixels.",
    "Make some room on the table for the {name}.",
)

OPENERS_BY_CATEGORY: tuple[str, ...] = (
    "From the {category} section, this is the {name}.",
    "Over to the {category} section for the {name}.",
    "Let's visit the {category} section and look at the {name}.",
    "In the {category} section, we have the {name}.",
    "The {category} section brings us the {name}.",
    "If you came for the {category} section, here's the {name}.",
    "A stop at the {category} section now, with the {name}.",
    "Straight from the {category} section comes the {name}.",
)
