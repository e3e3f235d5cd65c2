"""What is built at set-up and never committed: compiled translations, the fonts of the reports, packed style sheets.

Run by `make install` as `python -m taama.project.assets`. Does nothing where nothing has changed.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from taama.base.errors import TaamaError
from taama.base.messages import typeset_french

ROOT = Path(__file__).resolve().parents[2]
NOTO = "@expo-google-fonts/noto-sans"
FACES = ("400Regular", "600SemiBold")
PACKED = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def build(root=ROOT):
    """Compile every catalogue and copy the fonts. Returns the paths that were written.

    Raises    TaamaError where the npm packages are not installed
    """
    return [*compile_catalogues(root / "taama"), *copy_fonts(root / "node_modules", root / "build" / "fonts")]


def compile_catalogues(package):
    """Every `django.po` to the `django.mo` beside it."""
    return [_compile(path) for path in sorted(package.glob("*/locale/*/LC_MESSAGES/*.po")) if _is_newer(path)]


def _is_newer(source):
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def _compile(source):
    language = source.parents[1].name
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    if language == "fr":
        for entry in catalogue:
            entry.string = _typeset(entry)
    draft = source.with_suffix(".mo.part")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    return draft.replace(source.with_suffix(".mo"))


def _typeset(entry):
    """The French of an entry; the head of the catalogue is no text and stays."""
    if not entry.id:
        return entry.string
    if isinstance(entry.string, str):
        return typeset_french(entry.string)
    return tuple(typeset_french(form) for form in entry.string)


def copy_fonts(modules, target):
    """The faces that the reports are set in, with their licence."""
    package = modules / NOTO
    files = [*(package / face / f"NotoSans_{face}.ttf" for face in FACES), package / "LICENSE_FONT"]
    missing = [path for path in files if not path.exists()]
    if missing:
        raise TaamaError("project.fonts_missing", values={"package": NOTO, "file": missing[0].name})
    target.mkdir(parents=True, exist_ok=True)
    return [_copy(path, target / path.name) for path in files if not _same(path, target / path.name)]


def _same(source, target):
    return target.exists() and target.read_bytes() == source.read_bytes()


def _copy(source, target):
    draft = target.with_suffix(".part")
    shutil.copyfile(source, draft)
    return draft.replace(target)


def pack_static():
    """Style sheets compressed, and named by their content, so that a browser asks for each once."""
    import django  # noqa: PLC0415  only when run by hand
    from django.conf import settings  # noqa: PLC0415  only after the settings are known
    from django.core.management import call_command  # noqa: PLC0415  only after the settings are known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taama.project.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TAAMA_DATA_DIR"] = folder  # nothing of an installation is touched
        django.setup()
        os.umask(0o022)  # the account that serves may be another than the one that installs
        settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": PACKED}}
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def main():
    from taama.project.cli import report, take_language  # noqa: PLC0415  only when run by hand

    try:
        written = build()
        pack_static()
    except TaamaError as error:
        sys.exit(report(error, take_language([])))
    for path in written:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
