"""The vocabulary of XLSForm: columns, types of questions and what people write instead of them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

CHOICE_COMMANDS = ("select_one", "select_multiple", "rank")
FILE_COMMANDS = ("select_one_from_file", "select_multiple_from_file")
FILE_ENDINGS = (".csv", ".xml", ".geojson")
SECTIONS = ("group", "repeat", "loop")

# What other programs or people call a type: only names that can mean nothing else.
SAME_TYPE = {
    "string": "text", "texte": "text", "long_text": "text", "longtext": "text", "paragraph": "text",
    "paragraphe": "text", "entier": "integer", "nombre_entier": "integer", "int": "integer",
    "décimal": "decimal", "float": "decimal", "double": "decimal", "photo": "image", "picture": "image",
    "photograph": "image", "date_time": "dateTime", "date_heure": "dateTime", "datetime": "dateTime",
    "heure": "time", "gps": "geopoint", "geo_point": "geopoint", "point_gps": "geopoint", "calcul": "calculate",
    "calculation": "calculate", "calculated": "calculate", "remarque": "note", "bar_code": "barcode",
    "qr_code": "barcode", "qrcode": "barcode", "device_id": "deviceid", "choix_unique": "select_one",
    "choix_multiple": "select_multiple", "select_many": "select_multiple", "select_mult": "select_multiple",
    "selectone": "select_one", "selectmultiple": "select_multiple", "multiple_select": "select_multiple",
    "single_select": "select_one", "start_group": "begin_group", "début_groupe": "begin_group",
    "fin_groupe": "end_group", "start_repeat": "begin_repeat", "début_répétition": "begin_repeat",
    "fin_répétition": "end_repeat", "stop_group": "end_group", "stop_repeat": "end_repeat",
}  # fmt: skip
# Types that come close to one of ours, yet not surely: offered.
LIKELY_TYPE = {
    "numeric": ("decimal", "integer"), "number": ("decimal", "integer"), "nombre": ("decimal", "integer"),
    "numérique": ("decimal", "integer"), "tel": ("text",), "phone": ("text",), "telephone": ("text",),
    "téléphone": ("text",), "phone_number": ("text",), "boolean": ("acknowledge",), "signature": ("image",),
    "comment": ("text",), "comments": ("text",), "commentaire": ("text",), "label": ("note",), "calculate_here": ("calculate",),
    "db:person": ("text",), "db:clinic": ("text",), "db:health_center": ("text",), "db:district_hospital": ("text",),
    "select": ("select_one",), "choice": ("select_one",), "begin": ("begin_group",), "end": ("end_group",),
    "begin_section": ("begin_group",), "end_section": ("end_group",),
}  # fmt: skip
LIKELY_COMMANDS = {
    "select_one_multiple": ("select_multiple", "select_one"), "select": ("select_one", "select_multiple"),
}  # fmt: skip
# Types that only one other server knows: there is nothing to put in their place.
FOREIGN_TYPES = {
    "include": "formhub", "cascading_select": "formhub", "begin_kobomatrix": "KoboToolbox", "end_kobomatrix": "KoboToolbox", "begin_score": "KoboToolbox",
    "end_score": "KoboToolbox", "score__row": "KoboToolbox", "begin_rank": "KoboToolbox",
    "end_rank": "KoboToolbox", "rank__level": "KoboToolbox", "text_audit": "SurveyCTO",
    "audio_audit": "SurveyCTO", "speed_violations_count": "SurveyCTO", "speed_violations_list": "SurveyCTO",
    "speed_violations_audit": "SurveyCTO", "sensor_statistic": "SurveyCTO", "sensor_stream": "SurveyCTO",
    "caseid": "SurveyCTO",
}  # fmt: skip

# Functions of XPath and of ODK that phones can work out.
FUNCTIONS = frozenset(
    "abs acos area asin atan atan2 base64-decode boolean boolean-from-string ceiling checklist coalesce concat "
    "contains cos count count-non-empty count-selected current current-ratio date date-time decimal-date-time decimal-time "
    "digest distance ends-with enclosed-area exp exp10 extract-signed false floor format-date format-date-time "
    "geofence hash id if indexed-repeat instance int intersects is-valid-pin join jr:choice-name jr:itext lang last "
    "local-name log log10 max min name namespace-uri node normalize-space not now number once pi position pow "
    "property pulldata random randomize regex round selected selected-at sin some-selected sqrt starts-with string "
    "string-length substr substring substring-after substring-before sum tan text thousandsep today translate true "
    "uuid version weighted-checklist comment processing-instruction search".split()
)

COLUMNS = {
    "survey": (
        "type name label hint guidance_hint required required_message relevant constraint constraint_message calculation "
        "choice_filter appearance default readonly repeat_count trigger parameters save_to image audio video sensitivity "
        "big-image autoplay disabled rows intent no_app_error_string query compact_tag sms_field sms_option sms_separator "
        "sms_allow_media sms_date_format sms_datetime_format sms_response"
    ).split(),
    "choices": "list_name name label image audio video big-image".split(),
    "settings": (
        "form_title form_id version default_language style public_key submission_url instance_name name auto_send "
        "auto_delete allow_choice_duplicates client_editable instance_id namespaces clean_text_values "
        "omit_instanceID sms_keyword"
    ).split(),
    "external_choices": "list_name name label".split(),
    "entities": "list_name label entity_id create_if update_if repeat".split(),
    "osm": "list_name name label".split(),
}
ALIASES = {
    "survey": {
        "relevance": "relevant", "caption": "label", "calculate": "calculation", "constraining_message": "constraint_message",
        "requiredmsg": "required_message", "read_only": "readonly", "command": "type", "tag": "name", "value": "name",
        "count": "repeat_count", "jr:count": "repeat_count", "noapperrorstring": "no_app_error_string",
        "sensibilité": "sensitivity", "sensibilite": "sensitivity",
    },
    "choices": {"caption": "label", "value": "name"},
    "external_choices": {"caption": "label", "value": "name"},
    "settings": {"title": "form_title", "set_form_title": "form_title", "id_string": "form_id", "set_form_id": "form_id"},
    "entities": {"dataset": "list_name"},
    "osm": {"caption": "label", "value": "name"},
}  # fmt: skip
PREFIXED = ("media", "bind", "body", "control", "instance")
TRANSLATED = (
    "label hint guidance_hint constraint_message required_message image audio video big-image"
).split()
LOGIC = "relevant constraint calculation choice_filter required readonly repeat_count".split()
CODES = {"english": "en", "french": "fr", "français": "fr", "francais": "fr", "arabic": "ar", "bambara": "bm"}


@dataclass(frozen=True)
class Type:
    """A type taken apart: `kind` as XLSForm calls it, the list or file of a choice, whether "other" is offered."""

    kind: str
    list: str = ""
    or_other: bool = False

    @property
    def opens(self):
        return self.kind.removeprefix("begin_") if self.kind.startswith("begin_") else ""

    @property
    def closes(self):
        return self.kind.removeprefix("end_") if self.kind.startswith("end_") else ""

    @property
    def chooses(self):
        return self.kind in CHOICE_COMMANDS or self.kind == "select_one_external" or self.from_file

    @property
    def from_file(self):
        return self.kind in FILE_COMMANDS


_SELECT_WORDS = {
    "select_one": "select_one", "select1": "select_one", "select_one_from": "select_one",
    "add_select_one_prompt_using": "select_one", "select_multiple": "select_multiple",
    "select_all_that_apply": "select_multiple", "select_all_that_apply_from": "select_multiple",
    "add_select_multiple_prompt_using": "select_multiple", "select_one_from_file": "select_one_from_file",
    "select_multiple_from_file": "select_multiple_from_file", "rank": "rank",
    "select_one_external": "select_one_external",
}  # fmt: skip
_ACCEPTED = re.compile(
    r"(add select one prompt using|add select multiple prompt using|select all that apply from|select one from file"
    r"|select multiple from file|select one from|select1|select_one_from_file|select_multiple_from_file"
    r"|select_one_external|select_one|select one|select_multiple|select all that apply|rank) (\S+)"
    r"( or specify other| or_other| or other)?"
)
_OSM = re.compile(r"osm \S+")
_CONTROL = re.compile(r"(begin|end)[\s_](group|lgroup|repeat|loop|looped group)(?: (?:over )?(\S+))?")
_REPEATS = {"lgroup": "repeat", "looped group": "repeat"}


def read_type(text):
    """A type as XLSForm accepts it, taken apart.

    text     str, the cell
    Returns  Type, or None when the compiler would not know it

    >>> read_type("select_one yes_no or_other")
    Type(kind='select_one', list='yes_no', or_other=True)
    >>> read_type("begin group").opens
    'group'
    """
    if match := _CONTROL.fullmatch(text):
        verb, what, list_name = match.groups()
        if verb == "end" and list_name:
            return None
        return Type(f"{verb}_{_REPEATS.get(what, what)}", list_name or "")
    if match := _ACCEPTED.fullmatch(text):
        command, list_name, other = match.groups()
        return Type(_SELECT_WORDS[command.replace(" ", "_")], list_name, bool(other))
    return Type(text) if text in plain_types() or _OSM.fullmatch(text) else None


@cache
def plain_types():
    """Types that are one word or phrase, as the compiler knows them."""
    from pyxform import aliases  # noqa: PLC0415  slow to load, and only reading forms needs it
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT  # noqa: PLC0415  likewise

    choices = {name for name in QUESTION_TYPE_DICT if "select" in name or name == "rank"}
    settings = set(aliases.settings_header)
    return frozenset(set(QUESTION_TYPE_DICT) | set(aliases._type_alias_map) | settings | {"audit"}) - choices


@cache
def shown_types():
    """Plain types that put something on the screen and so need a label."""
    from pyxform import aliases  # noqa: PLC0415  slow to load, and only reading forms needs it
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT  # noqa: PLC0415  likewise

    controls = {
        name: made["control"].get("tag") for name, made in QUESTION_TYPE_DICT.items() if "control" in made
    }
    shown = {name for name, tag in controls.items() if tag != "action"}  # actions run without being seen
    return frozenset(shown | {name for name, other in aliases._type_alias_map.items() if other in shown})


def folded(text):
    """A word without what people vary: capitals, spaces, hyphens, underscores.

    >>> folded("Select-One  Yes")
    'select_one_yes'
    """
    return re.sub(r"[\s_\-]+", "_", text.strip().lower()).strip("_")


def mend_type(text):
    """What a type that is not accepted was surely meant to be: other capitals or separators, or another word for it.

    Returns  str, or '' when that is not sure

    >>> mend_type("Select-one  oui_non"), mend_type("Texte"), mend_type("BEGIN GROUP"), mend_type("numeric")
    ('select_one oui_non', 'text', 'begin_group', '')
    """
    squeezed = " ".join(text.replace(":", " ").split()) if not text.startswith("db:") else text
    found = _folded_types().get(folded(squeezed)) or SAME_TYPE.get(folded(squeezed))
    if found and found not in CHOICE_COMMANDS:
        return found
    words = re.sub(r"\s*[-–]\s*(?=[Oo]ne\b|[Mm]ultiple\b)", "_", squeezed).split()
    for count in range(min(6, len(words) - 1), 0, -1):
        command = folded(" ".join(words[:count]))
        command = _SELECT_WORDS.get(command) or SAME_TYPE.get(command)
        rest = " ".join(words[count:])
        rest = re.sub(r" (or|ou)[ _-](specify[ _-])?(other|autre)$", " or_other", rest, flags=re.I)
        candidate = f"{command} {rest}"
        if command and read_type(candidate):
            return candidate if candidate != text else ""
    return ""


@cache
def _folded_types():
    """Folded spelling → the type, where only one type is spelt so."""
    names = {folded(name): name for name in sorted(plain_types())}
    names |= {f"{verb}_{what}": f"{verb}_{what}" for verb in ("begin", "end") for what in SECTIONS}
    names |= {f"{verb}{what}": f"{verb}_{what}" for verb in ("begin", "end") for what in ("group", "repeat")}
    preferred = (
        "text integer decimal date time dateTime geopoint geotrace geoshape image note calculate".split()
    )
    return names | {folded(name): name for name in preferred}


def near(word, candidates, most=None):
    """Candidates that differ from a word by a slip of the pen, the nearest first.

    most     highest number of letters that differ; by default one in four, at least one
    Returns  list of str

    >>> near("intger", ["integer", "text"]), near("oui_non", ["ouinon", "sexe"])
    (['integer'], ['ouinon'])
    """
    most = max(1, len(word) // 4) if most is None else most
    plain = folded(word)
    measured = ((OSA.distance(plain, folded(other), score_cutoff=most), other) for other in candidates)
    close = sorted((distance, other) for distance, other in measured if distance <= most and other != word)
    return [other for _, other in close]


def alike(words):
    """Words by what remains of them without capitals, spaces, hyphens and accents.

    Returns  dict: str → set of words
    """
    found = {}
    for word in words:
        found.setdefault(folded(plain(word)), set()).add(word)
    return found


def same_but(word, known):
    """The only word that differs from one by no more than capitals, spaces, hyphens or accents, or ''.

    known    as `alike` gives it

    >>> same_but("Âge", alike(["age", "sexe"])), same_but("AGE", alike(["age", "Age"]))
    ('age', '')
    """
    found = known.get(folded(plain(word)), ())
    return next(iter(found)) if len(found) == 1 else ""


def plain(text):
    """A text without its accents.

    >>> plain("Prénom")
    'Prenom'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def make_name(text, taken=()):
    """A valid name that resembles a text and is not taken yet.

    >>> make_name("Prénom du chef"), make_name("1er âge"), make_name("sexe", {"sexe"})
    ('Prenom_du_chef', '_1er_age', 'sexe_2')
    """
    name = (
        re.sub(r"[^A-Za-z0-9_.-]+", "_", plain(text.strip().replace("œ", "oe"))).strip("_.-")[:60]
        or "question"
    )
    name = name if re.match(r"[A-Za-z_]", name) else f"_{name}"
    number, unique = 2, name
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique
