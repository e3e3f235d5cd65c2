"""Somebody who prints forms."""

from tests.forms.conftest import (  # noqa: F401  fixtures are found by their names
    french,
    organisation,
    sign_in,
)
