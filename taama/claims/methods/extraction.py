"""From plain text to claims, for the common ways in which reports state figures, in French and English."""

from taama.claims.methods import (
    averages,
    bases,
    changes,
    columns,
    dated,
    durations,
    lists,
    ratios,
    repeats,
    shares,
    sums,
    texts,
)
from taama.claims.methods.kinds import SumOfParts
from taama.claims.methods.scenes import scene_of


def extract_claims(text, language=None):
    """The claims of a text, in the order in which they stand.

    text      plain text, lines broken anywhere; tables as lines of a label and numbers
    language  `fr` or `en`; found from the text when None
    Returns   list of claims (`kinds`), each with its sentence, characters and line

    >>> [type(c).__name__ for c in extract_claims("203 migrants (among which 41 women and 23 children) stayed.")]
    ['PartOfWhole']
    """
    language = language or texts.language_of(text)
    return claims_of(text, scenes_of(text, language), language)


def scenes_of(text, language):
    return [scene_of(text, passage, language) for passage in texts.sentences(text)]


def claims_of(text, scenes, language):
    """The same, of a text whose sentences have been read."""
    found = []
    for scene in scenes:
        found += _of_scene(scene)
    tables = columns.find(text, language)
    found = [*_outside(found, tables), *tables, *repeats.find(scenes)]
    return sorted(bases.completed(found, scenes), key=lambda claim: (claim.passage.start, claim.passage.end))


def _of_scene(scene):
    claims = [
        claim
        for module in (sums, changes, averages, ratios, durations, lists)
        for claim in module.find(scene)
    ]
    used = {n.start for claim in claims for n in claim.numbers}
    claims += [c for c in dated.find(scene) if c.change is not None or c.value.start not in used]
    return [*claims, *shares.find(scene, claims)]


def _outside(claims, tables):
    """Claims of sentences, less sums read out of the lines of a table."""
    spans = [(t.passage.start, t.passage.end) for t in tables]
    for claim in claims:
        inside = any(a <= claim.passage.start and claim.passage.end <= b for a, b in spans)
        if not (inside and isinstance(claim, SumOfParts)):
            yield claim
