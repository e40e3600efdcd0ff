"""Processes: supervisor, bus, packet feed, heartbeat."""
