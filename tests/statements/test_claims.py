"""What the checker says of statements: false ones are found, real ones read as people mean them."""

from fractions import Fraction

import pytest

from taama.base.messages import LANGUAGES, NARROW_SPACE, NO_BREAK_SPACE, catalogue
from taama.claims.methods import extract_claims
from taama.statements.methods import (
    CONSISTENT,
    INCONSISTENT,
    UNCHECKED,
    as_data,
    check_statements,
    read_known,
    showing,
)

KNOWN = """series,unit,period,value,change_percent,keywords,source
Flow monitoring points in Mali,people_per_day,2020-01,293,7,FMP|flow monitoring|points de suivi,IOM dashboard 48
Flow monitoring points in Mali,people_per_day,2020-04,,-55,FMP|flow monitoring|points de suivi,IOM dashboard 52
Flow monitoring points in Mali,people_per_day,2020-05,207,32,FMP|flow monitoring|points de suivi,IOM dashboard 52
Flow monitoring points in Mali,people_per_day,2020-06,417,100,FMP|flow monitoring|points de suivi,IOM report 53
Displaced people in Mali,people,2021-09-30,401736,,displaced|IDP|PDI|déplacé,DTM round 72
"""
FALSE = (
    ("SumOfParts", "401 736 PDI sont réparties entre Mopti (159 027), Gao (97 859) et Ségou (54 885)."),
    ("SumOfParts", "1,250 staff, broken down into 640 nurses and 500 midwives, came."),
    ("SumOfParts", "262,103 migrants (92,833 incoming and 160,270 outgoing) were observed."),
    ("SumOfParts", "1,250 people were trained, namely 640 women and 650 men."),
    ("SumOfParts", "640 women and 610 men, for a total of 1,350 people, were trained."),
    ("SumOfParts", "640 women and 650 men, a total of 1,250, were trained."),
    ("SumOfParts", "92,833 + 169,270 = 262,203"),
    ("SumOfParts", "There were 3,605 entries and 3,769 exits, making a total of 7,474."),
    ("PartOfWhole", "203 migrants, of whom 241 women, were hosted."),
    ("PartOfWhole", "Of the staff, 150 people, including 220 women, were trained."),
    ("Change", "The number of IDPs rose from 375,539 to 391,961, an increase of 7 per cent."),
    ("Change", "The number of IDPs rose from 391,961 to 375,539."),
    ("Change", "The number of IDPs fell from 412,287 to 375,539, a decrease of 12 per cent."),
    ("Change", "IDPs decreased by 19% from 412,287 to 375,539."),
    ("Change", "IDPs decreased by 9% from 375,539 to 412,287."),
    ("Change", "There were 391,961 IDPs in September 2023, up 14% from 375,539 in April."),
    ("Change", "378,363 IDPs were counted, compared with 330,713 in May 2024, an increase of 57,650 people."),
    ("Change", "The share of women rose from 51 per cent to 54 per cent, an increase of 3 per cent."),
    ("Change", "Arrivals tripled from 207 to 417 per day."),
    ("ShareOfCount", "12 of the 19 points assessed (73%) lack water."),
    ("ShareOfCount", "40% of the 19 points lack water."),
    ("ShareOfCount", "63% of the points (10 of 19) lack water."),
    ("ShareOfCount", "Of the 239,484 IDPs, 126,927 (63%) are women."),
    ("ShareOfCount", "126,927 women, or 43% of the 239,484 IDPs, were counted."),
    ("PeriodAverage", "In March 2022, 42,857 people crossed the points, an average of 1,982 people per day."),
    (
        "PeriodAverage",
        "Between June 2016 and March 2020, nearly 262,103 migrants (92,833 incoming and 169,270 outgoing) were observed, representing an average of 344 migrants per day.",
    ),
    ("PeriodAverage", "During 31 days, 6,417 people were observed, or 307 per day."),
    ("Ratio", "401,736 individuals live in 69,696 households, or 4.7 individuals per household."),
    ("CountOfList", "IOM works in four regions: Mopti, Gao and Kidal."),
    ("CountOfList", "IOM works in three regions (Mopti, Gao, Timbuktu and Ménaka)."),
    ("CountOfList", "IOM works in the four regions of Kayes, Mopti and Gao."),
    ("CountOfList", "It works in two regions, including Mopti, Gao and Kidal."),
    ("RepeatedFigure", "They built five (6) border posts."),
    ("PairedLists", "Kayes, Sikasso and Ségou border respectively Mauritania and Burkina Faso."),
    ("SumOfParts", "262 103 migrants (92 833 entrants et 160 270 sortants) ont été observés."),
    ("SumOfParts", "640 femmes et 610 hommes, soit un total de 1 350 personnes, ont été formés."),
    ("SumOfParts", "Au total, 1 250 personnes, à savoir 640 femmes et 650 hommes, ont été formées."),
    ("SumOfParts", "1 250 personnes (740 femmes et 610 hommes) ont été formées."),
    ("PartOfWhole", "203 migrants, dont 241 femmes et 23 enfants, sont hébergés."),
    ("Change", "Le nombre de PDI est passé de 375 539 à 391 961, soit une hausse de 7 %."),
    ("Change", "Le nombre de PDI a baissé de 375 539 à 391 961."),
    ("Change", "Les PDI ont diminué de 19 %, passant de 412 287 à 375 539."),
    (
        "Change",
        "On compte 375 539 PDI en avril 2023 contre 412 287 en décembre 2022, soit une baisse de dix-neuf pour cent.",
    ),
    ("Change", "La part des femmes est passée de 51 % à 54 %, soit une hausse de 3 %."),
    ("Change", "Le nombre de PDI est passé de 412 287 à 375 539, soit une baisse de 46 748 personnes."),
    ("Change", "Les arrivées ont triplé, passant de 207 à 417 par jour."),
    ("Change", "Le nombre de sites a été multiplié par trois, passant de 12 à 24."),
    ("ShareOfCount", "12 des 19 points évalués (73 %) n'ont pas d'eau."),
    ("ShareOfCount", "40 % des 19 points n'ont pas d'eau."),
    ("ShareOfCount", "Sur les 239 484 PDI, 126 927 (63 %) sont des femmes."),
    ("ShareOfCount", "12 points sur 19, soit 73 %, n'ont pas d'eau."),
    (
        "PeriodAverage",
        "En mars 2022, 42 857 personnes ont été observées, soit une moyenne de 1 982 personnes par jour.",
    ),
    (
        "PeriodAverage",
        "Du 1er au 31 mars 2022, 42 857 personnes ont été observées, soit en moyenne 982 par jour.",
    ),
    ("Ratio", "375 539 personnes vivent dans 78 401 ménages, soit 5,79 personnes par ménage."),
    ("CountOfList", "L'OIM travaille dans cinq régions : Mopti, Gao, Tombouctou et Ménaka."),
    ("CountOfList", "Les cinq régions de Mopti, Gao, Tombouctou et Ménaka sont touchées."),
    ("CountOfList", "Cinq (5) cercles (Mopti, Djenné, Ténenkou et Youwarou) sont touchés."),
    ("RepeatedFigure", "Cinq (6) postes ont été construits."),
    (
        "Change",
        "In August 2020, 15,348 movements were observed. This represents a decrease of 29% in comparison with August 2019, when 29,878 movements were observed.",
    ),
    (
        "Change",
        "Le nombre de déplacés est passé de 187 139 en octobre 2019 à 311 193 en octobre 2020, soit une augmentation de près de 40 %.",
    ),
    (
        "ShareOfCount",
        "Sur les 324 millions de dollars recherchés, 160 millions avaient été mobilisés, soit un taux de mobilisation de 59,5 %.",
    ),
)


