"""The web side: WHEP, viewer page, chat, control page, metrics."""
