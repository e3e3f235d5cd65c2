"""Who may see and settle what phones send. It names no area yet: a role for one area opens nothing here."""

import functools

from taama.base.errors import NotAllowed
from taama.base.models import Role
from taama.base.policy import SYSTEM

READERS = (SYSTEM, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.ADMINISTRATOR)
KEEPERS = (SYSTEM, Role.DATA_MANAGER, Role.ADMINISTRATOR)


def everywhere(roles):
    """Under `@query` or `@action`: refuses a viewer who holds these roles for some area only."""

    def decorate(function):
        @functools.wraps(function)
        def guarded(*viewer, **named):
            who = viewer[0] if viewer else named["by"]
            if "" not in who.areas(*roles):
                raise NotAllowed("collect.area_roles_later")
            return function(*viewer, **named)

        return guarded

    return decorate
