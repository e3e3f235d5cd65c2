"""The DTM interface, driven by the clients that exist: the Python client itself, and the habits of the one in R."""

from datetime import date

import pytest

from tests.snapshots import COUNTRY, GAO, MENAKA, MOPTI, ORIGIN, figure, published_series

pytestmark = pytest.mark.django_db
DAY = date(2021, 9, 30)
ROW_0 = [
    "operation", "admin0Name", "admin0Pcode", "numPresentIdpInd", "reportingDate", "yearReportingDate",
    "monthReportingDate", "roundNumber", "displacementReason", "numberMales", "numberFemales", "idpOriginAdmin1Name",
    "idpOriginAdmin1Pcode", "assessmentType",
]  # fmt: skip


def rows(client, level, **query):
    answer = client.get(f"/v3/displacement/admin{level}", query).json()
    assert answer["isSuccess"], answer["errorMessages"]
    assert answer["totalRecordsCount"] == len(answer["result"]) and answer["statusCode"] == 200
    return answer["result"]


def refusal(client, level=0, **query):
    response = client.get(f"/v3/displacement/admin{level}", query)
    answer = response.json()
    assert response.status_code == 200 and not answer["isSuccess"] and answer["statusCode"] == 400
    return answer["errorMessages"][0]


@pytest.fixture
def dtm(live_server, monkeypatch):
    """The real client, its addresses turned to our server."""
    import dtmapi.api

    for name in [name for name in vars(dtmapi.api) if name.endswith("_API")]:
        there = getattr(dtmapi.api, name)
        monkeypatch.setattr(dtmapi.api, name, there.replace("https://dtmapi.iom.int", live_server.url))
    return dtmapi.api.DTMApi(subscription_key="any", max_retries=0)


@pytest.mark.django_db(transaction=True)
def test_the_real_client_reads_everything(dtm, snapshot):
    assert dtm.get_all_countries().to_dict("records") == [{"admin0Name": "Mali", "admin0Pcode": "MLI"}]
    operations = dtm.get_all_operations()
    assert list(operations) == ["operation", "operationStatus", "admin0Name", "admin0Pcode"]
    assert set(operations["operation"]) == {"Mali Conflict", "Mali – simulated"}
    national = dtm.get_idp_admin0_data(CountryName="Mali")
    assert list(national) == ROW_0
    assert national.set_index("reportingDate")["numPresentIdpInd"]["2024-09-30T00:00:00"] == 378363
    regions = dtm.get_idp_admin1_data(
        Operation="Mali Conflict", FromReportingDate="2023-04-01", ToReportingDate="2023-04-30"
    )
    assert regions["numPresentIdpInd"].sum() == 318727 and regions["id"].is_unique
    cercles = dtm.get_idp_admin2_data(Admin0Pcode="MLI")
    assert len(cercles) == 0


@pytest.mark.django_db(transaction=True)
def test_the_real_client_reads_why_it_was_refused(dtm, snapshot):
    from dtmapi import DTMApiResponseError

    with pytest.raises(DTMApiResponseError, match="FromRoundNumber"):
        dtm._fetch_data(dtm._get_endpoint("admin0"), {"CountryName": "Mali", "FromRoundNumber": "-1"})


def test_rows_have_the_fields_and_types_of_their_level(client, snapshot):
    row = rows(client, 0, CountryName="mali")[0]
    assert list(row) == ROW_0
    assert (
        row["operation"] == "Mali Conflict" and row["admin0Pcode"] == "MLI" and row["assessmentType"] == "BA"
    )
    assert type(row["numPresentIdpInd"]) is int and row["reportingDate"] == "2018-12-31T00:00:00"
    assert (row["yearReportingDate"], row["monthReportingDate"]) == (2018, 12)
    assert (
        row["displacementReason"]
        == row["idpOriginAdmin1Name"]
        == row["idpOriginAdmin1Pcode"]
        == "Not available"
    )
    region = rows(client, 1, CountryName="Mali", Admin1Name="Mopti")[0]
    assert list(region) == [
        "id",
        "operation",
        "admin0Name",
        "admin0Pcode",
        "admin1Name",
        "admin1Pcode",
        *ROW_0[3:],
    ]
    assert region["admin1Pcode"] == "Not available", "the regions of 2023 have no p-code"


def test_parts_are_rows_and_rows_add_up(client, snapshot):
    found = rows(client, 0, Operation="Mali – simulated")
    assert {row["idpOriginAdmin1Name"]: row["numPresentIdpInd"] for row in found} == {
        "Mopti": 31200,
        "Gao": 18480,
    }
    assert sum(row["numPresentIdpInd"] for row in found) == 49680
    assert {row["roundNumber"] for row in found} == {202601}


def test_simulated_people_answer_only_to_their_name(client, snapshot):
    for query in ({"CountryName": "Mali"}, {"Admin0Pcode": "MLI"}, {"Operation": "Mali Conflict"}):
        for level in (0, 1, 2):
            assert {row["operation"] for row in rows(client, level, **query)} <= {"Mali Conflict"}
    named = rows(client, 1, Operation="mali – simulated")
    assert {row["operation"] for row in named} == {"Mali – simulated"}
    assert {row["admin1Name"]: row["numPresentIdpInd"] for row in named} == {
        "Mopti": 24310,
        "Gao": 14870,
        "Ménaka": 10494,
    }
    assert {row["admin1Pcode"] for row in named} == {"ML05", "ML07", "ML10"}


