"""What an office has done before its first figures, and what comes next."""

from taama.base.doors import query
from taama.base.models import Organisation, Role
from taama.base.policy import SYSTEM
from taama.collect.models import Device, Submission
from taama.forms.models import Form
from taama.places.models import AreaVersion, Locality, Site

WORKERS = (Role.ADMINISTRATOR, Role.DATA_MANAGER, Role.INFORMATION_OFFICER, Role.VALIDATOR)
RIGHTS = {
    "places": "places.add_places", "form": "forms.bring_form", "phones": "phones.create_device",
    "submissions": "review.submissions", "publication": "publish.ask_publication",
}  # fmt: skip


@query("publish.first_steps", allow=(*WORKERS, SYSTEM))
def first_steps(viewer):
    """Step before the first figures → whether it is done; and of those with a page, whether the viewer may open it."""
    done = {
        "country": AreaVersion.objects.exists(),
        "organisation": Organisation.objects.exists(),
        "places": Locality.objects.exists() or Site.objects.exists(),
        "form": Form.objects.exists(),
        "phones": Device.objects.exists(),
        "submissions": Submission.objects.exists(),
    }
    return {"done": done, "may": {step: viewer.may(rule) for step, rule in RIGHTS.items()}}
