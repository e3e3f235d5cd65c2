"""True statements built at random are never accused; false ones beyond rounding are found."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from taama.claims.methods.numbers import read_numbers
from taama.statements.methods import INCONSISTENT, check_statements

FEW = settings(max_examples=150, deadline=None)
GAPS = {"fr": (" ", "\u00a0", "\u202f"), "en": (",", "\u00a0")}
ROUNDINGS = (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN)
HEDGES = {"fr": ("près de ", "environ ", "quelque "), "en": ("nearly ", "about ", "some ")}
languages = st.sampled_from(("fr", "en"))
counts = st.integers(1, 999_999)


def written(value, language, gap=""):
    """A whole number as an author of this language writes it."""
    return f"{value:,}".replace(",", gap or GAPS[language][0])


def decimal(value, places, rounding):
    """A quotient rounded, or cut off, to so many decimals."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=rounding)


def share(value, language, word):
    """A percentage in one of its spellings."""
    text = str(value).replace(".", "," if language == "fr" else ".")
    return f"{text}{word}"


PER_CENT = {"fr": (" %", "\u00a0%", " pour cent"), "en": ("%", " %", " per cent")}


def rounded_to_digits(value, digits):
    place = max(len(str(value)) - digits, 0)
    return int(Decimal(value).scaleb(-place).quantize(Decimal(1), rounding=ROUND_HALF_UP).scaleb(place))


def accused(sentence):
    return [v for v in check_statements(sentence) if v.status == INCONSISTENT]


SUMS = {
    "fr": (
        "{total} migrants ({a} entrants et {b} sortants) ont été observés.",
        "{a} femmes et {b} hommes, soit un total de {total} personnes, ont été formés.",
        "Au total, {total} personnes, à savoir {a} femmes et {b} hommes, ont été formées.",
    ),
    "en": (
        "{total} migrants ({a} incoming and {b} outgoing) were observed.",
        "{a} women and {b} men, for a total of {total} people, were trained.",
        "A total of {total} people were trained, namely {a} women and {b} men.",
    ),
}


@st.composite
def sums(draw):
    language, a, b = draw(languages), draw(counts), draw(counts)
    template, gap = draw(st.sampled_from(SUMS[language])), draw(st.sampled_from(GAPS[language]))
    return language, template, gap, a, b


@FEW
@given(sums(), st.integers(2, 7), st.integers(2, 7), st.booleans())
def test_true_sums_rounded_or_not(parts, digits_of_total, digits_of_parts, hedged):
    language, template, gap, a, b = parts
    total = rounded_to_digits(a + b, digits_of_total)
    text = HEDGES[language][0] * hedged + written(total, language, gap)
    a, b = (written(rounded_to_digits(n, digits_of_parts), language, gap) for n in (a, b))
    assert accused(template.format(total=text, a=a, b=b)) == []


@FEW
@given(sums(), st.floats(0.06, 0.9), st.booleans())
def test_sums_off_by_more_than_rounding_are_found(parts, part_of_sum, too_much):
    language, template, gap, a, b = parts
    off = int((a + b) * part_of_sum) + 3
    total = a + b + off if too_much or off >= a + b else a + b - off
    a, b, total = (written(n, language, gap) for n in (a, b, total))
    assert len(accused(template.format(total=total, a=a, b=b))) == 1


CHANGES = {
    "fr": (
        "Le nombre de PDI est passé de {a} en avril 2023 à {b} en septembre 2023, soit une {way} de {x}.",
        "On compte {b} PDI contre {a} en mars 2022, soit une {way} de {x}.",
        "Le nombre de PDI est passé de {a} à {b} ({sign}{x}).",
    ),
    "en": (
        "The number of IDPs went from {a} in April 2023 to {b} in September 2023, representing a {way} of {x}.",
        "There were {b} IDPs, compared with {a} in March 2022, a {way} of {x}.",
        "The number of IDPs went from {a} to {b} ({sign}{x}).",
    ),
}
WAYS = {"fr": ("hausse", "baisse"), "en": ("rise", "decrease")}


@st.composite
def changes(draw):
    language, before, after = draw(languages), draw(st.integers(20, 999_999)), draw(st.integers(20, 999_999))
    template = draw(st.sampled_from(CHANGES[language]))
    places, rounding, word = (
        draw(st.integers(0, 2)),
        draw(st.sampled_from(ROUNDINGS)),
        draw(st.integers(0, 2)),
    )
    return language, before, after, template, places, rounding, PER_CENT[language][word]


def change_sentence(language, before, after, template, x):
    way, sign = WAYS[language][after < before], "+-"[after < before]
    a, b = written(before, language), written(after, language)
    return template.format(a=a, b=b, x=x, way=way, sign=sign)


@FEW
@given(changes())
def test_true_changes_rounded_or_cut_off(made):
    language, before, after, template, places, rounding, word = made
    x = decimal(abs(Fraction(after - before, before)) * 100, places, rounding)
    assert accused(change_sentence(language, before, after, template, share(x, language, word))) == []


@FEW
@given(changes(), st.integers(3, 60))
def test_changes_off_by_more_than_rounding_are_found(made, off):
    language, before, after, template, _, _, word = made
    before, after = before * 10 + 1, after * 10 + 1  # figures that nobody takes for rounded
    x = round(abs(Fraction(after - before, before)) * 100) + off
    if after != before:
        assert len(accused(change_sentence(language, before, after, template, share(x, language, word)))) == 1


