"""Questions that seem to ask about a person, by what they are called in French and in English, and their classes."""

import re
from typing import NamedTuple

from taama.xlsforms.methods.form import Form
from taama.xlsforms.methods.words import plain

NO = "no"  # somebody has said that it is no personal datum
CLASSES = ("S0", "S1", "S2", "S3", "S4")
_SAID = {
    "s0": "S0", "public": "S0", "publique": "S0", "s1": "S1", "partenaires": "S1", "partners": "S1", "s2": "S2",
    "restreint": "S2", "restricted": "S2", "s3": "S3", "confidentiel": "S3", "confidential": "S3", "s4": "S4",
    "critique": "S4", "critical": "S4", "no": NO, "non": NO, "none": NO, "aucune": NO,
}  # fmt: skip

NUMBERS = ("integer", "decimal", "range")
SELECTS = ("select_one", "select_multiple", "rank", "acknowledge")
WRITTEN = ("text", "calculate", "barcode", "hidden")
MEDIA = ("image", "audio", "video", "file", "background-audio")
PLACES = ("geopoint", "geotrace", "geoshape", "start-geopoint")
DATES = ("date", "datetime")
PASSED_OVER = ("note", "start", "end", "today", "deviceid", "username", "audit", "phonenumber", "email", "simserial",
               "subscriberid")  # fmt: skip

# What is named is a thing or somebody at work …
_THING = re.compile(
    r"\b(villages?|sites?|localites?|localit(y|ies)|lieux?|places?|communes?|cercles?|regions?|quartiers?|ecoles?|schools?"
    r"|centres?|centers?|points?|marches?|markets?|structures?|organi[sz]ations?|ong|ngo|partenaires?|partners?|projets?"
    r"|projects?|formulaires?|forms?|produits?|products?|items?|articles?|medicaments?|drugs?|districts?|aires?|areas?|camps?"
    r"|hameaux?|hamlets?|towns?|villes?|city|departements?|pays|countr(y|ies)|nationalites?|stations?|gares?|forages?|puits|wells?|routes?"
    r"|roads?|postes?|services?|enqueteu(r|rs|se|ses)|enumerat(or|ors)|interviewers?|agents?|superviseurs?|supervisors?"
    r"|evaluat(eur|or)s?|collecteurs?|equipes?|teams?|langues?|languages?|especes?|species|cultures?|crops?|animal|livestock"
    r"|betail|latrines?|toilettes?|batiments?|buildings?|infrastructures?|facilit(y|ies)|cscom|csref|hopita(l|ux)|hospitals?"
    r"|eau|water|stocks?|articles?|degats?|damages?|champs?|fields?|activites?|activit(y|ies)|axes?|tool|outil|device)\b"
)
# … unless a person stands beside it.
_PERSON = re.compile(
    r"\b(chef(s|fe|fes)?|head|responsables?|menages?|households?|hh|beneficiaires?|beneficiar(y|ies)|enfants?|child(ren)?|meres?"
    r"|mothers?|peres?|fathers?|maris?|husbands?|epou(x|se|ses)|wi(fe|ves)|personnes?|persons?|contacts?|repondants?|respondents?"
    r"|enquetes?|informat(eur|rice)s?|informants?|tuteurs?|guardians?|victimes?|victims?|survivant(e|s|es)?|survivors?|patients?|membres?"
    r"|members?|individus?|individuals?|proprietaires?|owners?|representants?|leaders?|maires?|mayors?|presidents?|focal|eleves?"
    r"|pupils?|students?|participants?|prenoms?|famille|family|plaignants?|clients?|recipient|recipiendaire|refugiee?s?|pdi|idp)\b"
)
_COUNT = re.compile(
    r"\b(nombre|nb|nbre|effectifs?|combien|total|totaux|count|how many|number of|num of|proportion|taux|rate)\b"
)


class Kind(NamedTuple):
    """Something personal: the words that tell it, the types of questions that can hold it, the class offered."""

    reason: str
    words: re.Pattern
    types: tuple
    offered: str = "S3"
    things: bool = (
        False  # whether it is said of things too: then a thing without a person beside it clears it
    )


def _kind(reason, words, types, offered="S3", things=False):
    return Kind(reason, re.compile(rf"\b({words})\b"), types, offered, things)


