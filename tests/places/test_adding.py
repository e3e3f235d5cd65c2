"""An office enters its own localities, sites and points: all of a file or nothing, every fault with its line."""

import re

import pytest
from click.testing import CliRunner

from taama.base.errors import NotAllowed, TaamaError
from taama.base.messages import message
from taama.base.models import JournalEntry
from taama.base.policy import OPERATOR, Standing, Viewer
from taama.places import queries
from taama.places.actions.adding import add_places
from taama.places.actions.country import load_country
from taama.places.commands import places
from taama.places.models import Area, Locality, Point, Site

HEAD = "code,name,area,lat,lon"
VILLAGES = f"{HEAD}\nL-1,Soyè,ML0501@2021-12-20,14.2,-3.9\nL-2,Kani,ML0502,,\n"


def add(text, kind="locality", **options):
    return add_places(by=OPERATOR, raw=text.encode(), kind=kind, filename="lieux.csv", **options)


def refused(text, kind="locality", **options):
    with pytest.raises(TaamaError) as caught:
        add(text, kind, **options)
    return caught.value


def faults(text, kind="locality", **options):
    """(line, code) of each fault, all of them readable in both languages."""
    error = refused(text, kind, **options)
    assert error.code == "places.file_faulty"
    for fault in error.values["faults"]:
        for language in ("fr", "en"):
            told = message(fault.code, language, fault.values)
            assert told.cause and told.remedy and not re.search(r"[{}]", told.cause + told.remedy)
    return [(fault.line, fault.code.removeprefix("places.")) for fault in error.values["faults"]]


def test_real_places_are_entered_once_and_the_same_file_changes_nothing(mali):
    assert add(VILLAGES) == {"new": 2, "changed": 0, "unchanged": 0}
    soye, kani = queries.localities(OPERATOR)
    assert (soye.name, soye.area.key, soye.lat, soye.simulated, soye.kind) == (
        "Soyè", "ML0501@2021-12-20", 14.2, False, "village",
    )  # fmt: skip
    assert (kani.area.key, kani.lat, kani.source) == ("ML0502@2021-12-20", None, "lieux.csv")
    entries = JournalEntry.objects.count()
    assert add(VILLAGES) == {"new": 0, "changed": 0, "unchanged": 2}
    assert JournalEntry.objects.count() == entries


def test_a_known_code_is_updated_and_columns_that_are_not_there_stay(mali):
    add(f"{HEAD},kind,opened_on\nS-1,Camp,ML0506,14.5,-4.2,planned,2024-03-01\n", "site", source="Mairie")
    assert add(f"{HEAD},closed_on\nS-1,Camp A,ML0506,14.5,-4.2,2026-01-31\n", "site")["changed"] == 1
    site = Site.objects.get()
    assert (site.name, site.kind, site.source) == ("Camp A", "planned", "Mairie")
    assert (site.opened.isoformat(), site.closed.isoformat()) == ("2024-03-01", "2026-01-31")


def test_points_have_directions(mali):
    before = Point.objects.count()
    add(f"{HEAD};directions\n".replace(",", ";") + "P-X;Gare;ML0506;14,5;-4,2;incoming outgoing\n", "point")
    point = Point.objects.get(code="P-X")
    assert (point.directions, point.lat, Point.objects.count()) == (
        ["incoming", "outgoing"],
        14.5,
        before + 1,
    )


@pytest.mark.parametrize(
    ("line", "kind", "code"),
    [
        ("L 2,Kani,ML0502,14,-3", "locality", "place_code_malformed"),
        ("L-1,Kani,ML0502,14,-3", "locality", "place_code_twice"),
        ("L-2,,ML0502,14,-3", "locality", "place_name_length"),
        ("L-2,Kani,ML9999,14,-3", "locality", "place_area_unknown"),
        ("L-2,Kani,ML0502@2015-04-08,14,-3", "locality", "place_area_unknown"),
        ("L-2,Kani,ML05,14,-3", "locality", "place_area_too_large"),
        ("L-2,Kani,ML0502,14,", "locality", "place_position_wrong"),
        ("L-2,Kani,ML0502,nan,-3", "locality", "place_position_wrong"),
        ("L-2,Kani,ML0502,140,-3", "locality", "place_position_wrong"),
        ("L-2,Kani,ML0502,14,-3,camp", "locality", "place_kind_unknown"),
        ("L-2,Kani,ML0502,14,-3,,1/2/2026", "locality", "place_day_malformed"),
        ("L-2,Kani,ML0502,14,-3,,2026-02-01,2026-01-01", "locality", "place_closed_before"),
        ("L-2,Kani,ML0502,14,-3,,,,x", "locality", "base.line_too_wide"),
        ('L-2,"Ka\nni",ML0502,14,-3', "locality", "line_has_breaks"),
        ("P-GAO,Kani,ML0502,14,-3", "locality", "place_of_other_kind"),
    ],
)
def test_a_fault_is_named_with_its_line_and_nothing_is_written(mali, line, kind, code):
    head = f"{HEAD},kind,opened_on,closed_on\nL-1,Soye,ML0501,14.2,-3.9\n\n"
    number = 5 if "\n" in line else 4
    assert faults(f"{head}{line}\n", kind) == [(number, code)]
    assert not Locality.objects.exists()


def test_all_faults_of_a_file_come_at_once(mali):
    text = f"{HEAD},directions\n,A,ML0501,1,1,up\nP-2,B,X,99,1,\n"
    assert faults(text, "point") == [
        (2, "place_code_malformed"), (2, "place_direction_unknown"),
        (3, "place_area_unknown"), (3, "place_position_wrong"),
    ]  # fmt: skip


