"""What can go wrong with Content Credentials."""

from __future__ import annotations


class CredentialsError(Exception):
    """A file cannot be signed; the text says why and holds no secret."""
