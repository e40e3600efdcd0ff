"""A photo that speaks: one portrait becomes a package, and the package a body.

Making a package needs the ``photo`` extra; the runtime does not.
"""

from engine.avatar.photo.build import Made, make_photo
from engine.avatar.photo.errors import PhotoError
from engine.avatar.photo.package import PhotoData, read_photo, write_photo
from engine.settings.consent import Consent, load_consent

__all__ = ["Consent", "Made", "PhotoData", "PhotoError", "load_consent", "make_photo", "read_photo", "write_photo"]
