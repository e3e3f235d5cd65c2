"""A text cut into sentences without moving a character, so that every claim keeps its place and line."""

import re
from dataclasses import dataclass

from taama.claims.methods import dates

WRAPPED = 60  # a line at least this long that ends without a stop goes on in the next one
SHORTEST = 5  # digits; fewer without any word say nothing that can be checked
LONGEST = 1500  # characters; what runs on without a stop for longer is no sentence
_BULLET = re.compile(r"\s*(?:[•●▪◦■►✓*·]|[-–—]\s|\d{1,2}[.)]\s|[a-z]\)\s)")
_OPEN_END = re.compile(
    r"(?:,|\b(?:of|the|and|or|in|to|from|by|for|with|at|on|as|de|du|des|d['’]|la|le|les|et|ou|à|au|aux|en|dans|par|sur|pour|"
    r"avec|une?|an?|" + "|".join(n.capitalize() for n in sorted(dates.NUMBERS) if len(n) > 4) + r"))\s*$"
)
_STOP = re.compile(r"[.!?:;…][\"”»’)\]]*\s*$")
_BOUNDARY = re.compile(
    r"(?:(?<=[.!?…])|(?<=[.!?…][\"”»’)\]])|(?<=[.!?…]\d))\s{1,99}(?=[\"“«(\[]?[^\W\d_a-zà-ÿ]|[\"“«(]?\d|[•●▪])|\n+|[•●▪◦■►]"
)
# A sentence that begins so speaks of the figure before it.
_ANAPHORA = re.compile(
    r"(?:This|That|It|Ceci|Cela|Il|Ce qui|Soit)\s+(?:représente|represents?|is|was|marks?|s['’]agit|correspond\w*|constitue|means|"
    r"une|un|est)\b|(?:These|This|Ces|Ce)\s+(?:figures?|numbers?|total|chiffres?|nombre)\s+(?:includes?|comprend|comprennent|inclu\w+)\b", re.I
)  # fmt: skip
_ABBREVIATION = re.compile(
    r"(?:\b(?:M|Mme|Mr|Mrs|Dr|St|Ste|No|Nos|art|p|pp|cf|vs|approx|env|e\.g|i\.e|etc|al|fig|tab|B\.P|av|J\.-C|[A-Z])|n°)\.$"
)
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|(?:Tel|Tél|Phone)[.: ]*\+?[\d ()-]{8,}|\+\d{2,3}(?:[ .]?\d{2}){4}",
    re.I,
)
_NUMBERED = (
    r"(?:weeks?|semaines?|rounds?|cycles?|phases?|levels?|niveaux?|annexe?s?|tableaux?|tables?|figures?|SE)"
)
_LABEL = re.compile(
    rf"\b{_NUMBERED}\s(?:n°\s?)?\d{{1,3}}\b(?:\s(?:à|et|to|and|-|–)\s\d{{1,3}}\b)?(?![.,]?\d|\s?%)|"
    r"(?<=[A-Za-z]-)\s+\d+|(?<=[A-Za-z]-)\d+|(?:\b(?:B\.P\.|BP|Door|porte|rue|n°|no\.)\s*)\d+|^\s*\d{1,2}[.)]\s",
    re.I,
)
# Ages name people, they count nobody.
_AGE = re.compile(
    r"\b(?:(?:moins|plus) de|under|over|below|aged?|âgée?s? de)[\s-]+(?:\d{1,2}|five|fifteen|eighteen|cinq|quinze|dix-huit)"
    r"(?:\s*(?:à|to|et|and|-|–)\s*\d{1,2})?(?=\s+(?:ans|mois|years|months)\b)"
    r"|\bunder[\s-]+(?:5|five|15|18)\b(?!\s*(?:%|per|[a-z]))"
    r"|\b\d{1,2}\s*(?:à|to|-|–)\s*\d{1,2}(?=\s+(?:ans|mois|years|months)\b)", re.I
)  # fmt: skip
_COUNTED = re.compile(
    r"\s+(?:personnes?|people|persons?|individu\w*|migrants?|pdi|idps?|déplacée?s|ménages?|households?|familles?|families|"
    r"femmes?|women|hommes?|men|enfants?|children|cas|cases|retourné\w*|returnees?|réfugié\w*|refugees?|bénéficiaires?|"
    r"beneficiaries|kits?)\b", re.I
)  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """Where a claim stands: its sentence, the first and one past the last character in the text, its line from 1."""

    sentence: str = ""
    start: int = 0
    end: int = 0
    line: int = 0


