"""The demonstration, prepared once; tests work on copies of it."""

import pytest

from taama.bench.office import free_port
from tests.project.office import Office


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """(The office of the demonstration, what `taama demo --prepare-only` answered)."""
    office = Office(tmp_path_factory.mktemp("demo") / "data")
    return office, office.taama("demo", "--prepare-only", "--port", str(free_port()))


@pytest.fixture
def demo(prepared, tmp_path):
    """A copy of the demonstration's office for one test."""
    return prepared[0].copy(tmp_path / "data")
