"""What set-up builds: translations and fonts, once, with a clear word when a package is missing."""

import gettext
import re
import shutil
from pathlib import Path

import pytest

import taama
from taama.base.errors import TaamaError
from taama.project.assets import FACES, NOTO, build
from tests.project.office import Office

PACKAGE = Path(taama.__file__).parent

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Figure"\nmsgstr "Chiffre"\n'


@pytest.fixture
def root(tmp_path):
    texts = tmp_path / "taama" / "publish" / "locale" / "fr" / "LC_MESSAGES"
    texts.mkdir(parents=True)
    (texts / "django.po").write_text(PO, "utf-8")
    for face in FACES:
        path = tmp_path / "node_modules" / NOTO / face / f"NotoSans_{face}.ttf"
        path.parent.mkdir(parents=True)
        path.write_bytes(face.encode())
    (tmp_path / "node_modules" / NOTO / "LICENSE_FONT").write_text("OFL", "utf-8")
    return tmp_path


def test_it_builds_what_is_missing_and_then_nothing(root):
    assert len(build(root)) == 1 + len(FACES) + 1
    assert build(root) == []
    with (root / "taama/publish/locale/fr/LC_MESSAGES/django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Figure") == "Chiffre"
    assert (root / "build" / "fonts" / f"NotoSans_{FACES[0]}.ttf").read_bytes() == FACES[0].encode()


def test_a_changed_text_is_compiled_again(root):
    import os

    build(root)
    path = root / "taama/publish/locale/fr/LC_MESSAGES/django.po"
    path.write_text(PO.replace("Chiffre", "Nombre"), "utf-8")
    os.utime(path, (path.stat().st_mtime + 5,) * 2)
    assert [written.name for written in build(root)] == ["django.mo"]


def test_a_missing_package_is_named(root):
    (root / "node_modules" / NOTO / "LICENSE_FONT").unlink()
    with pytest.raises(TaamaError, match="project.fonts_missing"):
        build(root)


PACK = "from taama.project.assets import pack_static; pack_static()"
READ = """
import re, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from django.test import Client
client = Client(headers={"host": "localhost"})
page = client.get("/methods").content.decode()
address = re.search(r'href="(/static/base/taama[.0-9a-f]+css)"', page)[1]
answer = client.get(address, headers={"accept-encoding": "gzip"})
print(address, answer.status_code, answer["Content-Encoding"], answer["Cache-Control"])
print(client.get("/static/base/taama.css").status_code)
"""


@pytest.mark.slow
def test_packed_style_sheets_are_small_and_asked_for_once(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "taama", ignore=shutil.ignore_patterns("__pycache__"))
    office = Office(tmp_path / "data", PYTHONPATH=str(tmp_path))
    for code in (PACK, READ):
        done = office.run("-c", code, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    packed, plain = done.stdout.splitlines()
    assert re.fullmatch(r"/static/base/taama\.[0-9a-f]{12}\.css 200 gzip max-age=\d{8,}, public, immutable", packed)
    assert plain == "200", "the page for our faults names it so"
    served = tmp_path / "build" / "static"
    assert all(path.stat().st_mode & 0o055 for path in [served, *served.rglob("*")]), "another account can't serve it"
