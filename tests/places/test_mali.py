"""Mali's folder: whole, consistent with itself, and loaded as it stands."""

import csv
import json
import tomllib
from collections import Counter

import pytest
import shapely

from taama.base.errors import NotAllowed, TaamaError
from taama.base.journal import JournalEntry
from taama.base.policy import ANONYMOUS, OPERATOR
from taama.places import queries
from taama.places.actions.country import load_country
from taama.places.methods.geo import contains, distance_km
from taama.places.methods.names import Gazetteer, candidates, certain
from taama.places.models import Area, Lineage, Locality, Point, PopulationFigure, Site

FOLDER = queries.DATA / "mali"
OLD, NEW, REFORM = "2015-04-08", "2021-12-20", "2023"


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def by_code(version, level):
    return {
        row["code"] or row["slug"]: row for row in rows(f"areas_{version}.csv") if row["level"] == str(level)
    }


def test_each_version_has_its_areas():
    counts = {version: (len(by_code(version, 1)), len(by_code(version, 2))) for version in (OLD, NEW, REFORM)}
    assert counts == {OLD: (9, 50), NEW: (10, 53), REFORM: (20, 0)}


def test_one_code_means_different_cercles_in_two_versions():
    old, new = by_code(OLD, 2), by_code(NEW, 2)
    assert (old["ML0501"]["name"], new["ML0501"]["name"]) == ("Mopti", "Bandiagara")
    assert (old["ML0701"]["name"], new["ML0701"]["name"]) == ("Gao", "Ansongo")
    same = [code for code in old if code in new and old[code]["name"] == new[code]["name"]]
    assert len(same) == 8, "published: only 8 of 50 cercle codes keep their cercle"


@pytest.mark.parametrize("version", [OLD, NEW])
def test_codes_nest_in_their_parents(version):
    regions = by_code(version, 1)
    for code, cercle in by_code(version, 2).items():
        assert cercle["parent"] in regions and code.startswith(cercle["parent"])


def test_the_lineage_joins_every_area_to_the_next_version():
    lineage = rows("lineage.csv")
    pairs = Counter((row["before"], row["after"]) for row in lineage)
    assert max(pairs.values()) == 1
    before, after = {row["before"] for row in lineage}, {row["after"] for row in lineage}
    for older, newer, levels in ((OLD, NEW, (0, 1, 2)), (NEW, REFORM, (0, 1, 2))):
        for level in levels:
            assert {f"{code}@{older}" for code in by_code(older, level)} <= before
            assert {f"{code}@{newer}" for code in by_code(newer, level)} <= after


def test_what_keeps_its_ground_keeps_its_name():
    names = {
        f"{c}@{v}": row["name"]
        for v in (OLD, NEW, REFORM)
        for lv in (0, 1, 2)
        for c, row in by_code(v, lv).items()
    }
    for row in rows("lineage.csv"):
        if row["kind"] in ("same", "recode"):
            assert names[row["before"]] == names[row["after"]], row


def test_every_seat_lies_in_its_region():
    shapes = {f["properties"]["code"]: shapely.geometry.shape(f["geometry"]) for f in outlines()}
    seats = {row["seat"]: (float(row["lat"]), float(row["lon"])) for row in rows("seats.csv")}
    for cercle in by_code(OLD, 2).values():
        assert contains(shapes[cercle["parent"]], *seats[cercle["seat"]]), cercle["name"]
    for region in by_code(NEW, 1).values():
        assert contains(shapes["MLI"], *seats[region["seat"]])
    assert contains(shapes["ML06"], *seats["Taoudénit"])
    assert contains(shapes["ML07"], *seats["Ménaka"]), "Ménaka was part of Gao"


def outlines():
    return json.loads((FOLDER / "outlines.geojson").read_text("utf-8"))["features"]


def test_the_nine_outlines_fit_together_and_make_the_country():
    shapes = {f["properties"]["code"]: shapely.geometry.shape(f["geometry"]) for f in outlines()}
    country = shapes.pop("MLI")
    assert set(shapes) == set(by_code(OLD, 1))
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert shapely.union_all(list(shapes.values())).symmetric_difference(country).area < 1e-6
    assert (FOLDER / "outlines.geojson").stat().st_size < 60_000


