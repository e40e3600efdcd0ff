"""Price, stock and policy lines. Prices and stock are filled in when the line is made."""

PRICES: tuple[str, ...] = (
    "{The} costs {price}.",
    "The price of {the} is {price}.",
    "{The} is {price} in the shop right now.",
    "You can have {the} for {price}.",
    "For {the}, the shop asks {price}.",
    "On to the price: {the} is {price}.",
    "Here's the number you may be waiting for: {the} costs {price}.",
    "As you can see on the card, {the} is {price}.",
    "The price tag on {the} says {price}.",
    "And the price, read fresh from the catalogue, is {price} for {the}.",
    "If you'd like {the}, it's {price}.",
    "That brings us to the price, which is {price} for {the}.",
    "In the shop, {the} is listed at {price}.",
    "Price check on {the}: {price}.",
    "To take {the} home, you pay {price}.",
    "If you're asking what it costs, {the} is {price}.",
    "Let me read you the price of {the}: {price}.",
    "So, what does it cost, well, {the} is {price}.",
    "In numbers, {the} is {price}.",
    "{price} is what {the} costs.",
    "Listed in the catalogue, {the} is {price}.",
    "Now you know the facts, and the price of {the} is {price}.",
    "As for the price, {the} is {price}.",
)

REDUCED_PRICES: tuple[str, ...] = (
    "{The} is {price} now, down from {was}.",
    "The price of {the} is {price}, and it was {was} before.",
    "{The} went from {was} to {price}.",
    "Instead of {was}, {the} is {price} right now.",
    "That's {price} for {the}, which is {saving} less than before.",
    "You save {saving} on {the}, which is now {price}.",
    "The price before was {was}, and now {the} costs {price}.",
    "Currently {the} is {price}, with {saving} off the earlier price.",
    "The card shows it: {the} is {price}, reduced from {was}.",
    "{The} used to be {was}, and the shop now asks {price}.",
    "Let's do the sum: {was} before, {price} now, so {the} is {saving} less.",
    "With {saving} taken off, {the} comes to {price}.",
    "On to the price: {the} is {price}, where it was {was} before.",
    "Here's the number you may be waiting for: {the} is {price}, down from {was}.",
    "The shop has lowered {the} from {was} to {price}.",
    "If you'd like {the}, it's {price} now, not {was}.",
    "Price check on {the}: {price} now, {was} before.",
    "There are two numbers for {the}: {was} before, and {price} now.",
    "It was {was} before, and {the} is {price} now.",
    "For {the}, the price now is {price}, and {was} was the price before.",
    "Look at the card: {the} was {was}, and is {price} now.",
    "In numbers, {the} is {price} now, {saving} less than before.",
    "As for the price, {the} is {price}, reduced from {was}.",
)

STOCKS: tuple[str, ...] = (
    "There are {stock} left in stock.",
    "For {the}, there are {stock} left in stock.",
    "Right now, {stock} of these are in stock.",
    "For the record, the stock count for {the} is {stock}.",
    "The stock count says {stock}, so that's how many there are.",
    "I had a look at the count, and there are {stock} left.",
    "At the moment, the shop has {stock} of these.",
    "I count {stock} left, and counting is something I'm good at.",
    "The shelf holds {stock} of these at the moment.",
    "Stock check for {the}: {stock} left.",
    "Right now, the count for {the} is {stock}.",
    "The count for {the} stands at {stock}.",
)

LAST_ONE: tuple[str, ...] = (
    "There is just one left in stock.",
    "The stock count for {the} says one.",
    "One of these is left at the moment.",
)

IN_STOCK: tuple[str, ...] = (
    "{The} is in stock at the moment.",
    "And yes, {the} is in stock.",
    "It's in stock, so {the} can be ordered right now.",
    "Good to know if you're deciding: {the} is in stock.",
    "The shop has {the} on the shelf at the moment.",
    "No waiting list here, as {the} is in stock.",
    "Stock check: {the} is in stock.",
    "According to the catalogue, {the} is in stock.",
    "If you were wondering, {the} is in stock.",
    "As I speak, {the} is in stock.",
    "On the stock list, {the} is in stock.",
)

SOLD_OUT: tuple[str, ...] = (
    "The {name} is sold out at the moment, so we'll skip it this round.",
    "The stock count for the {name} says zero, so I'll move on without it.",
    "No {name} on the table right now, as it's sold out.",
    "You may be looking for the {name}, but it's out of stock at the moment.",
    "The {name} is out of stock right now, so I won't try to sell it to you.",
)

POLICIES: tuple[str, ...] = (
    "{policy}",
    "A word on {topic}: {policy}",
    "In case you're wondering about {topic}: {policy}",
    "From the shop's notes on {topic}: {policy}",
    "About {topic}, it's simple: {policy}",
    "While we're here, a note on {topic}: {policy}",
    "Let me slip in a word on {topic}: {policy}",
    "Before you order, a line on {topic}: {policy}",
    "For those who think ahead, a note on {topic}: {policy}",
    "Quickly, on {topic}: {policy}",
    "The shop's own words on {topic}: {policy}",
)
