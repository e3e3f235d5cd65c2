"""Addresses of forms."""

from django.urls import path

from taama.forms.views import assigning, changing, comparing, drafts, pages, trials

urlpatterns = [
    path("forms/", pages.forms, name="forms"),
    path("forms/new", drafts.bring, name="form-bring"),
    path("forms/drafts/<uuid:key>/", drafts.draft, name="form-draft"),
    path("forms/drafts/<uuid:key>/mended", drafts.mended, name="form-draft-mended"),
    path("forms/drafts/<uuid:key>/files", drafts.attach, name="form-draft-files"),
    path("forms/drafts/<uuid:key>/comparison", comparing.of_draft, name="form-draft-comparison"),
    path("forms/drafts/<uuid:key>/publish", drafts.publish, name="form-draft-publish"),
    path("forms/drafts/<uuid:key>/delete", drafts.delete, name="form-draft-delete"),
    path("forms/drafts/<uuid:key>/trial/", trials.trial, name="form-draft-trial"),
    path("forms/drafts/<uuid:key>/trial/code.svg", trials.code, name="form-draft-code"),
    path("forms/drafts/<uuid:key>/trial/<uuid:trial>/", trials.sent, name="form-draft-sent"),
    path("forms/<uuid:key>/", pages.form, name="form"),
    path("forms/<uuid:key>/files", changing.replace, name="form-files"),
    path("forms/<uuid:key>/comparison", comparing.comparison, name="form-comparison"),
    path("forms/<uuid:key>/phones", assigning.assign, name="form-assign"),
    path("forms/<uuid:key>/phones/<uuid:assignment>/remove", assigning.unassign, name="form-unassign"),
    *[
        path(f"forms/<uuid:key>/{turn.name}", changing.turn, {"turn": turn}, name=f"form-{turn.name}")
        for turn in changing.TURNS
    ],
]
