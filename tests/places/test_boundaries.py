"""Official boundary files as they really arrive: what is certain is placed, the rest is reported, nothing is lost."""

import datetime
import json
import zipfile

import numpy as np
import pytest
import shapely
from pyogrio.raw import write

from taama.base.errors import NotAllowed, TaamaError
from taama.base.journal import JournalEntry
from taama.base.messages import LANGUAGES
from taama.base.policy import ANONYMOUS, OPERATOR
from taama.places.actions.boundaries import begin_version, import_areas
from taama.places.models import Area, AreaVersion

NEW = "2021-12-20"
MOPTI = {
    "ML0501": "Bandiagara", "ML0502": "Bankass", "ML0503": "Djenné", "ML0504": "Douentza", "ML0505": "Koro",
    "ML0506": "Mopti", "ML0507": "Ténenkou", "ML0508": "Youwarou",
}  # fmt: skip


def square(column, row, size=0.5):
    return shapely.box(-5 + column * size, 13 + row * size, -5 + (column + 1) * size, 13 + (row + 1) * size)


def cercles(names=None, codes=None):
    """Eight squares in two rows, with the columns of an official file."""
    codes = codes or list(MOPTI)
    names = names or [MOPTI[code] for code in MOPTI]
    shapes = [square(i % 4, i // 4) for i in range(len(codes))]
    return {"ADM2_PCODE": codes, "ADM2_FR": names, "ADM1_PCODE": ["ML05"] * len(codes)}, shapes


def save(path, columns, shapes, crs="EPSG:4326", **options):
    wkb = np.array([None if s is None else shapely.to_wkb(s) for s in shapes], dtype=object)
    values = [np.array(value, dtype=object) for value in columns.values()]
    write(path, wkb, values, list(columns), geometry_type="Unknown" if crs else "Polygon", crs=crs, **options)
    return path


def geojson(path, features):
    shown = [
        {"type": "Feature", "properties": properties, "geometry": shape if isinstance(shape, dict) else
         None if shape is None else json.loads(shapely.to_geojson(shape))}
        for properties, shape in features
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shown}), "utf-8")
    return path


def bring(path, version=NEW, **options):
    return import_areas(by=OPERATOR, path=path, version=version, **options)


def found(report, code):
    return [finding for finding in report.findings if finding.code == code]


def outline(code, version=NEW):
    return shapely.from_geojson(Area.objects.get(key=f"{code}@{version}").outline)


def refused(path, code, **options):
    before = Area.objects.exclude(outline="").count()
    with pytest.raises(TaamaError) as error:
        bring(path, **options)
    assert error.value.code == code
    assert Area.objects.exclude(outline="").count() == before
    return error.value


def everything_is_accounted_for(report):
    joined = sum(finding.values["parts"] - 1 for finding in found(report, "places.parts_joined"))
    assert report.read == report.created + report.changed + report.unchanged + report.held + joined


# Formats


def test_geopackage(mali, tmp_path):
    report = bring(save(tmp_path / "cercles.gpkg", *cercles(), driver="GPKG"), source="DNCT, essai")
    assert (report.level, report.read, report.changed, report.held) == (2, 8, 8, 0)
    assert report.findings == ()
    assert outline("ML0506").equals(square(1, 1))
    assert Area.objects.get(key=f"ML0506@{NEW}").outline_source == "DNCT, essai"


def test_geopackage_in_metres_is_brought_to_degrees(mali, tmp_path):
    columns, _ = cercles(["Mopti"], ["ML0506"])
    metres = shapely.Polygon([(500000, 1500000), (600000, 1500000), (600000, 1600000), (500000, 1600000)])
    report = bring(
        save(tmp_path / "utm.gpkg", columns, [metres], crs="EPSG:32630", driver="GPKG"), tolerance_degrees=0
    )
    west, south, east, north = outline("ML0506").bounds
    assert (west, south) == pytest.approx((-3.0, 13.5668), abs=0.001)
    assert (east, north) == pytest.approx((-2.0721, 14.4727), abs=0.001)
    assert found(report, "places.reprojected")


