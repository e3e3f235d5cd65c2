"""The small published snapshot that these tests look at."""

from tests.snapshots import *  # noqa: F403  fixtures
