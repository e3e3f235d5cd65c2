"""The same form and the same phone as for collect."""

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
