"""Processes: supervisor, bus, heartbeat."""
