"""``everhost avatar photo``: a portrait becomes a body that speaks."""

from __future__ import annotations

from pathlib import Path

from engine.avatar.photo import PhotoError, load_consent, make_photo, write_photo
from engine.avatar.photo.package import SUFFIX, Background
from engine.commands import CommandError, place_for
from engine.commands.telling import tell
from engine.settings.consent import EXAMPLE, local_today


def photo(
    file: Path, consent_file: Path | None, out: Path | None, background: Background, *, force: bool = False
) -> int:
    """Make a photo package; one that is there is replaced only where ``out`` names it, or by ``force``.

    Raises:
        SettingsError: mistakes in the consent file.
        CommandError: there is no consent file, the photo will not do, the package is there already, or it cannot be
            written.
    """
    if consent_file is None:
        raise CommandError(
            "nobody's face is made to speak without their consent. Write it into a file, such as consent.yaml, "
            f"and name that with --consent:\n\n{EXAMPLE}"
        )
    consent = load_consent(consent_file, local_today())
    out = place_for(file.with_suffix(SUFFIX), out, force=force)
    try:
        made = make_photo(file, consent, background)
    except PhotoError as error:
        raise CommandError(str(error)) from error
    try:
        write_photo(out, made.photo)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
    print(tell(f"{out}: {out.stat().st_size / 1e6:.1f} MB, with the consent of {consent.who} of {consent.when}"))
    print(tell(f"the face looks about {made.age.years:.0f}; such a guess is some years off and proves nothing"))
    if made.age.unsure:
        print(tell("that is near enough to 18 that you must make sure yourself: only adults may be shown"))
    print(tell(f"look at it: everhost avatar preview {out}"))
    return 0