def only(text, kind="", known=()):
    """The one verdict on a text, or the one on a kind of claim."""
    found = [v for v in check_statements(text, known) if not kind or type(v.claim).__name__ == kind]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("kind", "sentence"), FALSE)
def test_a_false_sentence_is_found_and_nothing_else_is_accused(kind, sentence):
    accused = [v for v in check_statements(sentence) if v.status == INCONSISTENT]
    assert [type(v.claim).__name__ for v in accused] == [kind]


# What the plans and leaflets of 2020 to 2024 state, in short.


def test_total_of_flows_and_its_parts():
    verdict = only("Nearly 262,103 migrants (92,833 incoming and 169,270 outgoing) were observed.")
    assert (verdict.status, verdict.difference) == (CONSISTENT, 0)
    assert showing.arithmetic(verdict, "en") == "92,833 + 169,270 = 262,103"
    assert showing.arithmetic(verdict, "fr") == "92 833 + 169 270 = 262 103".replace(
        " ", NARROW_SPACE
    ).replace(f"{NARROW_SPACE}+{NARROW_SPACE}", " + ").replace(f"{NARROW_SPACE}={NARROW_SPACE}", " = ")


def test_an_average_without_an_end_says_how_long_the_period_would_be():
    text = "Since June 2016 until the borders closed, 262,103 migrants were observed, an average of 344 migrants per day."
    verdict = only(text)
    assert verdict.status == UNCHECKED
    assert verdict.values["implied"] == 762
    assert verdict.values["end"].code == "2018-07"


