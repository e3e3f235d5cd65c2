"""Who may see and settle what phones send. It names no area yet: a role for one area opens nothing here."""

import functools

from taama.base.errors import NotAllowed


def everywhere(roles):
    """Under `@query` or `@action`: refuses a viewer who holds these roles for some area only.

    roles    those that open the door
    Returns  decorator of a function whose viewer comes first, or as `by`
    Raises   NotAllowed (`collect.area_roles_later`), when the function is called
    """

    def decorate(function):
        @functools.wraps(function)
        def guarded(*viewer, **named):
            who = viewer[0] if viewer else named["by"]
            if "" not in who.areas(*roles):
                raise NotAllowed("collect.area_roles_later")
            return function(*viewer, **named)

        return guarded

    return decorate
