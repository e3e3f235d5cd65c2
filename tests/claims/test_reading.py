"""Numbers, dates and lists of claims are read as they are meant, or refused with the place and the remedy."""

from datetime import date
from fractions import Fraction

import pytest

from taama.base.errors import MethodError
from taama.base.messages import LANGUAGES, message
from taama.claims.methods import read_claims
from taama.claims.methods.dates import span, stamps
from taama.claims.methods.numbers import read_number, read_numbers

NUMBERS = (
    ("262,103", "en", 262_103), ("262 103", "fr", 262_103), ("262\u00a0103", "fr", 262_103),
    ("262\u202f103", "en", 262_103), ("239 484", "en", 239_484), ("17 513 700", "fr", 17_513_700),
    ("1,5 million", "fr", 1_500_000), ("1.5 million", "en", 1_500_000), ("2,89 milliards", "fr", 2_890_000_000),
    ("700, 000 $", "en", 700_000), ("$17.5M", "en", 17_500_000), ("1.234.567,8", "fr", Fraction(12345678, 10)),
    ("4,79", "fr", Fraction(479, 100)), ("0,125", "fr", Fraction(1, 8)), ("sept pour cent", "fr", 7),
    ("seven per cent", "en", 7), ("60 %", "fr", 60), ("7.4%", "en", Fraction(74, 10)), ("2,125 %", "fr", Fraction(2125, 1000)),
    ("quatre-vingt-dix-sept", "fr", 97), ("soixante et onze", "fr", 71), ("vingt et un", "fr", 21),
    ("deux cent cinquante mille", "fr", 250_000), ("trois millions deux cent mille", "fr", 3_200_000),
    ("two thousand five hundred and seven", "en", 2507), ("forty-three", "en", 43), ("54 mille", "fr", 54_000),
    ("une centaine", "fr", 100), ("a dozen", "en", 12), ("five (5)", "en", 5), ("cinq (5)", "fr", 5),
)  # fmt: skip


@pytest.mark.parametrize(("text", "language", "value"), NUMBERS)
def test_numbers_of_both_languages(text, language, value):
    assert read_number(text, language).value == value


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("262,103", 262_103, 262_103), ("862,000", 861_500, 862_500), ("3,000,000", 2_995_000, 3_005_000),
        ("1.5 million", 1_450_000, 1_550_000), ("about 300", 250, 350), ("more than 15,000", 15_000, float("inf")),
        ("up to 40", 0, 40), ("between 10 and 20", 10, 20), ("50", 50, 50),
    ],
)  # fmt: skip
def test_what_a_count_can_stand_for(text, low, high):
    interval = read_number(text, "en").counted()
    assert (interval.low, interval.high) == (low, high)


def test_a_percentage_is_rounded_to_its_last_digit_or_cut_off():
    tight, wide = read_number("7 %").computed(), read_number("7 %").computed(wide=True)
    assert (tight.low, tight.high) == (Fraction(13, 2), Fraction(15, 2))
    assert wide.high < 8 and wide.high > Fraction(799, 100)


def test_ages_durations_and_years_are_no_counts():
    kinds = {
        n.text: n.kind
        for n in read_numbers("51 children aged 5 to 17, girls under 5, over 31 days, 3 villages", "en")
    }
    assert kinds["51"] == kinds["3"] == "count"
    assert {kind for text, kind in kinds.items() if text not in ("51", "3")} == {"measure"}


@pytest.mark.parametrize(
    "text", ["un ménage déplacé", "une femme", "one of the few", "UN agencies", "un véhicule neuf"]
)
def test_articles_are_no_numbers(text):
    assert read_numbers(text, "fr") == ()


@pytest.mark.parametrize(
    ("text", "fewest", "most"),
    [
        ("du 1er au 31 mars 2022", 31, 31), ("from 1 to 31 March 2022", 31, 31), ("en mars 2022", 31, 31),
        ("between January and March 2020", 31, 91), ("de juin 2016 à mars 2020", 1341, 1400),
        ("between 30 March and 1 April 2020", 3, 3), ("2020-02-01 – 2020-02-29", 29, 29),
        ("from December 2019 to January 2020", 2, 62), ("on May 3, 2020", 1, 1),
    ],
)  # fmt: skip
def test_spans_of_time(text, fewest, most):
    found = span(text)
    assert (found.fewest_days, found.most_days) == (fewest, most)


def test_a_span_without_end_or_with_two_meanings():
    assert span("since June 2016 until the borders closed").closing is None
    assert span("in March 2020, 5 % more than in May 2019") is None
    assert [s.first for s in stamps("may march on 12/05/2020")] == [date(2020, 5, 12)]


FAULTS = (
    ("[[claim]]\nkind = = 3", "claims.not_toml", 2, ""),
    ("", "claims.empty", None, ""),
    ('claim = "x"', "claims.empty", None, ""),
    ('[[claim]]\nkind = "guess"', "claims.kind_unknown", 1, "kind"),
    ('[[claim]]\nkind = "sum"\ntotal = 3', "claims.field_missing", 1, "parts"),
    ('[[claim]]\nkind = "sum"\ntotal = 3\nparts = [1, 2]\nsum = 3', "claims.field_unknown", 1, "sum"),
    ('[[claim]]\nkind = "sum"\ntotal = "many"\nparts = [1, 2]', "claims.number_unreadable", 1, "total"),
    ('[[claim]]\nkind = "sum"\ntotal = "3 ou 4"\nparts = [1, 2]', "claims.number_unreadable", 1, "total"),
    ('[[claim]]\nkind = "sum"\ntotal = true\nparts = [1, 2]', "claims.value_unreadable", 1, "total"),
    ('[[claim]]\nkind = "sum"\ntotal = 3\nparts = []', "claims.value_unreadable", 1, "parts"),
    ('[[claim]]\nkind = "share"\nshare = "40 %"\n\n[[claim]]\nkind = "average"\ntotal = 3\naverage = 1\nfirst = "soon"',
     "base.period_unreadable", 2, "first"),
    ('[[claim]]\nkind = "average"\ntotal = 3\naverage = 1\nfirst = "2020-03"\nlast = "2019-03"', "base.period_backwards", 1, "last"),
    ('[[claim]]\nkind = "average"\ntotal = 3\naverage = 1\nlast = "2019-03"', "claims.field_missing", 1, "first"),
    ('[[claim]]\nkind = "change"\nbefore = 3\nafter = 1\ndirection = "sideways"', "claims.value_unreadable", 1, "direction"),
    ('[[claim]]\nkind = "repeat"\nfigures = [3]', "claims.value_unreadable", 1, "figures"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "code", "row", "field"), FAULTS)
def test_a_faulty_list_names_file_claim_and_field(text, code, row, field):
    with pytest.raises(MethodError) as caught:
        read_claims(text, "claims.toml")
    error = caught.value
    assert (error.code, error.where.file, error.where.row, error.where.field) == (
        code,
        "claims.toml",
        row,
        field,
    )
    for language in LANGUAGES:
        assert "{" not in str(message(error.code, language, error.values))
