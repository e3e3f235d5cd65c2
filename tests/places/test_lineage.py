"""The common ground of areas of different versions: checked against the ground itself."""

from hypothesis import given
from hypothesis import strategies as st

from taama.places.methods.lineage import Link, common_area


@st.composite
def divisions(draw, versions):
    """Several divisions of the same twelve cells of ground, and the links between each and the next."""
    of_cell = [draw(st.lists(st.integers(0, 4), min_size=12, max_size=12)) for _ in range(versions)]
    grounds = []
    for version, areas in enumerate(of_cell):
        ground = {}
        for cell, area in enumerate(areas):
            ground.setdefault(f"a{area}@v{version}", set()).add(cell)
        grounds.append(ground)
    links = [
        Link(before, after, "transfer")
        for one, other in zip(grounds, grounds[1:], strict=False)
        for before, its in one.items()
        for after, theirs in other.items()
        if its & theirs
    ]
    return grounds, links


def cells(keys, ground):
    return set().union(*(ground[key] for key in keys))


@given(divisions(2))
def test_both_sides_cover_the_same_ground_and_nothing_smaller_does(division):
    (first, second), links = division
    for a, its in first.items():
        for b, theirs in second.items():
            common = common_area(a, b, links)
            if common is None:
                assert not its & theirs
                continue
            assert a in common.of_a and b in common.of_b
            assert cells(common.of_a, first) == cells(common.of_b, second)
            for other in common.of_a - {a}:
                rest = cells(common.of_a - {other}, first)
                assert any(ground & rest and not ground <= rest for ground in second.values()), (
                    "not the smallest"
                )


@given(divisions(3))
def test_through_a_version_between_them_the_ground_is_still_the_same(division):
    (first, _, last), links = division
    for a in first:
        for b in last:
            common = common_area(a, b, links)
            if common:
                assert cells(common.of_a, first) == cells(common.of_b, last)
            else:
                assert not first[a] & last[b]


@given(divisions(3), st.randoms())
def test_it_is_the_same_from_both_sides_and_in_any_order(division, chance):
    (first, second, last), links = division
    mixed = list(links)
    chance.shuffle(mixed)
    for a in first:
        for b in [*second, *last]:
            there, back = common_area(a, b, links), common_area(b, a, mixed)
            if there is None:
                assert back is None
            else:
                assert (there.of_a, there.of_b, there.name) == (back.of_b, back.of_a, back.name)


def test_a_new_code_changes_nothing_else():
    common = common_area("ML0502@2015", "ML0501@2021", [Link("ML0502@2015", "ML0501@2021", "recode")])
    assert (common.of_a, common.of_b) == ({"ML0502@2015"}, {"ML0501@2021"})


def test_the_same_code_in_another_version_is_not_the_same_place():
    links = [Link("ML0501@2015", "ML0506@2021", "recode"), Link("ML0502@2015", "ML0501@2021", "recode")]
    assert common_area("ML0501@2015", "ML0501@2021", links) is None


def test_areas_of_one_version_have_no_ground_in_common_but_with_themselves():
    links = [Link("a@1", "b@2")]
    assert common_area("a@1", "a@1", links, {"a@1": "A"}).name == "A"
    assert common_area("b@2", "c@2", links) is None


def test_a_region_can_be_rebuilt_from_the_cercles_of_an_earlier_version():
    links = [
        Link("ML05@2021", "mopti@2023", "split"), Link("ML05@2021", "bandiagara@2023", "split"),
        Link("ML0501@2021", "bandiagara@2023", "merge", (2, 1)), Link("ML0502@2021", "bandiagara@2023", "merge", (2, 1)),
        Link("ML0506@2021", "mopti@2023", "recode", (2, 1)),
    ]  # fmt: skip
    finer = common_area("ML0502@2021", "bandiagara@2023", links)
    assert (finer.of_a, finer.of_b) == ({"ML0501@2021", "ML0502@2021"}, {"bandiagara@2023"})
    coarser = common_area("bandiagara@2023", "ML05@2021", links)
    assert coarser.of_a == {"mopti@2023", "bandiagara@2023"}
