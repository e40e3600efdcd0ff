"""The commands: run, check, script, guard, ask, faq, render, say, avatar, voice, catalogue, audit, user, token."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from engine.commands import CommandError
from engine.commands.telling import tell
from engine.currencies import CODES
from engine.settings import Given, SettingsError, format_problems, speaks_chinese

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
"""As shells have it for Ctrl-C."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="everhost", description="A digital human who sells your catalogue live.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="go on air and stay there")
    run.add_argument("files", nargs="+", type=Path, metavar="FILE", help="channel file (YAML)")

    checking = commands.add_parser("check", help="find every mistake in a channel and its catalogue")
    checking.add_argument("file", type=Path, metavar="FILE")

    scripting = commands.add_parser("script", help="print the show as text, each line with its evidence")
    scripting.add_argument("file", type=Path, metavar="FILE")
    scripting.add_argument("--minutes", type=_minutes, default=30.0, metavar="N")
    scripting.add_argument("--at", type=_moment, metavar="T", help="when it begins, for hours and campaigns (else now)")
    scripting.add_argument("--json", action="store_true", help="print JSON")

    guarding = commands.add_parser("guard", help="judge lines of your own against the catalogue and the policies")
    guarding.add_argument("file", type=Path, metavar="FILE", help="channel or catalogue file (YAML)")
    guarding.add_argument("--lines", type=Path, required=True, metavar="LINES.jsonl", help="text, product, facts")
    guarding.add_argument("--json", action="store_true", help="print the verdicts as JSON")

    asking = commands.add_parser("ask", help="answer chat messages of your own as the host would")
    asking.add_argument("file", type=Path, metavar="FILE", help="channel or catalogue file (YAML)")
    asking.add_argument("--questions", type=Path, required=True, metavar="Q.jsonl", help="text, on_show, viewer")
    asking.add_argument("--json", action="store_true", help="print the answers as JSON")
    _add_faq(commands.add_parser("faq", help="see what viewers asked in vain, and answer it"))

    rendering = commands.add_parser("render", help="make a video of the show's beginning, faster than live")
    rendering.add_argument("file", type=Path, metavar="FILE")
    rendering.add_argument("--seconds", type=_positive, default=60.0, metavar="N")
    rendering.add_argument("--out", type=_mp4, required=True, metavar="FILE.mp4")

    _add_avatar(
        commands.add_parser(
            "avatar",
            help="design a host, or bring one: new, preview, bake, list, photo, manner, import, export, licence",
        )
    )

    _add_catalogue(commands.add_parser("catalogue", help="show what of a product file the host may say"))
    _add_audit(commands.add_parser("audit", help="print what was said, and why it was allowed"))

    _add_user(commands.add_parser("user", help="who may sign in to the control room, and as what"))
    _add_token(commands.add_parser("token", help="tokens for programs that steer channels"))

    voices = commands.add_parser("voice", help="prepare weights for a voice: convert")
    converting = voices.add_subparsers(dest="task", required=True, metavar="TASK").add_parser(
        "convert", help="make safetensors of a Coqui checkpoint, and print the hash"
    )
    converting.add_argument("checkpoint", type=Path, metavar="FILE.pth")
    converting.add_argument("--out", type=_safetensors_file, metavar="FILE.safetensors")

    saying = commands.add_parser("say", help="make a video of one sentence")
    saying.add_argument("file", type=Path, metavar="FILE")
    saying.add_argument("text", metavar="TEXT")
    saying.add_argument("--out", type=_mp4, required=True, metavar="FILE.mp4")
    return parser


def _add_avatar(avatar: argparse.ArgumentParser) -> None:
    """The tasks of ``everhost avatar``."""
    tasks = avatar.add_subparsers(dest="task", required=True, metavar="TASK")
    starting = tasks.add_parser("new", help="write a host file with every key explained")
    starting.add_argument("name", metavar="NAME")
    starting.add_argument("--like", metavar="PRESET", help="begin with the looks of a preset or of another host file")

    previewing = tasks.add_parser("preview", help="draw a portrait and a sheet of mouths, expressions and gestures")
    previewing.add_argument("file", type=_host_or_body, metavar="FILE.yaml|FILE.ehb|FILE.ehp")
    previewing.add_argument("--out", type=Path, default=Path(), metavar="FOLDER")
    previewing.add_argument("--brand", type=_colour, metavar="COLOUR", help="the brand's colour, such as '#2b4a7a'")

    baking = tasks.add_parser("bake", help="make the body file of a host file")
    baking.add_argument("file", type=Path, metavar="FILE.yaml")
    baking.add_argument("--out", type=_body_file, metavar="FILE.ehb")

    speaking = tasks.add_parser("photo", help="make a body of one portrait, with the person's consent")
    speaking.add_argument("file", type=Path, metavar="PICTURE", help="JPEG, PNG or WebP")
    speaking.add_argument("--consent", type=Path, metavar="FILE.yaml", help="who agreed, when, and for what")
    speaking.add_argument("--out", type=_photo_file, metavar="FILE.ehp")
    _add_force(speaking)
    speaking.add_argument(
        "--background", choices=("keep", "blur", "replace"), default="keep", help="replace takes the channel's backdrop"
    )

    learning = tasks.add_parser("manner", help="learn from a clip how a person moves, for any body")
    learning.add_argument("clip", type=Path, metavar="CLIP", help="a video of one person, idle and speaking")
    learning.add_argument("--out", type=_manner_file, metavar="FILE.ehm")
    _add_force(learning)

    tasks.add_parser("list", help="show the hosts to begin from")

    importing = tasks.add_parser("import", help="make a body of a VRM or glTF model, and tell what it lacks")
    importing.add_argument("file", type=Path, metavar="MODEL.vrm|.glb|.gltf|.zip")
    importing.add_argument("--out", type=_body_file, metavar="FILE.ehb")
    importing.add_argument("--rights", default="", metavar="TEXT", help="the right you hold where its licence forbids")
    _add_force(importing)

    exporting = tasks.add_parser("export", help="write a host of your own as VRM 1.0")
    exporting.add_argument("file", type=_body_file, metavar="FILE.ehb")
    exporting.add_argument("--out", type=_vrm_file, metavar="FILE.vrm")
    _add_force(exporting)
    exporting.add_argument("--brand", type=_colour, metavar="COLOUR", help="the brand's colour, such as '#2b4a7a'")

    licence = tasks.add_parser("licence", help="show the licence of an imported body")
    licence.add_argument("file", type=_body_file, metavar="FILE.ehb")


def _add_force(task: argparse.ArgumentParser) -> None:
    """A file that is there is not replaced unless it is wished."""
    task.add_argument("--force", action="store_true", help="replace a file that is there; one named by --out always is")


def _add_catalogue(catalogue: argparse.ArgumentParser) -> None:
    """The tasks of ``everhost catalogue``."""
    tasks = catalogue.add_subparsers(dest="task", required=True, metavar="TASK")
    importing = tasks.add_parser("import", help="read a YAML, CSV, XLSX, JSON or Shopify file, or an https address")
    importing.add_argument("file", metavar="FILE")
    importing.add_argument("--out", type=Path, metavar="FILE.yaml", help="write it as a catalogue, ready to run")
    importing.add_argument("--json", action="store_true", help="print JSON")
    importing.add_argument("--shop", default="", metavar="NAME", help="name of the shop, where the file has none")
    importing.add_argument("--currency", type=_currency, metavar="CODE", help="such as USD or CNY")
    importing.add_argument("--language", choices=("en", "zh"), help="language of the facts")


def _add_faq(faq: argparse.ArgumentParser) -> None:
    """The tasks of ``everhost faq``."""
    faq.add_argument("file", type=Path, metavar="FILE", help="channel file (YAML)")
    tasks = faq.add_subparsers(dest="task", metavar="TASK")
    listing = tasks.add_parser("list", help="print the shop's answers and the questions that wait (the default)")
    listing.add_argument("--json", action="store_true", help="print JSON")

    answering = tasks.add_parser("answer", help="answer a question that waits")
    answering.add_argument("number", type=int, metavar="NUMBER")
    answering.add_argument("answer", metavar="ANSWER")
    answering.add_argument("--shop", action="store_true", help="the answer is about the shop, not about the product")

    adding = tasks.add_parser("add", help="add a question with its answer")
    adding.add_argument("--question", required=True, metavar="TEXT")
    adding.add_argument("--answer", required=True, metavar="TEXT")
    adding.add_argument("--product", metavar="ID", help="the product that it is about; without it, the shop")

    removing = tasks.add_parser("remove", help="take an answer back")
    removing.add_argument("number", type=int, metavar="NUMBER")


