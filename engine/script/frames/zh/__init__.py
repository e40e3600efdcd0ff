"""Chinese frames."""
