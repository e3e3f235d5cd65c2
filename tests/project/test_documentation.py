"""Every command and every setting is documented, and the documentation names no other."""

import re
import shlex
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
        prose = re.sub(r"(`{3,}).*?\1", "", page.read_text("utf-8"), flags=re.S)
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", prose):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_the_policy_page_is_what_actions_and_queries_declare():
    from taama.project import policy_page
    from taama.project.settings import TAAMA_APPS

    assert policy_page.FILE.read_text("utf-8") == policy_page.text(TAAMA_APPS), "python -m taama.project.policy_page"


def command_lines():
    """Every line of the documents' code blocks that calls taama, with the document it stands in."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for block in re.findall(r"^```.*?\n(.*?)^```", page.read_text("utf-8"), re.M | re.S):
            for line in block.splitlines():
                if match := re.match(r"(?:TAAMA_\w+=\S+ )*taama (.*)", line):
                    yield page.name, match[1]


@pytest.mark.parametrize(("page", "line"), list(command_lines()))
def test_commands_of_the_documents_are_understood_as_they_stand(page, line, tmp_path, monkeypatch):
    """Command, options and arguments as written; files that they name are put there first."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line, comments=True)
    cli.take_language(words)
    for word in words:
        if "." in word and not word.startswith("-"):
            Path(word).parent.mkdir(parents=True, exist_ok=True)
            Path(word).touch()
    command = cli.command_tree()
    while isinstance(command, click.Group):
        name, *words = words
        command = command.commands[name]
    command.make_context("taama", words)
