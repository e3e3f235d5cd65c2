"""Which column of a boundary file holds codes, names, parents and positions, told by what its name means."""

import re
import unicodedata
from dataclasses import dataclass

CODE = re.compile(
    r"^(?:adm(?:in)?_?(?P<level>\d)_?p?_?cod?e?|(?P<word>[a-z]+)_p?_?code|p?_?code_(?P<word2>[a-z]+))$"
)
ANY_CODE = re.compile(r"^(?:admin_)?p?_?code$|^pcod$")
NAME = re.compile(r"^adm(?:in)?_?(?P<level>\d)(?:_?(?:name|nom))?_?(?P<language>fr|en|1)?$")
GADM_NAME = re.compile(r"^name_(?P<level>\d)$")
WORD_NAME = re.compile(r"^(?:nom_|name_)?(?P<word>[a-z]+?)(?:_nom|_name)?$")
ANY_NAME = re.compile(r"^(?:shape_?name|names?|noms?|libelle|label|toponyme)$")
PARENT = re.compile(r"^parent(?:_?p?_?code)?$")
GEOMETRY = re.compile(r"^(?:wkt|geom|geometry|the_geom|wkt_geom)$")
LAT, LON = re.compile(r"^(?:lat|latitude|y)$"), re.compile(r"^(?:lon|lng|long|longitude|x)$")
LANGUAGE_ORDER = {"fr": 0, None: 1, "1": 2, "en": 3}
LEVEL_WORDS = {"pays": 0, "country": 0, "region": 1, "reg": 1, "cercle": 2, "cer": 2, "commune": 3, "com": 3}


@dataclass(frozen=True)
class Columns:
    """Names of the columns of one level, '' where the file has none."""

    level: int | None
    code: str = ""
    name: str = ""
    parent: str = ""
    parent_name: str = ""
    geometry: str = ""
    lat: str = ""
    lon: str = ""


def detect(headers, level=None, level_words=None):
    """The columns that matter for one administrative level.

    headers      names of the columns, as in the file
    level        the level wanted; else the lowest level that the file names
    level_words  word → level (`{"cercle": 2}`); the words of Mali when missing
    Returns      Columns; level None when nothing in the headers tells it

    >>> detect(["ADM1_FR", "ADM1_PCODE", "ADM2_EN", "ADM2_FR", "ADM2_PCODE"])
    Columns(level=2, code='ADM2_PCODE', name='ADM2_FR', parent='ADM1_PCODE', parent_name='ADM1_FR', geometry='', \
lat='', lon='')
    >>> detect(["shapeName", "shapeISO"]).name, detect(["Code_Cercle", "Cercle", "wkt"]).level
    ('shapeName', 2)
    """
    words = level_words or LEVEL_WORDS
    codes, names, others = {}, {}, {}
    for header in headers:
        _sort_in(header, words, codes, names, others)
    if level is None:
        level = max([*codes, *names], key=lambda found: -1 if found is None else found, default=None)
    above = None if level is None else level - 1
    return Columns(
        level,
        code=codes.get(level) or codes.get(None, ""),
        name=_best(names.get(level)) or _best(names.get(None)),
        parent=codes.get(above, "") if above is not None and codes.get(above) else others.get("parent", ""),
        parent_name=_best(names.get(above)) if above is not None else "",
        geometry=others.get("geometry", ""),
        lat=others.get("lat", ""),
        lon=others.get("lon", ""),
    )


def plain_header(header):
    """
    >>> plain_header("Admin 2 pcode"), plain_header("N° Région")
    ('admin_2_pcode', 'n_region')
    """
    letters = unicodedata.normalize("NFKD", str(header))
    letters = "".join(c for c in letters if c.isascii()).lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def _sort_in(header, words, codes, names, others):
    text = plain_header(header)
    for role, pattern in (
        ("parent", PARENT),
        ("geometry", GEOMETRY),
        ("lat", LAT),
        ("lon", LON),
    ):
        if pattern.match(text):
            others.setdefault(role, header)
            return
    found, level = _code_level(text, words)
    if found:
        codes.setdefault(level, header)
        return
    found, level, order = _name_level(text, words)
    if found:
        names.setdefault(level, []).append((order, header))


def _code_level(text, words):
    if ANY_CODE.match(text):
        return True, None
    if match := CODE.match(text):
        if match["level"]:
            return True, int(match["level"])
        word = match["word"] or match["word2"]
        return word in words, words.get(word)
    return False, None


def _name_level(text, words):
    if ANY_NAME.match(text):
        return True, None, 0
    if match := NAME.match(text):
        return True, int(match["level"]), LANGUAGE_ORDER[match["language"]]
    if match := GADM_NAME.match(text):
        return True, int(match["level"]), 1
    if (match := WORD_NAME.match(text)) and match["word"] in words:
        return True, words[match["word"]], 1
    return False, None, 0


def _best(found):
    return min(found)[1] if found else ""
