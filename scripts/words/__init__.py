"""Measurements of what the host may say: one module a section of ``bench_words.py``."""
