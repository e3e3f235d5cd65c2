"""The area that a submission speaks of: of its place, else of what was chosen; none where nothing is sure."""

import polars as pl
import pytest

from taama.facts.tools import Sent
from taama.mobility.tools.flow_registry.tool import tool as flow_registry
from taama.mobility.tools.location_assessment.tool import tool as location_assessment

AREAS = pl.DataFrame({"key": ["ML07@2021", "ML0701@2021", "ML0702@2021"]})
PLACES = pl.DataFrame(
    {
        "key": ["L-1"], "name": ["Un"], "kind": ["village"], "area": ["ML0701@2021"], "geography": ["2021"],
        "cercle": ["ML0701@2021"], "lat": [16.2], "lon": [0.0], "closed_on": [None],
    }
)  # fmt: skip


def told(tool, known, **answers):
    main = pl.DataFrame({"submission": ["s"]} | {name: [value] for name, value in answers.items()})
    return dict(tool.area(Sent(main), known).iter_rows())["s"]


@pytest.mark.parametrize(
    ("answers", "area"),
    [
        ({"place/locality": "l-1 ", "place/cercle": "ML0702@2021"}, "ML0701@2021"),
        ({"place/locality": "L-9", "place/cercle": "ML0702@2021"}, "ML0702@2021"),
        ({"place/cercle": "ML99@2021", "place/region": "ML07@2021"}, "ML07@2021"),
        ({"place/cercle": "ML99@2021"}, None),
        ({}, None),
    ],
)
def test_an_assessment_speaks_of_the_area_of_its_place_or_of_what_was_chosen(answers, area):
    known = {"places.localities": PLACES, "places.areas": AREAS}
    assert told(location_assessment, known, **answers) == area


def test_a_day_speaks_of_the_area_of_its_point():
    known = {"places.points": PLACES}
    assert told(flow_registry, known, **{"day/point": "L-1"}) == "ML0701@2021"
    assert told(flow_registry, known, **{"day/point": "L-9"}) is None