def test_population_of_the_regions_adds_up_to_the_country():
    people = {(row["area"], row["as_of"]): int(row["people"]) for row in rows("population.csv")}
    for version, day, slack in ((OLD, "2009-04-01", 0), (REFORM, "2022-12-31", 1)):
        regions = sum(people[f"{code}@{version}", day] for code in by_code(version, 1))
        assert abs(regions - people[f"MLI@{version}", day]) <= slack


def test_each_variant_names_one_place_of_its_level():
    variants = rows("variants.csv")
    known = {row["name"] for v in (OLD, NEW, REFORM) for lv in (0, 1, 2) for row in by_code(v, lv).values()}
    assert {row["name"] for row in variants} <= known
    spellings = Counter(row["variant"] for row in variants)
    assert max(spellings.values()) == 1 and not set(spellings) & known


def test_every_list_names_its_source():
    known = tomllib.loads((FOLDER / "country.toml").read_text("utf-8"))["sources"]
    cited = {row["source"] for name in ("lineage.csv", "points.csv", "population.csv") for row in rows(name)}
    assert cited <= set(known)
    described = (FOLDER / "SOURCES.md").read_text("utf-8")
    assert [
        path.name for path in FOLDER.iterdir() if path.name != "SOURCES.md" and path.name not in described
    ] == []


def test_loading_twice_changes_nothing_the_second_time(mali):
    assert mali["Area"] == (145, 145, 0)
    entries = JournalEntry.objects.count()
    again = load_country(by=OPERATOR, folder="mali")
    assert {(created, changed) for _, created, changed in again.values()} == {(0, 0)}
    assert JournalEntry.objects.count() == entries
    assert entries == sum(created for _, created, _ in mali.values()), "every record is journalled once"


def test_loading_again_mends_what_was_changed_by_hand(mali):
    Area.objects.filter(key=f"ML05@{NEW}").update(name="Moptie")
    assert load_country(by=OPERATOR, folder="mali")["Area"] == (145, 0, 1)
    assert Area.objects.get(key=f"ML05@{NEW}").name == "Mopti"


def test_simulated_places_come_only_when_asked_and_are_marked(mali):
    assert not Locality.objects.exists() and not Site.objects.exists()
    load_country(by=OPERATOR, folder="mali", simulated=True)
    assert Locality.objects.count() > 300 and not Locality.objects.filter(simulated=False).exists()
    assert Site.objects.exists() and not Site.objects.filter(simulated=False).exists()
    assert not Point.objects.filter(simulated=True).exists(), "the points of flow monitoring are real"
    for place in Locality.objects.select_related("area"):
        assert place.area.level == 2 and place.code.startswith(f"L-{place.area.code}-")
        assert distance_km(place.lat, place.lon, place.area.lat, place.area.lon) < 60
    assert Locality.objects.values("name").distinct().count() == Locality.objects.count()


def test_closed_points_keep_the_day_they_closed(mali):
    closed = {point.code: point.closed.isoformat() for point in Point.objects.filter(closed__isnull=False)}
    assert closed == {"P-BAMAKO": "2020-07-31", "P-SEVARE": "2020-07-31", "P-KIDAL": "2019-12-31"}


@pytest.mark.parametrize(
    ("a", "b", "of_a", "of_b"),
    [
        (f"ML05@{NEW}", f"mopti@{REFORM}", {"ML05"}, {"mopti", "bandiagara", "douentza"}),
        (f"bandiagara@{REFORM}", f"ML05@{OLD}", {"mopti", "bandiagara", "douentza"}, {"ML05"}),
        (f"ML0502@{OLD}", f"ML0501@{NEW}", {"ML0502"}, {"ML0501"}),
        (f"ML10@{NEW}", f"ML07@{OLD}", {"ML07", "ML10"}, {"ML07"}),
        (f"ML0704@{OLD}", f"ML1003@{NEW}", {"ML0704"}, {"ML1001", "ML1002", "ML1003", "ML1004"}),
        (f"ML0505@{NEW}", f"bandiagara@{REFORM}", {"ML0501", "ML0502", "ML0505"}, {"bandiagara"}),
        (f"ML0506@{OLD}", f"douentza@{REFORM}", {"ML0506"}, {"douentza"}),
        (f"MLI@{OLD}", f"MLI@{REFORM}", {"MLI"}, {"MLI"}),
        (f"ML09@{NEW}", f"bamako@{REFORM}", {"ML02", "ML09"}, {"koulikoro", "dioila", "nara", "bamako"}),
    ],
)  # fmt: skip
def test_common_ground_of_the_versions(mali, a, b, of_a, of_b):
    common = queries.common_area(ANONYMOUS, a, b)
    assert {key.partition("@")[0] for key in common.of_a} == of_a
    assert {key.partition("@")[0] for key in common.of_b} == of_b


