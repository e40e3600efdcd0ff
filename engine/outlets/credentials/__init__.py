"""Content Credentials (C2PA) for recordings: who made a file and how, signed, so that a changed byte is seen."""

from engine.outlets.credentials.errors import CredentialsError
from engine.outlets.credentials.identity import identity
from engine.outlets.credentials.manifest import INSTALL, is_installed, sign_copy, title_of, trial
from engine.outlets.credentials.room import FileWithRoom, is_locked
from engine.outlets.credentials.sealer import Sealer

__all__ = [
    "INSTALL",
    "CredentialsError",
    "FileWithRoom",
    "Sealer",
    "identity",
    "is_installed",
    "is_locked",
    "sign_copy",
    "title_of",
    "trial",
]