def test_zipped_shapefile_with_accents(mali, tmp_path):
    folder = tmp_path / "shape"
    folder.mkdir()
    save(folder / "cercles.shp", *cercles(), driver="ESRI Shapefile", encoding="UTF-8")
    packed = tmp_path / "cercles.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"limites/{path.name}")
    report = bring(packed)
    assert (report.changed, report.held) == (8, 0)


def test_shapefile_without_projection_is_taken_for_degrees_only_if_it_can_be(mali, tmp_path):
    columns, shapes = cercles()
    path = save(tmp_path / "cercles.shp", columns, shapes, driver="ESRI Shapefile")
    (tmp_path / "cercles.prj").unlink()
    assert found(bring(path), "places.projection_assumed")
    far = [shapely.transform(shape, lambda points: points * 100_000) for shape in shapes]
    path = save(tmp_path / "metres.shp", columns, far, driver="ESRI Shapefile")
    (tmp_path / "metres.prj").unlink()
    refused(path, "places.projection_missing")


def test_geojson_of_regions_with_names_only_of_columns_that_tell_no_level(mali, tmp_path):
    path = geojson(tmp_path / "r.geojson", [({"pcode": "ML05", "nom": "Région de Mopti"}, square(0, 0, 4))])
    report = bring(path)
    assert (report.level, report.changed) == (1, 1)


def test_list_of_communes_from_a_spreadsheet(mali, tmp_path):
    lines = ["Code_Cercle;Cercle;Code_Commune;Commune;Latitude;Longitude"]
    lines += [
        "ML0506;Mopti;ML050601;Commune Simulée;14,5;-4,2",
        "ML0506;Mopti;ML050602;Sévaré Simulé;14,53;-4,1",
    ]
    lines += ["ML0599;Inconnu;ML059901;Orpheline;14;-4"]
    path = tmp_path / "communes.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    report = bring(path)
    assert (report.level, report.created, report.held) == (3, 2, 1)
    commune = Area.objects.get(key=f"ML050602@{NEW}")
    assert (commune.name, commune.parent.name, commune.lat, commune.lon) == (
        "Sévaré Simulé",
        "Mopti",
        14.53,
        -4.1,
    )
    (orphan,) = found(report, "places.orphan")
    assert (orphan.row, orphan.values) == (4, {"parent": "ML0599", "level": 2})
    assert found(report, "places.no_outlines")


def test_a_file_with_outlines_is_not_told_to_have_none_because_nothing_of_it_is_placed(mali, tmp_path):
    path = tmp_path / "hole.csv"
    path.write_text(f'adm2_pcode,adm2_name,wkt\nML0599,Inconnu,"{square(0, 0).wkt}"\n', "utf-8")
    report = bring(path)
    assert report.held == 1
    assert not found(report, "places.no_outlines")


def test_table_with_outlines_as_text(mali, tmp_path):
    path = tmp_path / "cercles.csv"
    path.write_text(f'adm2_pcode,adm2_name,wkt\nML0506,Mopti,"{square(0, 0).wkt}"\n', "utf-8")
    assert bring(path).changed == 1
    assert outline("ML0506").equals(square(0, 0))


# What could not be placed, and what is doubtful


@pytest.fixture
def faulty(tmp_path):
    def row(code, name, parent="ML05"):
        return {"ADM2_PCODE": code, "ADM2_FR": name, "ADM1_PCODE": parent}

    bowtie = {"type": "Polygon", "coordinates": [[[-3, 13], [-2.5, 13.5], [-2.5, 13], [-3, 13.5], [-3, 13]]]}
    return geojson(
        tmp_path / "faulty.geojson",
        [
            (row("MLI0501  ", "Bandiagara"), square(0, 0)),  # 1 repaired
            (row("", "Bankas"), square(1, 0)),  # 2 no code, certain name (a known variant)
            (row(None, "Djene"), square(2, 0)),  # 3 no code, uncertain
            (row("", "Ouagadougou"), square(3, 0)),  # 4 no code, unknown
            (row("", ""), square(3, 1)),  # 5 neither
            (row("ML0506", "Gao"), square(3, 2)),  # 6 contradiction
            (row("ML0599", "Nouveau"), square(3, 3)),  # 7 not in the version
            (row("CI0501", "Abidjan"), square(3, 4)),  # 8 not a code of the country
            (row("ML0603", "Gourma-Rharous"), square(3, 5)),  # 9 not nested in ML05
            (row("ML05", "Mopti", "MLI"), square(3, 6)),  # 10 other level
            (row("ML0507", "Tenenkou"), bowtie),  # 11 invalid outline
            (row("ML0508", "Youwarou"), None),  # 12 no outline
            (row("ML0505", "Koro"), square(5, 0)),  # 13 and 14: two parts
            (row("ML0505", "KORO"), square(5, 2)),
            (row("ML0504", "Douentza"), {"type": "Point", "coordinates": [-3, 15]}),  # 15 not an area
        ],
    )


