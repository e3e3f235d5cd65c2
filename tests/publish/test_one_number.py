"""The promise of a snapshot: one number, the same wherever it is read."""

import csv
import io
import json
import re

import openpyxl
import pytest
from pypdf import PdfReader

from taama.opendata.datasets.columns import COLUMNS
from taama.project import assets
from tests.snapshots import COUNTRY

pytestmark = pytest.mark.django_db
PRESENT = "mobility.idp_present"


def digits(text):
    """The text with the spaces and commas inside numbers taken out."""
    return re.sub(r"(?<=\d)[\u202f\u00a0 ,](?=\d{3})", "", text)


def as_page(client, series):
    return digits(re.sub(r"<[^>]+>", " ", client.get("/", {"series": series}).content.decode()))


def as_pdf(client, series):
    found = []
    for language in ("fr", "en"):
        pdf = PdfReader(io.BytesIO(client.get(f"/reports/1.{language}.pdf", {"series": series}).content))
        found.append(digits(" ".join(page.extract_text() for page in pdf.pages)))
    return found


def as_csv(client, period):
    rows = csv.DictReader(io.StringIO(client.get("/data/1/figures.csv").content.decode()))
    return value_of(rows, period)


def as_workbook(client, period):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/data/1/figures.xlsx").content))
    names = [column.name for column in COLUMNS]
    rows = [
        {name: "" if cell is None else cell for name, cell in zip(names, row, strict=True)}
        for page in book.worksheets[1:]
        for row in page.iter_rows(min_row=2, values_only=True)
    ]
    return value_of(rows, period)


def value_of(rows, period):
    wanted = {"definition": PRESENT, "place": COUNTRY, "period": period, "category": ""}
    (row,) = (row for row in rows if all(row[name] == value for name, value in wanted.items()))
    return int(row["value"])


def as_map(client, series):
    features = json.loads(client.get("/data/1/figures.geojson").content)["features"]
    (found,) = (
        f for f in features if f["properties"]["place"] == COUNTRY and f["properties"]["series"] == series
    )
    return found["properties"]["idp_present"]


def as_own_interface(client, period):
    query = {"definition": PRESENT, "place": COUNTRY, "period": period, "category": "none"}
    (found,) = client.get("/api/v1/figures", query).json()["results"]
    return found["value"]


def as_dtm(client, operation, day):
    query = {"Operation": operation, "FromReportingDate": day, "ToReportingDate": day}
    return sum(
        row["numPresentIdpInd"] for row in client.get("/v3/displacement/admin0", query).json()["result"]
    )


@pytest.mark.parametrize(
    ("series", "period", "day", "operation", "number"),
    [
        ("dtm_mali", "2024-09-30", "2024-09-30", "Mali Conflict", 378363),
        ("simulated", "2026-1", "2026-03-31", "Mali – simulated", 49680),
    ],
)
def test_one_number_everywhere(client, snapshot, series, period, day, operation, number):
    assets.build()
    assert str(number) in as_page(client, series)
    assert all(str(number) in text for text in as_pdf(client, series))
    assert as_csv(client, period) == as_workbook(client, period) == number
    assert as_map(client, series) == as_own_interface(client, period) == number
    assert as_dtm(client, operation, day) == number
