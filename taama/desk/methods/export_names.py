"""Names that a format accepts, each once: of columns in SPSS and Stata, of sheets, of files."""

import re
import unicodedata

SPSS_WORDS = frozenset("all and by eq ge gt le lt ne not or to with".split())
STATA_WORDS = frozenset(
    "_all _b byte _coef _cons double float if in int long _n _pi _pred _rc _skip str strl using with".split()
)


def unique(names, longest=None, fold=str):
    """Each name once: the second of its kind gets `_2`.

    names     wanted, in order
    longest   characters that a name may have
    fold      what makes two names the same, for instance `str.lower`

    >>> unique(["age", "sex", "age"]), unique(["abcdef", "abcdeg"], 5)
    (['age', 'sex', 'age_2'], ['abcde', 'abc_2'])
    """
    taken, found = set(), []
    for name in names:
        made, number = name[:longest], 1
        while fold(made) in taken:
            number += 1
            tail = f"_{number}"
            made = (name[: longest - len(tail)] if longest else name) + tail
        taken.add(fold(made))
        found.append(made)
    return found


def plain(name):
    """Letters without accents, digits and `_` only.

    >>> plain("Nombre d'élèves (2026)")
    'Nombre_d_eleves_2026'
    """
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", bare).strip("_")


def spss_names(names):
    """Valid and unique names of variables of SPSS, at most 64 characters.

    >>> spss_names(["hh/age", "hh/age ", "with", "_key", "2e"])
    ['hh_age', 'hh_age_2', 'with_', 'key', 'v2e']
    """
    return unique([_variable(name, SPSS_WORDS) for name in names], 64, str.lower)


def stata_names(names):
    """Valid and unique names of variables of Stata, at most 32 characters.

    >>> stata_names(["household/members/occupation_of_head", "household/members/occupation_of_head/farmer", "str12"])
    ['members_occupation_of_head', 'occupation_of_head_farmer', 'str12_']
    """
    return unique([_variable(_shortened(name, 32), STATA_WORDS) for name in names], 32, str.lower)


def _variable(name, words):
    made = plain(name)
    if not made[:1].isalpha():
        made = f"v{made}"
    reserved = made.lower() in words or re.fullmatch(r"str\d+", made.lower())
    return f"{made}_" if reserved else made


def _shortened(name, longest):
    """Without as many of the outer groups as must go: the end of a path says most."""
    while len(plain(name)) > longest and "/" in name:
        name = name.partition("/")[2]
    return name


def sheet_names(names):
    """Valid and unique names of sheets of Excel.

    >>> sheet_names(["household/members", "Personnes [2026]"])
    ['household members', 'Personnes 2026']
    """
    bare = [re.sub(r"[\[\]:*?/\\']+", " ", name).strip() or "data" for name in names]
    return unique([" ".join(name.split()) for name in bare], 31, str.lower)


def file_names(names):
    """Valid and unique names of files without their ending.

    >>> file_names(["", "hh/membres", "hh-membres"])
    ['form', 'hh-membres', 'hh-membres_2']
    """
    bare = [re.sub(r"[^\w.-]+", "-", name).strip("-.") or "form" for name in names]
    return unique(bare, 100, str.lower)


def last_steps(paths):
    """The last step of each path; the whole path where two would be the same.

    >>> last_steps(["a/x", "a/y", "b/y"])
    ['x', 'a/y', 'b/y']
    """
    ends = [path.rpartition("/")[2] for path in paths]
    return [end if ends.count(end) == 1 else path for end, path in zip(ends, paths, strict=True)]
