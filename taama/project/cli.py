"""The command `taama`: every app's commands under one roof, in the language of the shell or of --lang."""

import gettext
import os
import sys
from importlib import import_module
from pathlib import Path

import click
import django
from django.db import DatabaseError

from taama.base.errors import TaamaError
from taama.base.logs import only_faults
from taama.base.messages import LANGUAGES, message
from taama.project.troubles import database_trouble, file_trouble

# What an option takes, as its help names it: the library itself translates these no further.
KINDS = {
    type(click.STRING): {"fr": "texte", "en": "text"},
    type(click.INT): {"fr": "entier", "en": "integer"},
    click.IntRange: {"fr": "entier", "en": "integer"},
    type(click.FLOAT): {"fr": "nombre", "en": "number"},
}


def main(arguments=None):
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    teach_click(shell_language())
    try:
        language = take_language(arguments)
    except click.UsageError as error:
        error.show()
        sys.exit(error.exit_code)
    teach_click(language)
    if arguments[:1] == ["demo"]:
        before_settings()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taama.project.settings")
    try:
        start(language)
        if arguments[:1] != ["run"]:
            only_faults()
        command_tree()(arguments, prog_name="taama", standalone_mode=True)
    except TaamaError as error:
        sys.exit(report(error, language))
    except DatabaseError as error:
        sys.exit(report(database_trouble(error), language))
    except OSError as error:
        sys.exit(report(file_trouble(error), language))


def take_language(arguments):
    """`--lang fr|en` wherever it stands; else the shell's language; French otherwise.

    Raises    click.UsageError for another language
    """
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            chosen = arguments[index + 1]
            del arguments[index : index + 2]
            return _supported(chosen)
        if argument.startswith("--lang="):
            del arguments[index]
            return _supported(argument.partition("=")[2])
    return shell_language()


def shell_language():
    shell = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if shell.lower().startswith("en") else "fr"


def _supported(language):
    try:
        return click.Choice(LANGUAGES).convert(language, None, None)
    except click.BadParameter as error:
        error.param_hint = "--lang"
        raise


def teach_click(language):
    """The library's own words: it asks Python's gettext for them, which finds ours in `click.po`."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("click", Path(__file__).parent / "locale")
    gettext.textdomain("click")
    for kind, words in KINDS.items():
        kind.name = words[language]
    click.DateTime.get_metavar = lambda *_args, **_named: "AAAA-MM-JJ" if language == "fr" else "YYYY-MM-DD"


def before_settings():
    """The demonstration lives in a folder of its own, on this machine only, without TLS."""
    os.environ.setdefault("TAAMA_DATA_DIR", "var/demo")
    os.environ.setdefault("TAAMA_PLAIN_HTTP", "1")
    os.environ["TAAMA_DEMO"] = "1"


def start(language):
    from django.utils import translation  # noqa: PLC0415  only after the settings are known

    django.setup()
    translation.activate(language)


def command_tree():
    """A click group with the commands that each app lists in its `commands.py`."""
    from django.apps import apps  # noqa: PLC0415  only after the settings are known
    from django.utils.translation import gettext as _  # noqa: PLC0415  only after the settings are known

    tree = click.Group(
        help=_("The information system of a humanitarian response.")
        + "\n\n"
        + _("--lang fr|en sets the language.")
    )
    modules = [f"{app.name}.commands" for app in apps.get_app_configs() if app.name.startswith("taama.")]
    for name in [*modules, "taama.project.commands"]:
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            continue
        for command in module.commands:
            tree.add_command(command)
    return tree


def report(error, language):
    """Write cause, place and remedy to the error stream. Returns the exit code."""
    text = message(error.code, language, error.values)
    place = " · ".join(str(value) for value in vars(error.where).values() if value not in ("", None))
    for line in (place, text.cause, text.remedy):
        if line:
            click.echo(line, err=True)
    return 2


if __name__ == "__main__":
    main()