SHARES = {
    "fr": ("{a} des {b} points évalués ({x}) sont fermés.", "Sur les {b} points évalués, {a} ({x}) sont fermés.",
           "{a} points sur {b}, soit {x}, sont fermés."),
    "en": ("{a} of the {b} points assessed ({x}) are closed.", "Of the {b} points assessed, {a} ({x}) are closed.",
           "{x} of the {b} points ({a}) are closed."),
}  # fmt: skip


@st.composite
def parts(draw):
    whole = draw(st.integers(2, 9_999))
    return draw(st.integers(2, max(whole, 2))), whole


@FEW
@given(
    parts(), languages, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.sampled_from(ROUNDINGS)
)
def test_true_shares(counted, language, template, word, places, rounding):
    a, b = counted
    x = share(decimal(Fraction(100 * a, b), places, rounding), language, PER_CENT[language][word])
    sentence = SHARES[language][template].format(a=written(a, language), b=written(b, language), x=x)
    assert accused(sentence) == []


@FEW
@given(parts(), languages, st.integers(0, 2), st.integers(0, 2), st.integers(3, 40))
def test_false_shares(counted, language, template, word, off):
    a, b = (10 * n + 1 for n in counted)
    x = share(round(Fraction(100 * a, b)) + off, language, PER_CENT[language][word])
    sentence = SHARES[language][template].format(a=written(a, language), b=written(b, language), x=x)
    assert len(accused(sentence)) == 1


@FEW
@given(st.integers(1, 99), st.integers(2, 99), languages)
def test_a_share_of_a_small_count_is_accused_only_when_no_part_gives_it(x, whole, language):
    sentence = {"fr": "{x} % des {n} points sont fermés.", "en": "{x}% of the {n} points are closed."}[
        language
    ]
    possible = {int(decimal(Fraction(100 * k, whole), 0, r)) for k in range(whole + 1) for r in ROUNDINGS}
    assert bool(accused(sentence.format(x=x, n=whole))) == (x not in possible)


AVERAGES = {
    "fr": "Du 1er au {last} mars 2022, {total} personnes ont été observées, soit une moyenne de {x} personnes par jour.",
    "en": "From 1 to {last} March 2022, {total} people were observed, an average of {x} people per day.",
}


@FEW
@given(
    st.integers(2, 31), st.integers(100, 999_999), languages, st.integers(0, 1), st.sampled_from(ROUNDINGS)
)
def test_true_averages(days, total, language, places, rounding):
    x = decimal(Fraction(total, days), places, rounding)
    whole, _, rest = f"{x:,}".replace(",", GAPS[language][0]).partition(".")
    text = whole + ("." if language == "en" else ",") * bool(rest) + rest
    assert accused(AVERAGES[language].format(last=days, total=written(total, language), x=text)) == []


@FEW
@given(st.integers(5, 31), st.integers(1_000, 99_999), languages, st.sampled_from((0.4, 0.6, 1.3, 2.0)))
def test_false_averages(days, total, language, factor):
    """An average too high may be one over fewer days, but a point works at least five of seven."""
    total = total * 10 + 1
    x = written(round(total / days * factor), language)
    found = accused(AVERAGES[language].format(last=days, total=written(total, language), x=x))
    assert len(found) == (0 if factor == 1.3 else 1)


RATIOS = {
    "fr": "{a} personnes vivent dans {b} ménages, soit {x} personnes par ménage.",
    "en": "{a} persons live in {b} households, or {x} persons per household.",
}


@FEW
@given(
    st.integers(10, 99_999), st.integers(10, 99_999), languages, st.integers(1, 2), st.sampled_from(ROUNDINGS)
)
def test_true_ratios(persons, households, language, places, rounding):
    x = str(decimal(Fraction(persons, households), places, rounding)).replace(".", ",."[language == "en"])
    sentence = RATIOS[language].format(a=written(persons, language), b=written(households, language), x=x)
    assert accused(sentence) == []


NAMES = (
    "Kayes",
    "Koulikoro",
    "Sikasso",
    "Ségou",
    "Mopti",
    "Tombouctou",
    "Gao",
    "Kidal",
    "Ménaka",
    "Taoudénit",
)
LISTS = {
    "fr": ("L'aide couvre {n} régions : {names}.", "Les {n} régions de {names} sont couvertes.", "{n} régions ({names}) sont couvertes."),
    "en": ("Aid covers {n} regions: {names}.", "The {n} regions of {names} are covered.", "{n} regions ({names}) are covered."),
}  # fmt: skip


@FEW
@given(st.permutations(NAMES), st.integers(2, 10), st.integers(2, 10), languages, st.integers(0, 2))
def test_lists_are_counted(names, count, announced, language, template):
    listed = ", ".join(names[: count - 1]) + {"fr": " et ", "en": " and "}[language] + names[count - 1]
    sentence = LISTS[language][template].format(n=announced, names=listed)
    assert bool(accused(sentence)) == (count != announced)


@FEW
@given(st.integers(0, 10**12), languages, st.data())
def test_a_number_is_read_as_it_was_written(value, language, data):
    text = written(value, language, data.draw(st.sampled_from(GAPS[language])))
    (number,) = read_numbers(f"({text})", language)
    assert number.value == value and number.counted().low <= value <= number.counted().high


@FEW
@given(st.text(alphabet="0123456789 ,.%()+-=deàtoof soit", max_size=80))
def test_no_text_breaks_the_checker(text):
    for verdict in check_statements(text):
        assert verdict.status
