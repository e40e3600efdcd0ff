"""Lips from sound alone: speech with known phonemes, the network's training, and how it is judged."""
