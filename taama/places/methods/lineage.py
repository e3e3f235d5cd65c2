"""Which ground two areas of different versions of a country have in common."""

from collections import defaultdict
from dataclasses import dataclass

SAME, RENAME, RECODE, SPLIT, MERGE, TRANSFER = KINDS = (
    "same",
    "rename",
    "recode",
    "split",
    "merge",
    "transfer",
)


@dataclass(frozen=True)
class Link:
    """`after` holds ground that `before` held in an earlier version. `levels`: administrative level of each."""

    before: str
    after: str
    kind: str = SAME
    levels: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Common:
    """The smallest sets of areas, one in the version of each, whose unions cover the same ground."""

    of_a: frozenset
    of_b: frozenset
    name: str


def version_of(key):
    """
    >>> version_of("ML05@2021-12-20")
    '2021-12-20'
    """
    return key.rpartition("@")[2]


def common_area(a, b, links, names=None):
    """The smallest common ground of two areas of different versions.

    a, b      keys of areas: `ML05@2021-12-20`, `mopti@2023`
    links     [Link]: every lineage between the versions concerned, complete for each pair of versions and levels
    names     key → name, used to name the common ground
    Returns   Common(of_a, of_b, name); None when no lineage connects a and b.
              A part that moved from one area to another (transfer) joins both, since the ground can't be told apart.

    >>> links = [Link("ML05@2021", "mopti@2023", "split"), Link("ML05@2021", "bandiagara@2023", "split")]
    >>> common = common_area("mopti@2023", "ML05@2021", links, {"ML05@2021": "Mopti"})
    >>> sorted(common.of_a), sorted(common.of_b), common.name
    (['bandiagara@2023', 'mopti@2023'], ['ML05@2021'], 'Mopti')
    """
    if a == b:
        return Common(frozenset({a}), frozenset({a}), _name({a}, names))
    layers = _layers(links)
    layer_a, layer_b = layers.get(a), layers.get(b)
    if None in (layer_a, layer_b) or layer_a == layer_b:
        return None
    ground = _component(a, _links_between(layer_a, layer_b, links))
    if b not in ground:
        return None
    of_a = frozenset(key for key in ground if layers[key] == layer_a)
    of_b = frozenset(key for key in ground if layers[key] == layer_b)
    smaller = of_b if len(of_b) < len(of_a) else of_a
    if len(of_a) == len(of_b):
        smaller = min(of_a, of_b, key=sorted)
    return Common(of_a, of_b, _name(smaller, names))


def _ends(link):
    return (version_of(link.before), link.levels[0]), (version_of(link.after), link.levels[1])


def _layers(links):
    """Key → (version, level)."""
    layers = {}
    for link in links:
        layers[link.before], layers[link.after] = _ends(link)
    return layers


def _links_between(start, goal, links):
    """The links that lie on a shortest way between two layers."""
    joined = defaultdict(set)
    for before, after in map(_ends, links):
        joined[before].add(after)
        joined[after].add(before)
    from_start, from_goal = _distances(start, joined), _distances(goal, joined)
    if goal not in from_start:
        return []
    far = len(joined)  # a layer on another continent of the graph lies on no way
    return [
        link
        for link in links
        for one, other in [_ends(link)]
        if from_start[goal] - 1
        in (
            from_start.get(one, far) + from_goal.get(other, far),
            from_start.get(other, far) + from_goal.get(one, far),
        )
    ]


def _distances(start, joined):
    distances, ring, steps = {}, {start}, 0
    while ring:
        distances |= dict.fromkeys(ring, steps)
        steps += 1
        ring = {n for layer in ring for n in joined[layer] if n not in distances}
    return distances


def _component(start, links):
    neighbours = defaultdict(set)
    for link in links:
        neighbours[link.before].add(link.after)
        neighbours[link.after].add(link.before)
    reached, waiting = {start}, [start]
    while waiting:
        for key in neighbours[waiting.pop()] - reached:
            reached.add(key)
            waiting.append(key)
    return reached


def _name(keys, names):
    return " + ".join(sorted((names or {}).get(key, key) for key in keys))