def test_each_fault_is_reported_at_its_place(mali, faulty):
    report = bring(faulty, source="essai")
    by_row = {(finding.row, finding.code.removeprefix("places.")): finding for finding in report.findings}
    held = {key for key, finding in by_row.items() if finding.held}
    assert held == {
        (3, "name_uncertain"), (4, "name_unknown"), (5, "no_code_no_name"), (6, "name_contradicts_code"),
        (7, "code_not_in_version"), (8, "code_unreadable"), (9, "code_not_nested"), (10, "code_of_other_level"),
    }  # fmt: skip
    assert set(by_row) - held == {
        (1, "code_repaired"), (2, "placed_by_name"), (11, "geometry_repaired"), (12, "geometry_missing"),
        (13, "parts_joined"), (15, "geometry_not_area"),
    }  # fmt: skip
    assert by_row[6, "name_contradicts_code"].values == {
        "code": "ML0506",
        "known": "Mopti",
        "other": f"ML0703@{NEW}",
    }
    assert "Djenné" in by_row[3, "name_uncertain"].values["candidates"][0]
    everything_is_accounted_for(report)
    assert outline("ML0505").equals(square(5, 0).union(square(5, 2)))
    assert outline("ML0507").is_valid and outline("ML0507").geom_type == "MultiPolygon"
    assert Area.objects.get(key=f"ML0506@{NEW}").outline == "", "a contradiction is not placed"
    assert Area.objects.filter(version__code=NEW, level=2).count() == 53


def test_the_report_speaks_both_languages(mali, faulty):
    report = bring(faulty)
    for language in LANGUAGES:
        rows = report.rows(language)
        assert len(rows) == len(report.findings)
        assert [row["held"] for row in rows] == sorted((row["held"] for row in rows), reverse=True)
        assert not [row for row in rows if "{" in row["cause"] + row["remedy"]]


def test_a_hole_between_the_areas_is_found_and_an_enclave_is_not_one(mali, tmp_path):
    columns, _ = cercles(["Kayes", "Kita"], ["ML0103", "ML0105"])
    columns["ADM1_PCODE"] = ["ML01", "ML01"]
    ring = (
        shapely.box(-12, 13, -9, 15)
        .difference(shapely.box(-11.5, 13.5, -11, 14))
        .difference(shapely.box(-10, 13.5, -9.5, 14))
    )
    report = bring(
        save(tmp_path / "hole.gpkg", columns, [ring, shapely.box(-10, 13.5, -9.5, 14)], driver="GPKG")
    )
    (hole,) = found(report, "places.hole")
    assert hole.place == "Kayes" and (hole.values["lat"], hole.values["lon"]) == ("13.75", "-11.25")
    assert hole.values["km2"] == pytest.approx(3000, rel=0.02)


def test_overlapping_siblings_are_named_both(mali, tmp_path):
    columns, shapes = cercles(["Mopti", "Djenné"], ["ML0506", "ML0503"])
    shapes[1] = shapely.box(-4.6, 13, -4, 13.5)
    (overlap,) = found(bring(save(tmp_path / "o.gpkg", columns, shapes, driver="GPKG")), "places.overlap")
    assert {overlap.place, overlap.values["other"]} == {"Mopti", "Djenné"}
    assert overlap.values["km2"] == pytest.approx(0.1 * 108 * 0.5 * 110.6, rel=0.02)


def test_slivers_of_rounding_are_no_overlap(mali, tmp_path):
    columns, shapes = cercles(["Mopti", "Djenné"], ["ML0506", "ML0503"])
    shapes[1] = shapely.box(-4.50001, 13, -4, 13.5)
    assert bring(save(tmp_path / "s.gpkg", columns, shapes, driver="GPKG")).findings == ()


