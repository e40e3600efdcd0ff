"""Master control: clock, programme, encoders, picture ring."""
