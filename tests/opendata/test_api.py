"""Our own interface: what it documents is what it answers, and it reads strictly."""

import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from taama.base.policy import OPERATOR
from taama.figures.actions import Basis, keep_working
from taama.opendata.api.description import ENDPOINTS
from taama.opendata.api.openapi import document
from tests.snapshots import COUNTRY, figure, published_series

pytestmark = pytest.mark.django_db


def get(client, address, status=200, **query):
    response = client.get(address, query)
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"].startswith("application/json")
    return response.json()


def conforms(endpoint, answer):
    """The answer keeps to the schema that the document gives for this address."""
    described = document("en")
    schema = described["paths"][endpoint.path]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    Draft202012Validator(schema | {"components": described["components"]}).validate(answer)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_document_is_valid(language):
    validate(document(language))


def test_the_document_is_served_in_both_languages(client):
    french = get(client, "/api/v1/openapi.json")
    english = client.get("/api/v1/openapi.json", headers={"Accept-Language": "en"}).json()
    assert french == json.loads(json.dumps(document("fr"))) and english["info"] != french["info"]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_answers_keep_to_the_document(client, snapshot, endpoint):
    address = endpoint.path.replace("{id}", str(snapshot.figures.filter(category={}).first().pk))
    conforms(endpoint, get(client, address))


def test_refusals_keep_to_the_document(client, snapshot):
    described = document("en")
    schema = {"$ref": "#/components/schemas/Error", "components": described["components"]}
    Draft202012Validator(schema).validate(get(client, "/api/v1/figures", 400, colour="red"))


def test_every_figure_is_met_once_by_following_next(client, snapshot):
    address, met = "/api/v1/figures?limit=7", []
    while address:
        page = get(client, address)
        assert page["count"] == snapshot.figures.count() and page["snapshot"] == snapshot.code
        met += [found["id"] for found in page["results"]]
        address = page["next"]
    assert len(met) == len(set(met)) == snapshot.figures.count()


def test_following_next_stays_in_the_snapshot_and_the_conditions(client, snapshot, publish):
    first = get(
        client,
        "/api/v1/figures",
        series="simulated",
        category="none",
        definition="mobility.idp_present",
        limit=2,
    )
    publish(published_series())
    second = get(client, first["next"])
    assert second["snapshot"] == snapshot.code and second["count"] == first["count"] == 7
    found = [*first["results"], *second["results"]]
    assert {f["series"] for f in found} == {"simulated"} and all(f["category"] == {} for f in found)


