"""The adapter between the sign-in library and our house: nobody signs up alone; account events are journalled."""

from allauth.account import signals as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import signals as mfa
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from taama.base import journal
from taama.base.keys import seal
from taama.base.policy import SIGNED_IN, Viewer

# Event of the library → action in the journal. The one place where signals are listened to.
EVENTS = {
    account.user_logged_in: "base.signed_in",
    account.user_logged_out: "base.signed_out",
    account.password_changed: "base.changed_password",
    account.password_reset: "base.reset_password",
    mfa.authenticator_added: "base.added_second_factor",
    mfa.authenticator_removed: "base.removed_second_factor",
}


class Adapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The username or the password is wrong."),
    }

    def is_open_for_signup(self, request):
        return False


class SecondFactor(DefaultMFAAdapter):
    """Secrets of second factors lie sealed in the database."""

    def encrypt(self, text):
        return seal(settings.TAAMA_DATA_DIR, "factor_key").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return seal(settings.TAAMA_DATA_DIR, "factor_key").decrypt(encrypted_text.encode()).decode()


def listen():
    """Journal every event of EVENTS: who, when, what; no address, no device."""
    for signal, action in EVENTS.items():
        signal.connect(_noter(action), weak=False, dispatch_uid=action)


def _noter(action):
    def note(sender, user=None, **_more):
        if user is not None and user.pk:
            journal.write(action, Viewer(SIGNED_IN, str(user.pk)), [user])

    return note
