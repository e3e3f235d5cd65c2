"""The viewer of a request or account: memberships in force today, read once."""

from django.db.models import Q
from django.utils.functional import SimpleLazyObject

from taama.base.models import Membership
from taama.base.periods import local_today
from taama.base.policy import ANONYMOUS, SIGNED_IN, Standing, Viewer


def viewer_of_user(user):
    """The Viewer of an account; nobody when it is missing or closed."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    today = local_today()
    in_force = Membership.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=today), user=user, from_date__lte=today
    ).select_related("organisation")
    standings = tuple(Standing(m.organisation.code, m.role, m.area) for m in in_force)
    return Viewer(SIGNED_IN, str(user.pk), standings)


def viewer_middleware(get_response):
    """Gives every request its `viewer`, worked out when first asked for."""

    def middleware(request):
        request.viewer = SimpleLazyObject(lambda: viewer_of_user(getattr(request, "user", None)))
        return get_response(request)

    return middleware
