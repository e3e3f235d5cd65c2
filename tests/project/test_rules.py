"""The rules of the house, kept by a machine from the first day."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import taama
from taama.base.models import Record
from taama.base.policy import RULES
from taama.base.sensitivity import LAKE_LIMIT, Class
from taama.facts import registry
from taama.project.settings import TAAMA_APPS

PACKAGE = Path(taama.__file__).parent
ROOT = PACKAGE.parent
ORDER = "base places facts figures xlsforms forms papers logic collect phones review entities desk claims statements mobility series opendata publish project bench".split()
OURS = [m for m in apps.get_models() if m.__module__.startswith("taama.")]
SOURCES = [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]

# Tables of the sign-in library and of Django, classed once, here: they hold what their names say.
THIRD_PARTY = {
    "account.EmailAddress": Class.S2,
    "account.EmailConfirmation": Class.S3,
    "mfa.Authenticator": Class.S3,
    "auth.Permission": Class.S0,
    "auth.Group": Class.S0,
    "contenttypes.ContentType": Class.S0,
    "sessions.Session": Class.S3,
}


def test_imports_keep_to_the_layers_and_rooms():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_ruff_has_nothing_to_say():
    done = subprocess.run(
        [Path(sys.executable).parent / "ruff", "check", "--no-cache", "taama", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_every_field_is_classed(model):
    inherited = {"id"} if issubclass(model, Record) else set()
    fields = {f.name for f in model._meta.concrete_fields} - inherited
    assert fields == set(model.sensitivity), "classed and real fields differ"
    assert all(isinstance(value, Class) for value in model.sensitivity.values())


def test_every_table_of_others_is_classed():
    theirs = {m._meta.label for m in apps.get_models() if not m.__module__.startswith("taama.")}
    assert theirs == set(THIRD_PARTY)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_downward(model):
    own = ORDER.index(model._meta.app_label)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model.__module__.startswith("taama."):
            assert ORDER.index(field.related_model._meta.app_label) <= own, field


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_no_model_hides_work_in_save(model):
    own = [base for base in model.__mro__ if base.__module__.startswith("taama.")]
    assert not [base for base in own if "save" in vars(base) or "delete" in vars(base)]


def test_every_column_of_the_lake_is_classed_and_named_in_both_languages():
    assert registry.tables(), "no tool is registered"
    for table in registry.tables().values():
        for name, column in table.columns.items():
            assert column.sensitivity <= LAKE_LIMIT, (table.name, name)
            assert column.fr and column.en, (table.name, name)


def doors(room):
    """(module, public function node) of every module of this room in every app."""
    for path in SOURCES:
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) >= 2 and parts[1] == room:
            tree = ast.parse(path.read_text("utf-8"))
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield path, node


def decorators(node):
    return {
        d.func.id for d in node.decorator_list if isinstance(d, ast.Call) and isinstance(d.func, ast.Name)
    }


def test_every_public_function_of_actions_is_an_action():
    bare = [f"{path.name}:{node.name}" for path, node in doors("actions") if "action" not in decorators(node)]
    assert bare == []


def test_every_public_function_of_queries_is_a_query_with_a_viewer():
    wrong = []
    for path, node in doors("queries"):
        first = node.args.args[0].arg if node.args.args else ""
        if "query" not in decorators(node) or first != "viewer":
            wrong.append(f"{path.name}:{node.name}")
    assert wrong == []


def test_views_are_short():
    long = [f"{p.name}:{n.name}" for p, n in doors("views") if n.end_lineno - n.lineno + 1 > 15]
    assert long == []


def test_every_rule_says_what_it_is_for_and_whom_it_admits():
    for rule in RULES.values():
        assert rule.summary and rule.allow, rule
        assert rule.module in TAAMA_APPS, rule


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_ceilings(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 500
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    assert [f.name for f in functions if f.end_lineno - f.lineno + 1 > 60] == []


@pytest.mark.parametrize("app", ORDER)
def test_an_app_stays_small_enough_to_know(app):
    lines = sum(len(p.read_text("utf-8").splitlines()) for p in SOURCES if p.is_relative_to(PACKAGE / app))
    assert lines <= (2000 if app == "base" else 4000)


@pytest.mark.parametrize("app", ORDER)
def test_an_app_says_what_it_is_in_five_lines(app):
    doc = ast.get_docstring(ast.parse((PACKAGE / app / "__init__.py").read_text("utf-8")))
    assert doc and 3 <= len(doc.splitlines()) <= 6


def test_no_room_is_a_junk_room():
    assert [
        p for p in SOURCES if p.stem in ("utils", "services", "helpers", "admin", "signals", "managers")
    ] == []


def test_no_signals():
    users = [
        p.name for p in SOURCES if "receiver(" in p.read_text("utf-8") or "post_save" in p.read_text("utf-8")
    ]
    assert users == []


def test_migrations_are_complete(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_exception_from_a_rule_says_why():
    bare = []
    for path in [*SOURCES, *(ROOT / "tests").rglob("*.py")]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(r"#\s*noqa(:\s*[A-Z0-9, ]+)?\s*$", line):
                bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert bare == []
