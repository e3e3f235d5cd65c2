"""Every command and every setting is documented, and the documentation names no other."""

import re
from pathlib import Path

import click
import pytest

import taama
from taama.project import cli, environment

ROOT = Path(taama.__file__).parent.parent


def commands(group=None, prefix="taama"):
    group = group or cli.command_tree()
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def test_every_command_is_documented():
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    named = set(re.findall(r"^\| `(taama [a-z -]+?)(?: [A-Z\[<-].*?)?` ", text, re.M))
    assert named == {path for path, _ in commands()}


@pytest.mark.parametrize(("path", "command"), list(commands()), ids=lambda c: c if isinstance(c, str) else "")
def test_every_command_says_what_it_does(path, command):
    assert command.help, path
    assert all(option.help for option in command.params if isinstance(option, click.Option)), path


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    named = set(re.findall(r"`((?:TAAMA_|DATABASE_)[A-Z_]+)`", text))
    assert named == set(environment.READ)


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