def test_areas_without_common_ground(mali):
    assert queries.common_area(ANONYMOUS, f"ML0501@{OLD}", f"ML0501@{NEW}") is None
    assert queries.common_area(ANONYMOUS, f"ML05@{NEW}", f"gao@{REFORM}") is None


def test_every_version_can_be_drawn(mali):
    for version in (OLD, NEW, REFORM):
        drawn = queries.outlines(ANONYMOUS, version)
        keys = {key for one in drawn for key in one["keys"]}
        assert keys == set(queries.areas(ANONYMOUS, version, 1).values_list("key", flat=True))
        assert len(drawn) == 9 and all(
            one["geometry"]["type"] in ("Polygon", "MultiPolygon") for one in drawn
        )


def test_names_of_malian_files_find_their_cercle(mali):
    cercles = Gazetteer(queries._entries(queries.areas(ANONYMOUS, NEW, 2)))
    for written, code in {
        "Menaka": "ML1001", "NIAFUNKE": "ML0604", "Niafounké": "ML0604", "Baraoueli": "ML0401", "Gourma Rharous": "ML0603",
        "Tin-Essako": "ML0804", "Dioila": "ML0202", "Djenne": "ML0503", "Koulikouro": "ML0206", "Timbuktu": "ML0605",
        "Anderamboukane": "ML1002", "Ségou": "ML0406", "Abeibara": "ML0801", "In-Ekar": "ML1003",
    }.items():  # fmt: skip
        found = certain(candidates(written, cercles))
        assert found and found.key == f"{code}@{NEW}", written


def test_a_search_offers_candidates(mali):
    found = queries.search(ANONYMOUS, "mopti")
    assert [one.key for one in found[:2]] == [f"ML05@{NEW}", f"ML0506@{NEW}"]
    assert queries.search(ANONYMOUS, "  ") == []


def test_frames_for_the_loader_name_the_areas_above(mali):
    load_country(by=OPERATOR, folder="mali", simulated=True)
    areas = {row["key"]: row for row in queries.known_areas(OPERATOR).to_dicts()}
    assert areas[f"ML0501@{NEW}"]["parent"] == areas[f"ML0501@{NEW}"]["region"] == f"ML05@{NEW}"
    assert (
        areas[f"bandiagara@{REFORM}"]["code"] == "" and areas[f"bandiagara@{REFORM}"]["geography"] == REFORM
    )
    places = queries.known_localities(OPERATOR)
    assert places["key"].is_unique().all() and places["cercle"].null_count() == 0
    assert set(places["kind"].unique()) >= {"village", "neighbourhood", "spontaneous"}
    points = {row["key"]: row for row in queries.known_points(OPERATOR).to_dicts()}
    assert (
        points["P-SEVARE"]["closed_on"].isoformat() == "2020-07-31"
        and "internal" in points["P-SEVARE"]["directions"]
    )


def test_parts_of_an_area(mali):
    within = queries.areas(ANONYMOUS, within=f"MLI@{NEW}")
    assert within.filter(level=1).count() == 10 and within.filter(level=2).count() == 53
    assert queries.area(ANONYMOUS, f"ML0506@{NEW}").parent.name == "Mopti"
    with pytest.raises(TaamaError):
        queries.area(ANONYMOUS, "ML99@2021-12-20")


def test_the_public_does_not_see_sites_nor_load_countries(mali):
    with pytest.raises(NotAllowed):
        queries.sites(ANONYMOUS)
    with pytest.raises(NotAllowed):
        load_country(by=ANONYMOUS, folder="mali")


def test_a_folder_that_refers_to_nothing_is_refused_with_its_place(db, tmp_path):
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    broken = (tmp_path / "lineage.csv").read_text("utf-8").replace("mopti@2023", "moptie@2023")
    (tmp_path / "lineage.csv").write_text(broken, "utf-8")
    with pytest.raises(TaamaError) as error:
        load_country(by=OPERATOR, folder=tmp_path)
    assert error.value.code == "places.reference_unknown"
    assert (error.value.where.file, error.value.where.column) == (
        "lineage.csv",
        "after",
    ) and error.value.where.row
    assert not Area.objects.exists() and not Lineage.objects.exists(), "all or nothing"
    assert not PopulationFigure.objects.exists()