def test_what_is_too_small_to_publish_is_no_row(client, snapshot):
    cercles = rows(client, 2, Operation="Mali – simulated")
    assert {row["admin2Name"]: row["numPresentIdpInd"] for row in cercles} == {"Mopti": 24301, "Gao": 14870}


def parted(publish, place, total, parts, hidden=()):
    found = [figure("idp_present", place, "72", total, as_of=DAY, extra={"round": 72})]
    for category, value in parts:
        marks = frozenset({"suppressed"}) if category in hidden else frozenset()
        found.append(
            figure("idp_present", place, "72", value, as_of=DAY, category=category, marks=marks, base=total)
        )
    return publish(found)


def test_reason_and_origin_together_are_preferred_and_the_rest_is_kept(client, publish):
    conflict, other = {"reason": "conflict", "origin": ORIGIN}, {"reason": "other", "origin": GAO}
    parted(publish, MOPTI, 1000, [(conflict, 700), (other, 250), ({"origin": ORIGIN}, 1000)])
    found = [
        (r["displacementReason"], r["idpOriginAdmin1Pcode"], r["numPresentIdpInd"])
        for r in rows(client, 1, CountryName="Mali")
    ]
    assert found == [
        ("Conflict", "ML05", 700),
        ("Other reason", "ML07", 250),
        ("Not available", "Not available", 50),
    ]


def test_a_hidden_part_is_not_given_away_by_the_others(client, publish):
    parted(
        publish, MOPTI, 1000, [({"origin": ORIGIN}, 993), ({"origin": GAO}, None)], hidden=({"origin": GAO},)
    )
    found = rows(client, 1, CountryName="Mali")
    assert [row["numPresentIdpInd"] for row in found] == [1000]


def test_males_and_females_only_where_they_add_up(client, publish):
    parted(publish, MOPTI, 1000, [({"sex_age": "female_18_59"}, 530), ({"sex_age": "male_18_59"}, 470)])
    row = rows(client, 1, CountryName="Mali")[0]
    assert (row["numberFemales"], row["numberMales"]) == (530, 470)
    parted(publish, MOPTI, 1000, [({"sex_age": "female_18_59"}, 530), ({"sex_age": "male_18_59"}, 400)])
    row = rows(client, 1, CountryName="Mali")[0]
    assert (row["numberFemales"], row["numberMales"]) == (None, None)


def test_days_and_rounds_select(client, publish):
    parted(publish, MENAKA, 500, [])
    assert [
        r["roundNumber"] for r in rows(client, 1, CountryName="Mali", FromRoundNumber=72, ToRoundNumber=72)
    ] == [72]
    assert rows(client, 1, CountryName="Mali", FromRoundNumber=73) == []
    assert rows(client, 1, CountryName="Mali", ToReportingDate="2021-09-29") == []
    assert len(rows(client, 1, CountryName="Mali", FromReportingDate="2021-09-30")) == 1


def test_a_round_of_zero_is_no_condition(client, real):
    """The client in R sends it where its user said nothing."""
    assert len(rows(client, 0, CountryName="Mali", FromRoundNumber=0, ToRoundNumber=0)) == 7


def test_faults_are_named_as_the_clients_name_them(client, real):
    assert (
        refusal(client)
        == "At least one of the following parameters is required: Operation, CountryName, Admin0Pcode"
    )
    assert "YYYY-MM-DD" in refusal(client, CountryName="Mali", FromReportingDate="31/12/2024")
    assert "ToReportingDate" in refusal(client, CountryName="Mali", ToReportingDate="2024-02-30")
    assert ">= 1" in refusal(client, CountryName="Mali", ToRoundNumber="-3")
    assert "before or equal" in refusal(
        client, CountryName="Mali", FromReportingDate="2024-01-02", ToReportingDate="2024-01-01"
    )
    assert "before or equal" in refusal(client, CountryName="Mali", FromRoundNumber=9, ToRoundNumber=8)


def test_a_country_that_is_not_ours_has_no_rows(client, real):
    assert rows(client, 0, CountryName="Tchad") == []


def test_nothing_published_is_an_empty_answer(client, mali):
    assert rows(client, 0, CountryName="Mali") == []


def test_a_key_is_accepted_and_not_needed(client, real):
    headers = {"Ocp-Apim-Subscription-Key": "x"}
    assert client.get("/v3/displacement/country-list", headers=headers).json()["result"] == [
        {"admin0Name": "Mali", "admin0Pcode": "MLI"}
    ]


def test_published_totals_are_one_row_each(client, publish):
    publish(published_series())
    found = rows(client, 0, Operation="Mali Conflict")
    assert [row["numPresentIdpInd"] for row in found] == [
        120298,
        207751,
        332957,
        401736,
        350110,
        375539,
        378363,
    ]
    assert COUNTRY.startswith(found[0]["admin0Pcode"])
