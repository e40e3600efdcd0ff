"""What the set-up refuses, each with its HTTP status and a short code."""

from __future__ import annotations

from server.errors import ServerError
from server.room.setup.tasks import Plain


class NoSuchFileError(ServerError):
    """There is no channel file, version, import or job of that name."""

    status = 404
    code = "no_file"


class TakenError(ServerError):
    """A channel of that name is there already."""

    status = 409
    code = "taken"


class ChangedMeanwhileError(ServerError):
    """The file was changed since the form was opened. ``told`` is what happened and the revision that it has now."""

    status = 409
    code = "changed_meanwhile"

    def __init__(self, told: Plain) -> None:
        super().__init__("the file was changed meanwhile; look at what changed and send your changes again")
        self.told = told


class CannotSetUpError(ServerError):
    """Something cannot be done; ``code`` names a text of the set-up's catalogues, ``detail`` goes into it."""

    status = 422

    def __init__(self, code: str, detail: str = "", status: int = 422) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.status = status


class ProblemsError(ServerError):
    """The settings have mistakes; each with its file, line, key, and what would be right."""

    status = 422
    code = "problems"

    def __init__(self, problems: list[Plain]) -> None:
        super().__init__(f"{len(problems)} mistakes")
        self.problems = problems