def _add_audit(audit: argparse.ArgumentParser) -> None:
    """The arguments of ``everhost audit``."""
    audit.add_argument("file", type=Path, metavar="FILE", help="channel file, or a ledger (.sqlite)")
    audit.add_argument("--from", dest="begin", type=_moment, metavar="T", help="2026-03-01 or 2026-03-01T18:00 (UTC)")
    audit.add_argument("--to", dest="end", type=_moment, metavar="T", help="the same; the moment itself is left out")
    audit.add_argument("--json", action="store_true", help="print JSON")


ROLES = ("viewer", "operator", "admin")


def _add_user(user: argparse.ArgumentParser) -> None:
    """The tasks of ``everhost user``."""
    tasks = user.add_subparsers(dest="task", required=True, metavar="TASK")
    adding = tasks.add_parser("add", help="make an account; the password is asked for, or read from a pipe")
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("--role", choices=ROLES, default="operator")
    tasks.add_parser("list", help="print every account with its role")
    role = tasks.add_parser("role", help="give an account another role")
    role.add_argument("name", metavar="NAME")
    role.add_argument("role", choices=ROLES)
    for task, help_ in (("password", "give an account another password"), ("remove", "forget an account")):
        tasks.add_parser(task, help=help_).add_argument("name", metavar="NAME")


def _add_token(token: argparse.ArgumentParser) -> None:
    """The tasks of ``everhost token``."""
    tasks = token.add_subparsers(dest="task", required=True, metavar="TASK")
    adding = tasks.add_parser("add", help="print a new token")
    adding.add_argument("label", metavar="LABEL")
    adding.add_argument("--role", choices=ROLES, default="operator")
    tasks.add_parser("list", help="print every token's label and role")
    tasks.add_parser("remove", help="revoke a token").add_argument("label", metavar="LABEL")


def _currency(text: str) -> str:
    if text.upper() not in CODES:
        raise argparse.ArgumentTypeError(f"“{text}” is not a currency: write three letters, such as USD")
    return text.upper()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"“{text}” is not a time: write 2026-03-01, 2026-03-01T18:00 or 2026-03-01T18:00+01:00"
        raise argparse.ArgumentTypeError(message) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds between 0 and 86400")
    return value


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1440:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of minutes between 0 and 1440")
    return value