def test_a_day_against_the_one_that_is_kept_is_a_fault(mali):
    add(f"{HEAD},opened_on\nL-1,Soye,ML0501,14,-3,2026-01-01\n")
    assert faults(f"{HEAD},closed_on\nL-1,Soye,ML0501,14,-3,2025-01-01\n") == [(2, "place_closed_before")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns_missing"),
        ("code,name,area,lat\n", "columns_missing"),
        (f"{HEAD},openedon\n", "column_not_taken"),
        (f"{HEAD},directions\n", "column_not_taken"),
        (f"{HEAD},name\n", "column_not_taken"),
        (f"{HEAD}\n", "no_lines"),
        (f'{HEAD}\n"{"x" * 200_000}', "line_unreadable"),
    ],
)
def test_a_file_that_is_no_list_of_places_is_refused(mali, text, code):
    assert refused(text).code.partition(".")[2] == code


def test_letters_of_an_old_code_page_are_refused(mali):
    with pytest.raises(TaamaError, match="base.not_utf8"):
        add_places(by=OPERATOR, raw=VILLAGES.encode("latin-1"), kind="locality")


def test_real_and_invented_places_are_never_mixed(mali):
    load_country(by=OPERATOR, folder="mali", simulated=True)
    assert faults(f"{HEAD}\nL-ML0101-0001,Vrai,ML0101,14,-3\n") == [(2, "place_invented")]
    add(VILLAGES)
    assert faults(VILLAGES, simulated=True) == [(2, "place_real"), (3, "place_real")]
    add(f"{HEAD}\nL-9,Inventé,ML0101,14,-3\n", simulated=True)
    assert Locality.objects.get(code="L-9").simulated


def test_only_those_who_keep_the_data_of_the_whole_country_add_places(mali):
    for standing in (Standing("o", "partner"), Standing("o", "data_manager", "ML05@2021-12-20")):
        with pytest.raises(NotAllowed):
            add_places(by=Viewer("signed_in", "u", (standing,)), raw=VILLAGES.encode(), kind="locality")
    keeper = Viewer("signed_in", "u", (Standing("o", "data_manager"),))
    assert add_places(by=keeper, raw=VILLAGES.encode(), kind="locality", filename="f.csv")["new"] == 2


def test_the_command_checks_tells_faults_and_counts(mali, tmp_path):
    file = tmp_path / "lieux.csv"
    file.write_text(VILLAGES, "utf-8")
    call = ["add", str(file), "--kind", "locality"]
    assert "2" in CliRunner().invoke(places, [*call, "--check"]).output
    assert not Locality.objects.exists()
    assert CliRunner().invoke(places, call).exit_code == 0
    assert Locality.objects.count() == 2
    file.write_text(f"{VILLAGES}L-3,,ML0501,1,1\n", "utf-8")
    done = CliRunner().invoke(places, call)
    assert done.output.startswith("4\t") and done.exception.code == "places.file_faulty"


def test_loading_the_country_again_keeps_what_the_office_entered_and_says_so(mali):
    add(f"{HEAD}\nP-GAO,Gare de Gao,ML0703,16.27,-0.04\nP-OWN,Marché,ML0703,16.2,-0.1\n", "point")
    again = load_country(by=OPERATOR, folder="mali")
    assert (Point.objects.get(code="P-GAO").name, Point.objects.get(code="P-OWN").name) == (
        "Gare de Gao",
        "Marché",
    )
    assert [(place.code, there) for place, there in again.kept] == [("P-GAO", "Place Kidal (Gao)")]
    told = CliRunner().invoke(places, ["load"]).output
    assert "P-GAO Gare de Gao" in told and "P-OWN" not in told


@pytest.mark.parametrize(
    ("words", "said"), [(["Bandiagra", "--level", "3"], "Bandiagara"), (["Xyzzyx"], "peu ressemblant")]
)
def test_a_name_that_nothing_fits_gets_the_nearest(mali, words, said):
    told = CliRunner().invoke(places, ["find", *words])
    assert told.exit_code == 1 and "Aucune unité ne correspond" in told.output and said in told.output


@pytest.mark.parametrize(
    ("words", "code"), [([" "], "name_empty"), (["Gao", "--version", "1999"], "version_unknown")]
)
def test_a_search_that_can_find_nothing_says_why(mali, words, code):
    assert CliRunner().invoke(places, ["find", *words]).exception.code == f"places.{code}"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["ml0703"], ["ML0703@2021-12-20"]),
        (["ML0703@2023"], []),
        (["ML0703", "--version", "2015"], []),
        (["ML05", "--level", "2"], []),
        (["P-OWN"], ["P-OWN"]),
    ],
)
def test_a_code_finds_its_place(mali, words, found):
    add(f"{HEAD}\nP-OWN,Marché,ML0703,16.2,-0.1\n", "point")
    told = CliRunner().invoke(places, ["find", *words])
    lines = [line for line in told.output.splitlines() if "(code)" in line]
    assert [line.split()[1] for line in lines] == found


def test_a_code_of_another_division_is_told_with_its_division(mali):
    there = Area.objects.filter(version__code="2021-12-20").values("code")
    old = Area.objects.exclude(code="").exclude(code__in=there).first()
    told = CliRunner().invoke(places, ["find", old.code])
    assert old.key in told.output and told.exit_code == 0


def test_before_any_division_is_loaded_the_search_says_what_to_run(db):
    error = CliRunner().invoke(places, ["find", "Gao"]).exception
    assert "taama places load" in message(error.code, "fr", error.values).remedy
