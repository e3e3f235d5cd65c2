"""docs/add-a-tool.md works as it stands: its blocks, put where it says, are a tool from form to facts."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import taama

ROOT = Path(taama.__file__).parent.parent
PAGE = ROOT / "docs" / "add-a-tool.md"
CREATE, APPEND, REPLACE = "Create", "Add to the end of", "In"
STEP = re.compile(
    r"^(Create|Add to the end of|In) `([^`]+)`(?:, this line replaces the one that begins alike)?:\n```\w*\n(.*?)^```",
    re.M | re.S,
)
SEND = """
import django
django.setup()
from pathlib import Path
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from django.test import Client
from taama.base.models import Organisation
from taama.base.policy import OPERATOR
from taama.base.work import run_until_idle
from taama.phones.actions import create_device
from taama.forms.actions.publishing import publish_form
from taama.facts import engines
from taama.mobility.tables import WATER
from taama.places import queries as places
from taama.places.actions.country import load_country
from tests.collect.phone import Phone
load_country(by=OPERATOR, folder="mali", simulated=True)
folder = Path("taama/mobility/tools/site_water")
publish_form(by=OPERATOR, source=(folder / "form.md").read_bytes(), filename="form.md", tool="site_water",
             media={"sites.csv": Path("sites.csv").read_bytes()})
owner = Organisation.objects.create(code="demo", name="ONG", kind="ngo")
made = create_device(by=OPERATOR, username="gao-1", organisation=owner)
phone = Phone(Client(headers={"host": "localhost"}), f"/key/{made.token}")
site = places.sites(OPERATOR).first().code
xml = (folder / "examples" / "good.xml").read_text().replace("SIM-S-1", site).replace("2026-11-03", "2026-01-03")
assert phone.send(xml.encode()).status_code == 201
run_until_idle(["derive"])
row = engines.collect(engines.read(WATER)).row(0, named=True)
print("FACT", row["place"] == site, row["points"], row["working"], row["tool"])
"""


def steps():
    return STEP.findall(PAGE.read_text("utf-8"))


def apply(root, how, path, block):
    file = root / path
    if how == CREATE:
        assert not file.exists(), f"{path} is there already"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block, "utf-8")
    elif how == APPEND:
        file.write_text(file.read_text("utf-8") + block, "utf-8")
    else:
        start, text = block.partition("=")[0], file.read_text("utf-8")
        former = [line for line in text.splitlines(keepends=True) if line.startswith(start)]
        assert len(former) == 1, f"no line of {path} begins with {start}"
        file.write_text(text.replace(former[0], block), "utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in which somebody followed the page."""
    root = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("taama", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("pyproject.toml", ".importlinter"):
        shutil.copy(ROOT / name, root / name)
    for step in steps():
        apply(root, *step)
    return root


def run(project, *words):
    environment = os.environ | {
        "PYTHONPATH": str(project), "TAAMA_DATA_DIR": str(project / "data"), "TAAMA_PLAIN_HTTP": "1",
        "DJANGO_SETTINGS_MODULE": "taama.project.settings",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    return subprocess.run([sys.executable, *words], cwd=project, env=environment, capture_output=True, text=True)


def test_every_block_has_its_place():
    """A block is either put somewhere or typed in a shell: the next reader must not wonder."""
    text = PAGE.read_text("utf-8")
    fences = len(re.findall(r"^```", text, re.M)) // 2
    typed = len(re.findall(r"^```\n(?:taama|python) ", text, re.M))
    assert len(steps()) + typed == fences


@pytest.mark.slow
def test_the_tests_of_tools_accept_the_new_one(project):
    done = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/project/test_tool_examples.py",
               "tests/project/test_languages.py", "-m", "not slow", "-k", "site_water or mobility or finding or raised")  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d+ passed", done.stdout)


@pytest.mark.slow
def test_the_house_accepts_the_new_code(project):
    """Layers, purity and style, as for everything else."""
    for tool in (["lint-imports", "--no-cache"], ["ruff", "check", "--no-cache", "taama/mobility"]):
        program = Path(sys.executable).parent / tool[0]
        environment = os.environ | {"PYTHONPATH": str(project)}
        done = subprocess.run([program, *tool[1:]], cwd=project, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_from_the_form_to_the_fact(project):
    done = run(project, "-c", SEND)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "FACT True 6 4 site_water" in done.stdout
