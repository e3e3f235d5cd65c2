"""How far an area reaches: into its parts, and their like in other versions of the division."""

from collections import defaultdict

from taama.places.methods.lineage import version_of


def inside(keys, parents, links):
    """The areas that lie wholly within these ones, themselves included, in every version.

    keys      keys of areas: `ML05@2021-12-20`
    parents   key of every area → key of the one that contains it, or None
    links     [Link]: every lineage, complete for each pair of versions and levels. An area lies inside when
              all those from which it came, or all those that came from it, do
    Returns   frozenset of keys; a key that is no area is left out

    >>> from taama.places.methods.lineage import Link
    >>> parents = {"ML05@2021": None, "ML0501@2021": "ML05@2021", "mopti@2023": None, "douentza@2023": None}
    >>> links = [Link("ML05@2021", "mopti@2023"), Link("ML05@2021", "douentza@2023"), Link("ML06@2021", "douentza@2023")]
    >>> sorted(inside({"ML05@2021"}, parents, links))
    ['ML0501@2021', 'ML05@2021', 'mopti@2023']
    """
    beside = _neighbours(links)
    found, grown = set(), {key for key in keys if key in parents}
    while grown:
        found |= grown
        grown = {
            key
            for key, parent in parents.items()
            if key not in found and (parent in found or any(of <= found for of in beside[key].values()))
        }
    return frozenset(found)


def _neighbours(links):
    """Key → (version, level) → keys of the areas there that share its ground."""
    beside = defaultdict(lambda: defaultdict(set))
    for link in links:
        low, high = link.levels
        beside[link.before][version_of(link.after), high].add(link.after)
        beside[link.after][version_of(link.before), low].add(link.before)
    return beside
