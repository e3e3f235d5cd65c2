"""Logs as JSON lines without personal data: code, numbers and identifiers only, never a body, name or address."""

import json
import logging
from datetime import UTC, datetime

# Everything else given as `extra` is dropped: a field is logged because it stands here, not by accident.
LOGGED = (
    "method",
    "route",
    "status",
    "milliseconds",
    "sweep",
    "lease",
    "tool",
    "count",
    "code",
    "table",
    "form",
    "bytes",
    "command",
    "seconds",
    "snapshot",
)


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
        }
        line |= {name: getattr(record, name) for name in LOGGED if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["stack"] = _stack(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def only_faults():
    """A command speaks to a person in its own words: of the log only faults reach the terminal."""
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.ERROR)


def only_exceptions(record):
    """Of what the framework says of requests: `taama.requests` has a line for each answer, only the stack is missing."""
    return bool(record.exc_info and record.exc_info[0])


def _event(record):
    """Our own events are constants. Of others only what stands before the first value; a text made of values, nothing."""
    if record.name.startswith("taama"):
        return record.msg
    if record.name == "django.request":
        return "unforeseen exception"
    constant = record.msg.split("%")[0].strip(" :(") if record.args and isinstance(record.msg, str) else ""
    return constant or f"{record.filename}:{record.lineno}"


def _stack(traceback):
    """File and line of each step; never the values."""
    steps = []
    while traceback:
        code = traceback.tb_frame.f_code
        steps.append(f"{code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return steps[-12:]
