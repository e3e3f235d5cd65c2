"""The fixtures of collect: a published form, a phone with its account, a person who signs in."""

from tests.collect.conftest import (  # noqa: F401  fixtures are found by their names
    attachments_apart,
    form,
    french,
    mali,
    new_device,
    organisation,
    phone,
    publish,
    sign_in,
    test_tools,
)
