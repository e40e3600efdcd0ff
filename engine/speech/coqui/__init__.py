"""Voices of Coqui ``TTS``, which needs an environment of its own and so speaks from a process of its own."""
