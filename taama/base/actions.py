"""What can be done with organisations, accounts and memberships."""

from allauth.mfa.models import Authenticator

from taama.base.doors import action
from taama.base.errors import TaamaError
from taama.base.models import Membership, Organisation, User
from taama.base.periods import local_today
from taama.base.policy import SYSTEM

ADMINISTRATORS = ("administrator", SYSTEM)


@action("base.register_organisation", allow=ADMINISTRATORS, everywhere=True)
def register_organisation(*, by, code, name, kind, simulated=False):
    """Enter an organisation of the response."""
    if Organisation.objects.filter(code=code).exists():
        raise TaamaError("base.organisation_exists", values={"code": code}, status=409)
    return Organisation.objects.create(code=code, name=name, kind=kind, simulated=simulated)


@action("base.create_account", allow=ADMINISTRATORS, everywhere=True)
def create_account(*, by, username, password, name="", email="", language="fr", simulated=False):
    """Make an account. It may do nothing until it has a membership."""
    if User.objects.filter(username=username).exists():
        raise TaamaError("base.account_exists", values={"username": username}, status=409)
    return User.objects.create_user(
        username, email, password, name=name, language=language, simulated=simulated
    )


@action("base.give_membership", allow=ADMINISTRATORS, everywhere=True)
def give_membership(*, by, user, organisation, role, area="", from_date=None, to_date=None):
    """Give an account a role in an organisation, for an area, from a day on."""
    return Membership.objects.create(
        user=user, organisation=organisation, role=role, area=area,
        from_date=from_date or local_today(), to_date=to_date,
    )  # fmt: skip


@action("base.end_membership", allow=ADMINISTRATORS, everywhere=True)
def end_membership(*, by, membership, last_day):
    """End a role; what was done under it stays in the journal."""
    membership.to_date = last_day
    membership.save(update_fields=["to_date"])
    return membership


@action("base.close_account", allow=ADMINISTRATORS, everywhere=True)
def close_account(*, by, user):
    """Shut an account out at once; its history stays."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


@action("base.set_password", allow=ADMINISTRATORS, everywhere=True)
def set_password(*, by, user, password):
    """Give an account another password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


@action("base.drop_second_factor", allow=ADMINISTRATORS, everywhere=True)
def drop_second_factor(*, by, user):
    """Remove the second factor of an account whose bearer lost the phone and the recovery codes."""
    Authenticator.objects.filter(user=user).delete()
    return user
