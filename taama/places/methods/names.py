"""Matching of place names as people write them: with or without accents, hyphens and administrative words.

What is certain is told apart from what is only likely: a likely match is a candidate for a person to choose.
"""

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from taama.base.errors import MethodError

SAME, VARIANT, SOUNDS, CLOSE, UNLIKE, CODED = "same", "variant", "sounds", "close", "unlike", "code"
CERTAIN = (SAME, VARIANT)
LOWEST_SCORE = 0.72
HIGHEST_CLOSE = 0.94
SOUNDS_SCORE = 0.95

KIND_WORDS = frozenset(
    {
        "commune", "cercle", "region", "district", "arrondissement", "prefecture", "village", "ville", "localite",
        "quartier", "cu", "cr", "circle", "municipality", "town", "province", "department", "departement",
    }
)  # fmt: skip
KIND_ADJECTIVES = frozenset({"urbaine", "rurale", "rural", "urban", "urbain", "administratif", "autonome"})
LINK_WORDS = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "of", "the"})

# How one sound is written in several ways in Mali; order matters.
SPELLINGS = [
    (re.compile(pattern), by)
    for pattern, by in (
        ("tch", "ch"), ("dj", "j"), ("gn", "ny"), ("gu(?=[eiy])", "g"), ("qu", "k"), ("c(?!h)", "k"), ("kh", "k"),
        ("ph", "f"), ("th", "t"), ("ou|oo|w", "u"), ("y", "i"), ("(?<!c)h", ""), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A place of the gazetteer: its key, name, other names, and the keys of the areas that contain it."""

    key: str
    name: str
    names_other: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A place that a name may mean. `why`: same name, known variant, sounds the same, only close, or its code."""

    key: str
    name: str
    score: float
    why: str


def plain(name):
    """A name without accents, case, punctuation and administrative words.

    >>> plain("Région de Ségou"), plain("GOURMA - RHAROUS"), plain("Commune rurale de N'Tillit")
    ('segou', 'gourma rharous', 'n tillit')
    """
    letters = unicodedata.normalize("NFKD", str(name).replace("œ", "oe").replace("Œ", "Oe"))
    letters = "".join(c for c in letters if not unicodedata.combining(c)).lower()
    tokens = re.findall(r"[^\W_]+", letters)
    kept = _without_kind(tokens)
    return " ".join(kept if sum(map(len, kept)) >= 3 else tokens)


def _without_kind(tokens):
    """Drop `commune rurale de` before a name and `(cercle)` after it, never the name itself."""
    start, end = 0, len(tokens)
    while start < end and tokens[start] in KIND_WORDS | KIND_ADJECTIVES:
        start += 1
        while start < end and tokens[start] in LINK_WORDS:
            start += 1
    while end > start and tokens[end - 1] in KIND_WORDS | KIND_ADJECTIVES:
        end -= 1
    return tokens[start:end]


def sound(name):
    """How a name sounds, roughly: one spelling for `ou`, `u` and `w`, for `k` and `c`, for `dj` and `j`.

    >>> sound("Ouassoulou") == sound("Wassulu"), sound("Djenné") == sound("Jene")
    (True, True)
    """
    letters = plain(name).replace(" ", "")
    for pattern, by in SPELLINGS:
        letters = pattern.sub(by, letters)
    return letters


def same_name(one, other, variants=()):
    """Whether two names are certainly the same: equal when plain, or `other` is a known variant of `one`.

    >>> same_name("Menaka", "Région de Ménaka"), same_name("Tombouctou", "Timbuktu", ["Timbuktu"])
    (True, True)
    """
    return plain(other) in {plain(one), *(plain(v) for v in variants)}


def similarity(one, other):
    """Likeness of two names, 0 to 1; 1 only for the same plain name.

    >>> similarity("Koulikoro", "Koulikouro") > 0.85, similarity("Gao", "Kayes") < 0.5
    (True, True)
    """
    if plain(one) == plain(other):
        return 1.0
    if sound(one) == sound(other):
        return SOUNDS_SCORE
    pairs = (
        (plain(one), plain(other)),
        (_sorted_words(one), _sorted_words(other)),
        (sound(one), sound(other)),
    )
    best = max(fuzz.ratio(a, b) for a, b in pairs)
    return round(min(best / 100, HIGHEST_CLOSE), 4)


def _sorted_words(name):
    return " ".join(sorted(plain(name).split()))


class Gazetteer:
    """Entries prepared once, so that thousands of names can be looked up among thousands of places."""

    def __init__(self, entries):
        self.entries = sorted(entries, key=lambda entry: (entry.key, entry.name))
        self.spellings = []  # (entry, spelling, whether it is the entry's own name)
        for entry in self.entries:
            self.spellings.append((entry, entry.name, True))
            self.spellings += [(entry, other, False) for other in entry.names_other]
        self.plains = [plain(text) for _, text, _ in self.spellings]
        self.sounds = [sound(text) for _, text, _ in self.spellings]
        self.sorted_words = [_sorted_words(text) for _, text, _ in self.spellings]

    def near(self, name):
        """Positions of the spellings that could reach the lowest score."""
        found = set()
        asked = (
            (plain(name), self.plains),
            (sound(name), self.sounds),
            (_sorted_words(name), self.sorted_words),
        )
        for text, choices in asked:
            hits = process.extract(
                text, choices, scorer=fuzz.ratio, score_cutoff=LOWEST_SCORE * 100 - 1, limit=None
            )
            found.update(position for _, _, position in hits)
        return found


def candidates(name, gazetteer, within=None, limit=5):
    """Places that a name may mean, best first; all certain ones, and up to `limit` in total.

    name        as somebody wrote it
    gazetteer   Gazetteer, or entries: [Entry(key, name, names_other, within)]
    within      key of an area: only places inside it, or itself
    Returns     [Candidate(key, name, score 0..1, why)]; empty when nothing is near
    Raises      MethodError: an empty name

    >>> rows = [Entry("ML06", "Tombouctou", ("Timbuktu",)), Entry("ML05", "Mopti")]
    >>> candidates("TIMBUKTU", rows)
    [Candidate(key='ML06', name='Tombouctou', score=1.0, why='variant')]
    >>> candidates("Moptie", rows)[0].why
    'close'
    """
    if not plain(name):
        raise MethodError("places.name_empty")
    if not isinstance(gazetteer, Gazetteer):
        gazetteer = Gazetteer(gazetteer)
    best = {}
    for position in gazetteer.near(name):
        entry, spelling, own = gazetteer.spellings[position]
        if within is not None and within != entry.key and within not in entry.within:
            continue
        found = _candidate(name, entry, spelling, own)
        if found.score >= LOWEST_SCORE:
            best[entry.key] = min(found, best.get(entry.key, found), key=_rank)
    ranked = sorted(best.values(), key=_rank)
    sure = sum(candidate.why in CERTAIN for candidate in ranked)
    return ranked[: max(limit, sure)]


def nearest(name, gazetteer, limit=3):
    """Places whose names are least unlike, however unlike: for a person whom `candidates` gave none.

    Returns   [Candidate], best first, at most `limit`
    Raises    MethodError: an empty name

    >>> [found.name for found in nearest("Bandiagra ville", [Entry("a", "Bandiagara"), Entry("b", "Gao")], 1)]
    ['Bandiagara']
    """
    entries = gazetteer.entries if isinstance(gazetteer, Gazetteer) else gazetteer
    found = [
        Candidate(
            entry.key,
            entry.name,
            max(similarity(name, other) for other in (entry.name, *entry.names_other)),
            UNLIKE,
        )
        for entry in entries
    ]
    return sorted(found, key=_rank)[:limit]


def _candidate(name, entry, spelling, own):
    score = similarity(name, spelling)
    why = {1.0: SAME if own else VARIANT, SOUNDS_SCORE: SOUNDS}.get(score, CLOSE)
    return Candidate(entry.key, entry.name, score, why)


def _rank(candidate):
    wider_first = len(candidate.key)  # a region's code is shorter than that of its cercles
    return (-candidate.score, candidate.why != SAME, wider_first, candidate.name, candidate.key)


def certain(found):
    """The one candidate that is certain, or None: none is, or several are.

    >>> rows = [Entry("ML05", "Mopti"), Entry("ML0506", "Mopti", within=("ML05",)), Entry("ML0505", "Koro")]
    >>> certain(candidates("Mopti", rows)) is None, certain(candidates("koro", rows)).key
    (True, 'ML0505')
    """
    sure = [candidate for candidate in found if candidate.why in CERTAIN]
    return sure[0] if len(sure) == 1 else None
