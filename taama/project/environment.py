"""Strict readers of the environment: a value that is not understood stops the start, it is never guessed."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from taama.base.errors import TaamaError

OR = (("fr", "ou"), ("en", "or"))
READ: dict[
    str, str
] = {}  # every setting that was asked for, with its meaning: documented and tested from here


def text(name, default, meaning):
    READ[name] = meaning
    value = os.environ.get(name)
    return default if value is None else value


def secret(name, meaning):
    """A secret from NAME, or from the file that NAME_FILE names."""
    READ[name] = meaning
    READ[f"{name}_FILE"] = f"file that holds {name}"
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text("utf-8").strip()
    return os.environ.get(name, "")


def flag(name, default, meaning):
    value = text(name, None, meaning)
    if value is None:
        return default
    if value not in ("0", "1"):
        raise refuse(name, value, {"fr": "0 ou 1", "en": "0 or 1"})
    return value == "1"


def integer(name, default, meaning):
    value = text(name, None, meaning)
    if value is None:
        return default
    if not value.isdigit():
        raise refuse(name, value, {"fr": "un nombre entier", "en": "a whole number"})
    return int(value)


def words(name, default, meaning):
    value = text(name, None, meaning)
    return default if value is None else [word.strip() for word in value.split(",") if word.strip()]


def database(name, default_path, meaning):
    """Django's settings for `sqlite:///path` or `postgresql://user:password@host:port/name?options`."""
    address = text(name, f"sqlite:///{default_path}", meaning)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:  # what stands there may be a piece of the password: it is not shown
        raise TaamaError("project.database_address", values={"name": name}) from error
    if parts.scheme == "sqlite":
        return sqlite(parts.path[1:] if parts.path.startswith("//") else parts.path)
    if parts.scheme in ("postgres", "postgresql"):
        options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
            "PORT": str(port or ""),
            "CONN_MAX_AGE": 300,
            "OPTIONS": options,
        }
    raise refuse(
        name, parts.scheme, {language: f"sqlite:///… {word} postgresql://…" for language, word in OR}
    )


def sqlite(path):
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA secure_delete=ON;"  # what is erased is overwritten
            " PRAGMA cache_size=-16000;",
        },
    }


def refuse(name, value, expected):
    return TaamaError("base.setting_unreadable", values={"name": name, "value": value, "expected": expected})
