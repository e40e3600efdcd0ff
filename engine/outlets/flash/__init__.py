"""RTMP as a client that publishes: no I/O here, only bytes in and bytes out."""
