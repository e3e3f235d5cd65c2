"""So many of the one for each of the other: rates between two counts, and their products."""

import re

from taama.claims.methods.averages import APPOSED
from taama.claims.methods.kinds import Product, Ratio
from taama.claims.methods.numbers import COUNT, MEASURE, MONEY
from taama.claims.methods.scenes import family, is_plain, mark, stem

_PER = re.compile(
    mark("stated") + r"\s+(?:(?P<top>[^\W\d]+)(?:\s+[^\W\d]+)?\s+)?(?:per|par|pour|for)\s+(?:(?:each|every)\s+)?(?:" + mark("base")
    + r"\s*)?(?P<bottom>[^\W\d]+)?", re.I
)  # fmt: skip
_FOR_ONE = re.compile(
    rf"(?:\b(?:une?|one|an?)|{mark('one')})\s+(?P<bottom>[^\W\d]+)(?:\s+[\w’']+){{0,2}}\s+(?:pour|per|for)\s+(?:(?:each|every)\s+)?"
    rf"{mark('stated')}\s*(?P<top>[^\W\d]+)", re.I
)  # fmt: skip
_MEAN_SIZE = re.compile(
    r"(?:household size|average size|taille (?:moyenne )?des? ménages?|taille moyenne)[^⟦⟧.;]{0,25}"
    + mark("stated"),
    re.I,
)
_RATE = re.compile(
    r"\b(?:taux|rate|incidence|mortality|mortalité|ratio|densit[éy]|prevalence|prévalence)\b[^⟦⟧.;]{0,40}$",
    re.I,
)
_ENDS = re.compile(
    r"(?:\s+d['’]\w+)?\s*(?:[.;:,()]|$|(?:(?:et|and)\s+)?(?:par|per|a)\s+(?:jour|day|mois|month|an|year)\b)",
    re.I,
)
_BASES = (10, 100, 1000, 10_000, 100_000, 1_000_000)
_PEOPLE, _HOUSEHOLDS = (
    ("person", "personne", "people", "individu", "individual"),
    ("household", "ménage", "famille", "famil"),
)
_GIVING = (
    r"[^⟦⟧.;]{0,30}?(?:,|\(|–|—|=)\s*(?:(?:soit|or|i\.e\.|so|making|giving|totall?ing|totalisant|pour|for|un|a|total|totale?|de|of|d['’]|about|environ)\s*)*"
    + mark("product")
)
_EACH = r"(?:chacune?s?|each|chaque|every|apiece)"
_PRODUCTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{mark('many')}\s+(?!out\b)(?:[^\W\d]+\s+){{1,3}}?(?:de|of|comptant)\s+{mark('each')}{_GIVING}",
        rf"{mark('each')}\s+[^⟦⟧.;,]{{0,30}}?(?:par|per)\s+(?P<unit>[^\W\d]+)[^⟦⟧.;,]{{0,40}}?{mark('many')}{_GIVING}",
        rf"\b(?:{_EACH}\s+(?:of|des|one of)|{_EACH})\s+(?:(?:the|les)\s+)?{mark('many')}[^⟦⟧.;,]{{0,60}}?{mark('each')}{_GIVING}",
        rf"{mark('many')}[^⟦⟧.;,]{{0,60}}?\b{_EACH}\s+(?:[^\W\d]+\s+){{0,3}}?{mark('each')}{_GIVING}",
        rf"{mark('many')}[^⟦⟧.;,]{{0,60}}?{mark('each')}(?:\s+[^\W\d]+){{0,2}}\s+{_EACH}\b{_GIVING}",
    )
)
_MORE = re.compile(r"[^⟦⟧.;:()]{0,30}?\b(?:et|and|plus)\s+⟦", re.I)


def find(scene):
    """Ratio and Product claims of a scene."""
    found = [*_ratios(scene), *_products(scene)]
    seen = set()
    for claim in found:
        key = (claim.stated if isinstance(claim, Ratio) else claim.product).start
        if key not in seen:
            seen.add(key)
            yield claim


def _ratios(scene):
    for match in _PER.finditer(scene.shape):
        yield from _per(scene, match)
    for match in _FOR_ONE.finditer(scene.shape):
        stated = scene.number(match, "stated")
        if match["one"] and scene.number(match, "one").value != 1:
            continue
        rest = [n for n in scene.numbers if n is not stated and n.value != 1]
        top, bottom = _only(rest, stem(match["top"])), _only(rest, stem(match["bottom"]))
        yield from _ratio(scene, top, bottom, stated, sure=bool(_ENDS.match(scene.shape, match.end())))
    for match in _MEAN_SIZE.finditer(scene.shape):
        stated = scene.number(match, "stated")
        rest = [n for n in scene.numbers if n is not stated]
        yield from _ratio(scene, _only(rest, "person"), _only(rest, "household"), stated, sure=True)