def _mp4(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".mp4":
        raise argparse.ArgumentTypeError(f"“{text}” must end in .mp4")
    if not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder {path.absolute().parent} does not exist")
    return path


def _body_file(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".ehb":
        raise argparse.ArgumentTypeError(f"“{text}” must end in .ehb")
    return path


def _vrm_file(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".vrm":
        raise argparse.ArgumentTypeError(f"“{text}” must end in .vrm")
    return path


def _photo_file(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".ehp":
        raise argparse.ArgumentTypeError(f"“{text}” must end in .ehp")
    return path


def _manner_file(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".ehm":
        raise argparse.ArgumentTypeError(f"“{text}” must end in .ehm")
    return path


def _safetensors_file(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".safetensors":
        raise argparse.ArgumentTypeError(f"“{text}” must end in .safetensors")
    return path


def _host_or_body(text: str) -> Path:
    path = Path(text)
    if path.suffix not in {".yaml", ".yml", ".ehb", ".ehp"}:
        raise argparse.ArgumentTypeError(f"“{text}” must be a host file (.yaml) or a body file (.ehb, .ehp)")
    return path


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise argparse.ArgumentTypeError(f"“{text}” is not a colour: write it in quotes, as '#e63348'")
    return text


def _command(arguments: argparse.Namespace) -> int:
    """Run the command; its module is loaded only now, so that going on air does not wait for the others'."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "run": lambda a: _load("run").run(a.files),
        "check": lambda a: _load("check").check(a.file),
        "script": lambda a: _load("script").script(a.file, a.minutes, a.at or datetime.now(UTC), as_json=a.json),
        "guard": lambda a: _load("guard").guard(a.file, a.lines, as_json=a.json),
        "ask": lambda a: _load("ask").ask(a.file, a.questions, as_json=a.json),
        "faq": _faq,
        "avatar": _avatar,
        "catalogue": _catalogue,
        "user": _user,
        "token": _token,
        "audit": lambda a: _load("audit").audit(a.file, a.begin, a.end, a.json),
        "render": lambda a: _load("offline").render(a.file, a.seconds, a.out),
        "voice": lambda a: _load("voice").convert(a.checkpoint, a.out),
        "say": lambda a: _load("offline").say(a.file, a.text, a.out),
    }
    return int(commands[arguments.command](arguments))


def _catalogue(arguments: argparse.Namespace) -> int:
    given = Given(arguments.shop, arguments.currency or "", arguments.language or "")
    return int(_load("catalogue").import_file(arguments.file, given, arguments.out, arguments.json))


def _user(arguments: argparse.Namespace) -> int:
    accounts = _load("accounts")
    tasks: dict[str, Callable[[], int]] = {
        "add": lambda: accounts.add_user(arguments.name, arguments.role),
        "list": accounts.list_users,
        "role": lambda: accounts.change_role(arguments.name, arguments.role),
        "password": lambda: accounts.change_password(arguments.name),
        "remove": lambda: accounts.remove_user(arguments.name),
    }
    return int(tasks[arguments.task]())


def _token(arguments: argparse.Namespace) -> int:
    accounts = _load("accounts")
    tasks: dict[str, Callable[[], int]] = {
        "add": lambda: accounts.add_token(arguments.label, arguments.role),
        "list": accounts.list_tokens,
        "remove": lambda: accounts.remove_token(arguments.label),
    }
    return int(tasks[arguments.task]())


def _faq(arguments: argparse.Namespace) -> int:
    faq = _load("faq")
    if arguments.task == "answer":
        return int(faq.answer_open(arguments.file, arguments.number, arguments.answer, for_shop=arguments.shop))
    if arguments.task == "add":
        return int(faq.add(arguments.file, arguments.question, arguments.answer, arguments.product))
    if arguments.task == "remove":
        return int(faq.remove(arguments.file, arguments.number))
    return int(faq.show(arguments.file, as_json=getattr(arguments, "json", False)))


def _avatar(arguments: argparse.Namespace) -> int:
    given = arguments
    tasks: dict[str, Callable[[], int]] = {
        "new": lambda: _load("avatar").new(given.name, given.like),
        "preview": lambda: _load("preview").preview(given.file, given.out, given.brand),
        "bake": lambda: _load("avatar").bake(given.file, given.out),
        "photo": lambda: _load("photo").photo(
            given.file, given.consent, given.out, given.background, force=given.force
        ),
        "manner": lambda: _load("manner").manner(given.clip, given.out, force=given.force),
        "list": lambda: _load("avatar").presets(),
        "import": lambda: _load("model").import_file(given.file, given.out, given.rights, force=given.force),
        "export": lambda: _load("model").export_file(given.file, given.out, given.brand, force=given.force),
        "licence": lambda: _load("model").licence(given.file),
    }
    return int(tasks[arguments.task]())


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"engine.commands.{name}")


def main() -> int:
    """Entry of the ``everhost`` command; returns the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A path may hold bytes that are no letters of this terminal.
        sys.stdout.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args()
    try:
        return _command(arguments)
    except SettingsError as error:
        print(format_problems(error.problems, chinese=speaks_chinese()), file=sys.stderr)
        return EXIT_BAD_INPUT
    except CommandError as error:
        print(f"everhost: {tell(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return EXIT_INTERRUPTED
    except EOFError:
        print(f"\neverhost: {tell('nothing was typed')}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of a pipe ("| head") has seen enough; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
