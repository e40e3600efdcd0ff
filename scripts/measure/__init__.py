"""Measures a channel on air from what viewers, servers and files really get: decoded sound and pictures."""
