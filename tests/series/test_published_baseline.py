"""Published tables: nothing is lost, totals agree to the person, what is mended is said, what is doubtful is flagged."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.base.errors import TaamaError
from taama.base.messages import message
from taama.series.tools.published_baseline.tool import recognises
from tests.series.published import (
    COUNTS,
    END_OF_SEPTEMBER,
    HEADER,
    KAYES,
    KNOWN,
    KORO,
    MOPTI,
    areas,
    as_csv,
    as_workbook,
    codes,
    conformed,
    opened,
    said,
    the,
    total,
)

H = [*HEADER, *COUNTS]


def table(*lines, header=H, **csv):
    return opened(as_csv([header, *lines], **csv))


def line(place=KAYES, households=2, people=12, **changed):
    cells = [*place, households, people]
    for name, value in changed.items():
        cells[
            {
                "date": 0,
                "region": 1,
                "region_code": 2,
                "cercle": 3,
                "cercle_code": 4,
                "commune": 5,
                "code": 6,
            }[name]
        ] = value
    return cells


# Facts


def test_one_fact_for_each_place_and_group():
    facts = conformed(table(line(KAYES, 2, 12), line(MOPTI, 30, 151)))
    rows = facts.select(
        "place",
        "place_kind",
        "area",
        "geography",
        "date",
        "precision",
        "round",
        "group",
        "households",
        "people",
    )
    assert rows.rows() == [
        (
            "ML010312@2021-12-20",
            "area",
            "ML0103@2021-12-20",
            "2021-12-20",
            END_OF_SEPTEMBER,
            "day",
            "",
            "idp",
            2,
            12,
        ),
        (
            "ML050611@2021-12-20",
            "area",
            "ML0506@2021-12-20",
            "2021-12-20",
            END_OF_SEPTEMBER,
            "day",
            "",
            "idp",
            30,
            151,
        ),
    ]
    assert facts["status"].unique().to_list() == ["published"]
    assert facts["series"].unique().to_list() == ["dtm_mali"]


def test_nothing_understood_is_lost_and_nothing_else_either():
    raw = as_csv([["Titre"], [], [*H, "Observations", ""], [*line(), "eau coupée", "x"], ["Source : DNDS"]])
    sent = opened(raw)
    assert sent.main["kind"].to_list() == ["note", "header", "data", "note"]
    assert sent.main["row"].to_list() == [1, 3, 4, 5]
    data = sent.main.filter(pl.col("kind") == "data")
    assert data.select("Observations", "[K]", "idp_people", "admin3_code").rows() == [
        ("eau coupée", "x", "12", "ML010312")
    ]


def test_an_empty_cell_is_unknown_and_not_zero():
    facts = conformed(table(line(households="", people=12), line(MOPTI, "-", "n/a"), line(KORO, 0, 0)))
    assert facts.select("households", "people").rows() == [(None, 12), (0, 0)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding, separator):
    header = ["Région", "Date", "PDI ménages", "PDI individus"]
    sent = opened(as_csv([header, ["Ségou", "30/09/2022", "1 020", "5 100"]], separator, encoding))
    facts = conformed(sent)
    assert facts.select("place", "households", "people").rows() == [("ML04@2021-12-20", 1020, 5100)]


@pytest.mark.parametrize(
    "written", ["1234", "1 234", "1\u202f234", "1\u00a0234", "1,234", "1.234", "1234.0", "1234,00", " 1234 "]
)
def test_thousands_and_decimals(written):
    assert conformed(table(line(people=written)))["people"].to_list() == [1234]


def test_a_workbook_and_its_csv_say_the_same():
    rows = [H, line(KAYES), line(MOPTI, 30, 151)]
    from_csv, from_workbook = (
        conformed(opened(as_csv(rows))),
        conformed(opened(as_workbook(rows), "table.xlsx")),
    )
    assert from_csv.drop("source").equals(from_workbook.drop("source"))


def test_dates_and_numbers_as_excel_holds_them():
    rows = [H, [datetime(2021, 9, 30), *KAYES[1:], 2.0, 12.0], [44469, *MOPTI[1:], 3, 20]]
    sent = opened(as_workbook(rows), "table.xlsx")
    assert conformed(sent).select("date", "people").rows() == [(END_OF_SEPTEMBER, 12), (END_OF_SEPTEMBER, 20)]
    serial = the("series.date_serial", sent)
    assert serial["values"]["old"], serial["values"]["new"] == ("44469", "2021-09-30")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["30/09/2021", "05/09/2021"], ["2021-09-30", "2021-09-05"]),
        (["09/30/2021", "09/05/2021"], ["2021-09-30", "2021-09-05"]),
        (["septembre 2021", "Sept-21"], ["2021-09-30", "2021-09-30"]),
        (["30 septembre 2021", "1er octobre 2021"], ["2021-09-30", "2021-10-01"]),
    ],
)
def test_dates_as_people_write_them(dates, expected):
    facts = conformed(table(line(date=dates[0]), line(MOPTI, date=dates[1])))
    assert [d.isoformat() for d in facts["date"]] == expected


def test_a_month_stays_a_month():
    assert conformed(table(line(date="septembre 2021")))["precision"].to_list() == ["month"]


@pytest.mark.parametrize(
    ("title", "filename", "day"),
    [
        ("Situation au 30 septembre 2021", "t.csv", "2021-09-30"),
        ("Situation des PDI", "DTM_Mali_Round_72_September_2021.csv", "2021-09-30"),
    ],
)
def test_a_table_without_dates_takes_them_from_its_title_or_name(title, filename, day):
    sent = opened(as_csv([[title], ["Région", "PDI individus"], ["Mopti", "5"], ["Gao", "6"]]), filename)
    assert [d.isoformat() for d in conformed(sent)["date"]] == [day, day]
    assert the("series.date_from_title", sent)["values"]["lines"] == 2


def test_a_table_without_any_date_is_refused():
    with pytest.raises(TaamaError, match="series.date_nowhere"):
        opened(as_csv([["Région", "PDI individus"], ["Mopti", "5"]]))


def test_round_from_a_column_or_the_name():
    assert conformed(table([*line(), "Round 72"], header=[*H, "Round"]))["round"].to_list() == ["72"]
    sent = opened(as_csv([H, line()]), "DTM_Mali_Baseline_Assessment_Round_60.csv")
    assert conformed(sent)["round"].to_list() == ["60"]
    assert the("series.round_from_title", sent)["values"]["round"] == "60"


# What is mended


def test_spaces_that_split_a_code_in_two():
    sent = table(line(MOPTI, 1, 5), line(KORO, 1, 7, region_code="ML05   "))
    mended = the("series.code_trimmed", sent)
    assert (mended["row"], mended["level"], mended["field"]) == (3, "warning", "admin1_code")
    assert (mended["values"]["old"], mended["values"]["new"]) == ("ML05   ", "ML05")
    assert conformed(sent)["area"].to_list() == ["ML0506@2021-12-20", "ML0505@2021-12-20"]


def test_prefix_of_three_letters_and_small_letters():
    sent = table(line(region_code="MLI01", cercle_code="mli0103", code="MLI010312"))
    assert {"series.code_prefix", "series.code_trimmed"} <= codes(sent)
    assert conformed(sent)["place"].to_list() == ["ML010312@2021-12-20"]


def test_codes_with_three_digits_for_each_level_are_of_2015():
    rows = [
        line(region_code="MLI01", cercle_code="MLI001001", code="MLI00100112"),
        line(MOPTI, 1, 9, region_code="MLI05", cercle_code="MLI005001", code="MLI00500111"),
    ]
    sent = table(*rows)
    assert conformed(sent)["area"].to_list() == ["ML0101@2015-04-08", "ML0501@2015-04-08"]
    assert conformed(sent)["place"].to_list() == ["ML010112@2015-04-08", "ML050111@2015-04-08"]
    assert [each["values"]["lines"] for each in said(sent) if each["code"] == "series.code_narrowed"] == [
        2,
        2,
    ]


def test_a_misspelling_is_mended_once_for_all_its_lines():
    koulikoro = ["2021-09-30", "Koulikouro", "ML02", "Kati", "ML0204", "", ""]
    dioila = ["2021-09-30", "Koulikouro", "ML02", "Dioila", "ML0202", "", ""]
    sent = table(line(koulikoro), line(dioila))
    mended = {(each["values"]["old"], each["values"]["new"]): each["values"]["lines"]
              for each in said(sent) if each["code"] == "series.name_repaired"}  # fmt: skip
    assert mended == {("Koulikouro", "Koulikoro"): 2, ("Dioila", "Dioïla"): 1}
    assert conformed(sent)["area"].to_list() == ["ML0204@2021-12-20", "ML0202@2021-12-20"]


def test_a_misspelling_that_its_code_confirms_needs_no_list():
    known = {"places.areas": areas().with_columns(pl.lit([], pl.List(pl.String)).alias("names_other"))}
    sent = opened(as_csv([H, line(region="Kayess"), line(MOPTI)]), known=known)
    mended = the("series.name_repaired", sent, known=known)
    assert (mended["values"]["old"], mended["values"]["new"]) == ("Kayess", "Kayes")


def test_repairs_have_texts_with_their_values():
    sent = table(line(MOPTI, 1, 5), line(KORO, 1, 7, region_code="MLI05  "))
    for each in said(sent):
        for language in ("fr", "en"):
            text = str(message(each["code"], language, each["values"]))
            assert "{" not in text, text


# What is doubtful


def test_commune_of_another_cercle():
    sent = table(
        line(),
        line(["2021-09-30", "Kayes", "ML01", "Nioro", "ML0102", "Troungoumbé", "ML010614"], 20, 159),
        line(MOPTI),
    )
    contradiction = the("series.name_contradicts_code", sent)
    assert (contradiction["row"], contradiction["values"]["taken"], contradiction["values"]["code_name"]) == (
        3,
        "Nioro",
        "Diéma",
    )
    assert conformed(sent)["area"].to_list()[1] == "ML0106@2021-12-20"
    nested = table(
        line(["2021-09-30", "Kayes", "ML01", "Diéma", "ML0102", "Troungoumbé", "ML010614"]), line(MOPTI)
    )
    assert the("series.code_not_nested", nested)["values"]["code_name"] == "Nioro"


def test_communes_may_be_coded_in_an_older_version_than_cercles():
    rows = [
        line(code="MLI00100112"), line(MOPTI, code="MLI00500111"),
        line(["2021-09-30", "Gao", "MLI07", "Gao", "ML0703", "Gao", "MLI00700103"]),
    ]  # fmt: skip
    sent = table(*rows)
    assert conformed(sent)["area"].to_list() == [
        "ML0103@2021-12-20",
        "ML0506@2021-12-20",
        "ML0703@2021-12-20",
    ]
    assert conformed(sent)["place"].to_list()[0] == "ML010112@2015-04-08"
    assert the("series.version_by_codes", sent)["values"]["communes"] == "2015-04-08"
    assert "series.code_not_nested" not in codes(sent)


def test_unknown_code_and_unknown_name():
    sent = table(line(), line(MOPTI), line(["2021-09-30", "Gao", "ML07", "Ménaka", "ML0704", "", ""], 5, 50))
    assert the("series.code_unknown", sent)["values"]["code_read"] == "ML0704"
    assert the("series.region_contradicts", sent)["values"]["cercle"] == "Ménaka"
    lost = table(line(), line(cercle="Zanzibar", cercle_code="ML0199", code=""))
    assert the("series.name_unknown", lost)["values"]["name"] == "Zanzibar"
    assert "series.area_not_found" in codes(lost)
    assert conformed(lost)["area"].to_list() == ["ML0103@2021-12-20", "ML01@2021-12-20"]
    assert total(conformed(lost), "idp") == 24


def test_origin_whose_name_contradicts_its_code():
    header = [*H, "Admin 1 Area of Origin of IDP", "admin_1_pcode_origin_majority_present_idp"]
    sent = table([*line(), "Mopti", "MLI07"], [*line(MOPTI), "Gao", "MLI07"], header=header)
    found = the("series.origin_contradicts", sent)
    assert (found["row"], found["values"]["name"], found["values"]["code_name"]) == (2, "Mopti", "Gao")


def test_one_displacement_date_for_everybody():
    header = [*H, "Main displacement start date"]
    rows = [[*line(code=f"ML0103{n:02d}", commune=f"C{n}"), "2012-03-01"] for n in range(1, 12)]
    found = the("mobility.displaced_one_date", table(*rows, header=header))
    assert (found["values"]["displaced"], found["values"]["lines"]) == ("2012-03-01", 11)
    varied = [[*cells[:-1], f"2012-03-{n:02d}"] for n, cells in enumerate(rows, 1)]
    assert "mobility.displaced_one_date" not in codes(table(*varied, header=header))
    assert "mobility.displaced_one_date" not in codes(table(*rows[:9], header=header))


def test_displaced_after_being_counted():
    sent = table([*line(), "2022-03-01"], header=[*H, "Main displacement start date"])
    assert the("mobility.displaced_after_visit", sent)["row"] == 2


@pytest.mark.parametrize(
    ("households", "people", "code"),
    [
        (7, 75, "mobility.household_size"),
        (72, 77, "mobility.household_size"),
        (0, 12, "mobility.households_impossible"),
        (12, 0, "mobility.households_impossible"),
        (7, 70, None),
        (6, 12, None),
        (0, 0, None),
    ],
)
def test_persons_per_household(households, people, code):
    found = codes(table(line(households=households, people=people)))
    assert found & {"mobility.household_size", "mobility.households_impossible"} == (
        {code} if code else set()
    )


def test_returnees_are_from_abroad_and_from_inside():
    header = [*H, "Num_RET_from_Abroad_IND", "Num_Ret_IDP_IND", "Total No# of Returnees Ind#"]
    sent = table([*line(), 5, 7, 12], [*line(MOPTI), 5, 7, 13], header=header)
    found = the("mobility.returnee_sum", sent)
    assert (found["row"], found["values"]["total"], found["values"]["sum"]) == (3, 13, 12)
    assert total(conformed(sent), "returnee") == 25


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-5", "mobility.negative"),
        ("douze", "mobility.not_a_number"),
        ("12,5", "series.number_not_whole"),
        ("=SUM(A1)", "mobility.not_a_number"),
    ],
)
def test_a_cell_that_is_no_count_holds_back_its_line_alone(written, code):
    sent = table(line(people=written), line(MOPTI, 30, 151))
    found = the(code, sent)
    assert (found["row"], found["level"], found["field"], found["values"]["answer"]) == (
        2,
        "error",
        "idp_people",
        written,
    )
    assert found["values"]["column"] == "Total No# of IDPs Ind#"
    assert conformed(sent)["place"].to_list() == ["ML050611@2021-12-20"]
    assert sent.main.filter(pl.col("row") == 2)["idp_people"].to_list() == [written]


def test_a_place_on_two_lines_is_added_up_and_flagged():
    sent = table(line(KAYES, 2, 12), line(MOPTI), line(KAYES, 3, 15))
    assert the("series.place_on_lines", sent)["values"]["first"] == 2
    assert conformed(sent).filter(pl.col("place") == "ML010312@2021-12-20").select(
        "households", "people"
    ).rows() == [(5, 27)]


def test_two_communes_with_one_code_stay_two():
    sent = table(line(KAYES, 2, 12), line(KAYES, 3, 15, commune="Liberté Dembaya"), line(MOPTI))
    facts = conformed(sent)
    assert facts["place"].to_list()[:2] == [
        "ML0103:kayes-commune@2021-12-20",
        "ML0103:liberte-dembaya@2021-12-20",
    ]
    assert facts["people"].to_list()[:2] == [12, 15]


def test_a_line_of_another_country_is_kept_and_not_counted():
    sent = table(["Mali", *line()], ["Niger", *line(MOPTI)], header=["Admin 0", *H])
    assert the("series.country_other", sent)["row"] == 3
    assert conformed(sent).height == 1


def test_doubts_have_texts_with_their_values():
    sent = table(
        line(people="x"), line(KAYES), line(KAYES), line(MOPTI, 1, 900), line(KORO, cercle_code="ML9999"),
        line(KORO, cercle="Nulle part"), line(KORO, region="Gao"), line(KORO, date="hier"), ["Total", *[""] * 6, 1, 2],
    )  # fmt: skip
    found = said(sent)
    assert len({each["code"] for each in found}) >= 10
    for each in found:
        for language in ("fr", "en"):
            assert "{" not in str(message(each["code"], language, each["values"])), each


# Totals


def test_a_totals_line_is_a_check_and_not_counted():
    good = table(line(KAYES, 2, 12), line(MOPTI, 30, 151), ["TOTAL", *[""] * 6, 32, 163])
    assert total(conformed(good), "idp") == 163
    assert "series.total_differs" not in codes(good)
    bad = table(line(KAYES, 2, 12), line(MOPTI, 30, 151), ["Total général", *[""] * 6, 32, 170])
    found = the("series.total_differs", bad)
    assert (
        found["row"],
        found["values"]["total"],
        found["values"]["sum"],
        found["values"]["difference"],
    ) == (4, 170, 163, 7)


def test_subtotals_with_and_without_the_word():
    labelled = table(line(MOPTI, 1, 5), line(KORO, 2, 9), ["", "Total Mopti", *[""] * 5, 3, 14], line(KAYES, 4, 20),
                     ["", "Total Kayes", *[""] * 5, 4, 21])  # fmt: skip
    assert total(conformed(labelled), "idp") == 34
    assert the("series.total_differs", labelled)["row"] == 6
    region = ["2021-09-30", "Mopti", "ML05", "", "", "", ""]
    silent = table(
        line(region, 3, 14), line(MOPTI, 1, 5), line(KORO, 2, 9), line(KAYES, 4, 20), ["", *[""] * 6, 7, 34]
    )
    assert total(conformed(silent), "idp") == 34
    assert silent.main["kind"].to_list() == ["header", "subtotal", "data", "data", "data", "total"]


def test_a_larger_area_that_is_no_sum_is_counted_and_flagged():
    region = ["2021-09-30", "Mopti", "ML05", "", "", "", ""]
    sent = table(line(region, 3, 10), line(MOPTI, 1, 5), line(KORO, 2, 9))
    assert total(conformed(sent), "idp") == 24
    assert the("series.line_overlaps", sent)["row"] == 2


def test_counts_without_a_place_are_held_back_when_they_are_no_total():
    sent = table(line(KAYES, 2, 12), ["2021-09-30", *[""] * 6, 5, 50])
    assert the("series.line_without_place", sent)["level"] == "error"
    assert total(conformed(sent), "idp") == 12


# Sheets


def test_sheets_by_region_are_added_up():
    raw = as_workbook([H, line(KAYES)], "Kayes", Mopti=[H, line(MOPTI, 30, 151)])
    assert total(conformed(opened(raw, "t.xlsx")), "idp") == 163


def test_a_summary_sheet_is_compared_and_not_counted():
    summary = [
        ["Région", "PDI ménages", "PDI individus"],
        ["Kayes", 2, 12],
        ["Mopti", 30, 151],
        ["Total", 32, 163],
    ]
    sent = opened(
        as_workbook([H, line(KAYES), line(MOPTI, 30, 151)], Résumé=summary), "t_septembre_2021.xlsx"
    )
    assert total(conformed(sent), "idp") == 163
    assert "series.summary_sheet" in codes(sent)
    summary[1][2] = 13
    sent = opened(
        as_workbook([H, line(KAYES), line(MOPTI, 30, 151)], Résumé=summary), "t_septembre_2021.xlsx"
    )
    assert "series.summary_sheet_differs" in codes(sent)


def test_a_copied_sheet_is_refused():
    rows = [H, line(KAYES), line(MOPTI)]
    with pytest.raises(TaamaError) as raised:
        opened(as_workbook(rows, Copie=rows), "t.xlsx")
    assert raised.value.code == "series.sheets_repeat"
    assert raised.value.values["sheets"] == ["data", "Copie"]


def test_sheets_of_two_months_stand_side_by_side():
    header, rows = ["Région", "PDI individus"], [["Mopti", 5], ["Gao", 6]]
    raw = as_workbook([header, *rows], "Août 2021", **{"Septembre 2021": [header, *rows]})
    facts = conformed(opened(raw, "t.xlsx"))
    assert sorted(facts["date"].unique()) == [date(2021, 8, 31), date(2021, 9, 30)]
    assert total(facts, "idp") == 22


def test_a_sheet_without_header_is_kept_and_said():
    raw = as_workbook([H, line()], VERIFICATION=[["Row Labels", "IDPs Individuals"], ["Kayes", 12]])
    sent = opened(raw, "t.xlsx")
    assert the("series.sheet_not_read", sent)["values"] == {
        "column": "",
        "sheet": "VERIFICATION",
        "lines": 2,
    }
    assert sent.main.filter(pl.col("kind") == "unread")["[A]"].to_list() == ["Row Labels", "Kayes"]


def test_merged_cells_name_all_their_lines_and_count_once():
    rows = [["Région", "Cercle", "Date", "PDI ménages", "PDI individus"], ["Mopti", "Koro", "2021-09-30", 1, 5],
            ["", "Djenné", "2021-09-30", 2, 9]]  # fmt: skip
    sent = opened(as_workbook(rows, merge=("A2:A3",)), "t.xlsx")
    assert sent.main.filter(pl.col("kind") == "data")["admin1"].to_list() == ["Mopti", "Mopti"]
    assert the("series.merged_cells", sent)["values"]["cells"] == 1
    counted = opened(
        as_workbook([*rows[:2], ["Mopti", "Djenné", "2021-09-30", 2, ""]], merge=("E2:E3",)), "t.xlsx"
    )
    assert total(conformed(counted), "idp") == 5


def test_a_formula_that_was_never_computed_is_no_empty_cell():
    sent = opened(as_workbook([H, line(people="=1+11"), line(MOPTI)]), "t.xlsx")
    assert the("mobility.not_a_number", sent)["values"]["answer"] == "=1+11"


def test_a_size_written_wrong_in_the_file_cuts_nothing_off():
    raw = as_workbook([H, line(KAYES), line(MOPTI, 30, 151)])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'<dimension ref="A1:I3"', b'<dimension ref="A1:B1"'))
    assert total(conformed(opened(changed.getvalue(), "t.xlsx")), "idp") == 163


# Versions of the geography


@pytest.mark.parametrize(
    ("cercles", "version"),
    [
        ([("Mopti", "ML0501"), ("Koro", "ML0507")], "2015-04-08"),
        ([("Mopti", "ML0506"), ("Koro", "ML0505")], "2021-12-20"),
    ],
)
def test_the_version_is_found_by_codes_with_their_names(cercles, version):
    sent = table(*[line(["2021-09-30", "Mopti", "ML05", name, code, "", ""]) for name, code in cercles])
    assert the("series.version_by_codes", sent)["values"]["geography"] == version
    assert conformed(sent)["area"].to_list() == [f"{code}@{version}" for _, code in cercles]


@pytest.mark.parametrize(
    ("day", "regions", "version"),
    [
        ("2013-11-30", ["Mopti", "Gao"], "2015-04-08"),
        ("2021-09-30", ["Mopti", "Gao", "Ménaka"], "2021-12-20"),
        ("2022-07-31", ["Mopti", "Gao"], "2021-12-20"),
        ("2023-04-30", ["Mopti", "Bandiagara"], "2023"),
    ],
)
def test_the_version_is_found_by_names_then_by_date(day, regions, version):
    sent = opened(as_csv([["Date", "Région", "PDI individus"], *[[day, name, 5] for name in regions]]))
    assert conformed(sent)["geography"].unique().to_list() == [version]
    assert codes(sent) & {"series.version_by_names", "series.version_by_date"}


# Clear errors


@pytest.mark.parametrize(
    ("raw", "filename", "code"),
    [
        (b"", "a.csv", "facts.file_empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "facts.file_old_excel"),
        (b"PK\x03\x04 not really a workbook", "a.xlsx", "facts.file_damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.csv", "facts.file_kind_unknown"),
        (b'Region,PDI individus\n"Mopti,5\nGao,6\n', "a.csv", "facts.file_damaged"),
        ("Région,PDI individus\n".encode(), "sept_2021.csv", "series.no_lines"),
    ],
)
def test_files_that_can_not_be_read_say_why(raw, filename, code):
    with pytest.raises(TaamaError) as raised:
        opened(raw, filename)
    assert raised.value.code == code
    for language in ("fr", "en"):
        assert message(code, language, raised.value.values).remedy


def test_a_workbook_without_its_header_says_where_it_looked_and_for_what():
    with pytest.raises(TaamaError) as raised:
        opened(as_workbook([line(KAYES), line(MOPTI)], "Mopti"), "sans_entete.xlsx")
    error = raised.value
    assert (error.code, error.where.file, error.where.sheet) == (
        "series.header_not_found",
        "sans_entete.xlsx",
        "Mopti",
    )
    assert "Admin 1" in message(error.code, "fr", error.values).cause


def test_entities_in_a_workbook_are_refused():
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_workbook([H, line()]))) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                part = (
                    b'<?xml version="1.0"?>' + bomb + part.partition(b"?>")[2]
                    if part.startswith(b"<?xml")
                    else bomb + part
                )
            new.writestr(name, part)
    with pytest.raises(TaamaError, match="facts.file_damaged"):
        opened(changed.getvalue(), "t.xlsx")


def test_without_areas_nothing_can_be_placed():
    empty = {"places.areas": KNOWN["places.areas"].clear()}
    with pytest.raises(TaamaError, match="series.no_gazetteer"):
        opened(as_csv([H, line()]), known=empty)


def test_recognises_its_own():
    assert recognises(as_csv([H, line()]), "a.csv") > 0.8
    assert recognises(as_workbook([H, line()]), "a.xlsx") > 0.8
    assert (
        recognises(as_csv([["Région", "PDI"], ["Mopti", 1]]), "a.csv") > 0.5
    )  # to be refused with its reason
    assert recognises(as_csv([line(KAYES), line(MOPTI)]), "a.csv") >= 0.5  # likewise: it lacks its header
    assert recognises(b"\x89PNG\r\n\0", "a.png") == 0
    assert recognises(as_csv([["nom", "prix"], ["mil", "3"]]), "a.csv") < 0.5


# Totals to the person, whatever the file looks like

LAYOUTS = {
    "idp_households": ["Total No# of IDPs HH", "PDI ménages", "Ménages déplacés"],
    "idp_people": ["Total No# of IDPs Ind#", "PDI individus", "Personnes déplacées (individus)"],
    "repatriate_people": ["Num_RET_from_Abroad_IND", "Rapatriés individus"],
    "returned_idp_people": ["Num_Ret_IDP_IND", "PDI retournées individus"],
}
CERCLES = areas("2021-12-20").filter(pl.col("level") == 2).select("code", "name", "parent").rows()


@st.composite
def files(draw):
    """(raw, filename, sums): a table in a random layout, and what its cells add up to."""
    names = ["idp_people", *draw(st.lists(st.sampled_from([*LAYOUTS][:1] + [*LAYOUTS][2:]), unique=True))]
    places = draw(st.lists(st.sampled_from(CERCLES), unique=True, min_size=1, max_size=12))
    prefix = draw(st.sampled_from(["ML", "MLI", "ml"]))
    spaces = draw(st.sampled_from(["", "   "]))
    number = draw(st.sampled_from(["{}", "{:,}", " {} ", "{}.0"]))
    header = [
        "Date",
        "Cercle",
        "P-code",
        *(draw(st.sampled_from(LAYOUTS[name])) for name in names),
        "Remarque",
    ]
    rows, sums, seen = [], dict.fromkeys(names, 0), []
    for code, name, _ in places:
        counts = [
            draw(st.integers(0, 200_000) if not rows else st.none() | st.integers(0, 200_000)) for _ in names
        ]
        for field, count in zip(names, counts, strict=True):
            sums[field] += count or 0
        written = ["" if count is None else number.format(count) for count in counts]
        rows.append(["2021-09-30", name, prefix + code[2:] + spaces, *written, f"r{len(rows)}"])
        seen.append(f"r{len(seen)}")
    if draw(st.booleans()):
        rows.append(rows[draw(st.integers(0, len(rows) - 1))])  # a place twice
        for field, text in zip(names, rows[-1][3:], strict=False):
            sums[field] += int(float(text.replace(",", ""))) if text.strip() else 0
    if draw(st.booleans()):
        rows.append(["Total", "", "", *(str(sums[name]) for name in names), ""])
    top = draw(st.lists(st.just(["Tableau de suivi"]), max_size=2))
    lines = [*top, header, *rows]
    if draw(st.booleans()):
        return as_workbook(lines), "t.xlsx", sums, seen
    separator = draw(st.sampled_from([",", ";", "\t"]))
    return as_csv(lines, separator, draw(st.sampled_from(["utf-8", "latin-1"]))), "t.csv", sums, seen


@given(files())
@settings(max_examples=60, deadline=None)
def test_totals_are_those_of_the_file_to_the_person(made):
    raw, filename, sums, seen = made
    sent = opened(raw, filename)
    facts = conformed(sent)
    for name, expected in sums.items():
        group, _, unit = name.rpartition("_")
        assert total(facts, group, unit) == expected
    assert set(seen) <= set(sent.main["Remarque"])
    assert "series.total_differs" not in codes(sent)


@given(st.permutations(list(range(9))))
@settings(max_examples=20, deadline=None)
def test_the_order_of_columns_does_not_matter(order):
    rows = [H, line(KAYES), line(MOPTI, 30, 151), line(KORO, 4, 20)]
    shuffled = [[row[n] for n in order] for row in rows]
    wanted = conformed(opened(as_csv(rows)))
    assert conformed(opened(as_csv(shuffled))).equals(wanted)


@pytest.mark.slow
def test_twelve_thousand_lines_take_seconds():
    import time

    cercles = [(code, name) for code, name, _ in CERCLES]
    rows = []
    for n in range(12_000):
        code, name = cercles[n % len(cercles)]
        rows.append(["2021-09-30", "", "", name, f"MLI{code[2:]}", f"Village {n}", "", n % 50, 5 * (n % 50)])
    raw = as_workbook([H, *rows])
    start = time.process_time()
    facts = conformed(opened(raw, "t.xlsx"))
    assert total(facts, "idp") == sum(row[-1] for row in rows)
    assert time.process_time() - start < 20


def test_the_made_workbooks_are_workbooks():
    assert openpyxl.load_workbook(io.BytesIO(as_workbook([H, line()]))).active["A1"].value == "Snapshot Date"


CELLS = st.sampled_from(
    ["", " ", "Région", "Cercle", "PDI individus", "PDI ménages", "Date", "#adm1+name", "#affected+idps+ind", "Mopti", "Gao", "ML05",
     "MLI0501", "2021-09-30", "44469", "12", "-3", "x", "Total", "Total Mopti", "1 204", "\ufeff", "=A1", "Commune I", "Mali"]
) | st.text(max_size=8)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=6), max_size=10), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_table_is_read_or_refused_with_a_reason(rows, recognised):
    """Whatever stands in a file: a text in both languages, or facts that keep the contract."""
    header = [["Date", "Région", "Cercle", "P-code", "PDI ménages", "PDI individus"]] if recognised else []
    try:
        sent = opened(as_csv([*header, *rows]))
    except TaamaError as error:
        for language in ("fr", "en"):
            assert "{" not in message(error.code, language, error.values).cause
        return
    conformed(sent)
    for each in said(sent):
        assert message(each["code"], "fr", each["values"]).cause
    written = {cell.strip() for row in rows for cell in row if cell.strip()}
    kept = {
        text.strip()
        for column in sent.main.select(pl.exclude("findings")).to_dict().values()
        for text in column
        if isinstance(text, str)
    }
    assert {
        cell
        for cell in written
        if cell.isascii() and '"' not in cell and "\r" not in cell and "\n" not in cell
    } <= kept
