"""Names are matched as people write them, and what is only likely is never taken for certain."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taama.base.errors import MethodError
from taama.places.methods import names
from taama.places.methods.names import Entry, candidates, certain, plain, similarity, sound

CERCLES = [
    Entry("ML0504", "Douentza", ("Douenza",), ("ML05",)),
    Entry("ML0505", "Koro", (), ("ML05",)),
    Entry("ML0506", "Mopti", (), ("ML05",)),
    Entry("ML0503", "Djenné", ("Jenné",), ("ML05",)),
    Entry("ML0401", "Barouéli", ("Baraouéli",), ("ML04",)),
    Entry("ML0403", "Macina", ("Ké-Macina",), ("ML04",)),
    Entry("ML0603", "Gourma-Rharous", ("Rharous",), ("ML06",)),
    Entry("ML0605", "Tombouctou", ("Timbuktu",), ("ML06",)),
    Entry("ML0804", "Tin-Essako", (), ("ML08",)),
    Entry("ML1001", "Ménaka", (), ("ML10",)),
    Entry("ML0106", "Nioro", ("Nioro du Sahel",), ("ML01",)),
    Entry("ML0405", "San", (), ("ML04",)),
    Entry("ML0402", "Bla", (), ("ML04",)),
]
ACCENTS = {"e": "éèêë", "a": "àâ", "i": "îï", "o": "ôö", "u": "ùûü", "c": "ç"}
NAMES = st.builds(
    " ".join, st.lists(st.text(string.ascii_lowercase, min_size=2, max_size=8), min_size=1, max_size=3)
).filter(lambda name: plain(name) == name)


@st.composite
def rewritten(draw):
    """A name, and the same name with other accents, case and joints."""
    name = draw(NAMES)
    letters = []
    for letter in name:
        if letter == " ":
            letter = draw(st.sampled_from([" ", "-", "'", "’", "  ", " - ", "_"]))
        elif letter in ACCENTS and draw(st.booleans()):
            letter = draw(st.sampled_from(ACCENTS[letter]))
        letters.append(letter.upper() if draw(st.booleans()) else letter)
    return name, draw(st.sampled_from(["", " "])) + "".join(letters)


@given(rewritten())
def test_accents_case_and_joints_do_not_matter(pair):
    name, other = pair
    assert plain(other) == plain(name)
    assert certain(candidates(other, [Entry("a", name)])).key == "a"


@given(
    rewritten(),
    st.sampled_from(["Cercle de {}", "Région de {}", "Commune rurale de {}", "{} (cercle)", "{} commune"]),
)
def test_administrative_words_do_not_matter(pair, pattern):
    name, other = pair
    begins_with_article = name.split(" ")[0] in ("d", "de", "du", "des", "la", "le", "les", "l")
    if len(name.replace(" ", "")) >= 3 and not begins_with_article:
        assert plain(pattern.format(other)) == name


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8), NAMES, st.randoms())
def test_the_order_of_the_gazetteer_does_not_matter(pairs, asked, chance):
    entries = [Entry(f"k{i}", own, (other,)) for i, (own, other) in enumerate(pairs)]
    mixed = list(entries)
    chance.shuffle(mixed)
    assert candidates(asked, entries) == candidates(asked, mixed)


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    assert (similarity(one, other) == 1) == (plain(one) == plain(other))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Menaka", "ML1001"), ("TIMBUKTU", "ML0605"), ("Cercle de Djenne", "ML0503"), ("gourma rharous", "ML0603"),
        ("Tin Essako", "ML0804"), ("Baraoueli", "ML0401"), ("NIORO DU SAHEL", "ML0106"), ("Ké Macina", "ML0403"),
        ("Commune urbaine de Mopti", "ML0506"), ("Bla", "ML0402"),
    ],
)  # fmt: skip
def test_known_ways_of_writing_are_certain(written, key):
    assert certain(candidates(written, CERCLES)).key == key


@pytest.mark.parametrize(
    "written", ["Jene", "Dwentza", "Tombuctu", "Barueli", "Menacka", "Moptie", "Rharous Gourma"]
)
def test_likely_names_are_candidates_and_never_certain(written):
    found = candidates(written, CERCLES)
    assert found and found[0].score >= 0.8, found
    assert certain(found) is None


def test_what_resembles_nothing_has_no_candidate():
    assert candidates("Ouagadougou", CERCLES) == []


def test_a_name_that_two_places_bear_is_certain_only_within_one_of_them():
    twins = [Entry("a1", "Koulouba", within=("A",)), Entry("b1", "Kouloubà", within=("B",)), *CERCLES]
    assert certain(candidates("Koulouba", twins)) is None
    assert [c.key for c in candidates("Koulouba", twins, limit=1)] == ["a1", "b1"], "both must be shown"
    assert certain(candidates("Koulouba", twins, within="B")).key == "b1"


def test_a_variant_of_one_and_the_name_of_another_is_not_certain():
    rows = [Entry("a", "Macina"), Entry("b", "Massina", ("Macina",))]
    assert certain(candidates("macina", rows)) is None


def test_short_names_are_not_eaten_by_administrative_words():
    assert plain("Commune II") != plain("Commune III")
    assert plain("Cercle") == "cercle"


def test_the_sounds_of_malian_spelling():
    for one, other in [
        ("Ouolofobougou", "Wolofobugu"), ("Djikoroni", "Jikoroni"), ("Nyamina", "Gnamina"), ("Kangaba", "Cangaba"),
        ("Sikasso", "Sikaso"), ("Yélimané", "Ielimane"),
    ]:  # fmt: skip
        assert sound(one) == sound(other), (one, other)
        assert similarity(one, other) == names.SOUNDS_SCORE


def test_an_empty_name_is_refused():
    with pytest.raises(MethodError) as error:
        candidates(" - ", CERCLES)
    assert error.value.code == "places.name_empty"


def test_twelve_thousand_villages_are_searched_at_once():
    chance = random.Random(1)
    syllables = ["ba", "ko", "dou", "gou", "san", "tie", "nia", "fa", "ra", "mo", "ly", "bou"]
    entries = [Entry(str(i), "".join(chance.choices(syllables, k=4))) for i in range(12_000)]
    gazetteer = names.Gazetteer(entries)
    assert all(candidates(entry.name, gazetteer)[0].score == 1 for entry in entries[::600])
