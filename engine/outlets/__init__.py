"""Destinations: one file a kind, one process a destination."""
