"""P-codes as they are really written: repaired where that is certain, never otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.places.methods import codes
from taama.places.methods.codes import agreement, best_version, broken_nesting, repair

CODES = st.integers(1, 3).flatmap(
    lambda level: st.text("0123456789", min_size=2 * level, max_size=2 * level).map(
        lambda digits: "ML" + digits
    )
)


@given(CODES, st.sampled_from([" ", "\u00a0", "\t", "   "]), st.booleans(), st.booleans(), st.integers(0, 6))
def test_slips_of_typing_are_mended_and_said(code, gap, lower, iso3, where):
    written = code.replace("ML", "MLI", 1) if iso3 else code
    written = (written[:where] + gap + written[where:] + gap).lower() if lower else written + gap
    repaired = repair(written)
    assert repaired.code == code
    assert repaired.changes
    assert (codes.ISO3 in repaired.warnings) == iso3
    assert repair(repaired.code) == codes.Repaired(code), "mending twice changes nothing"


@pytest.mark.parametrize(
    "written", ["", "ML7", "ML070", "BF07", "Mopti", "ML-05", "MLAB", "7", "ML0Z", "MLOI"]
)
def test_what_is_not_certain_is_not_mended(written):
    assert repair(written).code is None


def test_letters_in_place_of_digits_are_mended_with_a_warning():
    assert repair("MLO5O6") == codes.Repaired("ML0506", (codes.LETTERS,))
    assert repair("ML0lO6") == codes.Repaired("ML0106", (codes.CASE, codes.LETTERS))


def test_the_country_has_one_code():
    assert {repair(written).code for written in ("ML", "MLI", "mli ", " ML")} == {"MLI"}


def test_a_row_whose_codes_do_not_nest_is_found():
    assert broken_nesting(["MLI", "ML01", "ML0102", "ML010614"]) == [("ML0102", "ML010614")]
    assert broken_nesting(["ML", "ML01", "", "ML010614"]) == []
    assert broken_nesting(["ML05", "ML05"]) == [("ML05", "ML05")]


@given(CODES)
def test_a_code_nests_in_its_parent(code):
    assert codes.nests(codes.parent_of(code), code)
    assert codes.level_of(codes.parent_of(code)) == codes.level_of(code) - 1


VERSIONS = {
    "2015": {"ML0501": ["Mopti"], "ML0502": ["Bandiagara"], "ML0507": ["Koro"]},
    "2021": {"ML0501": ["Bandiagara"], "ML0505": ["Koro"], "ML0506": ["Mopti"]},
}


def test_names_and_codes_agree_within_one_version_only():
    assert agreement("ML0501", "Cercle de Mopti", VERSIONS["2015"]) == codes.AGREES
    assert agreement("ML0501", "Mopti", VERSIONS["2021"]) == codes.CONTRADICTS
    assert agreement("ML0599", "Mopti", VERSIONS["2021"]) == codes.UNKNOWN_CODE
    assert agreement("ML0501", " ", VERSIONS["2021"]) == codes.NO_NAME


def test_the_version_of_a_file_is_told_by_its_pairs():
    found = best_version([("ML0501", "MOPTI"), ("ML0502", "Bandiagara"), ("ML0502", "Bandiagara")], VERSIONS)
    assert found.version == "2015"
    assert found.fits[0] == codes.Fit("2015", agree=2, contradict=0, unknown=0)


def test_no_version_is_better_than_a_guess():
    assert best_version([("ML0501", "Gao")], VERSIONS).version is None
    assert best_version([], VERSIONS).version is None
    both = {"2015": {"ML09": ["Bamako"]}, "2021": {"ML09": ["Bamako"]}}
    assert best_version([("ML09", "Bamako")], both).version is None


@given(st.permutations(list(VERSIONS["2021"].items())))
def test_the_order_of_the_rows_does_not_matter(pairs):
    assert best_version([(code, own[0]) for code, own in pairs], VERSIONS).version == "2021"
