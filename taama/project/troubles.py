"""What the database or the disk said, as a cause with its remedy: a code of `messages.toml`."""

import errno
import os
import re

from taama.base.errors import TaamaError, Where

# Codes of PostgreSQL, which a connection that works tells.
STATES = {"42P01": "tables_missing", "42703": "tables_older", "53100": "disk_full"}
# What SQLite says, and PostgreSQL when it lets nobody in: no code then, and the language of its server.
SAYINGS = {
    "disk_full": r"disk is full|No space left",
    "tables_missing": r"no such table",
    "tables_older": r"no such column|has no column named",
    "database_password": r"password authentication|authentification par mot de passe|no password supplied",
    "database_unknown": r"database \".*\" does not exist|base de données .* n'existe pas",
    "database_role": r"role \".*\" does not exist|rôle .* n'existe pas",
    "database_not_let_in": r"pg_hba\.conf|(?:ident|peer) auth|permission denied|droit refusé",
    "database_busy": r"starting up|se lance|too many|trop de clients|connection slots|database is locked",
    "database_host": r"resolve host|translate host|Name or service not known",
    "database_down": r"Connection refused|No such file or directory|timeout|timed out|unreachable|No route",
    "database_file": r"unable to open database file|readonly database|not a database|malformed",
}


def database_trouble(error):
    """The TaamaError for what Django's database raised."""
    fault = next(iter(str(error).splitlines()), type(error).__name__)
    said = (name for name, saying in SAYINGS.items() if re.search(saying, fault, re.IGNORECASE))
    name = STATES.get(getattr(error.__cause__, "sqlstate", None)) or next(said, "database")
    return TaamaError(f"project.{name}", values={"fault": fault.rstrip("."), "folder": data_folder()})


def file_trouble(error, file=""):
    """The TaamaError for a file that can't be read or written; `file` where the error names none."""
    file = str(error.filename or file)
    values = {"file": file or data_folder(), "fault": error.strerror or str(error)}
    if error.errno not in (errno.ENOSPC, errno.EDQUOT) and "No space left" not in str(error):
        return TaamaError("project.file", Where(file=values["file"]), values)
    values["folder"] = os.path.dirname(os.path.abspath(file)) if file else data_folder()
    return TaamaError(
        "project.disk_full" if file else "project.disk_full_somewhere", Where(file=file), values
    )


def data_folder():
    return os.path.abspath(os.environ.get("TAAMA_DATA_DIR", "var"))
