"""Every test runs in a data folder of its own, without the network."""

import os
import tempfile

os.environ["TAAMA_DATA_DIR"] = tempfile.mkdtemp(prefix="taama-tests-")
os.environ["TAAMA_PLAIN_HTTP"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "taama.project.settings"
