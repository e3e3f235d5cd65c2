"""The door for a WSGI server."""

import logging
import os

from django.core.cache import caches
from django.core.wsgi import get_wsgi_application

logging.captureWarnings(True)  # a warning is a line of the log like any other
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taama.project.settings")
application = get_wsgi_application()
caches["pages"].clear()  # another version may have made them