def _per(scene, match):
    """`4.8 persons per household`, `12 cases per 10 000 inhabitants`, `2.4 per 1 000`."""
    stated, base = scene.number(match, "stated"), scene.number(match, "base") if match["base"] else None
    if base and base.value not in _BASES or not (base or match["bottom"]):
        return
    rest = [n for n in scene.numbers if n not in (stated, base)]
    head = scene.shape[: match.start()]
    rate, sure = bool(_RATE.search(head)), bool(_ENDS.match(scene.shape, match.end()))
    top = _only(rest, stem(match["top"])) if match["top"] else None
    bottom = _only(rest, stem(match["bottom"])) if match["bottom"] else None
    if base and not (top and bottom) and len(rest) == 2 and rate:
        bottom, top = sorted(rest, key=lambda n: -n.value)
        sure = all(n.kind == COUNT for n in rest)
    beside = rate or bool(APPOSED.search(head))
    yield from _ratio(scene, top, bottom, stated, base, sure=sure and beside)


def _ratio(scene, top, bottom, stated, base=None, *, sure):
    sure = sure and not _NORM.search(scene.shape)
    if top and bottom and top is not bottom:
        yield Ratio(
            numerator=top, denominator=bottom, stated=stated, per=int(base.value) if base else 1, base=base,
            sure=sure, passage=scene.passage
        )  # fmt: skip


_NORM = re.compile(
    r"\b(?:standards?|normes?|targets?|objectifs?|cibles?|seuils?|thresholds?|recommand\w+|recommend\w+)\b",
    re.I,
)


def _only(numbers, word):
    """The one count of what a word names; people and households by any of their names."""
    kind = "people" if word in _PEOPLE else "households" if word in _HOUSEHOLDS else ""
    counts = [n for n in numbers if n.kind in (COUNT, MEASURE)]
    named = [n for n in counts if stem(n.noun) == word]
    found = named or [n for n in counts if kind and family(n) == kind]
    return found[0] if len(found) == 1 else None


def _products(scene):
    """`12 teams of 5 agents, or 60 agents`; `350 dollars per household for 200 households, or 70 000`."""
    for pattern in _PRODUCTS:
        for match in pattern.finditer(scene.shape):
            many, each, product = (scene.number(match, name) for name in ("many", "each", "product"))
            unit = match.groupdict().get("unit")
            if _multiplies(many, each, product) and (unit is None or stem(unit) == stem(many.noun)):
                yield Product(
                    many=many, each=each, product=product, mean=bool(_MEAN.search(match[0])),
                    sure=_is_all(scene, match, unit), passage=scene.passage
                )  # fmt: skip


def _is_all(scene, match, unit):
    """Whether nothing else multiplies or bounds: no months that pass, no `at most`, no other member after it."""
    around = match[0] + scene.shape[match.end() :][:40]
    again = _AGAIN.search(around) and not _AGAIN.match(unit or "")
    again = again or len(re.findall(r"\b(?:par|per)\b", around, re.I)) > 1
    return not (again or _BOUNDED.search(around) or _MORE.match(scene.shape, match.end()))


_AGAIN = re.compile(
    r"\b(?:mois|months?|monthly|semaines?|weeks?|weekly|fois|times|tours?|rounds?|tranches?|jours?|days?|an|year|trimestres?)\b",
    re.I,
)
_BOUNDED = re.compile(r"\b(?:au plus|au moins|at most|at least|maximum|minimum|up to|jusqu['’]à)\b", re.I)
_MEAN = re.compile(r"\b(?:moyenne|average|environ|about|mean)\b", re.I)


def _multiplies(many, each, product):
    """Whether the product counts what each of the many has."""
    if many.kind not in (COUNT, MEASURE) or not {each.kind, product.kind} <= {COUNT, MONEY}:
        return False
    if re.match(r"(?:[^\W\d]+\s+){0,2}?(?:par|per|each|chacun\w*)\b", product.noun, re.I):
        return False
    if MONEY in (each.kind, product.kind):
        return each.kind == product.kind or (product.kind == COUNT and not product.noun)
    people = {family(each), family(product)} == {"people"}
    return is_plain(product.noun) and bool(people or (each.noun and stem(each.noun) == stem(product.noun)))
