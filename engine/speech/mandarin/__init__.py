"""Mandarin for the voice: text to words as they are read, words to syllables, syllables to the voice's alphabet."""
