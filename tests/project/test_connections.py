"""Strangers who hold many connections open leave files enough for the work on those of others."""

import os
import subprocess
import sys

import pytest

ASKED = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from taama.project.web import most_connections
print(most_connections(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(("soft", "hard", "most"), [(256, 1024, 462), (1024, 2048, 974), (64, 150, 25)])
def test_two_files_a_connection_and_a_hundred_for_all_else(soft, hard, most, tmp_path):
    asked = [sys.executable, "-c", ASKED.format(soft=soft, hard=hard)]
    environment = os.environ | {
        "TAAMA_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "taama.project.settings",
    }
    told = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment).stdout
    assert told.split() == [str(most), str(hard), str(hard)]