def test_two_places_with_one_code_are_not_mixed(mali, tmp_path):
    begin_version(
        by=OPERATOR,
        code="2031",
        label="Essai",
        label_en="Trial",
        valid_from=datetime.date(2031, 1, 1),
        source="x",
    )
    columns = {"pcode": ["ML05", "ML05"], "name": ["Mopti", "Gao"]}
    report = bring(
        save(tmp_path / "twice.gpkg", columns, [square(0, 0), square(1, 0)], driver="GPKG"), version="2031"
    )
    (twice,) = found(report, "places.code_twice")
    assert twice.held and twice.row == 2 and twice.values["name"] == "Mopti"
    assert outline("ML05", "2031").equals(square(0, 0))
    everything_is_accounted_for(report)


def test_borders_stay_common_when_they_are_simplified(mali, tmp_path):
    jag = [(-4.5 + 0.001 * (i % 2), 13 + i * 0.005) for i in range(1, 100)]
    left = shapely.Polygon([(-5, 13), (-4.5, 13), *jag, (-4.5, 13.5), (-5, 13.5)])
    right = shapely.Polygon([(-4.5, 13), (-4, 13), (-4, 13.5), (-4.5, 13.5), *reversed(jag)])
    columns, _ = cercles(["Mopti", "Djenné"], ["ML0506", "ML0503"])
    bring(save(tmp_path / "jag.gpkg", columns, [left, right], driver="GPKG"), tolerance_degrees=0.01)
    assert shapely.coverage_is_valid([outline("ML0506"), outline("ML0503")])
    assert shapely.get_num_coordinates(outline("ML0506")) < 20


# Files that are refused whole


def test_codes_of_another_version_are_refused(mali, tmp_path):
    path = save(tmp_path / "cercles.gpkg", *cercles(), driver="GPKG")
    error = refused(path, "places.other_version", version="2015-04-08")
    assert (error.values["best"], error.values["best_agree"]) == (NEW, 8)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("absent.gpkg", None, "places.file_missing"),
        ("map.dxf", b"0", "places.file_kind"),
        ("broken.gpkg", b"SQLite format 3\0 but no more", "places.file_unreadable"),
        ("broken.geojson", b'{"type": "FeatureCollection", "features": [', "places.file_unreadable"),
        ("broken.zip", b"PK no", "places.file_unreadable"),
        ("lone.shp", b"\0\0\x27\x0a", "places.file_unreadable"),
        ("empty.csv", b"pcode,name\n", "places.file_empty"),
        ("nothing.csv", b"", "places.file_empty"),
        ("other.csv", b"valeur,total\n1,2\n", "places.no_codes"),
        ("names.csv", b"nom\nMopti\n", "places.level_unknown"),
    ],
)
def test_bad_files_get_a_clear_error(mali, tmp_path, name, content, code):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name, code).where.file == name


def test_a_file_of_several_layers_asks_which(mali, tmp_path):
    path = save(tmp_path / "all.gpkg", *cercles(), driver="GPKG", layer="mli_adm2")
    save(
        path,
        {"pcode": ["ML05"], "name": ["Mopti"]},
        [square(0, 0, 4)],
        driver="GPKG",
        layer="mli_adm1",
        append=True,
    )
    assert refused(path, "places.layer_needed").values["layers"] == ["mli_adm2", "mli_adm1"]
    refused(path, "places.layer_unknown", layer="adm7")
    assert bring(path, level=1).read == 1
    assert bring(path, layer="mli_adm2").read == 8


