"""The files of a snapshot: complete, formula-safe, described, and silent about what is too small."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st

from taama.base.policy import ANONYMOUS
from taama.base.sensitivity import S0
from taama.figures.models import PublishedFigure
from taama.opendata.datasets.build import MEDIA_TYPES, NAMES, dataset
from taama.opendata.datasets.columns import COLUMNS
from taama.opendata.datasets.text_file import written
from taama.opendata.datasets.workbook import REAL, SIMULATED

pytestmark = pytest.mark.django_db


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def pages_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def test_csv_has_a_row_for_every_figure(snapshot):
    rows = rows_of(dataset(ANONYMOUS, snapshot, "figures.csv"))
    assert len(rows) == PublishedFigure.objects.filter(snapshot=snapshot).count()
    assert {row["figure"] for row in rows} == {str(f.pk) for f in snapshot.figures.all()}


def test_numbers_are_written_as_they_were_published(snapshot):
    rows = rows_of(dataset(ANONYMOUS, snapshot, "figures.csv"))
    found = {
        (r["place"], r["period"], r["category"]): r for r in rows if r["definition"] == "mobility.idp_present"
    }
    last = found["MLI@2021-12-20", "2024-09-30", ""]
    assert (last["value"], last["simulated"], last["sources"]) == (
        "378363",
        "false",
        "reliefweb.int, septembre 2024",
    )
    mopti = found["ML05@2021-12-20", "2026-1", ""]
    assert [mopti[n] for n in ("value", "low", "high", "coverage_done", "coverage_planned")] == [
        "24310", "22900", "26100", "118", "131",
    ]  # fmt: skip
    assert (mopti["place_name"], mopti["place_code"], mopti["admin_level"], mopti["simulated"]) == (
        "Mopti",
        "ML05",
        "1",
        "true",
    )


def test_suppressed_numbers_are_nowhere(publish):
    from tests.snapshots import COUNTRY, figure

    hidden = figure("idp_present", COUNTRY, "2024-09-30", 7431, low=7430, high=7439, base=7437, marks=frozenset({"suppressed"}),
                    grades={"A": 0.7431}, change={"from": "2023-04-30", "from_value": 7432, "value": -1, "percent": -0.1})  # fmt: skip
    snapshot = publish([hidden])
    for name in MEDIA_TYPES:
        content = dataset(ANONYMOUS, snapshot, name)
        texts = zipped(content).values() if name.endswith("zip") else [content]
        for text in texts:
            assert b"743" not in readable(text), name
    row = rows_of(dataset(ANONYMOUS, snapshot, "figures.csv"))[0]
    assert row["value"] == row["low"] == row["high"] == "" and row["marks"] == "suppressed"


def readable(content):
    """The text of a file, also of the parts of a spreadsheet; identifiers and digests left out."""
    import re

    parts = zipped(content).values() if content[:2] == b"PK" else [content]
    text = b"\n".join(parts)
    return re.sub(rb"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\"bytes\": \d+", b"", text)


def zipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_public_fields_leave(snapshot):
    inside = {name for name, level in PublishedFigure.sensitivity.items() if level > S0}
    assert inside == {"sources"}
    for name in MEDIA_TYPES:
        assert b"01923ac0-1111-7000" not in dataset(ANONYMOUS, snapshot, name), name


def test_real_and_simulated_people_stand_on_different_sheets(snapshot):
    pages = pages_of(dataset(ANONYMOUS, snapshot, "figures.xlsx"))
    flag = [c.name for c in COLUMNS].index("simulated")
    assert {row[flag] for row in pages[REAL][1:]} == {False}
    assert {row[flag] for row in pages[SIMULATED][1:]} == {True}
    head = [str(cell) for cell in pages[REAL][0]]
    assert "Valeur\nValue" in head and "Jour décrit\nDay described" in head


def test_the_first_sheet_tells_what_the_reader_must_know(snapshot):
    pages = pages_of(dataset(ANONYMOUS, snapshot, "figures.xlsx"))
    text = "\n".join(str(cell) for row in next(iter(pages.values())) for cell in row if cell)
    for expected in (
        snapshot.code,
        "ces personnes n'existent pas",
        "these people do not exist",
        "reliefweb.int",
        "Licence",
    ):
        assert expected in text


def test_why_there_is_no_change_stands_in_words_beside_its_code(publish):
    from tests.snapshots import COUNTRY, MOPTI, figure

    reason = {"from": "2022-07-31", "reason": "series.change_common_ground_incomplete",
              "values": {"missing": [MOPTI, "Douentza"], "ground": "Mopti"}}  # fmt: skip
    snapshot = publish([figure("idp_present", COUNTRY, "2024-09-30", 5000, change=reason)])
    row = rows_of(dataset(ANONYMOUS, snapshot, "figures.csv"))[0]
    assert row["change_withheld"] == reason["reason"]
    assert "Mopti, Douentza" in row["change_withheld_fr"] and "Mopti, Douentza" in row["change_withheld_en"]
    assert row["change_withheld_fr"].startswith("Variation non calculée")


def test_no_licence_is_asserted_that_nobody_granted(snapshot):
    described = json.loads(dataset(ANONYMOUS, snapshot, "datapackage.json"))
    assert "licenses" not in described and "notspecified" not in json.dumps(described)
    assert "personne n'en a accordé" in described["rights"]["fr"] and "Cite the source" in described["rights"]["en"]


def test_text_is_never_a_formula(publish):
    from tests.snapshots import COUNTRY, figure

    evil = '=HYPERLINK("x","y")'
    snapshot = publish(
        [figure("idp_present", COUNTRY, "2024-09-30", 5000, sources=(evil,), method="@SUM(1)")]
    )
    book = openpyxl.load_workbook(io.BytesIO(dataset(ANONYMOUS, snapshot, "figures.xlsx")))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value]
    assert evil in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    assert not any(cell.hyperlink for cell in cells)
    row = rows_of(dataset(ANONYMOUS, snapshot, "figures.csv"))[0]
    assert (row["sources"], row["method"]) == ("'" + evil, "'@SUM(1)")


@given(st.one_of(st.none(), st.booleans(), st.text(max_size=20), st.integers(), st.floats(allow_nan=False)))
def test_a_csv_cell_never_begins_a_formula(value):
    cell = written(value)
    assert not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    if isinstance(value, str) and cell != value:
        assert cell == "'" + value


def test_hxl_row_and_byte_order_mark_only_when_asked_for(client, snapshot):
    address = f"/data/{snapshot.number}/figures.csv"
    plain = client.get(address).content
    tagged = client.get(address, {"hxl": "1"}).content.splitlines()
    marked = client.get(address, {"bom": "1"}).content
    assert plain.startswith(b"snapshot,") and b"#meta+snapshot" not in plain
    assert tagged[1].startswith(b"#meta+snapshot,#meta+simulated,") and tagged[1].count(b"#") == len(COLUMNS)
    assert marked == b"\xef\xbb\xbf" + plain


def test_map_places_figures_on_outlines_and_seats(snapshot):
    content = json.loads(dataset(ANONYMOUS, snapshot, "figures.geojson"))
    found = {(f["properties"]["series"], f["properties"]["place"]): f for f in content["features"]}
    mopti = found["simulated", "ML05@2021-12-20"]
    assert mopti["properties"]["idp_present"] == 24310 and mopti["properties"]["simulated"] is True
    assert mopti["properties"]["idp_present_low"] == 22900
    assert {f["geometry"]["type"] for f in content["features"]} <= {"Point", "Polygon", "MultiPolygon"}
    seat = found["dtm_mali", "menaka@2023"]["geometry"]
    assert seat["type"] == "Point" and 1 < seat["coordinates"][0] < 4 and 15 < seat["coordinates"][1] < 17
    hidden = found["simulated", "ML0501@2021-12-20"]["properties"]
    assert hidden["idp_present"] is None and "suppressed" in hidden["idp_present_marks"]


def test_package_describes_what_it_holds(snapshot, tmp_path):
    for name, content in zipped(dataset(ANONYMOUS, snapshot, "taama.zip")).items():
        (tmp_path / name).write_bytes(content)
    package = Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["type", "note"])
    assert {resource.path for resource in package.resources} == {
        "figures.csv",
        "figures.xlsx",
        "figures.geojson",
    }
    assert package.to_descriptor()["simulated"] is True


def test_the_same_snapshot_gives_the_same_bytes(snapshot):
    for name in NAMES:
        assert dataset(ANONYMOUS, snapshot, name) == dataset(ANONYMOUS, snapshot, name), name


def test_a_reader_who_has_the_file_is_not_sent_it_again(client, snapshot):
    address = f"/data/{snapshot.number}/figures.csv"
    first = client.get(address)
    assert first["Content-Type"] == "text/csv" and "taama-S1-figures.csv" in first["Content-Disposition"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content


def test_what_is_not_there_is_said_so(client, snapshot):
    assert client.get("/data/99/figures.csv").status_code == 404
    assert client.get(f"/data/{snapshot.number}/secrets.csv").status_code == 404
    assert client.post(f"/data/{snapshot.number}/figures.csv").status_code == 405
