"""Word lists of the normaliser: units, currencies, abbreviations, acronyms and respellings."""

from __future__ import annotations

UNITS: dict[str, tuple[str, str]] = {
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "cl": ("centiliter", "centiliters"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "mm": ("millimeter", "millimeters"),
    "cm": ("centimeter", "centimeters"),
    "m": ("meter", "meters"),
    "km": ("kilometer", "kilometers"),
    "ft": ("foot", "feet"),
    "in": ("inch", "inches"),
    '"': ("inch", "inches"),
    "″": ("inch", "inches"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "kg": ("kilogram", "kilograms"),
    "oz": ("ounce", "ounces"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
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
    "gsm": ("gram per square meter", "grams per square meter"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "m/s": ("meter per second", "meters per second"),
    "cm²": ("square centimeter", "square centimeters"),
    "m²": ("square meter", "square meters"),
    "m³": ("cubic meter", "cubic meters"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "%": ("percent", "percent"),
    "pcs": ("piece", "pieces"),
    "pc": ("piece", "pieces"),
}
"""Unit as written: spoken singular and plural."""

ATTACHED_ONLY: frozenset[str] = frozenset({"A", "K", "s", "in", '"', "″", "°", "%"})
"""Units that are read as units only when they touch their number: elsewhere they are words of their own."""

CURRENCIES: dict[str, tuple[str, str, str, str]] = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "US$": ("dollar", "dollars", "cent", "cents"),
    "USD": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "¥": ("yuan", "yuan", "", ""),
    "CN¥": ("yuan", "yuan", "", ""),
    "￥": ("yuan", "yuan", "", ""),
    "CNY": ("yuan", "yuan", "", ""),
    "RMB": ("yuan", "yuan", "", ""),
}
"""Sign or code: singular, plural, and the same of its hundredth ("" reads decimals with "point")."""

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
    "½": "one half",
    "¼": "one quarter",
    "¾": "three quarters",
}
"""Whole caption words that are signs."""

UNICODE_FRACTIONS: dict[str, tuple[int, int]] = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3)}

WORD_ACRONYMS: frozenset[str] = frozenset({"HEPA", "NASA", "RAM", "PIN", "SIM", "POLO", "AIDS", "ASAP", "REACH"})
"""Capitals that are read as a word."""

SPELLED_ACRONYMS: frozenset[str] = frozenset(
    {
        "USB", "LED", "HDMI", "UV", "UPF", "EU", "UK", "US", "USA", "AI", "ID", "IP", "TV", "EVA", "ABS", "TPU",
        "CE", "FAQ", "SKU", "API", "VIP", "DIY", "IPX", "OEKO", "ISO", "AC", "OLED", "AMOLED", "ANC", "BPA",
        "AA", "AAA", "NFC", "GPS",
    }
)  # fmt: skip
"""Capitals with a vowel that are read letter by letter."""

SHORT_CAPITAL_WORDS: frozenset[str] = frozenset(
    {
        "A", "AIR", "ALL", "AM", "AN", "AND", "ANY", "ARE", "AS", "AT", "BAG", "BE", "BIG", "BOX", "BUT", "BUY",
        "BY", "CAN", "DAY", "DO", "FOR", "GET", "GO", "HAS", "HOT", "I", "IF", "IN", "IS", "IT", "LOW", "MAX",
        "ME", "MIN", "MY", "NEW", "NO", "NOT", "NOW", "OF", "OFF", "ON", "ONE", "OR", "OUR", "OUT", "PRO",
        "SALE", "SET", "SO", "THE", "TO", "TOP", "TWO", "UP", "WE", "WOW", "YES", "YOU",
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
