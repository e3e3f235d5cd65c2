"""The logic of a form in words: what a reader of paper can follow, else as it is written."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taama.forms.methods.converting import compile_form
from taama.forms.methods.outline import read_outline
from taama.papers.methods.wording import in_words

SAMPLE = Path(__file__).parents[1] / "xlsforms" / "samples" / "menage.md"
OUTLINE = read_outline(compile_form(SAMPLE.read_bytes(), "menage.md").xform)


@pytest.mark.parametrize(
    ("expression", "path", "french", "english"),
    [
        ("/data/membre/age < 18", "membre/besoins", "« Âge de ${prenom} » < 18", "“Age of ${prenom}” < 18"),
        (". >= 1 and . <= 60", "taille", "la réponse ≥ 1 et la réponse ≤ 60", "the answer ≥ 1 and the answer ≤ 60"),
        ("selected(../besoins, 'eau')", "membre/age", "« De quoi ${prenom} a-t-il besoin ? » comprend « Eau »",
         "“What does ${prenom} need?” includes “Water”"),
        ("not(selected(., 'aucun') and count-selected(.) > 1)", "membre/besoins",
         "il n'est pas vrai que la réponse comprend « Aucun » et le nombre de réponses cochées à la réponse > 1",
         "it is not true that the answer includes “None” and the number of answers ticked for the answer > 1"),
        (" /data/lieu/region = 'ML05'", "lieu/cercle", "« Région » est « Mopti »", "“Region” is “Mopti”"),
        (" /data/lieu/region != ''", "lieu/cercle", "« Région » a une réponse", "“Region” has an answer"),
        ("count(/data/membre[./age < 18])", "enfants", "le nombre de « Membre du ménage » où « Âge de ${prenom} » < 18",
         "the number of “Household member” where “Age of ${prenom}” < 18"),
        ("pulldata('x', 'y', 'z', .)", "taille", "pulldata('x', 'y', 'z', .)", "pulldata('x', 'y', 'z', .)"),
        ("/data/rien = 1", "taille", "/data/rien = 1", "/data/rien = 1"),
        ("((", "taille", "((", "(("),
    ],
)  # fmt: skip
def test_logic_is_told_in_words_or_left_as_it_is(expression, path, french, english):
    assert in_words(expression, OUTLINE, path, "fr").replace("\u00a0", " ").replace("\u202f", " ") == french
    assert in_words(expression, OUTLINE, path, "en") == english


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="()[]/.,'\"<>=!+-* aselectd0123456789andornot:", max_size=40))
def test_no_expression_breaks_the_wording(expression):
    assert isinstance(in_words(expression, OUTLINE, "taille", "fr"), str)
