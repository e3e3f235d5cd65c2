"""What no page offered is not there; it breaks nothing."""

import pytest

from taama.forms.models import Assignment, Form

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("named", ["x", "1'", "\0", "0199f000-0000-7000-8000-000000000001"])
def test_an_organisation_that_was_not_offered_is_not_there(sign_in, published, named):
    published()
    client = sign_in()
    answer = client.post(f"/forms/{Form.objects.get().pk}/phones", {"organisation": named})
    assert answer.status_code == 404
    assert not Assignment.objects.exists()