def test_the_same_average_over_a_dated_period_is_found_wrong():
    text = "Between June 2016 and March 2020, 262,103 migrants were observed, an average of 344 migrants per day."
    verdict = only(text)
    assert verdict.status == INCONSISTENT
    assert round(verdict.values["recomputed"]) == 187


def test_an_average_over_days_that_may_not_all_have_been_observed_is_left_open():
    text = "In March 2022, 42,857 people were counted, an average of 1,587 people per day."  # 27 of 31 days
    assert only(text).code == "statements.claim_average_of_fewer_days"


def test_a_month_is_held_against_what_follows_from_its_neighbour():
    text = "347 individuals were observed daily at the FMPs in April 2020, a decrease by seven per cent from March 2020."
    known = read_known(KNOWN)
    verdict = only(text, known=known)
    assert verdict.status == INCONSISTENT
    assert round(float(verdict.low)) == 156 and round(float(verdict.high)) == 158
    assert [p.code for p in verdict.values["fits"]] == ["2020-03"]
    assert showing.arithmetic(verdict, "en") == "207 ÷ (1 + 32%) = 155.8–157.8 ≠ 347"
    alone = only(text)
    assert alone.status == UNCHECKED and round(float(alone.values["implied"].low)) == 371


def test_a_figure_of_one_place_is_not_held_against_the_country():
    text = "120 individuals were observed daily at the Gogui FMP in April 2020."
    assert only(text, known=read_known(KNOWN)).code == "statements.claim_known_other_scope"


def test_a_stock_is_held_against_the_round():
    said = "In September 2021, {} individuals were displaced."
    assert only(said.format("401,736"), known=read_known(KNOWN)).status == CONSISTENT
    assert only(said.format("410,736"), known=read_known(KNOWN)).status == INCONSISTENT
    assert check_statements(said.format("401,736")) == []


def test_a_stated_change_is_held_against_the_known_one():
    text = "En mai 2020, 207 personnes par jour ont été observées aux points de suivi (+42 %)."
    assert only(text, known=read_known(KNOWN)).code == "statements.claim_known_change_differs"


ASSESSED = "The team assessed 13 border crossing points, 6 internal transit points and 16 cordons. "


@pytest.mark.parametrize(("share", "possible"), [("40%", "6/15"), ("69%", "11/16")])
def test_a_share_without_its_base_is_tried_on_counts_stated_elsewhere(share, possible):
    verdict = only(
        f"{ASSESSED}{share} of the border and transit points assessed have no post.", "ShareOfCount"
    )
    assert verdict.code == "statements.claim_share_impossible_elsewhere"
    assert verdict.status == UNCHECKED
    assert possible in showing.text(verdict, "en") and "19 (13 + 6)" in showing.text(verdict, "en")


def test_a_share_of_something_never_counted_has_no_base():
    verdict = only(f"{ASSESSED}57% of the communal points assessed have no board.", "ShareOfCount")
    assert verdict.code == "statements.claim_share_without_count"


