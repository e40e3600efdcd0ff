"""Faults for a running channel, and eyes that watch what comes out meanwhile."""