def sentences(text):
    """Passages of a text, in order; sentences broken by line ends, even blank lines, are joined.

    >>> [p.sentence for p in sentences("Seven points were open. Two\\nwere not.")]
    ['Seven points were open.', 'Two were not.']
    """
    flowing = _joined(text)
    begin = 0
    for match in [*_BOUNDARY.finditer(flowing), None]:
        end = match.start() if match else len(flowing)
        if match and "\n" not in match[0] and _ANAPHORA.match(flowing, match.end()):
            continue
        if match and _ABBREVIATION.search(flowing[max(0, begin, end - 8) : end]):
            continue
        if end - begin <= LONGEST and (passage := _passage(text, flowing, begin, end)):
            yield passage
        begin = match.end() if match else end


def carried_over(sentence):
    """The sentence with a comma for each full stop before a figure that is spoken of again; same length."""
    return re.sub(r"\.(?=[\"”»’)\]]*\s+(?:" + _ANAPHORA.pattern + "))", ",", sentence, flags=re.I)


def _passage(text, flowing, begin, end):
    raw = flowing[begin:end]
    stripped = raw.strip()
    if not stripped or (len(re.findall(r"\d", stripped)) < SHORTEST and not re.search(r"[^\W\d_]", stripped)):
        return None
    start = begin + len(raw) - len(raw.lstrip())
    return Passage(" ".join(stripped.split()), start, start + len(stripped), line_at(text, start))


def line_at(text, position):
    return text.count("\n", 0, position) + 1


def _joined(text):
    """The same text with a space for each line end that a sentence runs over."""
    lines = [m for m in re.finditer(r"[^\n]*", text) if m[0].strip()]
    result = list(text.replace("\r", " ").replace("\t", " ").replace("\f", " "))
    for line, following in zip(lines, lines[1:], strict=False):
        if _goes_on(line[0].strip(), following[0]):
            for index in range(line.end(), following.start()):
                result[index] = " "
    return "".join(result)


def _goes_on(line, following):
    if _BULLET.match(following) or _STOP.search(line) or "|" in line or "|" in following:
        return False
    if _OPEN_END.search(line):
        return True
    head = following.strip()
    if head[0].islower():
        return not line.isupper()
    if line.isupper() and not head.isupper():
        return False
    return len(line) >= WRAPPED


def blank(text):
    """The text with the digits of dates, addresses, phone numbers and labels turned into `#`: they count nothing."""
    hidden = list(text)
    for pattern in (_ADDRESS, _LABEL):
        for match in pattern.finditer(text):
            _hide(hidden, *match.span())
    for match in _AGE.finditer(text):
        hidden[match.start() : match.end()] = re.sub(
            r"\d|\b(?:five|fifteen|eighteen|cinq|quinze|dix-huit)\b",
            lambda m: "#" * len(m[0]),
            match[0],
            flags=re.I,
        )
    for match in dates.DATE.finditer(text):
        if not (match["only"] and _COUNTED.match(text, match.end())) and not (
            match["month"] and not re.search(r"\d", match[0])
        ):
            _hide(hidden, *match.span())
            if day := dates.BARE_DAY.search(text, 0, match.start()):
                _hide(hidden, *day.span("day"))
    for match in re.finditer(
        rf"\b(?:19|20)\d\d\s?[-–/]\s?(?:(?:19|20)?\d\d)\b|\b{dates._DAY}/\d{{1,2}}/\d{{2,4}}\b", text
    ):
        _hide(hidden, *match.span())
    return "".join(hidden)


def _hide(hidden, start, end):
    for index in range(start, end):
        if hidden[index].isdigit():
            hidden[index] = "#"


_FRENCH = re.compile(
    r"\b(?:le|la|les|des|du|de|et|une?|dans|par|sur|pour|est|sont|au|aux|ont|été|avec|soit|dont|à)\b|[éèêàçùœ]",
    re.I,
)
_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|by|for|is|are|was|were|with|from|to|which|have|has|per|an)\b", re.I
)


def language_of(text):
    """`fr` or `en`, by the small words of the text, else by how it groups digits; French when nothing tells."""
    english, french = len(_ENGLISH.findall(text)), len(_FRENCH.findall(text))
    if english == french:
        return "en" if re.search(r"\d,\d{3}\b", text) else "fr"
    return "en" if english > french else "fr"
