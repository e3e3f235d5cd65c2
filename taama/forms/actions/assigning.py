"""Which phones get a form: those of organisations, teams and areas, or all."""

from taama.base.doors import Done, action
from taama.base.errors import TaamaError
from taama.forms.actions.publishing import KEEPERS
from taama.forms.models import Assignment
from taama.places import queries as places


@action("forms.assign_form", allow=KEEPERS, everywhere=True)
def assign_form(*, by, form, organisation=None, team=None, area=""):
    """Give a form to the phones of an organisation or one of its teams, of an area, or of the one in the other.

    The first time to them only.
    """
    if team and organisation not in (None, team.organisation):
        values = {"team": team.name, "organisation": organisation.name, "its": team.organisation.name}
        raise TaamaError("forms.team_of_other", values=values)
    organisation = team.organisation if team else organisation
    if organisation is None and not area:
        raise TaamaError("forms.assigned_to_nobody")
    if area:
        places.area(by, area)
    found, is_new = Assignment.objects.get_or_create(
        form=form, organisation=organisation, team=team, area=area
    )
    return Done(found, [found] if is_new else [])


@action("forms.unassign_form", allow=KEEPERS, everywhere=True)
def unassign_form(*, by, assignments):
    """Take a form from the phones of these assignments. Once none is left, all phones get it."""
    taken = list(assignments)
    Assignment.objects.filter(pk__in=[assignment.pk for assignment in taken]).delete()
    return Done(taken, taken)