ALL = (*WRITTEN, *SELECTS, *MEDIA, *DATES)
KINDS = (
    _kind("gbv", r"vbg|gbv|sgbv|viol|viols|viole(e|s|es)?|rape|raped|violences? (basees?|sexuel|domesti|conjugal|faite).*|(gender based|sexual|"
          r"domestic|partner) (violence|abuse|assault|exploitation)|(abus|agressions?|exploitation) sexuel.*|excision|excisee?s?|mgf|"
          r"fgm|mutilations? genitales?|mariages? (force|precoce)s?|(forced|early|child) marriages?|survivantes?", ALL, "S4"),
    _kind("biometrics", r"biometri\w*|empreintes?( digitales?)?|finger ?prints?|iris|reconnaissance faciale|facial",
          (*ALL, *NUMBERS), "S4"),
    _kind("health", r"vih|hiv|sida|aids|tuberculos\w+|maladies? chroniques?|chronic (illness|disease|condition)s?|diagnosti[cqs]\w*|"
          r"etat de sante|health (status|condition)|enceintes?|grossesses?|pregnan\w+|allaitantes?|lactating|muac|perimetre brachial|"
          r"groupe sanguin|blood (group|type)|symptom\w*|malnutri\w+|dossier medical|medical (record|history)",
          (*ALL, "decimal"), "S4"),
    _kind("id_number", r"carte d identite|identity (card|number|document)|id (card|number|no|num)|national id|nina|cni|passeport|passport|"
          r"(numero|num|no|n) (de |d |du |de la |d une )*(carte|identi\w+|identification|passeport|piece|ration|beneficiaire|menage|"
          r"dossier|compte|enregistrement)|(card|case|beneficiary|household|registration|account|ration card) (id|number|no|num)|"
          r"case id|carte (d electeur|de ration|ration|de beneficiaire)|ration card|progres|compte bancaire|bank account|iban", (*WRITTEN, *NUMBERS, "image")),
    _kind("phone", r"telephon\w*|tel|tels|phones?|whatsapp|gsm|portable|(numero|num) (mobile|a appeler|d appel|orange|moov|malitel)|"
          r"mobile (number|no|num)|contacts?|e ?mails?|courriels?|adresse electronique", (*WRITTEN, *NUMBERS)),
    _kind("birth", r"naissance|birth|birthday|birthdate|dob|ddn|date naiss\w*", (*WRITTEN, *DATES, *NUMBERS)),
    _kind("name", r"prenoms?|noms?|names?|surnames?|first ?names?|last ?names?|full ?names?|surnoms?|nicknames?|nom ?complet|chef de menage|"
          r"head of (the )?household|patronymes?", WRITTEN, things=True),
    _kind("ethnicity", r"ethni\w*|castes?|tribus?|tribes?|tribal|religi\w*|confession", ALL),
    _kind("disability", r"handicap\w*|disab\w+|infirm\w*|difficultes? a (voir|entendre|marcher|se souvenir)|difficulty (seeing|hearing|"
          r"walking|remembering)", ALL),
    _kind("address", r"adresses?|address|domiciles?", WRITTEN, things=True),
    _kind("position", r"menages?|households?|hh|maisons?|homes?|houses?|domiciles?|logements?|habitations?|concessions?|dwellings?|"
          r"residences?|beneficiaires?|beneficiar(y|ies)", PLACES),
    _kind("picture", r".+", MEDIA, things=True),
)  # fmt: skip
GROUPED = ("name", "phone", "id_number", "birth")  # beside these a position is that of a person


def looks_personal(kind, name, labels=(), appearance=""):
    """What of a person a question seems to ask, and the class offered for it; None where it seems to ask nothing.

    kind        type of the question: "text", "integer", "select_one", "geopoint" …
    name        str
    labels      texts in any language
    appearance  str
    Returns     (reason, "S3" or "S4"). It may err both ways: a person decides

    >>> looks_personal("text", "nom_cm", ["Nom du chef de ménage"]), looks_personal("text", "nom", ["Nom du village"])
    (('name', 'S3'), None)
    >>> looks_personal("integer", "tel", ["Téléphone"]), looks_personal("integer", "n", ["Nombre de femmes enceintes"])
    (('phone', 'S3'), None)
    >>> looks_personal("select_one", "vbg", ["Avez-vous subi une violence ?"])
    ('gbv', 'S4')
    """
    if kind in PASSED_OVER:
        return None
    if kind in MEDIA and re.search(r"signature|draw|annotate", appearance):
        return "signature", "S3"
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    told = " ".join(filter(None, map(_spread, [apart, *labels])))
    if kind in (*NUMBERS, "calculate") and _COUNT.search(told):
        return None
    thing = bool(_THING.search(told)) and not _PERSON.search(told)
    for each in KINDS:
        if kind in each.types and not (each.things and thing) and each.words.search(told):
            return each.reason, each.offered
    return None


def _spread(text):
    """Words as the patterns want them: small, without accents, apart where a name joins them."""
    text = plain(re.sub(r"\$\{[^}]*\}|<[^<>]*>", " ", text)).lower()
    return " ".join(re.sub(r"[^a-z0-9]+|(?<=[a-z])(?=\d)", " ", text).split())


def read_class(text):
    """The class that a cell names, NO for what is no personal datum; "" for a blank cell, None for any other word.

    >>> read_class(" s3 "), read_class("Confidentiel"), read_class("non"), read_class(""), read_class("S9")
    ('S3', 'S3', 'no', '', None)
    """
    word = plain(text).strip().lower()
    return _SAID.get(word) if word else ""


def classes_told(book):
    """What the sheet of questions says of their classes, in the column `sensitivity` (or `sensibilité`).

    book     Book
    Returns  {path: (row, class or NO or "")} of every question; a group's class holds for what lies in it
    """
    form, told = Form(book), {}
    at = form.column("survey", "sensitivity")
    said = {n: read_class(row.cells[at]) or "" for n, row in form.rows.items()} if at is not None else {}
    for item in form.named:
        path = "/".join([*(around.name for around in item.inside), item.name])
        own = (said.get(each.row) for each in (item, *reversed(item.inside)))
        told[path] = (item.row, next(filter(None, own), ""))
    return told
