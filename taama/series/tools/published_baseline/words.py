"""What the words of a header mean, in French and English: the vocabulary of `headers`."""

import re

from taama.facts.cells import MONTHS, plain

FILLER = "filler"  # says nothing about the meaning of a column
UNKNOWN = "unknown"  # changes the meaning in a way we don't know: « PDI nouvelles », « PDI hommes »

GROUP_WORDS = {
    "idp": "idp idps pdi pdis deplace deplaces deplacee deplacees displaced",
    "ret": "ret returnee returnees retourne retournes retournee retournees returned",
    "abroad": "abroad etranger exterieur",
    "internal": "internal internally interne internes",
    "rep": "repatriate repatriates repatriated rapatrie rapatries rapatriee rapatriees",
    "refugee": "refugee refugees refugie refugies refugiee refugiees",
    "migrant": "migrant migrants migrante migrantes",
    "host": "host hote hotes",
    "reloc": "relocated relocalise relocalises relocalisee relocalisees",
}
UNIT_WORDS = {
    "households": "hh hhs household households menage menages mge mges mgs famille familles families",
    "people": "ind inds indiv indivs individual individuals individu individus person persons personne personnes pers people",
    "population": "population populations",
}
LEVEL_WORDS = {
    0: "country pays",
    1: "region regions",
    2: "cercle cercles circle",
    3: "commune communes municipality",
    4: "village villages localite localites locality location quartier quartiers neighbourhood settlement",
}
OTHER_WORDS = {
    "code": "pcode pcodes pcod code codes iso3 iso",
    "name": "name names nom noms label libelle",
    "date": "date dates month mois jour day",
    "snapshot": "snapshot reporting reference situation publication",
    "survey": "survey collecte collection enquete evaluation assessment visite visit",
    "updated": "updated maj",
    "start": "start debut arrival arrivee",
    "displacement": "displacement deplacement deplacements",
    "origin": "origin origine provenance",
    "majority": "majority majorite majoritaire majoritaires",
    "round": "round rounds cycle cycles tour ronde vague",
    "reason": "cause causes raison raisons reason reasons motif motifs",
    "type": "type types",
    "lowest": "lowest",
    "level": "level niveau",
    "main": "main principal principale principaux",
    "admin": "admin adm administrative administratif administrative administration",
    FILLER: (
        "total totaux totals no nr number numbers nombre nombres num nbre nb n of the de des du d l la le les en in at "
        "a au aux par per s e es fr present presents presente presentes currently actuel actuels actuelle actuelles "
        "estimated estime estimes estimee estimees estimation count counts effectif effectifs area areas zone from "
        "accueil malian malians malien maliens maliennes et and communaute communautes community communities "
        "stock cumul cumulative cumule"
    ),
}
PHRASES = {
    ("p", "code"): "code",
    ("p", "codes"): "code",
    ("mise", "a", "jour"): "updated",
    ("mis", "a", "jour"): "updated",
    ("as", "of"): "snapshot",
    ("ex", "pdi"): "ret idp",
    ("former", "idps"): "ret idp",
    ("personnes", "deplacees"): "idp",
    ("personne", "deplacee"): "idp",
    ("displaced", "persons"): "idp",
    ("displaced", "people"): "idp",
    ("displaced", "person"): "idp",
    ("personnes", "retournees"): "ret",
    ("personnes", "rapatriees"): "rep",
    ("internally", "displaced", "persons"): "idp",
    ("internally", "displaced", "people"): "idp",
    ("hors", "du", "pays"): "abroad",
    ("outside", "mali"): "abroad",
    ("individual", "settings"): UNKNOWN,  # a shelter, not a unit
    ("individual", "setting"): UNKNOWN,
    ("population", "hote"): "host",
    ("populations", "hotes"): "host",
    ("personnes", "par", "menage"): UNKNOWN,
    ("persons", "per", "household"): UNKNOWN,
}
MEANINGS = {
    word: meaning
    for table in (GROUP_WORDS, UNIT_WORDS, OTHER_WORDS)
    for meaning, words in table.items()
    for word in words.split()
} | {word: f"level{level}" for level, words in LEVEL_WORDS.items() for word in words.split()}


def sense(text):
    """The meanings of a header's words, in their order; numbers stay as they are.

    >>> sense("Total No. of IDPs Ind.")
    ['filler', 'filler', 'filler', 'idp', 'people']
    >>> sense("PDI hommes")
    ['idp', 'unknown']
    """
    words, meanings = plain(text).split(), []
    while words:
        length = next((n for n in (3, 2) if tuple(words[:n]) in PHRASES), 1)
        if length > 1:
            meanings += PHRASES[tuple(words[:length])].split()
        else:
            meanings.append(_single(words[0]))
        words = words[length:]
    return meanings


def _single(word):
    if word.isdigit() or re.fullmatch(r"[1-9](st|nd|rd|th|e|er|eme)", word):
        return word
    if word in MONTHS:
        return "month"
    return MEANINGS.get(word, UNKNOWN)