def test_an_archive_of_two_maps_is_refused(mali, tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.geojson", "{}")
        archive.writestr("b.geojson", "{}")
    refused(tmp_path / "two.zip", "places.zip_needs_one_map")


def test_an_unknown_version_or_column_is_refused(mali, tmp_path):
    path = save(tmp_path / "cercles.gpkg", *cercles(), driver="GPKG")
    assert refused(path, "places.version_unknown", version="1999").values["known"] == [
        "2015-04-08",
        NEW,
        "2023",
    ]
    refused(path, "places.column_unknown", columns={"code": "PCODE"})


def test_columns_can_be_named(mali, tmp_path):
    path = geojson(tmp_path / "x.geojson", [({"a": "ML0506", "b": "Mopti"}, square(0, 0))])
    assert bring(path, columns={"code": "a", "name": "b"}).changed == 1


# What is written


def test_checking_writes_nothing(mali, tmp_path):
    entries = JournalEntry.objects.count()
    report = bring(save(tmp_path / "cercles.gpkg", *cercles(), driver="GPKG"), write=False)
    assert report.changed == 8 and not Area.objects.filter(level=2).exclude(outline="").exists()
    assert JournalEntry.objects.count() == entries


def test_importing_twice_changes_nothing_the_second_time(mali, tmp_path):
    path = save(tmp_path / "cercles.gpkg", *cercles(), driver="GPKG")
    entries = JournalEntry.objects.count()
    bring(path)
    assert JournalEntry.objects.count() == entries + 8
    report = bring(path)
    assert (report.changed, report.unchanged) == (0, 8)
    assert JournalEntry.objects.count() == entries + 8


def test_an_imported_outline_survives_loading_the_country_again(mali, tmp_path):
    from taama.places.actions.country import load_country

    path = geojson(tmp_path / "r.geojson", [({"pcode": "ML05", "nom": "Mopti"}, square(0, 0, 4))])
    bring(path, version="2015-04-08", source="DNCT")
    assert load_country(by=OPERATOR, folder="mali")["Area"] == (145, 0, 0)
    assert outline("ML05", "2015-04-08").equals(square(0, 0, 4))


def test_a_new_version_by_names_keeps_a_region_and_its_cercle_apart(mali, tmp_path):
    begin_version(
        by=OPERATOR,
        code="2030",
        label="Essai",
        label_en="Trial",
        valid_from=datetime.date(2030, 1, 1),
        source="essai",
    )
    assert AreaVersion.objects.get(code="2023").valid_to == datetime.date(2030, 1, 1)
    regions = geojson(
        tmp_path / "r.geojson", [({"region": n}, square(i, 0)) for i, n in enumerate(["Mopti", "Kidal"])]
    )
    cercle = geojson(tmp_path / "c.geojson", [({"cercle": "Mopti", "parent": "mopti"}, square(0, 0))])
    assert bring(regions, version="2030", named=True).created == 2
    assert bring(cercle, version="2030", named=True).created == 1
    assert set(Area.objects.filter(version__code="2030").values_list("key", "parent__key")) == {
        ("MLI@2030", None), ("mopti@2030", "MLI@2030"), ("kidal@2030", "MLI@2030"), ("mopti-mopti@2030", "mopti@2030"),
    }  # fmt: skip
    assert Area.objects.get(key="kidal@2030").lat == pytest.approx(13.25)
    with pytest.raises(TaamaError):
        begin_version(
            by=OPERATOR,
            code="2030",
            label="x",
            label_en="x",
            valid_from=datetime.date(2031, 1, 1),
            source="x",
        )


def test_without_the_right_nothing_is_read(mali, tmp_path):
    with pytest.raises(NotAllowed):
        import_areas(by=ANONYMOUS, path=tmp_path / "absent.gpkg", version=NEW)


def test_the_command_reports_and_answers_by_its_exit_code(mali, faulty, tmp_path):
    from click.testing import CliRunner

    from taama.places.commands import places

    table = tmp_path / "report.csv"
    done = CliRunner().invoke(places, ["import", str(faulty), "--version", NEW, "--report", str(table)])
    assert done.exit_code == 1 and "Gao" in done.output
    assert len(table.read_text("utf-8-sig").splitlines()) == 1 + 14
    assert CliRunner().invoke(places, ["load"]).exit_code == 0
    assert CliRunner().invoke(places, ["find", "Timbuktu"]).output.count(NEW) == 2


def test_an_outline_far_from_the_known_seat_is_not_taken(mali, tmp_path):
    columns, shapes = cercles()
    shapes[2] = shapely.box(14.2, -4.6, 14.6, -4.2)  # latitude and longitude exchanged
    report = bring(save(tmp_path / "exchanged.gpkg", columns, shapes))
    (far,) = found(report, "places.geometry_far")
    assert far.held and far.place == "Djenné"
    assert Area.objects.get(key=f"ML0503@{NEW}").outline == ""
    assert outline("ML0501").area > 0
