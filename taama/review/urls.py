"""Addresses of review."""

from django.urls import path

from taama.review.views import correcting, files, many, pages, quality

urlpatterns = [
    path("quality/", quality.quality, name="review-quality"),
    path("quality/missing", quality.missing, name="review-missing"),
    path("quality/by/<str:what>", quality.by, name="review-by"),
    path("review/", pages.submissions, name="review-submissions"),
    path("review/decide", many.decide_many, name="review-decide-many"),
    path("review/take-back", many.take_back, name="review-take-back"),
    path("review/forms/<str:form_id>", pages.rule, name="review-rule"),
    path("review/<uuid:key>/", pages.submission, name="review-submission"),
    path("review/<uuid:key>/decide", pages.decide, name="review-decide"),
    path("review/<uuid:key>/comment", pages.comment, name="review-comment"),
    path("review/<uuid:key>/files/<uuid:file>", files.file, name="review-file"),
    path("review/<uuid:key>/correct", correcting.correct, name="review-correct"),
    path("review/<uuid:key>/conflict/<uuid:aside>", correcting.conflict, name="review-conflict"),
    path("review/<uuid:key>/assign", pages.assign, name="review-assign"),
]
