"""Who acts here: organisations and accounts."""

from taama.base.doors import query
from taama.base.errors import TaamaError
from taama.base.models import Organisation, User
from taama.base.policy import SIGNED_IN, SYSTEM


@query("base.organisations", allow=("administrator", SYSTEM), everywhere=True)
def organisations(viewer):
    """Every organisation of the response."""
    return Organisation.objects.order_by("code")


@query("base.organisation", allow=("administrator", SYSTEM), everywhere=True)
def organisation(viewer, code):
    """The organisation of this code; raises when there is none."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise TaamaError("base.organisation_unknown", values={"code": code}, status=404)
    return found


@query("base.accounts", allow=("administrator", SYSTEM), everywhere=True)
def accounts(viewer):
    """Every account with its memberships."""
    return User.objects.order_by("username").prefetch_related("memberships__organisation")


@query("base.account", allow=("administrator", SYSTEM), everywhere=True)
def account(viewer, username):
    """The account of this name; raises when there is none."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise TaamaError("base.account_unknown", values={"username": username}, status=404)
    return found


@query("base.names_of", allow=(SIGNED_IN, SYSTEM))
def names_of(viewer, keys):
    """Key of an account, as the journal has it → what its person is called."""
    return {str(one.pk): one.name or one.username for one in User.objects.filter(pk__in=keys)}
