"""What set-up builds: translations and fonts, once, with a clear word when a package is missing."""

import gettext

import pytest

from taama.base.errors import TaamaError
from taama.project.assets import FACES, NOTO, build

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