def test_an_unknown_definition_is_an_error_that_names_the_known_ones(client, snapshot):
    answer = client.get("/api/v1/figures", {"definition": "nope"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, "opendata.definition_unknown")
    assert "nope" in error["cause"] and "mobility.idp_present" in error["remedy"]


def test_conditions_select(client, snapshot):
    one = get(client, "/api/v1/figures", place=COUNTRY, period="2026-1", category="sex_age=female_5_17")
    assert [f["value"] for f in one["results"]] == [9120] and one["results"][0]["base"] == 49680
    assert get(client, "/api/v1/figures", place="ML99@1999")["count"] == 0
    assert get(client, "/api/v1/figures", snapshot=1)["count"] == snapshot.figures.count()


def test_a_figure_says_everything_that_defends_it(client, snapshot):
    found = get(client, "/api/v1/figures", place="ML10@2021-12-20", category="none")["results"][0]
    assert (found["value"], found["low"], found["high"]) == (10494, 9600, 11400)
    assert found["coverage"] == {"done": 47, "planned": 65, "what": "localities"}
    assert found["marks"] == ["simulated", "stale"] and found["simulated"] is True
    assert found["place"] == {
        "key": "ML10@2021-12-20", "name": "Ménaka", "code": "ML10", "level": 1, "geography": "2021-12-20",
    }  # fmt: skip
    assert found["change"]["reason"] == "mobility.coverage_too_low" and "percent" not in found["change"]


def test_what_is_suppressed_or_inside_is_not_told(client, snapshot):
    found = get(client, "/api/v1/figures", place="ML0501@2021-12-20")["results"][0]
    assert found["marks"] == ["simulated", "suppressed"]
    assert [found[n] for n in ("value", "low", "high", "base", "change", "grades")] == [None] * 5 + [{}]
    text = client.get("/api/v1/figures").content + client.get(f"/api/v1/figures/{found['id']}").content
    assert b"01923ac0-1111-7000" not in text


def test_revisions_of_a_figure(client, publish):
    publish([figure("idp_present", COUNTRY, "2024-09-30", 378000)])
    second = publish([figure("idp_present", COUNTRY, "2024-09-30", 378363)])
    found = get(client, f"/api/v1/figures/{second.figures.get().pk}")
    assert [(r["snapshot"], r["value"]) for r in found["revisions"]] == [("S2", 378363), ("S1", 378000)]


def test_working_figures_are_not_for_everybody(client, snapshot):
    basis = Basis(position=2)
    working = keep_working(
        by=OPERATOR, figures=[figure("idp_present", COUNTRY, "2025-01-31", 999)], basis=basis
    )
    assert (
        get(client, f"/api/v1/figures/{working.figures.get().pk}", 404)["error"]["code"]
        == "figures.no_figure"
    )
    assert [row["code"] for row in get(client, "/api/v1/snapshots")["results"]] == ["S1"]


def test_snapshots_page_from_new_to_old(client, publish):
    for _ in range(3):
        publish(published_series()[:1])
    first = get(client, "/api/v1/snapshots", limit=2)
    second = get(client, first["next"])
    assert [row["number"] for row in first["results"] + second["results"]] == [3, 2, 1]
    assert first["count"] == second["count"] == 3 and second["next"] is None
    assert client.get(first["results"][0]["files"]["figures.csv"]).status_code == 200


def test_areas_in_their_versions(client, mali):
    regions = get(client, "/api/v1/areas", geography="2021-12-20", level=1)
    assert regions["count"] == len(regions["results"]) == 10
    mopti = next(area for area in regions["results"] if area["name"] == "Mopti")
    assert mopti["parent"] == COUNTRY and mopti["code"] == "ML05" and mopti["lat"] is not None
    inside = get(client, "/api/v1/areas", parent=mopti["key"], limit=3)
    assert {area["level"] for area in inside["results"]} == {2} and inside["count"] > 3
    assert get(client, inside["next"])["results"][0]["key"] > inside["results"][-1]["key"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "opendata.parameter_unknown"),
        ("limit=0", "opendata.parameter_unreadable"),
        ("limit=1001", "opendata.parameter_unreadable"),
        ("limit=five", "opendata.parameter_unreadable"),
        ("limit=٣", "opendata.parameter_unreadable"),
        ("after=1", "opendata.parameter_unreadable"),
        ("category=sex_age", "opendata.parameter_unreadable"),
        ("place=", "opendata.parameter_unreadable"),
        ("place=%00", "opendata.parameter_unreadable"),
        ("place=a&place=b", "opendata.parameter_twice"),
    ],
)
def test_faults_are_refused_with_their_place(client, snapshot, query, code):
    error = client.get(f"/api/v1/figures?{query}")
    assert error.status_code == 400
    body = error.json()["error"]
    assert body["code"] == code and body["where"]["field"] == query.partition("=")[0]
    assert body["cause"] and body["remedy"] and "{" not in body["cause"] + body["remedy"]


def test_errors_speak_the_language_of_the_reader(client, snapshot):
    french = client.get("/api/v1/figures?snapshot=77", headers={"Accept-Language": "fr"}).json()["error"]
    english = client.get("/api/v1/figures?snapshot=77", headers={"Accept-Language": "en"}).json()["error"]
    assert french["code"] == english["code"] == "figures.no_snapshot" and french["cause"] != english["cause"]
    assert client.get("/api/v1/nowhere").json()["error"]["code"] == "opendata.no_address"


def test_nothing_travels_twice(client, snapshot, publish):
    first = client.get("/api/v1/figures")
    assert client.get("/api/v1/figures", headers={"If-None-Match": first["ETag"]}).status_code == 304
    publish(published_series())
    newer = client.get("/api/v1/figures", headers={"If-None-Match": first["ETag"]})
    assert newer.status_code == 200 and newer.json()["snapshot"] == "S2"
    assert (
        client.get("/api/v1/figures?snapshot=1", headers={"If-None-Match": first["ETag"]}).status_code == 304
    )


def test_the_interface_only_reads(client, snapshot):
    for endpoint in ENDPOINTS:
        assert client.post(endpoint.path.replace("{id}", str(snapshot.pk))).status_code == 405


def test_the_page_documents_every_address(client, mali):
    page = client.get("/api").content.decode()
    for endpoint in ENDPOINTS:
        assert endpoint.path in page
        for parameter in endpoint.parameters:
            assert f"<code>{parameter.name}</code>" in page