def test_shares_that_make_a_hundred_are_shares_of_their_parts():
    text = "La population est constituée de {} % de femmes (222 461) et de {} % d'hommes (169 500)."
    assert {v.status for v in check_statements(text.format(57, 43))} == {CONSISTENT}
    assert {v.status for v in check_statements(text.format(62, 38))} == {INCONSISTENT}


def test_a_share_with_its_base_is_possible_or_not():
    assert only("40% of the 19 points have no post.").status == INCONSISTENT
    assert only("40% of the 15 points have no post.").status == CONSISTENT
    assert only("36% of the 19 points have no post.").status == UNCHECKED  # 7 of 19 is 36.8 %, cut off
    assert only("40% of the 12 sites and 7 points have no post.", "ShareOfCount").status == UNCHECKED


def test_a_budget_table_with_a_stray_space():
    rows = (150, 700, 150, 80, 320, 750, 150, 375, 100, 175, 50)
    table = "\n\n".join(f"Pillar {chr(65 + n)} ● {v},000" for n, v in enumerate(rows)).replace(
        "700,000", "700, 000 $"
    )
    good = only(f"AMOUNT (USD)\n\n{table}\n\nTOTAL  3,000,000 USD", "SumOfParts")
    assert good.status == CONSISTENT and len(good.claim.parts) == 11
    bad = only(f"AMOUNT (USD)\n\n{table}\n\nTOTAL  3,020,000 USD", "SumOfParts")
    assert (bad.status, bad.difference) == (INCONSISTENT, 20_000)


def test_two_columns_whose_totals_stand_on_their_own_below():
    table = (
        "Save lives 7,363,700 416,500\nAddress drivers 6,500,000 123,500\nPreparedness 3,000,000 10,000\n"
        "Evidence 650,000 0\n\n$17,513,700\nFunding Required\n\n550,000\nPeople Targeted\n"
    )
    found = [v for v in check_statements(table) if type(v.claim).__name__ == "SumOfParts"]
    assert [(v.status, int(v.claimed)) for v in found] == [(CONSISTENT, 17_513_700), (CONSISTENT, 550_000)]


def test_subtotals_in_a_table_are_not_added_twice():
    table = "Budget (USD)\nProtection 500,000\nGBV 200,000\nCase work 300,000\nHealth 250,000\nTotal 750,000"
    assert only(table, "SumOfParts").status == CONSISTENT


def test_a_table_of_people_may_count_them_twice_or_leave_rows_out():
    activities = "Eau 10 000\nSanté 20 000\nAbris 5 000\nTotal {}"
    assert only(activities.format("29 500"), "SumOfParts").status == UNCHECKED
    assert only(activities.format("90 000"), "SumOfParts").status == UNCHECKED
    by_sex = "Femmes 641\nHommes 611\nTotal {}"
    assert only(by_sex.format("1 242"), "SumOfParts").status == INCONSISTENT


def test_columns_of_averages_and_shares_are_no_sums():
    table = "Mopti 159 027 27 605 5,8 40 %\nGao 97 859 17 123 5,7 24 %\nTotal 256 886 44 728 5,7 64 %"
    found = [v for v in check_statements(table) if type(v.claim).__name__ == "SumOfParts"]
    assert [(v.status, int(v.claimed)) for v in found] == [(CONSISTENT, 256_886), (CONSISTENT, 44_728)]


def test_a_row_without_all_its_cells_makes_a_table_doubtful():
    table = "Budget USD\nMopti 100 000 200\nGao 150 000\nSégou 50 000 300\nTotal 300 000 500"
    assert {v.status for v in check_statements(table)} <= {CONSISTENT, UNCHECKED}


def test_what_remains_of_a_whole():
    verdict = only("203 migrants (among which 41 women and 23 children) were hosted.")
    assert verdict.status == CONSISTENT and verdict.values["rest"] == 139
    patients = only("Cases confirmed: 806\n\nRecovered Cases: 455\n\nConfirmed Deaths:  46\n")
    assert patients.values["rest"] == 305


