import pytest

from taama.base.policy import OPERATOR
from taama.places.actions.country import load_country


@pytest.fixture
def mali(db):
    """Mali as a new office has it: without the simulated places."""
    return load_country(by=OPERATOR, folder="mali")
