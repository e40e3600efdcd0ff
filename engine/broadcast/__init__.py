"""Master control: clock, mixer, encoder, packet feed."""
