"""Lines in other languages than the channel's: which language a line is in, how it is read, and its sounds."""