def test_names_are_counted():
    posts = "Since 2014 five (5) border posts were built in Sona, Gogui, Zegoua, Diboli and Kouremale."
    assert only(posts).status == CONSISTENT
    offices = "There are four field offices across the country in Kayes, Mopti, Timbuktu and Gao."
    assert only(offices).status == CONSISTENT
    assert only("There are four field offices in Kayes, Mopti and Gao.").status == UNCHECKED


def test_respectively_joins_lists_of_one_length():
    text = (
        "Training at five posts (Kouremale, Zegoua, Sona, Gogui and Diboli, which are neighbouring respectively "
        "Guinea, Cote d'Ivoire, Mauritania, Burkina Faso)."
    )
    assert only(text, "CountOfList").status == CONSISTENT
    assert only(text, "PairedLists").status == INCONSISTENT


def test_the_same_figure_twice_and_nearly_twice():
    same = "Internally displaced persons: 239 484\n\nIn March 2020, 239 484 persons were displaced."
    assert only(same, "RepeatedFigure").status == CONSISTENT
    slip = "In March 239,484 persons were displaced.\n\nOf the 239,844 persons displaced, few returned."
    assert only(slip, "RepeatedFigure").code == "statements.claim_near_repeat"
    facilities = "We support 70 health facilities.\n\nKits went to 71 healthcare facilities."
    assert only(facilities, "RepeatedFigure").status == UNCHECKED


def test_a_false_cut_of_two_readings_is_not_accused():
    """44.084 is forty-four thousand to one writer, forty-four and a bit to another."""
    assert only("44.084 bénéficiaires (20.000 femmes et 24.084 hommes) ont été touchés.").status == CONSISTENT
    assert only("Le taux passe de 40.084 % à 44.084 %, soit une hausse de 4 points.").status == CONSISTENT


# Where it stands


def test_a_claim_knows_its_sentence_its_characters_and_its_line():
    text = "Title\n\nIntroduction to the plan.\n\nIn all, 92,833 migrants entered and\n\n169,270 left, a total of 262,103.\n"
    (claim,) = extract_claims(text)
    assert claim.passage.line == 5
    assert " ".join(text[claim.passage.start : claim.passage.end].split()) == claim.passage.sentence
    assert claim.passage.sentence.startswith("In all, 92,833") and claim.passage.sentence.endswith("262,103.")


def test_years_dates_telephones_and_addresses_count_nothing():
    text = (
        "Tel: +223 20 22 76 97, B.P. 288. On 15 May 2020 and in 2021-2022, COVID-19 and IHR 2005, see "
        "https://example.org/2020/12/19 (12/03/2021), R72, 24/7."
    )
    assert extract_claims(text) == []


@pytest.mark.parametrize(
    "text", ["", "   \n\n", "No figure here.", "((((", "⟦0⟧ of ⟦9⟧ (50%)", "1" * 5000, "%%% 12 % % 3"]
)
def test_strange_texts_are_survived(text):
    check_statements(text)


def test_a_long_text_takes_seconds_not_minutes(benchmark_seconds=20):
    import time

    text = (
        "In 2022, 42,857 people (24,325 in and 18,532 out), of whom 12,000 women, 3,000 men and others, " * 8
        + ". "
    ) * 120
    begin = time.perf_counter()
    check_statements(text[:30_000])
    assert time.perf_counter() - begin < benchmark_seconds


# Texts of verdicts


def test_every_verdict_has_its_text_in_both_languages():
    texts = (
        " ".join(sentence for _, sentence in FALSE)
        + "\n\n"
        + ASSESSED
        + "40% of the transit points assessed do."
    )
    for verdict in check_statements(texts, read_known(KNOWN)):
        for language in LANGUAGES:
            data = as_data(verdict, language)
            assert "{" not in data["text"] and "Fraction" not in data["text"] + data["arithmetic"]
            assert verdict.code in catalogue()


def test_numbers_of_verdicts_are_written_as_the_reader_writes():
    verdict = only("Le nombre de PDI est passé de 412 287 à 375 539, soit une baisse de 12 %.")
    assert "8.9%" in showing.text(verdict, "en")
    assert f"8,9{NO_BREAK_SPACE}%" in showing.text(verdict, "fr")
    assert as_data(verdict, "en")["claimed"] == 12
    assert verdict.claimed == Fraction(12)
