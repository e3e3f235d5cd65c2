"""Every address, by app."""

from allauth.mfa.totp.views import activate_totp
from csp.decorators import csp_update
from django.urls import include, path, re_path

from taama.base import views as base

handler400 = base.bad_request
urlpatterns = [
    path("health", base.health, name="health"),
    path("in/<str:language>", base.in_language, name="in_language"),
    # The drawing of the second factor's code is inside the page: that page alone may show it.
    path("account/2fa/totp/activate/", csp_update({"img-src": ["data:"]})(activate_totp)),
    re_path(r"^account/(signup|email|confirm-email|password/(re)?set)/", base.ask_administrator),
    path("account/", include("allauth.urls")),
    path("", include("taama.places.urls")),
    path("", include("taama.forms.urls")),
    path("", include("taama.papers.urls")),
    path("", include("taama.phones.urls")),
    path("", include("taama.collect.urls")),
    path("", include("taama.entities.urls")),
    path("", include("taama.review.urls")),
    path("", include("taama.desk.urls")),
    path("", include("taama.statements.urls")),
    path("", include("taama.opendata.urls")),
    path("", include("taama.publish.urls")),
]
