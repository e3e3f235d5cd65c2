"""`taama import` of published tables: lines with their reason, totals three ways, and an exit code that tells."""

import csv
import re

import pytest
from click.testing import CliRunner
from django.utils import translation

from taama.base import registry as sweeps
from taama.base.policy import OPERATOR
from taama.desk.commands import import_files
from taama.places.actions.country import load_country
from taama.series.tools.published_baseline.tool import tool
from tests.series.published import COUNTS, HEADER, KAYES, KNOWN, KORO, MOPTI, as_csv, as_workbook

TOTAL = ["", "Total", "", "", "", "", ""]


@pytest.fixture(autouse=True)
def office(db, tmp_path, settings, monkeypatch):
    settings.TAAMA_LAKE = str(tmp_path / "lake")
    derive = sweeps.Sweep("derive", "taama.collect.tasks.deriving.derive_pending", 1)
    monkeypatch.setattr(sweeps, "_SWEEPS", {"derive": derive})
    load_country(by=OPERATOR, folder="mali")
    with translation.override("fr"):
        yield


@pytest.fixture
def run(tmp_path):
    """Function(bytes, name, options) → exit code, what was printed with plain spaces."""

    def run(raw, *options, name="table.xlsx", language="fr"):
        path = tmp_path / name
        path.write_bytes(raw)
        with translation.override(language):
            done = CliRunner().invoke(import_files, [str(path), *options], catch_exceptions=False)
        return done.exit_code, re.sub("[\xa0\u202f]", " ", done.output)

    return run


def numbers(told, name):
    """The numbers of one line of the table of totals."""
    line = next(line for line in told.splitlines() if line.startswith(f"  {name}"))
    return re.findall(r"–|\d[\d ]*\d|\d", line.removeprefix(f"  {name}").replace("  ", "|"))


def test_totals_agree_to_the_person_and_the_command_succeeds(run):
    rows = [[*HEADER, *COUNTS], [*KAYES, 200, 1200], [*MOPTI, 30, 151], [*TOTAL, 230, 1351]]
    code, told = run(as_workbook(rows))
    assert "4  lignes du fichier" in told
    assert numbers(told, "PDI présentes") == ["1 351", "1 351", "–", "1 351"]
    assert "Les totaux concordent à la personne près." in told
    assert code == 0


def test_a_line_held_back_is_named_and_missing_people_are_counted(run):
    rows = [[*HEADER, *COUNTS], [*KAYES, -2, 12], [*MOPTI, 30, 151], [*TOTAL, 32, 163]]
    code, told = run(as_workbook(rows, title="Baseline"))
    assert "Bloqué : 1" in told
    assert "feuille « Baseline », ligne 2 : " in told
    assert numbers(told, "PDI présentes")[:4] == ["163", "163", "12", "151"]
    assert "écart de 12" in told and "Les totaux ne concordent pas." in told
    assert code == 1


def test_a_total_line_that_is_not_the_sum_of_its_lines_does_not_agree(run):
    rows = [[*HEADER, *COUNTS], [*KAYES, 200, 1200], [*MOPTI, 30, 151], [*TOTAL, 230, 1400]]
    code, told = run(as_workbook(rows))
    assert numbers(told, "PDI présentes")[:4] == ["1 400", "1 351", "–", "1 351"]
    assert "écart de 49" in told and code == 1


def test_without_a_total_line_the_lines_are_the_total(run):
    code, told = run(as_csv([[*HEADER, *COUNTS], [*MOPTI, 30, 151]]), name="t.csv")
    assert numbers(told, "PDI présentes") == ["–", "151", "–", "151"]
    assert code == 0


def many(count):
    """A table of communes whose households have one person too many to be believed."""
    rows = [[*MOPTI[:5], f"Commune {n}", f"ML0506{n:02}", 1, 90] for n in range(10, 10 + count)]
    return as_workbook([[*HEADER, *COUNTS], *rows], title="Mopti")


def test_the_first_doubts_are_shown_and_the_rest_is_counted(run):
    _, short = run(many(30))
    shown = [line for line in short.splitlines() if "ligne " in line and line.startswith("  feuille")]
    rest = int(re.search(r"… et (\d+) de plus", short)[1])
    _, whole = run(many(30), "--verbose")
    all_of_them = int(re.search(r"À vérifier ?: (\d+)", whole)[1])
    assert rest == all_of_them - 10 and len(shown) <= 10
    assert "de plus" not in whole
    for row in range(2, 32):
        assert f"feuille « Mopti », ligne {row} : " in whole


def test_every_doubt_goes_into_a_table_that_no_spreadsheet_takes_for_formulas(run, tmp_path):
    path = tmp_path / "doutes.csv"
    _, told = run(many(30), "--findings", str(path), "--verbose", name="=1+1.xlsx")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == int(re.search(r"À vérifier ?: (\d+)", told)[1])
    assert {row["ligne"] for row in rows} >= {str(n) for n in range(2, 32)}
    assert all(row["motif"] and row["code"] and row["fichier"] == "'=1+1.xlsx" for row in rows)


def test_a_file_that_cannot_be_read_says_where_and_fails(run):
    code, told = run(as_csv([KAYES, MOPTI]), "--tool", "published_baseline", name="sans_entete.csv")
    assert "Bloqué : 1" in told and code == 1
    assert "Les totaux" not in told


def test_english_is_english(run):
    rows = [[*HEADER, *COUNTS], [*KAYES, -2, 12], [*MOPTI, 30, 151]]
    code, told = run(as_workbook(rows, title="Baseline"), language="en")
    assert "Held back: 1" in told and "sheet “Baseline”, line 2: " in told
    assert "differs by 12" in told and "The totals do not agree." in told


def tallied(rows, **sheets):
    return {t.code: t for t in tool.tally(tool.open(as_workbook(rows, **sheets), "t.xlsx", KNOWN))}


def test_totals_of_several_sheets_are_added_and_a_missing_one_leaves_it_open():
    one = [[*HEADER, *COUNTS], [*KAYES, 200, 1200], [*TOTAL, 200, 1200]]
    other = [[*HEADER, *COUNTS], [*KORO, 30, 150], [*TOTAL, 30, 150]]
    idp = tallied(one, more=other)["mobility.idp_present"]
    assert (idp.stated, idp.lines, idp.held) == (1350, 1350, 0)
    assert tallied(one, more=other[:-1])["mobility.idp_present"].stated is None


def test_a_group_that_the_file_does_not_count_has_no_line():
    assert set(tallied([[*HEADER, *COUNTS], [*KAYES, 200, 1200]])) == {"mobility.idp_present"}
