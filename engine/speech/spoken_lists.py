"""Word lists of the normaliser: units, abbreviations, acronyms and respellings."""

from __future__ import annotations

UNITS: dict[str, tuple[str, str]] = {
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "μl": ("microliter", "microliters"),
    "μL": ("microliter", "microliters"),
    "cl": ("centiliter", "centiliters"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "μm": ("micrometer", "micrometers"),
    "mm": ("millimeter", "millimeters"),
    "cm": ("centimeter", "centimeters"),
    "m": ("meter", "meters"),
    "km": ("kilometer", "kilometers"),
    "mi": ("mile", "miles"),
    "yd": ("yard", "yards"),
    "yds": ("yard", "yards"),
    "ft": ("foot", "feet"),
    "in": ("inch", "inches"),
    '"': ("inch", "inches"),
    "″": ("inch", "inches"),
    "μg": ("microgram", "micrograms"),
    "mcg": ("microgram", "micrograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "kg": ("kilogram", "kilograms"),
    "oz": ("ounce", "ounces"),
    "floz": ("fluid ounce", "fluid ounces"),
    "fl.oz": ("fluid ounce", "fluid ounces"),
    "gal": ("gallon", "gallons"),
    "qt": ("quart", "quarts"),
    "tsp": ("teaspoon", "teaspoons"),
    "tbsp": ("tablespoon", "tablespoons"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "kcal": ("kilocalorie", "kilocalories"),
    "cal": ("calorie", "calories"),
    "kJ": ("kilojoule", "kilojoules"),
    "μs": ("microsecond", "microseconds"),
    "ms": ("millisecond", "milliseconds"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "Wh": ("watt hour", "watt hours"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "V": ("volt", "volts"),
    "mAh": ("milliamp hour", "milliamp hours"),
    "mA": ("milliamp", "milliamps"),
    "A": ("amp", "amps"),
    "Ω": ("ohm", "ohms"),
    "kΩ": ("kilohm", "kilohms"),
    "MΩ": ("megohm", "megohms"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "dB": ("decibel", "decibels"),
    "lm": ("lumen", "lumens"),
    "K": ("kelvin", "kelvin"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "MP": ("megapixel", "megapixels"),
    "px": ("pixel", "pixels"),
    "fps": ("frame per second", "frames per second"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "psi": ("P S I", "P S I"),
    "kPa": ("kilopascal", "kilopascals"),
    "Pa": ("pascal", "pascals"),
    "g/m²": ("gram per square meter", "grams per square meter"),
    "gsm": ("gram per square meter", "grams per square meter"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "m/s": ("meter per second", "meters per second"),
    "mm²": ("square millimeter", "square millimeters"),
    "cm²": ("square centimeter", "square centimeters"),
    "m²": ("square meter", "square meters"),
    "km²": ("square kilometer", "square kilometers"),
    "ft²": ("square foot", "square feet"),
    "sqft": ("square foot", "square feet"),
    "cm³": ("cubic centimeter", "cubic centimeters"),
    "m³": ("cubic meter", "cubic meters"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "%": ("percent", "percent"),
    "¢": ("cent", "cents"),
    "pcs": ("piece", "pieces"),
    "pc": ("piece", "pieces"),
}
"""Unit as written: spoken singular and plural."""

ATTACHED_ONLY: frozenset[str] = frozenset({"A", "K", "s", "in", '"', "″", "°", "%", "¢"})
"""Units that are read as units only when they touch their number: elsewhere they are words of their own."""

PERIODS: frozenset[str] = frozenset({
    "second", "minute", "hour", "day", "night", "week", "month", "year", "person", "serving", "dose",
})  # fmt: skip
"""What an amount is told for behind a slash: "3/day"."""

SHORT_PERIODS: dict[str, str] = {
    "s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "wk": "week", "mo": "month",
    "yr": "year", "pc": "piece", "pcs": "piece", "pp": "person",
}  # fmt: skip
"""The same and more, as they are written short."""

ABBREVIATIONS: dict[str, str] = {
    "approx": "approximately",
    "incl": "including",
    "excl": "excluding",
    "max": "maximum",
    "min": "minimum",
    "vs": "versus",
    "e.g": "for example",
    "i.e": "that is",
    "etc": "et cetera",
    "dia": "diameter",
    "qty": "quantity",
}
"""Written before a full stop, any case. "vs" and "etc" also without one."""

TITLES: dict[str, str] = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Dr": "Doctor",
    "Prof": "Professor",
    "St": "Saint",
}
"""Read as titles only before a capitalised word."""

MONTHS: dict[str, str] = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "sept": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}

WEEKDAYS: dict[str, str] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "tues": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "thurs": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}

TIME_ZONES: frozenset[str] = frozenset({
    "EST", "EDT", "ET", "CST", "CDT", "CT", "MST", "MDT", "MT", "PST", "PDT", "PT", "GMT", "UTC", "BST", "CET", "CEST",
    "AEST", "AEDT", "IST", "JST", "SGT", "HKT",
})  # fmt: skip
"""What may follow "a.m." in the same sentence, written large."""

COUNTED_WORDS: frozenset[str] = frozenset({
    "buyers", "customers", "downloads", "fans", "followers", "likes", "listeners", "members", "orders", "people",
    "pieces", "players", "posts", "ratings", "readers", "reviews", "sales", "shoppers", "sold", "subscribers", "units",
    "users", "views", "viewers", "visitors", "happy",
})  # fmt: skip
"""Words beside "20K" and "5M" that make them thousands and millions."""

SYMBOLS: dict[str, str] = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "×": "by",
    "~": "about",
    "≈": "about",
    "<": "under",
    ">": "over",
    "≤": "up to",
    "≥": "at least",
    "±": "plus or minus",
    "°": "degrees",
    "%": "percent",
    "w/": "with",
    "w/o": "without",
    "Ø": "diameter",
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "Δ": "delta",
    "δ": "delta",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "Σ": "sigma",
    "Ω": "omega",
    "ω": "omega",
}
"""Whole caption words that are signs."""

UNICODE_FRACTIONS: dict[str, tuple[int, int]] = {
    "½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip

WORD_ACRONYMS: frozenset[str] = frozenset({"HEPA", "NASA", "RAM", "PIN", "SIM", "POLO", "AIDS", "ASAP", "REACH"})
"""Capitals that are read as a word."""

SPELLED_ACRONYMS: frozenset[str] = frozenset(
    {
        "USB", "LED", "HDMI", "UV", "UPF", "EU", "UK", "US", "USA", "AI", "ID", "IP", "TV", "EVA", "ABS", "TPU",
        "CE", "FAQ", "SKU", "API", "VIP", "DIY", "IPX", "OEKO", "ISO", "AC", "OLED", "AMOLED", "ANC", "BPA",
        "AA", "AAA", "NFC", "GPS", "CEST", "AEST", "AEDT",
    }
)  # fmt: skip
"""Capitals with a vowel that are read letter by letter."""

SHORT_CAPITAL_WORDS: frozenset[str] = frozenset(
    {
        "A", "ACE", "ACT", "ADD", "AGE", "AGO", "AID", "AIR", "ALL", "AM", "AN", "AND", "ANY", "ARE", "ARM",
        "ART", "AS", "ASK", "AT", "ATE", "AX", "BAD", "BAG", "BAR", "BE", "BED", "BEE", "BIG", "BIN", "BIT",
        "BOW", "BOX", "BOY", "BRA", "BUN", "BUS", "BUT", "BUY", "BY", "BYE", "CAN", "CAP", "CAR", "CAT", "COW",
        "CRY", "CUE", "CUP", "CUT", "DAD", "DAY", "DEW", "DID", "DIG", "DIP", "DO", "DOG", "DOT", "DRY", "DUE",
        "DUO", "DYE", "EAR", "EAT", "ECO", "EGG", "END", "EVE", "EYE", "FAN", "FAR", "FAT", "FED", "FEE",
        "FEW", "FIG", "FIN", "FIT", "FIX", "FLY", "FOG", "FOR", "FOX", "FRY", "FUN", "FUR", "GAS", "GEL",
        "GEM", "GET", "GIN", "GO", "GOT", "GUM", "GUY", "GYM", "HAD", "HAM", "HAS", "HAT", "HE", "HEM", "HEN",
        "HER", "HEY", "HI", "HIM", "HIP", "HIS", "HIT", "HOP", "HOT", "HOW", "HUB", "HUE", "HUG", "HUT", "I",
        "ICE", "IF", "IN", "INK", "IS", "IT", "ITS", "JAM", "JAR", "JAW", "JET", "JOB", "JOG", "JOY", "JUG",
        "KEY", "KID", "KIT", "LAB", "LAP", "LAW", "LAY", "LEG", "LET", "LID", "LIE", "LIP", "LIT", "LOG",
        "LOT", "LOW", "MAN", "MAP", "MAT", "MAX", "MAY", "ME", "MEN", "MET", "MID", "MIN", "MIX", "MOM", "MOP",
        "MUD", "MUG", "MUM", "MY", "NAP", "NET", "NEW", "NO", "NOD", "NOR", "NOT", "NOW", "NUT", "OAK", "OAT",
        "ODD", "OF", "OFF", "OH", "OIL", "OLD", "ON", "ONE", "OR", "OUR", "OUT", "OWE", "OWL", "OWN", "OX",
        "PAD", "PAN", "PAW", "PAY", "PEA", "PEG", "PEN", "PER", "PIE", "PIG", "PIT", "POD", "POP", "POT",
        "PRO", "PUT", "RAN", "RAT", "RAW", "RAY", "RED", "RIB", "RIM", "RIP", "ROD", "ROW", "RUB", "RUG",
        "RUN", "RYE", "SAD", "SALE", "SAT", "SAW", "SAY", "SEA", "SEE", "SET", "SEW", "SHE", "SHY", "SIT",
        "SIX", "SKI", "SKY", "SO", "SON", "SOY", "SPA", "SUM", "SUN", "TAB", "TAG", "TAN", "TAP", "TEA", "TEE",
        "TEN", "THE", "TIE", "TIN", "TIP", "TO", "TOE", "TON", "TOO", "TOP", "TOY", "TRY", "TUB", "TUG", "TWO",
        "UP", "USE", "VAN", "VEG", "WAR", "WAS", "WAX", "WAY", "WE", "WEB", "WED", "WET", "WHO", "WHY", "WIG",
        "WIN", "WOK", "WON", "WOW", "YES", "YET", "YOU", "ZIP",
    }
)  # fmt: skip
"""Short words that shout rather than spell."""

RESPELL: dict[str, str] = {
    "ok": "okay",
    "wifi": "Wi-Fi",
    "trailmate": "Trail Mate",
    "powerbank": "power bank",
    "earbuds": "ear buds",
    "earbud": "ear bud",
    "bpa-free": "BPA free",
    "oeko-tex": "OEKO tex",
    "tritan": "try tan",
}
"""Caption word in lower case: what is handed to the voice instead. A merchant's own words come on top."""
