"""How the web server works and logs: one JSON line for each event like everything else, never an address or a header."""

sendfile = False  # answers are handed out by taama.project.patience
HANDLERS = {"console": {"class": "logging.StreamHandler", "formatter": "json"}}
QUIET = {"handlers": ["console"], "level": "WARNING", "propagate": False}

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "taama.base.logs.JsonFormatter"}},
    "handlers": HANDLERS,
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": QUIET, "gunicorn.access": QUIET},
}
