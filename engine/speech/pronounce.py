"""Pronunciations (misaki/Kokoro alphabet) of words that the embedded voice's own lexicon does not hold."""

from __future__ import annotations

HIBARI_LEXICON: dict[str, str] = {
    "dimmable": "dˈɪməbᵊl",
    "dustproof": "dˈʌstpɹˌuf",
    "klarna": "klˈɑɹnə",
    "mia": "mˈiə",
    "mia's": "mˈiəz",
    "milliamp": "mˈɪliˌæmp",
    "northwind": "nˈɔɹθwˌɪnd",
    "spillproof": "spˈɪlpɹˌuf",
    "sweatproof": "swˈɛtpɹˌuf",
    "who'll": "hˌuəl",
    "windproof": "wˈɪndpɹˌuf",
}
"""Spoken word in lower case: its phonemes."""
